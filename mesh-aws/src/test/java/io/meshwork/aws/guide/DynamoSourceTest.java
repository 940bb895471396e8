package io.meshwork.aws.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.LocalDynamo;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The items of a table in DynamoDB become rows of a product. */
class DynamoSourceTest {
  record Customer(String id, Optional<Long> visits, boolean active) {}

  // tag::items[]
  static Stream<Map<String, Object>> rows(DynamoDbClient dynamoDb, String table) {
    return dynamoDb.scanPaginator(scan -> scan.tableName(table)).items().stream()
        .map(DynamoSourceTest::row);
  }

  private static Map<String, Object> row(Map<String, AttributeValue> item) {
    Map<String, Object> row = new HashMap<>();
    item.forEach((name, value) -> row.put(name, value(value)));
    return row;
  }

  /** A number that does not parse stays text, so that its row is a bad one. */
  private static Object value(AttributeValue value) {
    if (value.n() != null) {
      try {
        return Long.valueOf(value.n());
      } catch (NumberFormatException e) {
        return value.n();
      }
    }
    return value.bool() != null ? value.bool() : value.s();
  }

  // end::items[]

  @Test
  void itemsBecomeRowsAndThoseThatDoNotFitAreQuarantined(@TempDir Path folder) {
    String table = "customers-" + UUID.randomUUID();
    try (DynamoDbClient dynamoDb = LocalDynamo.client();
        Mesh mesh = LocalMesh.open(folder)) {
      fill(dynamoDb, table);
      MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").owner("sales@example.org").commit();
      sales
          .defineProduct("sales/customers")
          .contract(Contract.of(Customer.class).onViolation(OnViolation.QUARANTINE))
          .commit();

      PublishReceipt receipt =
          sales
              .publish("sales/customers")
              .records(rows(dynamoDb, table))
              .idempotencyKey("export-1")
              .commit();

      assertThat(receipt.rowsAccepted()).isEqualTo(49);
      assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
      dynamoDb.deleteTable(delete -> delete.tableName(table));
    }
  }

  /** Puts 50 items; the visits of one are not a whole number, and some have none. */
  private static void fill(DynamoDbClient dynamoDb, String table) {
    dynamoDb.createTable(
        create ->
            create
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(
                    KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build()));
    for (int i = 0; i < 50; i++) {
      Map<String, AttributeValue> item = new HashMap<>();
      item.put("id", AttributeValue.fromS("c-" + i));
      item.put("active", AttributeValue.fromBool(i % 2 == 0));
      if (i % 5 != 0) {
        item.put("visits", AttributeValue.fromN(i == 7 ? "1.5" : Integer.toString(i)));
      }
      dynamoDb.putItem(put -> put.tableName(table).item(item));
    }
  }
}
