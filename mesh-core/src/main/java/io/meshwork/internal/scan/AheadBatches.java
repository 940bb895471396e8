package io.meshwork.internal.scan;

import io.meshwork.internal.runtime.WorkAhead;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The batches of a source, of which one is read on an executor while the caller uses the one before
 * it. At most one is read ahead, from the second one on, because many reads end with the first;
 * none while a large batch is in use; and none for a caller that does nothing but ask for batches,
 * whose thread then decodes columns beside those of the executor. What fails ahead is thrown when
 * its batch is asked for. Not thread-safe.
 */
public final class AheadBatches implements AutoCloseable {
  /** Beside a batch of more bytes than this, no other is in memory. */
  static final long MOST_BYTES = 64L << 20;

  /** Of so many batches, nothing follows from the times of the caller and of the reads. */
  private static final int FIRST = 4;

  /** The caller's time is worth a read ahead from this part of the time of a read on. */
  private static final int LEAST_PART = 8;

  private final WorkAhead<@Nullable VectorBatch> work;
  private final Source source;
  private final LongSupplier nanoTime;
  private boolean begun;
  private int batches;

  /** When the last batch was returned, and recent times of the caller and of reads, in ns. */
  private long returned;

  private long callerTime;
  private long readTime;

  /** Reads batches. Another thread calls it each time, but never two at once. */
  public interface Source {
    /**
     * Returns the next batch; null at the end.
     *
     * @param beside true if the batch before it remains valid, false if its memory can be used
     */
    @Nullable VectorBatch next(boolean beside);

    /** Returns false if no batch is wanted after the last one. */
    boolean wantsMore();

    /** Ends a call of {@link #next} early, whose result is not used. Called by another thread. */
    void stop();
  }

  /** Creates batches that are read when they are asked for, and ahead on the executor. */
  public AheadBatches(Executor executor, Source source) {
    this(executor, source, System::nanoTime);
  }

  /** Creates batches with another clock. */
  AheadBatches(Executor executor, Source source, LongSupplier nanoTime) {
    this.work = new WorkAhead<>(executor);
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /** Returns the executor for tasks of the source, which the waiting caller also runs. */
  public Executor executor() {
    return work;
  }

  /** Returns true if a batch is or was read that was not returned. */
  boolean isAhead() {
    return work.isPending();
  }

  /**
   * Returns the next batch, which is valid until the next call; null at the end. If the thread is
   * interrupted while it waits, stops the source.
   *
   * @throws RuntimeException that of the source
   */
  public @Nullable VectorBatch next() {
    if (begun) {
      callerTime = callerTime / 2 + nanoTime.getAsLong() - returned;
    }
    VectorBatch batch = work.isPending() ? work.take(source::stop) : read(false);
    if (batch != null
        && begun
        && isWorthwhile()
        && bytes(batch) <= MOST_BYTES
        && source.wantsMore()) {
      work.start(() -> read(true));
    }
    begun = true;
    batches++;
    returned = nanoTime.getAsLong();
    return batch;
  }

  /** The result of a read ahead is taken before its time is used. */
  private @Nullable VectorBatch read(boolean beside) {
    long start = nanoTime.getAsLong();
    VectorBatch batch = source.next(beside);
    readTime = readTime / 2 + nanoTime.getAsLong() - start;
    return batch;
  }

  private boolean isWorthwhile() {
    return batches < FIRST || callerTime >= readTime / LEAST_PART;
  }

  private static long bytes(VectorBatch batch) {
    return batch.vectors().stream().mapToLong(Vector::byteSize).sum();
  }

  /** Drops the batch that is being read, after the source has stopped. */
  @Override
  public void close() {
    if (work.isPending()) {
      source.stop();
      work.discard();
    }
  }
}
