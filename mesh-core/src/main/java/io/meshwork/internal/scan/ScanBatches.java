package io.meshwork.internal.scan;

import io.meshwork.internal.vector.VectorBatch;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The batches of a scan; each is valid until the next one is requested. */
public final class ScanBatches implements Iterator<VectorBatch> {
  private final SnapshotScan scan;
  private final UnaryOperator<VectorBatch> each;
  private @Nullable VectorBatch next;

  public ScanBatches(SnapshotScan scan, UnaryOperator<VectorBatch> each) {
    this.scan = scan;
    this.each = each;
  }

  /** The batches of a scan, which the caller closes. */
  public static Stream<VectorBatch> stream(SnapshotScan scan) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new ScanBatches(scan, UnaryOperator.identity()), Spliterator.ORDERED),
        false);
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
