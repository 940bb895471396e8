package io.meshwork.internal.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.StoredConstant;
import io.meshwork.product.Snapshot;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A batch that a poll returned, and that its process reads and acknowledges.
 *
 * @param <T> the type of a row
 */
final class PolledBatch<T> implements Batch<T> {
  private final SubscriptionPoll poll;
  private final IssuedBatch issued;
  private final BatchContent content;
  private final ScannedRows<T> rows;
  private boolean acknowledged;

  PolledBatch(
      SubscriptionPoll poll, IssuedBatch issued, BatchContent content, ScannedRows<T> rows) {
    this.poll = poll;
    this.issued = issued;
    this.content = content;
    this.rows = rows;
  }

  @Override
  public boolean isEmpty() {
    return issued.batch().isEmpty();
  }

  @Override
  public String id() {
    return issued.id();
  }

  @Override
  public Kind kind() {
    return issued
        .batch()
        .map(batch -> StoredConstant.of(Kind.class, batch.kind(), "a batch"))
        .orElse(Kind.ADDED);
  }

  @Override
  public Optional<String> because() {
    return issued.batch().flatMap(batch -> batch.reason());
  }

  @Override
  public List<Map<String, Object>> partitions() {
    return content.partitions();
  }

  @Override
  public Optional<String> predicate() {
    return content.predicate().map(filter -> filter.text());
  }

  @Override
  public Snapshot snapshot() {
    return rows.snapshot()
        .orElseThrow(
            () ->
                Failure.of(MeshAction.of(Verb.FIND, "the snapshot of this batch"))
                    .because("the batch is empty, and no snapshot was acknowledged before it")
                    .fix("Check isEmpty() first.")
                    .invalidRequest(ErrorCode.INVALID_ARGUMENT));
  }

  @Override
  public List<String> columns() {
    return rows.columns();
  }

  @Override
  public Iterator<T> iterator() {
    return rows.iterator();
  }

  @Override
  public Stream<T> stream() {
    return rows.stream();
  }

  @Override
  public Iterator<ColumnBatch> batches() {
    return rows.batches();
  }

  @Override
  public long writeParquet(OutputStream out) {
    return rows.writeParquet(out);
  }

  @Override
  public void ack() {
    if (!acknowledged && rows.isClosedEarly()) {
      throw poll.closedEarly(issued);
    }
    acknowledged = true;
    poll.acknowledge(issued);
  }

  @Override
  public void close() {
    rows.close();
  }

  @Override
  public String toString() {
    return "batch " + id() + " of " + poll.product();
  }
}
