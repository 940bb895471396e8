package io.meshwork.aws;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/**
 * Stands in front of a client and answers the next requests as it is told, as AWS may and DynamoDB
 * Local never does; whatever was not told goes through.
 */
final class FaultyClient implements DynamoDbClient {
  private final DynamoDbClient client;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private TransactWriteItemsRequest lastWrite;

  FaultyClient(DynamoDbClient client) {
    this.client = client;
  }

  /** What becomes of one request. */
  private record Fault(boolean delivered, RuntimeException answer) {}

  /** The next request is not delivered, and this is its answer. */
  FaultyClient thenRefuse(RuntimeException answer) {
    faults.add(new Fault(false, answer));
    return this;
  }

  /** The next request is delivered and done, but this is its answer. */
  FaultyClient thenDoAndAnswer(RuntimeException answer) {
    faults.add(new Fault(true, answer));
    return this;
  }

  /** Delivers the last transaction once more, as a network may after any time. */
  void deliverLastWriteAgain() {
    client.transactWriteItems(lastWrite);
  }

  TransactWriteItemsRequest lastWrite() {
    return lastWrite;
  }

  @Override
  public TransactWriteItemsResponse transactWriteItems(TransactWriteItemsRequest request) {
    lastWrite = request;
    return answer(() -> client.transactWriteItems(request));
  }

  @Override
  public GetItemResponse getItem(GetItemRequest request) {
    return answer(() -> client.getItem(request));
  }

  @Override
  public PutItemResponse putItem(PutItemRequest request) {
    return answer(() -> client.putItem(request));
  }

  @Override
  public QueryResponse query(QueryRequest request) {
    return answer(() -> client.query(request));
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }

  private <T> T answer(Supplier<T> request) {
    Fault fault = faults.poll();
    T answer = fault == null || fault.delivered() ? request.get() : null;
    if (fault != null) {
      throw fault.answer();
    }
    return answer;
  }
}
