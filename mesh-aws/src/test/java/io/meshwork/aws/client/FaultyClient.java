package io.meshwork.aws.client;

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
 * Wraps a client and fails the next requests as instructed, in ways in which AWS may fail but
 * DynamoDB Local does not; other requests are forwarded.
 */
public final class FaultyClient implements DynamoDbClient {
  private final DynamoDbClient client;
  private final Queue<Fault> faults = new ArrayDeque<>();
  private TransactWriteItemsRequest lastWrite;

  public FaultyClient(DynamoDbClient client) {
    this.client = client;
  }

  /** The fault of one request. */
  private record Fault(boolean delivered, RuntimeException answer) {}

  /** Does not deliver the next request, and fails it. */
  public FaultyClient thenReject(RuntimeException answer) {
    faults.add(new Fault(false, answer));
    return this;
  }

  /** Delivers the next request, but fails it. */
  public FaultyClient thenDeliverAndFail(RuntimeException answer) {
    faults.add(new Fault(true, answer));
    return this;
  }

  /** Delivers the last transaction again, as a network may do. */
  public void deliverLastWriteAgain() {
    client.transactWriteItems(lastWrite);
  }

  public TransactWriteItemsRequest lastWrite() {
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
