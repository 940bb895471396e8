package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.product.Principal;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Requests to the table of the registry, as its roles send them.
 *
 * @param accounts the accounts of the story
 */
record RegistryItems(IamAccounts accounts) {
  /** Sends a write whose condition never holds, so that only IAM decides about it. */
  boolean mayWrite(Principal role, String partition) {
    String table = MeshNames.table(accounts.config());
    Put impossible =
        Put.builder()
            .tableName(table)
            .item(Map.of("p", text(partition), "s", text("x"), "j", text("{}"), "v", text("1")))
            .conditionExpression("attribute_exists(p) AND attribute_not_exists(p)")
            .build();
    try (DynamoDbClient client = accounts.registryClients(role).dynamoDb()) {
      client.transactWriteItems(
          write -> write.transactItems(TransactWriteItem.builder().put(impossible).build()));
      throw new AssertionError("A condition that never holds was met");
    } catch (TransactionCanceledException permitted) {
      return true;
    } catch (AwsServiceException e) {
      assertThat(AwsFailure.isDenied(e)).as(e.toString()).isTrue();
      return false;
    }
  }

  /** Reads an item as a role. */
  Map<String, AttributeValue> read(Principal role, String partition, String sort) {
    try (DynamoDbClient client = accounts.registryClients(role).dynamoDb()) {
      return client
          .getItem(
              get ->
                  get.tableName(MeshNames.table(accounts.config()))
                      .consistentRead(true)
                      .key(Map.of("p", text(partition), "s", text(sort))))
          .item();
    }
  }

  /** Returns a write of an item. */
  static TransactWriteItem put(String table, Map<String, AttributeValue> item) {
    return TransactWriteItem.builder().put(put -> put.tableName(table).item(item)).build();
  }

  /** Returns the key of an item. */
  static Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
    return Map.of("p", item.get("p"), "s", item.get("s"));
  }

  private static AttributeValue text(String value) {
    return AttributeValue.builder().s(value).build();
  }
}
