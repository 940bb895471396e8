package io.meshwork.aws.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.testkit.aws.AwsEmulator;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The runtime of AWS Lambda for Java, whose library is for Linux, runs the function. */
@EnabledOnOs(OS.LINUX)
class LambdaRuntimeTest {
  private static final String HANDLER = "io.meshwork.aws.operations.MeshFunction::run";

  @TempDir private Path folder;
  private final String account =
      "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);

  @Test
  void anEventOperatesTheMeshAndTheResponseIsJson() throws Exception {
    try (AwsEmulator aws = AwsEmulator.start()) {
      aws.runAs(account, "function");
      String address =
          "aws:%s/%s/%s?cloudWatch&endpoint=%s"
              .formatted(aws.region(), account, "l" + account, aws.endpoint());
      AwsConfig config = AwsConfig.of(address);
      AwsMesh.make(config);
      try (Mesh mesh = AwsMesh.connect(config)) {
        mesh.client().registerDomain("shop").accounts(account).owner("a@example.org").commit();
        mesh.client().defineProduct("shop/orders").contract(Contract.of(SmallOrder.class)).commit();
      }
      Map<String, String> variables =
          Map.of(
              MeshFunction.ADDRESS,
              address,
              "AWS_REGION",
              aws.region(),
              "AWS_ACCESS_KEY_ID",
              System.getProperty("aws.accessKeyId"),
              "AWS_SECRET_ACCESS_KEY",
              System.getProperty("aws.secretAccessKey"),
              "AWS_SESSION_TOKEN",
              System.getProperty("aws.sessionToken"));

      try (LambdaRuntime lambda = LambdaRuntime.start(folder, HANDLER, variables)) {
        LambdaRuntime.Answer answer = lambda.answer();

        assertThat(answer.kind()).as(answer.json()).isEqualTo("response");
        JsonNode json = new ObjectMapper().readTree(answer.json());
        assertThat(json.path("left").isArray()).isTrue();
        assertThat(json.path("left")).isEmpty();
        assertThat(json.path("done").path("ALARMS_CHANGED").asInt()).isEqualTo(2);
      }
      assertThat(aws.alarms(account)).containsOnlyKeys("mesh-l" + account + ".shop.late");
    }
  }

  @Test
  void aFunctionWithoutAnAddressFailsWithTheReason() throws Exception {
    try (LambdaRuntime lambda = LambdaRuntime.start(folder, HANDLER, Map.of())) {
      LambdaRuntime.Answer answer = lambda.answer();

      assertThat(answer.kind()).isEqualTo("error");
      JsonNode error = new ObjectMapper().readTree(answer.json());
      assertThat(error.path("errorType").asText())
          .isEqualTo("io.meshwork.error.InvalidRequestException");
      assertThat(error.path("errorMessage").asText())
          .contains("the environment variable MESH_ADDRESS is not set");
    }
  }
}
