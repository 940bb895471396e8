package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The time of a registry comes from DynamoDB's responses; clocks of hosts may differ from it. */
class DynamoTimeTest {
  private static final InstantSource SYSTEM = InstantSource.system();

  private final CountingInterceptor requests = new CountingInterceptor();
  private final DynamoDbClient client = LocalDynamo.client(requests);
  private final String table = LocalDynamo.newTable(client);

  @TempDir private Path folder;

  @AfterEach
  void close() {
    client.close();
  }

  private Mesh host(Duration ahead) {
    return Mesh.builder(DynamoRegistry.over(client, table), new LocalFileIO(), folder.toString())
        .clock(InstantSource.offset(SYSTEM, ahead))
        .testing()
        .sleeper(wait -> {})
        .open();
  }

  private static void register(Mesh mesh, String domain) {
    mesh.clientAs(Principal.of(domain, "etl"))
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .commit();
  }

  @Test
  void theTimeIsThatOfTheLastResponseAndCostsNoRequest() {
    try (DynamoDbClient answeredIn2001 = LocalDynamo.client(requests, new ResponsesOf2001())) {
      DynamoRegistry registry = DynamoRegistry.over(answeredIn2001, table);
      assertThat(registry.time()).isEmpty();
      registry.read(new Key("commerce", "product/orders"));
      requests.takeSent();

      assertThat(registry.time())
          .hasValueSatisfying(time -> assertThat(time.toString()).startsWith("2001-02-"));
      assertThat(requests.takeSent()).isEmpty();
    }
  }

  /** Replaces the date of each response, so that it differs from this host's clock. */
  private static final class ResponsesOf2001 implements ExecutionInterceptor {
    @Override
    public SdkHttpResponse modifyHttpResponse(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      return context.httpResponse().toBuilder()
          .putHeader("Date", "Thu, 01 Feb 2001 08:00:00 GMT")
          .build();
    }
  }

  @Test
  void aHostWhoseClockDiffersTooMuchNeitherCommitsNorMaintains() {
    try (Mesh right = host(Duration.ZERO);
        Mesh hours = host(Duration.ofHours(3));
        Mesh days = host(Duration.ofDays(2));
        Mesh ahead = host(Duration.ofDays(8));
        Mesh behind = host(Duration.ofDays(-8))) {
      register(right, "commerce");

      assertRejected(() -> hours.maintain().commit());
      assertRejected(() -> hours.maintain().trustClock().commit());
      assertThat(hours.doctor().problems())
          .extracting(Finding::code)
          .containsExactly(FindingCode.CLOCK_WRONG);
      register(days, "finance");
      assertRejected(() -> register(ahead, "risk"));
      assertRejected(() -> register(behind, "risk"));
      assertThat(right.maintain().commit().remaining()).isEmpty();
    }
  }

  private static void assertRejected(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CLOCK_SKEWED))
        .hasMessageContainingAll("the store's own time", "Nothing was changed");
  }
}
