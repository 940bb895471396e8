package io.meshwork.aws.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** The function operates the mesh of its environment, with the role of its process. */
class MeshFunctionTest {
  private final String account =
      "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);

  @Test
  void aFunctionOperatesTheMeshOfItsEnvironmentAndReturnsWhatItDid() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      aws.runAs(account, "function");
      String name = "f" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
      String address =
          "aws:%s/%s/%s?cloudWatch&endpoint=%s"
              .formatted(aws.region(), account, name, aws.endpoint());
      AwsConfig config = AwsConfig.of(address);
      AwsMesh.make(config);
      try (Mesh mesh = AwsMesh.connect(config)) {
        mesh.client().registerDomain("shop").accounts(account).owner("a@example.org").commit();
        mesh.client()
            .defineProduct("shop/orders")
            .contract(Contract.of(SmallOrder.class).freshWithin(Duration.ofHours(1)))
            .commit();
        mesh.client().publish("shop/orders").records(List.of(new SmallOrder("a", 1))).commit();
      }

      Map<String, Object> answer =
          MeshFunction.run(Map.of(), Map.of(MeshFunction.ADDRESS, address));

      assertThat(answer).containsEntry("left", List.of());
      assertThat(answer.get("done").toString()).contains("METRICS_SENT=5", "ALARMS_CHANGED=2");
      assertThat(aws.alarms(account)).containsExactly(entry("mesh-" + name + ".shop.late", "OK"));

      Map<String, Object> notified =
          MeshFunction.run(
              Map.of(),
              Map.of(MeshFunction.ADDRESS, address, MeshFunction.NOTIFIER, "eventbridge"));

      assertThat(notified.get("left").toString())
          .as("the account has no bus, which the notifier looks up")
          .contains("notice");
      assertThat(aws.calls()).contains("events:DescribeEventBus");
    }
  }

  @Test
  void aMeshWithoutDomainsIsOperatedWithoutADashboardAndAnEmptyNotifierIsNone() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      aws.runAs(account, "function");
      String name = "g" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
      String address =
          "aws:%s/%s/%s?cloudWatch&endpoint=%s"
              .formatted(aws.region(), account, name, aws.endpoint());
      AwsMesh.make(AwsConfig.of(address));

      Map<String, Object> answer =
          MeshFunction.run(
              Map.of(), Map.of(MeshFunction.ADDRESS, address, MeshFunction.NOTIFIER, ""));

      assertThat(answer).containsEntry("left", List.of());
      assertThat(answer.get("done").toString()).isEqualTo("{}");
    }
  }

  @Test
  void aFunctionWithoutAnAddressSaysWhichVariableIsMissing() {
    assertThatThrownBy(() -> MeshFunction.run(Map.of(), Map.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("MESH_ADDRESS is not set");
    assertThatThrownBy(() -> MeshFunction.run(null, Map.of()))
        .as("an invocation without an event")
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("MESH_ADDRESS is not set");
    assertThatThrownBy(
            () ->
                MeshFunction.run(
                    Map.of(),
                    Map.of(
                        MeshFunction.ADDRESS,
                        "aws:eu-central-1/222222222222/sales",
                        MeshFunction.NOTIFIER,
                        "mail")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("MESH_NOTIFIER is not 'eventbridge'");
  }
}
