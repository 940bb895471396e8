package io.meshwork.internal.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Snapshot;
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
  private final SubscriptionPoll polling;
  private final IssuedBatch handed;
  private final BatchContent content;
  private final ScannedRows<T> rows;
  private boolean acknowledged;

  PolledBatch(
      SubscriptionPoll polling, IssuedBatch handed, BatchContent content, ScannedRows<T> rows) {
    this.polling = polling;
    this.handed = handed;
    this.content = content;
    this.rows = rows;
  }

  @Override
  public boolean isEmpty() {
    return handed.batch().isEmpty();
  }

  @Override
  public String id() {
    return handed.id();
  }

  @Override
  public Kind kind() {
    return handed.batch().map(batch -> Kind.valueOf(batch.kind())).orElse(Kind.ADDED);
  }

  @Override
  public Optional<String> reason() {
    return handed.batch().flatMap(batch -> batch.reason());
  }

  @Override
  public List<Map<String, Object>> partitions() {
    return content.partitions();
  }

  @Override
  public Optional<String> predicate() {
    return content.filter().map(filter -> filter.text());
  }

  @Override
  public Snapshot snapshot() {
    return rows.snapshot()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Cannot say which snapshot this batch reaches: it is empty, and nothing came"
                        + " before. Ask isEmpty() first."));
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
  public void ack() {
    if (!acknowledged && rows.isCutOff()) {
      throw polling.unread(handed);
    }
    acknowledged = true;
    polling.acknowledge(handed);
  }

  @Override
  public void close() {
    rows.close();
  }

  @Override
  public String toString() {
    return "batch " + id() + " of " + polling.product();
  }
}
