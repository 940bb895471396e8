package io.meshwork.internal.scan;

import io.meshwork.internal.vector.VectorBatch;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The batches of row groups in order, whose parts are read on an executor and by the caller. A step
 * reads one batch of one part, or opens a row group; a thread that has ended one continues with the
 * earliest that none has started. A thread that needs a batch runs the steps of it that none has
 * started, then later ones, and waits only for steps that run. So an executor that is busy, has one
 * thread, or rejects tasks never blocks a read.
 *
 * <p>{@link ReadAhead} decides how much is read ahead. What fails is thrown when its batch is
 * reached. Not thread-safe.
 */
public final class ReadAheadBatches implements AutoCloseable {
  /** A thread of the executor leaves it to other tasks after this many steps. */
  private static final int TURN = 64;

  /** Another thread is worth waking for this many steps. */
  private static final int STEPS = 2;

  private final Executor executor;
  private final Groups groups;
  private final int mostWorkers;

  /** Guards all that follows, and all {@link BufferedRowGroup}s. */
  private final Object lock = new Object();

  private final ReadAhead readAhead = new ReadAhead();

  /** The open row groups in order. */
  private final Deque<BufferedRowGroup> open = new ArrayDeque<>();

  /** Whether a thread opens the next row group, and whether none is left. */
  private boolean opening;

  private boolean allOpen;
  private boolean stopped;
  private boolean closed;

  /** The threads of the executor that were requested, and the steps that run now. */
  private int workers;

  private int running;

  /** Whether a batch is being waited for. */
  private boolean waiting;

  private @Nullable Group last;

  /** The row groups to read. */
  public interface Groups extends AutoCloseable {
    /**
     * Opens the next row group; null at the end. Called by one thread at a time.
     *
     * @param ahead true if rows of earlier row groups are read first
     */
    @Nullable Group next(boolean ahead);

    /** Returns true if it is known that no row group is left. Called after {@link #next}. */
    default boolean isAtEnd() {
      return false;
    }

    /** Ends calls soon, also calls of parts. Called by any thread. */
    void stop();

    /** Returns true if a few rows may be all that are wanted, so that little is read ahead. */
    default boolean mayEndEarly() {
      return false;
    }

    /** Closes what is open, once no step runs. Idempotent. */
    @Override
    void close();
  }

  /** A row group that is read in parts. */
  public interface Group {
    /** Returns the parts, at least one. Each is used by one thread at a time. */
    List<? extends RowGroupPart> parts();

    /** Returns the number of rows after which no more of a part is wanted. */
    long wantedRows();

    /** Returns about how many bytes it takes in memory, without its batches. */
    long bytes();

    /** Returns the same rows of all parts as one batch. */
    VectorBatch join(List<VectorBatch> parts);

    /** Called when all batches were used. */
    void end();
  }

  /** Some columns of a row group. */
  public interface RowGroupPart {
    /**
     * Reads the next batch; null at the end.
     *
     * @param valid how many of its last batches remain valid
     */
    @Nullable VectorBatch next(int valid);

    /** Returns true if the last batch was the last of all. */
    boolean isAtEnd();
  }

  /** Creates batches that are read when they are requested, and ahead on the executor. */
  public ReadAheadBatches(Executor executor, Groups groups) {
    this(executor, groups, ReadAhead.MOST_WORKERS);
  }

  /** Creates batches with a limit of the threads of the executor. */
  ReadAheadBatches(Executor executor, Groups groups, int mostWorkers) {
    this.executor = executor;
    this.groups = groups;
    this.mostWorkers = mostWorkers;
  }

  /** Returns the row group of the last batch, or of the last failure; null before. */
  @Nullable Group lastGroup() {
    return last;
  }

  /**
   * Returns the next batch, which is valid until the next call; null at the end. If the thread is
   * interrupted, stops reading, and returns null once no step runs.
   *
   * @throws RuntimeException if a part, or opening a row group, failed
   */
  public @Nullable VectorBatch next() {
    synchronized (lock) {
      waiting = true;
      BufferedRowGroup first = open.peek();
      readAhead.ask(first != null && first.isReady(), groups.mayEndEarly());
    }
    wake();
    VectorBatch batch;
    try {
      batch = await();
    } finally {
      synchronized (lock) {
        waiting = false;
      }
    }
    if (batch != null) {
      wake();
    }
    return batch;
  }

  /** Runs steps until the next batch is read, or waits for running steps. */
  private @Nullable VectorBatch await() {
    while (true) {
      Runnable step = null;
      Supplier<VectorBatch> nextBatch = null;
      synchronized (lock) {
        if (Thread.currentThread().isInterrupted()) {
          stopped = true;
        }
        endUsedGroups();
        BufferedRowGroup first = open.peek();
        if (!stopped && first != null) {
          last = first.group();
          if (first.isReady()) {
            nextBatch = first.take();
            readAhead.use(first.takenBytes());
            waiting = false; // From now on, the batch is in use.
          }
          Throwable failure = nextBatch == null ? first.failure() : null;
          if (failure != null) {
            throw failure(failure);
          }
        }
        if (nextBatch == null && !stopped && (first != null || !allOpen)) {
          step = claim(true);
          if (step == null) {
            awaitChange();
          }
        }
      }
      if (nextBatch != null) {
        return nextBatch.get();
      }
      if (step != null) {
        step.run();
        continue;
      }
      synchronized (lock) {
        if (stopped || (open.isEmpty() && allOpen)) {
          stop();
          return null;
        }
      }
    }
  }

