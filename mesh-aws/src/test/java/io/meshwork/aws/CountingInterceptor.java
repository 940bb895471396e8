package io.meshwork.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Records each request of DynamoDB and S3 clients, with its bytes and the capacity units that it
 * consumed. Thread-safe.
 */
public final class CountingInterceptor implements ExecutionInterceptor {
  private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

  private final List<String> dynamoDb = new ArrayList<>();
  private final List<String> s3 = new ArrayList<>();
  private final DynamoUnits units = new DynamoUnits();
  private double consumed;
  private long readUnits;
  private long writeUnits;
  private long bytesToS3;
  private long bytesFromS3;

  /**
   * What clients used.
   *
   * @param dynamoDb the requests to DynamoDB by operation, such as {@code GetItem}
   * @param readUnits the capacity units of its reads
   * @param writeUnits the capacity units of its writes, as DynamoDB bills them
   * @param s3 the requests to S3 by operation, such as {@code PutObject}
   * @param bytesToS3 the content of all files written
   * @param bytesFromS3 the content of all ranges and listings read
   */
  public record Usage(
      SortedMap<String, Integer> dynamoDb,
      long readUnits,
      long writeUnits,
      SortedMap<String, Integer> s3,
      long bytesToS3,
      long bytesFromS3) {}

  /** Returns what was used since the last call. */
  public synchronized Usage take() {
    Usage usage =
        new Usage(counted(dynamoDb), readUnits, writeUnits, counted(s3), bytesToS3, bytesFromS3);
    dynamoDb.clear();
    s3.clear();
    consumed = 0;
    readUnits = 0;
    writeUnits = 0;
    bytesToS3 = 0;
    bytesFromS3 = 0;
    return usage;
  }

  /** Returns the requests to DynamoDB since the last call, such as {@code GetItem}. */
  synchronized List<String> takeSent() {
    List<String> taken = List.copyOf(dynamoDb);
    dynamoDb.clear();
    return taken;
  }

  /** Returns the capacity units that DynamoDB Local reported since the last call. */
  synchronized double takeUnits() {
    double taken = consumed;
    consumed = 0;
    return taken;
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    SdkRequest request = context.request();
    if (request instanceof GetItemRequest read) {
      return read.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof QueryRequest page) {
      return page.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof PutItemRequest put) {
      return put.toBuilder().returnConsumedCapacity(TOTAL).build();
    } else if (request instanceof TransactWriteItemsRequest write) {
      return write.toBuilder().returnConsumedCapacity(TOTAL).build();
    }
    return request;
  }

  @Override
  public synchronized void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    String operation = context.request().getClass().getSimpleName().replace("Request", "");
    if (context.request() instanceof DynamoDbRequest) {
      dynamoDb.add(operation);
    } else {
      s3.add(operation);
      bytesToS3 += context.requestBody().flatMap(body -> body.optionalContentLength()).orElse(0L);
    }
  }

  @Override
  public synchronized void afterTransmission(
      Context.AfterTransmission context, ExecutionAttributes attributes) {
    Optional<String> length = context.httpResponse().firstMatchingHeader("Content-Length");
    boolean hasBody = context.responseBody().isPresent();
    if (hasBody && !(context.request() instanceof DynamoDbRequest)) {
      bytesFromS3 += length.map(Long::parseLong).orElse(0L);
    }
  }

  @Override
  public synchronized void afterExecution(
      Context.AfterExecution context, ExecutionAttributes attributes) {
    SdkResponse response = context.response();
    if (response instanceof GetItemResponse read) {
      addRead(read.consumedCapacity());
    } else if (response instanceof QueryResponse page) {
      addRead(page.consumedCapacity());
    } else if (response instanceof PutItemResponse put) {
      consumed += put.consumedCapacity().capacityUnits();
      writeUnits += units.of((PutItemRequest) context.request());
    } else if (response instanceof TransactWriteItemsResponse write) {
      consumed +=
          write.consumedCapacity().stream().mapToDouble(ConsumedCapacity::capacityUnits).sum();
      writeUnits += units.of((TransactWriteItemsRequest) context.request());
    }
  }

  /** DynamoDB Local reports nothing for a query without results, which costs a unit. */
  private void addRead(ConsumedCapacity capacity) {
    consumed += capacity.capacityUnits();
    readUnits += Math.max(1, Math.round(capacity.capacityUnits()));
  }

  private static SortedMap<String, Integer> counted(List<String> operations) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    operations.forEach(operation -> counts.merge(operation, 1, Integer::sum));
    return counts;
  }
}
