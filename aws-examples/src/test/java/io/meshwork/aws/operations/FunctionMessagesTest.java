package io.meshwork.aws.operations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.contract.Contract;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** A queue starts the function, which has the mirrors on its class path. */
class FunctionMessagesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String account =
      "6" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);

  /** The event that AWS documents for a queue of SQS. */
  private static Map<String, Object> messages(String... bodies) throws IOException {
    ObjectNode event = JSON.createObjectNode();
    for (int i = 0; i < bodies.length; i++) {
      ObjectNode message =
          (ObjectNode)
              JSON.readTree(
                  """
                  {"messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
                   "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
                   "body": "Test message.",
                   "attributes": {"ApproximateReceiveCount": "1",
                    "SentTimestamp": "1545082649183", "SenderId": "AIDAIENQZJOLO23YVJ4VO",
                    "ApproximateFirstReceiveTimestamp": "1545082649185"},
                   "messageAttributes": {}, "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
                   "eventSource": "aws:sqs",
                   "eventSourceARN": "arn:aws:sqs:us-east-2:123456789012:my-queue",
                   "awsRegion": "us-east-2"}
                  """);
      event.withArray("Records").add(message.put("messageId", "m" + i).put("body", bodies[i]));
    }
    return JSON.convertValue(event, new TypeReference<Map<String, Object>>() {});
  }

  private static String changed(String name, String type, String product) {
    return """
        {"version":"0","source":"meshwork.%s","detail-type":"%s",
         "detail":{"format":1,"event":"%s","subject":"%s"}}
        """
        .formatted(name, type, type, product);
  }

  @Test
  void messagesOfTheQueueMirrorTheirProductsAndThoseThatFailedAreReturned() throws IOException {
    try (AwsEmulator aws = AwsEmulator.start()) {
      aws.runAs(account, "function");
      String name = "q" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
      String address =
          "aws:%s/%s/%s?cloudWatch&endpoint=%s"
              .formatted(aws.region(), account, name, aws.endpoint());
      AwsConfig config = AwsConfig.of(address);
      AwsMesh.make(config);
      try (Mesh mesh = AwsMesh.connect(config)) {
        mesh.client().registerDomain("shop").accounts(account).owner("a@example.org").commit();
        mesh.client().defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
        mesh.mirrors().commit();
        mesh.client().publish("shop/orders").records(List.of(new Order("a", 1, "DE"))).commit();
      }
      Map<String, String> environment = Map.of(MeshFunction.ADDRESS, address);
      String published = changed(name, "product.published", "shop/orders");
      Map<String, Object> event =
          messages(published, published, changed(name, "product.late", "shop/orders"));

      aws.reset();
      aws.on("glue", "UpdateTable").fail500();
      aws.on("glue", "CreateTable").fail500();
      assertThat(MeshFunction.run(event, environment).toString())
          .isEqualTo("{batchItemFailures=[{itemIdentifier=m0}, {itemIdentifier=m1}]}");
      aws.reset();

      assertThat(MeshFunction.run(event, environment))
          .isEqualTo(Map.of("batchItemFailures", List.of()));

      assertThat(aws.calls())
          .filteredOn(call -> call.equals("glue:UpdateTable") || call.equals("glue:CreateTable"))
          .as("two messages about one product are one run")
          .hasSize(1);
      assertThat(aws.calls())
          .as("the schedule does the other work")
          .noneMatch(call -> call.startsWith("monitoring:"));
      MeshFunction.run(null, environment);
      assertThat(aws.calls()).contains("monitoring:PutMetricData");
    }
  }
}