  private void endUsedGroups() {
    BufferedRowGroup first = open.peek();
    while (first != null && first.isAtEnd()) {
      open.remove();
      first.group().end();
      first = open.peek();
    }
  }

  private static RuntimeException failure(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException unchecked
        ? unchecked
        : new UndeclaredThrowableException(failure);
  }

  private void awaitChange() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      stopped = true;
      groups.stop();
      Thread.currentThread().interrupt();
    }
  }

  /** Returns the earliest step that no thread has started; null if there is none now. */
  private @Nullable Runnable claim(boolean byCaller) {
    if (stopped) {
      return null;
    }
    BufferedRowGroup first = open.peek();
    if (waiting && first == null) {
      return mayOpen() ? opened(false) : null;
    }
    BufferedRowGroup.PartBatches needed = first == null || !waiting ? null : first.next(1);
    if (needed != null) {
      return started(needed);
    }
    if (!readAhead.mayBegin() || first == null) {
      return null;
    }
    if (!byCaller && open.size() == 1 && mayOpenFurther()) {
      return opened(true);
    }
    if (readAhead.isFull()) {
      return null;
    }
    for (BufferedRowGroup group : open) {
      BufferedRowGroup.PartBatches part = group.next(readAhead.depth(group == first));
      if (part != null) {
        return started(part);
      }
    }
    return !byCaller && mayOpenFurther() ? opened(true) : null;
  }

  private boolean mayOpen() {
    return !opening && !allOpen;
  }

  private boolean mayOpenFurther() {
    return mayOpen() && readAhead.mayOpenFurther(open);
  }

  private Runnable opened(boolean ahead) {
    opening = true;
    running++;
    return () -> open(ahead);
  }

  private void open(boolean ahead) {
    BufferedRowGroup opened = null;
    boolean atEnd = true;
    try {
      Group next = groups.next(ahead);
      atEnd = next == null || groups.isAtEnd();
      opened = next == null ? null : new BufferedRowGroup(next);
    } catch (Throwable e) {
      opened = new BufferedRowGroup(new FailedRowGroup("", e));
    } finally {
      synchronized (lock) {
        opening = false;
        running--;
        allOpen = atEnd;
        if (opened != null) {
          open.add(opened);
        }
        lock.notifyAll();
      }
    }
    wake();
  }

  private Runnable started(BufferedRowGroup.PartBatches part) {
    running++;
    readAhead.fill(part.expectedBytes());
    int valid = part.start() + (waiting ? 0 : 1);
    return () -> read(part, valid);
  }

  private void read(BufferedRowGroup.PartBatches part, int valid) {
    VectorBatch batch = null;
    Throwable failure = null;
    boolean atEnd = true;
    long size = 0;
    try {
      batch = part.part().next(valid);
      atEnd = batch == null || part.part().isAtEnd();
      size = batch == null ? 0 : BufferedRowGroup.bytes(batch);
    } catch (Throwable e) {
      failure = e;
      batch = null;
    } finally {
      synchronized (lock) {
        running--;
        readAhead.filled(part.expectedBytes(), failure == null ? size : 0);
        part.end(batch, size, atEnd, failure);
        lock.notifyAll();
      }
    }
  }

  /** Asks the executor for threads if there are enough steps for them. */
  private void wake() {
    int more;
    synchronized (lock) {
      more = wantedWorkers() - workers;
      workers += Math.max(0, more);
    }
    for (int i = 0; i < more; i++) {
      if (!execute()) {
        synchronized (lock) {
          workers -= more - i - 1;
        }
        return;
      }
    }
  }

  private int wantedWorkers() {
    if (stopped || (!waiting && (!readAhead.mayBegin() || readAhead.isFull()))) {
      return 0;
    }
    int parts = waiting ? -1 : 0; // The caller runs the steps of one.
    int steps = 0;
    for (BufferedRowGroup group : open) {
      int wanted = readAhead.depth(group == open.peek());
      for (BufferedRowGroup.PartBatches part : group.parts()) {
        int some = part.steps(wanted);
        parts += some > 0 ? 1 : 0;
        steps += some;
      }
    }
    if (readAhead.mayBegin() && open.size() == 1 && mayOpenFurther()) {
      parts++;
      steps += STEPS;
    }
    int most = readAhead.workers(mostWorkers);
    return Math.min(opening ? most + 1 : most, Math.min(parts, (steps + STEPS / 2) / STEPS));
  }

  /** Returns false if the executor rejects tasks, or has no thread: the caller runs all steps. */
  private boolean execute() {
    try {
      executor.execute(this::work);
      return true;
    } catch (RuntimeException | OutOfMemoryError e) {
      synchronized (lock) {
        workers--;
      }
      return false;
    }
  }

  private void work() {
    for (int i = 0; i < TURN; i++) {
      Runnable step;
      synchronized (lock) {
        step = claim(false);
        if (step == null) {
          workers--;
          return;
        }
      }
      step.run();
    }
    execute();
  }

  /** Ends steps soon, and waits for running steps. */
  private void stop() {
    boolean interrupted = false;
    groups.stop();
    synchronized (lock) {
      stopped = true;
      while (running > 0) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the read, and closes what is open once no step runs. Idempotent. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stop();
      synchronized (lock) {
        open.clear(); // Tasks that the executor has not run refer to this.
      }
      groups.close();
    }
  }
}
