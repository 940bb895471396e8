package io.meshwork.benchmarks.growth;

import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A registry in memory while a mesh grows, because DynamoDB Local takes hours for tens of thousands
 * of transactions, and then in a table of DynamoDB Local, with the same documents and versions. Its
 * transactions are measured before, too. Thread-safe.
 */
final class MovedRegistry extends ForwardingRegistry {
  /** The most items of a request. */
  private static final int BATCH = 25;

  private final DynamoDbClient client;
  private final String table;
  private final SentRequests sent;
  private volatile Registry now;

  /**
   * A registry that is not moved yet.
   *
   * @param memory the registry in memory
   * @param table a table without items
   */
  MovedRegistry(Registry memory, DynamoDbClient client, String table, SentRequests sent) {
    super(memory);
    this.client = client;
    this.table = table;
    this.sent = sent;
    this.now = memory;
  }

  /** Moves all documents to the table. Nothing else may use the registry meanwhile. */
  void move() {
    List<WriteRequest> batch = new ArrayList<>();
    for (String partition : real.partitions()) {
      String cursor = null;
      do {
        Page page = real.list(partition, "", cursor);
        for (Document document : page.documents()) {
          batch.add(
              WriteRequest.builder()
                  .putRequest(put -> put.item(DynamoRequests.item(document)))
                  .build());
          if (batch.size() == BATCH) {
            write(batch);
            batch.clear();
          }
        }
        cursor = page.nextCursor();
      } while (cursor != null);
    }
    if (!batch.isEmpty()) {
      write(batch);
    }
    now = DynamoRegistry.over(client, table);
  }

  private void write(List<WriteRequest> batch) {
    Map<String, List<WriteRequest>> unwritten = Map.of(table, List.copyOf(batch));
    while (!unwritten.isEmpty()) {
      Map<String, List<WriteRequest>> next = unwritten;
      unwritten = client.batchWriteItem(request -> request.requestItems(next)).unprocessedItems();
    }
  }

  @Override
  protected Registry real() {
    return now;
  }

  @Override
  public Optional<Instant> time() {
    return real.time(); // the mesh has the clock with which it grew
  }

  @Override
  public Outcome commit(Transaction transaction) {
    sent.measure(transaction);
    return super.commit(transaction);
  }
}
