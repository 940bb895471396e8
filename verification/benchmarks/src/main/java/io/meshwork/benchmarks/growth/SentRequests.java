package io.meshwork.benchmarks.growth;

import io.meshwork.registry.Registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Counts the requests that a client of DynamoDB sends, and measures the items that they write.
 * Thread-safe.
 */
final class SentRequests implements ExecutionInterceptor {
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger largestItem = new AtomicInteger();
  private final AtomicInteger largestTransaction = new AtomicInteger();

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    requests.incrementAndGet();
    SdkRequest request = context.request();
    if (request instanceof PutItemRequest put) {
      measure(put.item());
    } else if (request instanceof TransactWriteItemsRequest write) {
      largestTransaction.accumulateAndGet(write.transactItems().size(), Math::max);
      write.transactItems().forEach(this::measure);
    } else if (request instanceof BatchWriteItemRequest batch) {
      batch
          .requestItems()
          .values()
          .forEach(items -> items.forEach(item -> measure(item.putRequest().item())));
    } else if (request instanceof UpdateItemRequest) {
      throw notMeasured(request);
    }
  }

  /** Measures a transaction that DynamoDB would get, with the row of its attempt. */
  void measure(Transaction transaction) {
    largestTransaction.accumulateAndGet(1 + transaction.actions().size(), Math::max);
  }

  int requests() {
    return requests.get();
  }

  int largestItem() {
    return largestItem.get();
  }

  int largestTransaction() {
    return largestTransaction.get();
  }

  private void measure(TransactWriteItem item) {
    if (item.put() != null) {
      measure(item.put().item());
    } else if (item.update() != null) {
      throw notMeasured(item);
    }
  }

  private void measure(Map<String, AttributeValue> item) {
    largestItem.accumulateAndGet(bytes(item), Math::max);
  }

  /** The size of an item as DynamoDB computes it: names and values of its attributes in UTF-8. */
  static int bytes(Map<String, AttributeValue> item) {
    return item.entrySet().stream()
        .mapToInt(each -> bytes(each.getKey()) + bytes(each.getValue()))
        .sum();
  }

  private static int bytes(AttributeValue value) {
    if (value.type() != AttributeValue.Type.S) {
      throw notMeasured(value.type());
    }
    return bytes(value.s());
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static IllegalStateException notMeasured(Object what) {
    return new IllegalStateException("The size of an item is not known after " + what);
  }
}
