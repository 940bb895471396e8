package io.meshwork.aws;

import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.UnloggedDocuments;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Deletes the records of mirrors, without which their objects count as those of others. */
final class LostMirrorRecords {
  private LostMirrorRecords() {}

  /** Deletes the records of all mirrors of a central mesh. */
  static void lose(AwsConfig config, String account) {
    try (AwsClients clients = new AwsClients(config)) {
      DynamoDbClient dynamoDb = clients.dynamoDb(AwsLocal.role(account, "admin"));
      List<Map<String, AttributeValue>> records =
          dynamoDb
              .queryPaginator(
                  query ->
                      query
                          .tableName(config.table())
                          .consistentRead(true)
                          .keyConditionExpression("#p = :p AND begins_with(#s, :s)")
                          .expressionAttributeNames(
                              Map.of("#p", DynamoRequests.PARTITION, "#s", DynamoRequests.SORT))
                          .expressionAttributeValues(
                              Map.of(
                                  ":p",
                                  AttributeValue.fromS(RegistryKeys.mirrors(RegistryKeys.MESH)),
                                  ":s",
                                  AttributeValue.fromS(UnloggedDocuments.MIRRORED))))
              .items()
              .stream()
              .toList();
      for (Map<String, AttributeValue> item : records) {
        Map<String, AttributeValue> key = new TreeMap<>(item);
        key.keySet().retainAll(List.of(DynamoRequests.PARTITION, DynamoRequests.SORT));
        dynamoDb.deleteItem(delete -> delete.tableName(config.table()).key(key));
      }
    }
  }
}
