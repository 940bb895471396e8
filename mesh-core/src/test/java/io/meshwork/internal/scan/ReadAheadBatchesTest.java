package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches whose parts several threads read, before the caller needs them. */
class ReadAheadBatchesTest {
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @AfterEach
  void stopWorkers() {
    workers.shutdownNow();
  }

  /** Row groups of numbers: each part has a column with the numbers of the rows. */
  private static class Numbers implements ReadAheadBatches.Groups {
    final int groups;
    final int parts;
    final int groupRows;

    /** Rows of the batches of a part. */
    int batchRows = 1;

    int textBytes;
    int opened;
    volatile boolean stopped;
    boolean closed;

    /** What was read, such as {@code 0.1.2}: group, part, and batch. */
    final List<String> read = Collections.synchronizedList(new ArrayList<>());

    Numbers(int groups, int parts, int groupRows) {
      this.groups = groups;
      this.parts = parts;
      this.groupRows = groupRows;
    }

    @Override
    public ReadAheadBatches.@Nullable Group next(boolean ahead) {
      return opened == groups ? null : new NumberGroup(this, opened++);
    }

    /** Called before a part reads a batch. */
    void beforeBatch(int group, int part, int batch) {}

    /** Returns how many rows the next batch has. */
    int rowsOfBatch() {
      return batchRows;
    }

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public void close() {
      closed = true;
    }

    Schema columns() {
      return new Schema(
          IntStream.range(0, parts)
              .mapToObj(i -> NestedField.required(i + 1, "n" + i, Types.LongType.get()))
              .toList());
    }
  }

  private static final class NumberGroup implements ReadAheadBatches.Group {
    private final Numbers of;
    private final List<NumberPart> parts = new ArrayList<>();

    NumberGroup(Numbers of, int number) {
      this.of = of;
      for (int part = 0; part < of.parts; part++) {
        parts.add(new NumberPart(of, number, part));
      }
    }

    @Override
    public List<NumberPart> parts() {
      return parts;
    }

    @Override
    public long wantedRows() {
      return of.groupRows;
    }

    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public VectorBatch join(List<VectorBatch> batches) {
      return new VectorBatch(
          of.columns(), batches.stream().map(batch -> batch.vectors().get(0)).toList());
    }

    @Override
    public void end() {
      assertThat(parts).noneMatch(part -> part.reading);
    }
  }

  /** Fills the vectors of its batches again as soon as it may. */
  private static final class NumberPart implements ReadAheadBatches.RowGroupPart {
    private static final Schema COLUMNS =
        new Schema(
            NestedField.required(1, "n", Types.LongType.get()),
            NestedField.required(2, "text", Types.StringType.get()));

    private final Numbers of;
    private final int group;
    private final int part;
    private final Deque<VectorBatch> used = new ArrayDeque<>();
    private int batches;
    private int rows;
    private volatile boolean reading;

    NumberPart(Numbers of, int group, int part) {
      this.of = of;
      this.group = group;
      this.part = part;
    }

    @Override
    public @Nullable VectorBatch next(int valid) {
      assertThat(reading).as("one thread at a time").isFalse();
      reading = true;
      try {
        of.beforeBatch(group, part, batches);
        of.read.add(group + "." + part + "." + batches);
        batches++;
        if (rows == of.groupRows) {
          return null;
        }
        VectorBatch batch = null;
        while (used.size() > valid) {
          batch = used.remove();
          batch.reset();
        }
        batch = batch == null ? VectorBatch.empty(COLUMNS) : batch;
        used.add(batch);
        for (int i = Math.min(of.groupRows - rows, of.rowsOfBatch()); i > 0; i--) {
          ((LongVector) batch.vector(0)).append((long) group * of.groupRows + rows++);
          ((BytesVector) batch.vector(1)).append(new byte[of.textBytes]);
        }
        return batch;
      } finally {
        reading = false;
      }
    }

    @Override
    public boolean isAtEnd() {
      return rows == of.groupRows;
    }
  }

  private static long number(@Nullable VectorBatch batch) {
    assertThat(batch).isNotNull();
    return batch.longAt("n0", 0);
  }

