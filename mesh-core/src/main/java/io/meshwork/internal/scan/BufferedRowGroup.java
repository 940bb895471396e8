package io.meshwork.internal.scan;

import io.meshwork.internal.scan.ReadAheadBatches.Group;
import io.meshwork.internal.scan.ReadAheadBatches.RowGroupPart;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The batches of the parts of a row group that were read and not returned yet. Guarded by the lock
 * of its {@link ReadAheadBatches}, except for the reads of parts.
 */
final class BufferedRowGroup {
  private final Group group;
  private final List<PartBatches> parts = new ArrayList<>();
  private long takenBytes;

  BufferedRowGroup(Group group) {
    this.group = group;
    group.parts().forEach(part -> parts.add(new PartBatches(part, group.wantedRows())));
    if (group instanceof FailedRowGroup unopened) {
      parts.get(0).end(null, 0, true, unopened.failure());
    }
  }

  Group group() {
    return group;
  }

  List<PartBatches> parts() {
    return parts;
  }

  /** Returns true if each part has rows to return. */
  boolean isReady() {
    return parts.stream().allMatch(PartBatches::isReady);
  }

  /** Returns true if all wanted rows were returned, of which each part has at least as many. */
  boolean isAtEnd() {
    return parts.stream().anyMatch(PartBatches::isAtEnd);
  }

  /**
   * Returns the failure of the next rows: of the first part in order, whichever thread was faster.
   * Null if nothing failed, or if a part before it is not read yet.
   */
  @Nullable Throwable failure() {
    return parts.stream()
        .filter(part -> !part.isReady())
        .findFirst()
        .map(part -> part.failure)
        .orElse(null);
  }

  /** Returns the part with the earliest batch to read, if it has fewer than so many; else null. */
  @Nullable PartBatches next(int most) {
    PartBatches earliest = null;
    for (PartBatches part : parts) {
      if (part.steps(most) > 0
          && (earliest == null || part.batches.size() < earliest.batches.size())) {
        earliest = part;
      }
    }
    return earliest;
  }

  /**
   * Returns the next rows of all parts, as many as the batch of each has. A part whose batch has
   * more retains the rest. Needs no lock to join them.
   */
  Supplier<VectorBatch> take() {
    int rows = parts.stream().mapToInt(PartBatches::rows).min().orElse(0);
    takenBytes = 0;
    List<Supplier<VectorBatch>> batches = new ArrayList<>();
    for (PartBatches part : parts) {
      batches.add(part.take(rows));
      takenBytes += part.takenBytes;
    }
    return () -> group.join(batches.stream().map(Supplier::get).toList());
  }

  /** Returns the bytes of the batches that the rows returned last have emptied. */
  long takenBytes() {
    return takenBytes;
  }

  static long bytes(VectorBatch batch) {
    return batch.vectors().stream().mapToLong(Vector::byteSize).sum();
  }

  /** The batches of a part. */
  static final class PartBatches {
    private final RowGroupPart part;
    private final long wantedRows;
    private final Deque<SizedBatch> batches = new ArrayDeque<>();
    private long readRows;
    private boolean started;
    private boolean ended;
    private @Nullable Throwable failure;

    /** The rows of the first batch that were returned. */
    private int returned;

    private long takenBytes;

    /** The bytes of the last batch, which the next one is expected to have. */
    private long lastBytes;

    private record SizedBatch(VectorBatch batch, long bytes) {}

    PartBatches(RowGroupPart part, long wantedRows) {
      this.part = part;
      this.wantedRows = wantedRows;
    }

    RowGroupPart part() {
      return part;
    }

    private boolean isReady() {
      return !batches.isEmpty();
    }

    private boolean isAtEnd() {
      return ended && failure == null && batches.isEmpty();
    }

    /** Returns how many batches can be read until there are so many. */
    int steps(int most) {
      return started || ended ? 0 : Math.max(0, most - batches.size());
    }

    /** Starts reading a batch; returns how many of the last ones remain valid until it is read. */
    int start() {
      started = true;
      return batches.size();
    }

    /** Returns about how many bytes the batch takes that is being read. */
    long expectedBytes() {
      return lastBytes;
    }

    /** Ends reading a batch. */
    void end(@Nullable VectorBatch batch, long bytes, boolean atEnd, @Nullable Throwable failed) {
      started = false;
      failure = failed;
      lastBytes = bytes;
      if (batch != null) {
        batches.add(new SizedBatch(batch, bytes));
        readRows += batch.rows();
      }
      ended = atEnd || failed != null || readRows >= wantedRows;
    }

    /** Returns the number of rows that the first batch has left. */
    private int rows() {
      return batches.element().batch.rows() - returned;
    }

    private Supplier<VectorBatch> take(int rows) {
      SizedBatch first = batches.element();
      int from = returned;
      boolean all = from + rows == first.batch.rows();
      Supplier<VectorBatch> batch =
          all && from == 0
              ? first::batch
              : () -> first.batch.gather(IntStream.range(from, from + rows).toArray());
      returned = all ? 0 : from + rows;
      takenBytes = 0;
      if (all) {
        batches.remove();
        takenBytes = first.bytes;
      }
      return batch;
    }
  }
}
