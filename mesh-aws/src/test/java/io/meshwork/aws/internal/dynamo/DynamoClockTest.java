package io.meshwork.aws.internal.dynamo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpResponse;

class DynamoClockTest {
  private final AtomicLong ticks = new AtomicLong(Long.MAX_VALUE - 5);
  private final DynamoClock clock = new DynamoClock(ticks::get);

  private static SdkHttpResponse responseAt(String date) {
    return SdkHttpResponse.builder().statusCode(200).putHeader("date", date).build();
  }

  @Test
  void theTimeIsThatOfTheLastResponsePlusTheElapsedTime() {
    assertThat(clock.time()).isEmpty();

    clock.read(responseAt("Fri, 20 Nov 2026 12:00:00 GMT"));
    ticks.addAndGet(Duration.ofMinutes(90).toNanos());

    assertThat(clock.time()).contains(Instant.parse("2026-11-20T13:30:00Z"));

    clock.read(responseAt("Fri, 20 Nov 2026 13:30:02 GMT"));
    assertThat(clock.time()).contains(Instant.parse("2026-11-20T13:30:02Z"));
  }

  @Test
  void aResponseOfTheSameSecondSetsTheTimeAgain() {
    clock.read(responseAt("Fri, 20 Nov 2026 12:00:00 GMT"));
    ticks.addAndGet(Duration.ofMillis(900).toNanos());
    clock.read(responseAt("Fri, 20 Nov 2026 12:00:00 GMT"));

    assertThat(clock.time()).contains(Instant.parse("2026-11-20T12:00:00Z"));
  }

  @Test
  void aResponseWithoutAValidDateIsIgnored() {
    clock.read(null);
    clock.read(SdkHttpResponse.builder().statusCode(200).build());
    clock.read(responseAt("yesterday"));
    assertThat(clock.time()).isEmpty();

    clock.read(responseAt("Fri, 20 Nov 2026 12:00:00 GMT"));
    clock.read(responseAt(""));

    assertThat(clock.time()).contains(Instant.parse("2026-11-20T12:00:00Z"));
  }
}
