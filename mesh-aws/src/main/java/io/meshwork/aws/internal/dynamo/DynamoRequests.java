package io.meshwork.aws.internal.dynamo;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Registry.Transaction.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * The requests of the registry, and the attributes of an item: {@code p} is the partition, {@code
 * s} the sort key, {@code j} the document, {@code v} its version. The names are short because they
 * count towards the size of every item.
 */
public final class DynamoRequests {
  public static final String PARTITION = "p";
  public static final String SORT = "s";
  private static final String JSON = "j";
  private static final String VERSION = "v";
  private static final String IS_ABSENT = "attribute_not_exists(" + SORT + ")";
  private static final String HAS_VERSION = VERSION + " = :v";

  private final String table;
  private final AwsRequestOverrideConfiguration withRetries;
  private final AwsRequestOverrideConfiguration withoutRetries;

  DynamoRequests(String table, DynamoTimeouts timeouts) {
    this.table = table;
    withRetries =
        AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(timeouts.attempt())
            .apiCallTimeout(timeouts.call())
            .build();
    // A retry by the SDK could hide that the first delivery succeeded.
    withoutRetries =
        AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(timeouts.attempt())
            .apiCallTimeout(timeouts.attempt())
            .addPlugin(
                client ->
                    client.overrideConfiguration(
                        configuration ->
                            configuration.retryStrategy(AwsRetryStrategy.doNotRetry())))
            .build();
  }

  GetItemRequest read(Key key) {
    return GetItemRequest.builder()
        .tableName(table)
        .key(item(key))
        .consistentRead(true)
        .overrideConfiguration(withRetries)
        .build();
  }

  QueryRequest page(String partition, String sortPrefix, @Nullable String cursor) {
    QueryRequest.Builder request =
        QueryRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .overrideConfiguration(withRetries);
    Map<String, AttributeValue> values = new HashMap<>();
    values.put(":p", text(partition));
    if (sortPrefix.isEmpty()) {
      request.keyConditionExpression(PARTITION + " = :p");
    } else {
      request.keyConditionExpression(PARTITION + " = :p AND begins_with(" + SORT + ", :s)");
      values.put(":s", text(sortPrefix));
    }
    if (cursor != null) {
      request.exclusiveStartKey(item(new Key(partition, cursor)));
    }
    return request.expressionAttributeValues(values).build();
  }

  /**
   * Returns the request for a page of partitions.
   *
   * @param start the last key of the page before; empty for the first page
   */
  ScanRequest partitions(Map<String, AttributeValue> start) {
    ScanRequest.Builder request =
        ScanRequest.builder()
            .tableName(table)
            .consistentRead(true)
            .projectionExpression(PARTITION)
            .overrideConfiguration(withRetries);
    return start.isEmpty() ? request.build() : request.exclusiveStartKey(start).build();
  }

  /**
   * Returns the partition of an item.
   *
   * @throws BackendException REGISTRY_CORRUPT if another application wrote the item
   */
  String partition(Map<String, AttributeValue> item) {
    return text(item, PARTITION);
  }

  static @Nullable String nextCursor(QueryResponse response) {
    AttributeValue sort =
        response.hasLastEvaluatedKey() ? response.lastEvaluatedKey().get(SORT) : null;
    return sort == null ? null : sort.s();
  }

  TransactWriteItemsRequest write(DynamoCommit commit) {
    String version = commit.transaction().attemptId();
    List<TransactWriteItem> items = new ArrayList<>();
    Put.Builder row =
        Put.builder()
            .tableName(table)
            .item(item(new Document(commit.attempt(), Registry.ATTEMPT_COMMITTED, version)))
            .conditionExpression(IS_ABSENT)
            .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
    items.add(TransactWriteItem.builder().put(row.build()).build());
    for (Action action : commit.actions()) {
      items.add(item(action, version));
    }
    return TransactWriteItemsRequest.builder()
        .transactItems(items)
        .clientRequestToken(commit.token(table))
        .overrideConfiguration(withoutRetries)
        .build();
  }

  PutItemRequest fence(Key attempt, String attemptId) {
    return PutItemRequest.builder()
        .tableName(table)
        .item(item(new Document(attempt, Registry.ATTEMPT_ABORTED, attemptId)))
        .conditionExpression(IS_ABSENT)
        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
        .overrideConfiguration(withRetries)
        .build();
  }

  /**
   * Returns the document in an item.
   *
   * @throws BackendException REGISTRY_CORRUPT if another application wrote the item
   */
  Document document(Map<String, AttributeValue> item) {
    return new Document(
        new Key(text(item, PARTITION), text(item, SORT)), text(item, JSON), text(item, VERSION));
  }

  private TransactWriteItem item(Action action, String version) {
    String condition = HAS_VERSION;
    Map<String, AttributeValue> values = Map.of(":v", text(action.expectedVersion()));
    if (action.expectedVersion().equals(Transaction.ABSENT)) {
      condition = IS_ABSENT;
      values = null;
    }
    TransactWriteItem.Builder item = TransactWriteItem.builder();
    if (action.json() != null) {
      Document document = new Document(action.key(), action.json(), version);
      Put.Builder put = Put.builder().tableName(table).item(item(document));
      item.put(put.conditionExpression(condition).expressionAttributeValues(values).build());
    } else if (action.kind() == Transaction.Kind.DELETE) {
      Delete.Builder delete = Delete.builder().tableName(table).key(item(action.key()));
      item.delete(delete.conditionExpression(condition).expressionAttributeValues(values).build());
    } else {
      ConditionCheck.Builder check = ConditionCheck.builder().tableName(table);
      check.key(item(action.key())).conditionExpression(condition);
      item.conditionCheck(check.expressionAttributeValues(values).build());
    }
    return item.build();
  }

  private static Map<String, AttributeValue> item(Key key) {
    return Map.of(PARTITION, text(key.partition()), SORT, text(key.sort()));
  }

  public static Map<String, AttributeValue> item(Document document) {
    Map<String, AttributeValue> item = new HashMap<>(item(document.key()));
    item.put(JSON, text(document.json()));
    item.put(VERSION, text(document.version()));
    return item;
  }

  private static AttributeValue text(String text) {
    return AttributeValue.builder().s(text).build();
  }

  private String text(Map<String, AttributeValue> item, String name) {
    AttributeValue value = item.get(name);
    String text = value == null ? null : value.s();
    if (text == null) {
      throw Failure.of(MeshAction.of(Verb.READ, "an item of the registry's table '" + table + "'"))
          .because(
              "its attribute '"
                  + name
                  + "' is missing or not a string, so another application wrote it")
          .state("The item was not changed.")
          .fix("Use a separate table for the registry, or delete the item.")
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
    return text;
  }
}
