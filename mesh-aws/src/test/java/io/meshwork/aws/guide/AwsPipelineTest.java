package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.contract.Contract;
import io.meshwork.testkit.MeshAssertions;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

// tag::test[]
class AwsPipelineTest {
  private static final String ACCOUNT = "222222222222";
  private static AwsEmulator aws;

  record Order(String id, double total) {}

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start(); // skips this class if a server is missing
    aws.runAs(ACCOUNT, "commerce-etl");
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void ordersArePublishedOnceIfTheReplyIsLost() {
    List<Order> orders = List.of(new Order("o-1", 10), new Order("o-2", 20));
    AwsConfig config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(ACCOUNT, "shop-" + UUID.randomUUID().toString().substring(0, 8));
    AwsMesh.make(config);
    try (Mesh mesh = AwsMesh.connect(config)) {
      MeshClient etl = mesh.client();
      etl.registerDomain("commerce").accounts(ACCOUNT).owner("shop@example.org").commit();
      etl.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();

      aws.on("dynamodb", "TransactWriteItems").nth(1).loseReply();
      etl.publish("commerce/orders").records(orders).idempotencyKey("2026-11-22").commit();

      MeshAssertions.assertThatProduct(etl, "commerce/orders").hasSnapshots(1).hasRows(2);
      assertThat(aws.calls()).contains("s3:PutObject", "dynamodb:TransactWriteItems");
    }
  }
}
// end::test[]
