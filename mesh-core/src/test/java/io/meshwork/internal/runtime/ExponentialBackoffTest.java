package io.meshwork.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ExponentialBackoffTest {
  @Test
  void waitsGrowUpToTheMaximumAndNeverOverflow() {
    ExponentialBackoff backoff =
        new ExponentialBackoff(Duration.ofMillis(100), 1.5, Duration.ofSeconds(15));

    assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(backoff.after(2)).isEqualTo(Duration.ofMillis(150));
    assertThat(backoff.after(3)).isEqualTo(Duration.ofMillis(225));
    assertThat(backoff.after(30)).isEqualTo(Duration.ofSeconds(15));
    assertThat(backoff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void waitsThatDoNotGrowAreRejected() {
    Duration second = Duration.ofSeconds(1);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(Duration.ZERO, 2, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(second, 1, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ExponentialBackoff(second, 2, Duration.ofMillis(1)));
  }
}
