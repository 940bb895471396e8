package io.meshwork.aws;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;

/** Records each request, and the capacity units that it consumed. */
final class CountingInterceptor implements ExecutionInterceptor {
  private static final ReturnConsumedCapacity TOTAL = ReturnConsumedCapacity.TOTAL;

  private final List<String> sent = new ArrayList<>();
  private double units;

  /** Returns the requests since the last call, such as {@code GetItem}. */
  List<String> takeSent() {
    List<String> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  /** Returns the capacity units of successful requests since the last call. */
  double takeUnits() {
    double taken = units;
    units = 0;
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
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    sent.add(context.request().getClass().getSimpleName().replace("Request", ""));
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    for (ConsumedCapacity consumed : consumedBy(context.response())) {
      units += consumed.capacityUnits();
    }
  }

  private static List<ConsumedCapacity> consumedBy(SdkResponse response) {
    if (response instanceof GetItemResponse read) {
      return List.of(read.consumedCapacity());
    } else if (response instanceof QueryResponse page) {
      return List.of(page.consumedCapacity());
    } else if (response instanceof PutItemResponse put) {
      return List.of(put.consumedCapacity());
    } else if (response instanceof TransactWriteItemsResponse write) {
      return write.consumedCapacity();
    }
    return List.of();
  }
}
