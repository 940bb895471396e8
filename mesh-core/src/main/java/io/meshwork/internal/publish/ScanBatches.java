package io.meshwork.internal.publish;

import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The batches of a scan; each is valid until the next one is requested. */
final class ScanBatches implements Iterator<VectorBatch> {
  private final SnapshotScan scan;
  private final UnaryOperator<VectorBatch> each;
  private @Nullable VectorBatch next;

  ScanBatches(SnapshotScan scan, UnaryOperator<VectorBatch> each) {
    this.scan = scan;
    this.each = each;
  }

  @Override
  public boolean hasNext() {
    next = next == null ? scan.next() : next;
    return next != null;
  }

  @Override
  public VectorBatch next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    VectorBatch batch = Objects.requireNonNull(next);
    next = null;
    return each.apply(batch);
  }
}
