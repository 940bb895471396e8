package io.meshwork.aws;

import io.meshwork.aws.internal.dynamo.DynamoRequests;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * The write capacity units of requests, as AWS's guide for developers counts them: one for each KiB
 * of an item, two in a transaction; a condition check counts as a write of the item. DynamoDB Local
 * does not count each item of a transaction. Not thread-safe.
 */
final class DynamoUnits {
  private static final int UNIT_BYTES = 1024;

  /** The bytes of each item that was written, by its key. */
  private final Map<Map<String, String>, Integer> sizes = new HashMap<>();

  long of(PutItemRequest request) {
    return put(request.item());
  }

  long of(TransactWriteItemsRequest request) {
    return 2 * request.transactItems().stream().mapToLong(this::of).sum();
  }

  private long of(TransactWriteItem item) {
    if (item.put() != null) {
      return put(item.put().item());
    }
    return item.delete() != null
        ? units(sizes.getOrDefault(key(item.delete().key()), 0))
        : units(sizes.getOrDefault(key(item.conditionCheck().key()), 0));
  }

  /** The larger of the item before and after counts. */
  private long put(Map<String, AttributeValue> item) {
    int size =
        item.entrySet().stream()
            .mapToInt(each -> bytes(each.getKey()) + bytes(each.getValue().s()))
            .sum();
    Integer before = sizes.put(key(item), size);
    return units(before == null ? size : Math.max(before, size));
  }

  private static long units(int size) {
    return Math.max(1, (size + UNIT_BYTES - 1) / UNIT_BYTES);
  }

  private static Map<String, String> key(Map<String, AttributeValue> item) {
    return Map.of(
        DynamoRequests.PARTITION, item.get(DynamoRequests.PARTITION).s(),
        DynamoRequests.SORT, item.get(DynamoRequests.SORT).s());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