  private static void assertAllRows(ReadAheadBatches batches, Numbers numbers) {
    long next = 0;
    for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
      for (int row = 0; row < batch.rows(); row++, next++) {
        for (int part = 0; part < numbers.parts; part++) {
          assertThat(((LongVector) batch.vector(part)).get(row)).isEqualTo(next);
        }
      }
    }
    assertThat(next).isEqualTo((long) numbers.groups * numbers.groupRows);
    assertThat(batches.next()).isNull();
  }

  @Test
  void nothingIsReadAheadUntilTheSecondBatchIsAskedFor() {
    Numbers numbers = new Numbers(2, 1, 10);
    ReadAheadBatches batches = new ReadAheadBatches(Runnable::run, numbers);

    assertThat(number(batches.next())).isZero();
    assertThat(numbers.read).containsExactly("0.0.0");
    assertThat(numbers.opened).isEqualTo(1);
    assertThat(number(batches.next())).isEqualTo(1);
    assertThat(numbers.read).contains("0.0.1", "0.0.2", "1.0.0");
  }

  @Test
  void anotherThreadIsAskedForOnlyIfTheCallerHasAStepOfItsOwn() {
    Numbers one = new Numbers(1, 1, 1);
    assertAllRows(new ReadAheadBatches(waiting::add, one), one);
    assertThat(waiting).isEmpty();

    Numbers two = new Numbers(1, 2, 1);
    assertAllRows(new ReadAheadBatches(waiting::add, two), two);
    assertThat(waiting).hasSize(1);
  }

  @Test
  void rowGroupsAreReadSideBySide() {
    CountDownLatch callerReads = new CountDownLatch(1);
    CountDownLatch both = new CountDownLatch(2);
    Numbers numbers =
        new Numbers(4, 1, 3) {
          @Override
          void beforeBatch(int group, int part, int batch) {
            if (group == 0 && batch == 1) {
              callerReads.countDown();
            }
            if ((group == 0 && batch == 1) || (group == 1 && batch == 0)) {
              both.countDown();
              await(both); // Each of them is read while the other one is.
            }
          }
        };
    Executor slower =
        task ->
            workers.execute(
                () -> {
                  await(callerReads); // Else a worker may read the batch that the caller needs.
                  task.run();
                });
    assertAllRows(new ReadAheadBatches(slower, numbers, 4), numbers);
    assertThat(both.getCount()).isZero();
  }

  @Test
  void partsOfABatchAreReadAtTheSameTimeAlsoOfTheFirstBatch() {
    CountDownLatch both = new CountDownLatch(2);
    Numbers numbers =
        new Numbers(1, 2, 3) {
          @Override
          void beforeBatch(int group, int part, int batch) {
            if (batch == 0) {
              both.countDown();
              await(both);
            }
          }
        };
    ReadAheadBatches batches = new ReadAheadBatches(workers, numbers, 1);
    assertThat(number(batches.next())).isZero();
    batches.close();
    assertThat(numbers.closed).isTrue();
  }

  @Test
  void aPartIsReadAheadOfAnotherThatTakesLong() {
    CountDownLatch ahead = new CountDownLatch(1);
    Numbers numbers =
        new Numbers(1, 2, 4) {
          @Override
          void beforeBatch(int group, int part, int batch) {
            if (part == 0 && batch == 1) {
              await(ahead); // No thread waits for all parts of a batch.
            } else if (part == 1 && batch == 2) {
              ahead.countDown();
            }
          }
        };
    assertAllRows(new ReadAheadBatches(workers, numbers, 1), numbers);
  }

  @Test
  void anExecutorThatNeverRunsItLeavesTheWorkToTheCaller() {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    for (Executor executor : List.<Executor>of(waiting::add, full)) {
      Numbers numbers = new Numbers(3, 3, 5);
      ReadAheadBatches batches = new ReadAheadBatches(executor, numbers);
      assertAllRows(batches, numbers);
      batches.close();
    }
    waiting.forEach(Runnable::run);
  }

  @Test
  void aFailureIsThrownOnceTheRowsBeforeItWereReturned() {
    Numbers numbers =
        new Numbers(3, 2, 2) {
          @Override
          void beforeBatch(int group, int part, int batch) {
            if (group == 1 && part == 1 && batch == 1) {
              throw new IllegalStateException("the second row group is damaged");
            }
          }
        };
    for (Executor executor : List.<Executor>of(Runnable::run, workers, waiting::add)) {
      numbers.opened = 0;
      ReadAheadBatches batches = new ReadAheadBatches(executor, numbers);
      for (int i = 0; i < 3; i++) {
        assertThat(number(batches.next())).isEqualTo(i);
      }
      assertThatThrownBy(batches::next).hasMessage("the second row group is damaged");
      batches.close();
    }
  }

  @Test
  void ofSeveralDamagedPartsTheFirstIsNamedAlsoIfALaterOneFailsBefore() {
    CountDownLatch secondStarted = new CountDownLatch(1);
    CountDownLatch laterFailed = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Numbers numbers =
        new Numbers(1, 3, 4) {
          @Override
          void beforeBatch(int group, int part, int batch) {
            if (batch != 1) {
              return;
            }
            if (part == 0) {
              await(secondStarted);
            } else if (part == 1) {
              secondStarted.countDown();
              await(laterFailed);
              while (caller != Thread.currentThread()
                  && caller.getState() != Thread.State.WAITING
                  && !stopped) {
                Thread.onSpinWait();
              }
              throw new IllegalStateException("the second column is damaged");
            } else {
              laterFailed.countDown();
              throw new IllegalStateException("the third column is damaged");
            }
          }
        };
    ReadAheadBatches batches = new ReadAheadBatches(workers, numbers, 4);
    assertThat(number(batches.next())).isZero();
    assertThatThrownBy(batches::next).hasMessage("the second column is damaged");
    batches.close();
  }

  @Test
  void aCheckedExceptionThatNoMethodDeclaresIsThrownToo() {
    for (Executor executor : List.<Executor>of(Runnable::run, task -> {})) {
      Numbers numbers =
          new Numbers(1, 2, 3) {
            @Override
            void beforeBatch(int group, int part, int batch) {
              if (part == 1 && batch == 1) {
                throwUndeclared(new IOException("the disk is gone"));
              }
            }
          };
      ReadAheadBatches batches = new ReadAheadBatches(executor, numbers);
      assertThat(number(batches.next())).isZero();

      assertThatThrownBy(batches::next).hasRootCauseMessage("the disk is gone");
      batches.close();
      assertThat(numbers.closed).isTrue();
    }
  }

  /** Throws any exception, as code in other languages of the JVM does. */
  @SuppressWarnings("unchecked")
  private static <E extends Throwable> void throwUndeclared(Throwable failure) throws E {
    throw (E) failure;
  }

  @Test
  void littleIsReadAheadWhereAFewRowsMayBeEnough() {
    Numbers numbers =
        new Numbers(9, 1, 4) {
          @Override
          public boolean mayEndEarly() {
            return true;
          }
        };
    ReadAheadBatches batches = new ReadAheadBatches(task -> {}, numbers);
    for (int row = 0; row < 12; row++) {
      assertThat(number(batches.next())).isEqualTo(row);
      assertThat(numbers.opened).isLessThanOrEqualTo(row / 4 + 2);
    }
  }

  @Test
  void aRowGroupThatCannotBeOpenedFailsWhenItIsReached() {
    Numbers numbers =
        new Numbers(3, 1, 2) {
          @Override
          public ReadAheadBatches.@Nullable Group next(boolean ahead) {
            if (opened == 1) {
              throw new IllegalStateException("not found");
            }
            return super.next(ahead);
          }
        };
    ReadAheadBatches batches = new ReadAheadBatches(Runnable::run, numbers);
    assertThat(number(batches.next())).isZero();
    assertThat(number(batches.next())).isEqualTo(1);
    assertThatThrownBy(batches::next).hasMessage("not found");
  }

  @Test
  void besideALargeBatchNoOtherIsRead() {
    Numbers numbers = new Numbers(2, 1, 4);
    numbers.textBytes = (int) ReadAhead.MOST_BYTES + 1;
    ReadAheadBatches batches = new ReadAheadBatches(Runnable::run, numbers);
    for (int number = 0; number < 4; number++) {
      assertThat(number(batches.next())).isEqualTo(number);
      assertThat(numbers.read).hasSize(number + 1);
    }
  }

  @Test
  void theBatchesThatAreReadAheadTakeNoMoreThanTheirLimit() {
    Numbers numbers = new Numbers(40, 1, 4);
    numbers.textBytes = (int) (ReadAhead.MOST_BYTES / 8);
    ReadAheadBatches batches = new ReadAheadBatches(Runnable::run, numbers);
    for (int number = 0; number < 100; number++) {
      assertThat(number(batches.next())).isEqualTo(number);
      assertThat(numbers.read.size()).isLessThanOrEqualTo(number + 1 + 8);
    }
  }

  @Test
  void aClosedReadStartsNothing() {
    Numbers numbers = new Numbers(2, 2, 4);
    ReadAheadBatches batches = new ReadAheadBatches(waiting::add, numbers);
    batches.next();
    batches.next();
    int read = numbers.read.size();
    assertThat(waiting).isNotEmpty();
    batches.close();
    waiting.forEach(Runnable::run);
    assertThat(numbers.read).hasSize(read);
    assertThat(numbers.stopped).isTrue();
    assertThat(numbers.closed).isTrue();
  }

  /** The second batch of the second row group is being read until the read stops. */
  private static final class Slow extends Numbers {
    final CountDownLatch reading = new CountDownLatch(1);
    final CountDownLatch stopCalled = new CountDownLatch(1);
    volatile boolean ended;

    Slow() {
      super(2, 1, 3);
    }

    @Override
    void beforeBatch(int group, int part, int batch) {
      if (group == 1) {
        reading.countDown();
        await(stopCalled);
        ended = true;
      }
    }

    @Override
    public void stop() {
      super.stop();
      stopCalled.countDown();
    }
  }

  @Test
  void closingStopsWhatIsBeingReadAndWaitsForIt() {
    Slow slow = new Slow();
    ReadAheadBatches batches = new ReadAheadBatches(workers, slow, 4);
    batches.next();
    batches.next();
    await(slow.reading);
    batches.close();
    assertThat(slow.ended).isTrue();
    assertThat(slow.closed).isTrue();
  }

  @Test
  void anInterruptedCallerStopsTheReadAndStaysInterrupted() {
    Slow slow = new Slow();
    ReadAheadBatches batches = new ReadAheadBatches(workers, slow, 4);
    batches.next();
    batches.next();
    await(slow.reading);
    Thread.currentThread().interrupt();
    assertThat(batches.next()).isNull();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(slow.ended).isTrue();
  }

  @Test
  void rowsAreThoseOfTheirGroupsForAnyExecutorAndAnySizesOfBatches() {
    for (int seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      boolean even = random.nextBoolean();
      Numbers numbers =
          new Numbers(1 + random.nextInt(8), 1 + random.nextInt(4), 1 + random.nextInt(200)) {
            @Override
            synchronized int rowsOfBatch() {
              return even ? batchRows : 1 + random.nextInt(batchRows);
            }
          };
      numbers.batchRows = 1 + random.nextInt(20);
      List<Executor> executors =
          List.of(workers, Runnable::run, waiting::add, task -> halfOf(random, task));
      int which = seed % executors.size();
      try (ReadAheadBatches batches =
          new ReadAheadBatches(executors.get(which), numbers, 1 + random.nextInt(4))) {
        assertAllRows(batches, numbers);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void halfOf(Random random, Runnable task) {
    boolean runs;
    synchronized (random) {
      runs = random.nextBoolean();
    }
    if (!runs) {
      throw new RejectedExecutionException("full");
    }
    workers.execute(task);
  }

  private static void await(CountDownLatch latch) {
    try {
      if (latch.getCount() > 0) {
        latch.await();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
