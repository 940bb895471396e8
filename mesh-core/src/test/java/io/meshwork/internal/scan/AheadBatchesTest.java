package io.meshwork.internal.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Batches that are read while the caller uses the one before. */
class AheadBatchesTest {
  private static final Schema COLUMNS =
      new Schema(
          NestedField.required(1, "id", Types.LongType.get()),
          NestedField.required(2, "text", Types.StringType.get()));

  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  @AfterEach
  void stopWorker() {
    worker.shutdownNow();
  }

  /** Batches of one row with their number, and what was asked of them. */
  private static class Numbers implements AheadBatches.Source {
    final List<Boolean> beside = new ArrayList<>();
    final int count;
    int textBytes;
    volatile boolean askedToStop;

    Numbers(int count) {
      this.count = count;
    }

    @Override
    public @Nullable VectorBatch next(boolean besideLast) {
      beside.add(besideLast);
      if (beside.size() > count) {
        return null;
      }
      VectorBatch batch = VectorBatch.empty(COLUMNS);
      ((LongVector) batch.vector(0)).append(beside.size());
      ((BytesVector) batch.vector(1)).append(new byte[textBytes]);
      return batch;
    }

    @Override
    public boolean wantsMore() {
      return beside.size() < count;
    }

    @Override
    public void stop() {
      askedToStop = true;
    }
  }

  private static long number(@Nullable VectorBatch batch) {
    assertThat(batch).isNotNull();
    return batch.longAt("id", 0);
  }

  @Test
  void fromTheSecondBatchOnTheNextOneIsReadAhead() {
    Numbers numbers = new Numbers(4);
    AheadBatches batches = new AheadBatches(Runnable::run, numbers);

    assertThat(number(batches.next())).isEqualTo(1);
    assertThat(numbers.beside).containsExactly(false);
    assertThat(number(batches.next())).isEqualTo(2);
    assertThat(numbers.beside).containsExactly(false, false, true);
    assertThat(number(batches.next())).isEqualTo(3);
    assertThat(number(batches.next())).isEqualTo(4);
    assertThat(numbers.beside).as("no more than are wanted").hasSize(4);
    assertThat(batches.next()).isNull();
  }

  @Test
  void nothingIsReadAheadOfACallerThatOnlyAsks() {
    AtomicLong clock = new AtomicLong();
    Numbers numbers =
        new Numbers(40) {
          @Override
          public @Nullable VectorBatch next(boolean besideLast) {
            clock.addAndGet(80);
            return super.next(besideLast);
          }
        };
    AheadBatches batches = new AheadBatches(Runnable::run, numbers, clock::get);
    for (int i = 1; i <= 10; i++) {
      assertThat(number(batches.next())).isEqualTo(i);
    }
    assertThat(numbers.beside.subList(2, 4)).as("before the times are known").containsOnly(true);
    assertThat(numbers.beside.subList(6, 10)).as("once they are").containsOnly(false);

    for (int i = 11; i <= 20; i++) {
      clock.addAndGet(40);
      assertThat(number(batches.next())).isEqualTo(i);
    }
    assertThat(numbers.beside.subList(15, 20)).as("a caller with work").containsOnly(true);
  }

  @Test
  void anExecutorThatNeverRunsItLeavesTheWorkToTheCaller() {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    for (Executor executor : List.<Executor>of(waiting::add, full)) {
      AheadBatches batches = new AheadBatches(executor, new Numbers(4));
      for (int number = 1; number <= 4; number++) {
        assertThat(number(batches.next())).isEqualTo(number);
      }
    }
    waiting.forEach(Runnable::run);
  }

  @Test
  void aWaitingCallerRunsTasksOfTheBatchThatNoThreadIsLeftFor() {
    CountDownLatch claimed = new CountDownLatch(1);
    CountDownLatch byCaller = new CountDownLatch(1);
    AheadBatches[] batches = new AheadBatches[1];
    Thread caller = Thread.currentThread();
    Numbers numbers =
        new Numbers(3) {
          @Override
          public @Nullable VectorBatch next(boolean besideLast) {
            if (besideLast) {
              claimed.countDown();
              // The first task keeps the only thread of the executor until the caller ran the
              // second.
              ParallelTasks.run(
                  batches[0].executor(),
                  List.of(
                      () -> await(byCaller),
                      () -> {
                        assertThat(Thread.currentThread()).isSameAs(caller);
                        byCaller.countDown();
                      }));
            }
            return super.next(besideLast);
          }
        };
    batches[0] = new AheadBatches(worker, numbers);
    assertThat(number(batches[0].next())).isEqualTo(1);
    assertThat(number(batches[0].next())).isEqualTo(2);
    await(claimed);
    assertThat(number(batches[0].next())).isEqualTo(3);
  }

  @Test
  void aFailureAheadIsThrownWhenItsBatchIsAskedFor() {
    Numbers numbers =
        new Numbers(5) {
          @Override
          public @Nullable VectorBatch next(boolean besideLast) {
            VectorBatch batch = super.next(besideLast);
            if (beside.size() == 3) {
              throw new IllegalStateException("the third is damaged");
            }
            return batch;
          }
        };
    AheadBatches batches = new AheadBatches(Runnable::run, numbers);
    assertThat(number(batches.next())).isEqualTo(1);
    assertThat(number(batches.next())).isEqualTo(2);
    assertThatThrownBy(batches::next).hasMessage("the third is damaged");
  }

  @Test
  void besideALargeBatchNoOtherIsRead() {
    Numbers numbers = new Numbers(4);
    numbers.textBytes = (int) AheadBatches.MOST_BYTES + 1;
    AheadBatches batches = new AheadBatches(Runnable::run, numbers);
    for (int number = 1; number <= 3; number++) {
      assertThat(number(batches.next())).isEqualTo(number);
      assertThat(numbers.beside).hasSize(number).doesNotContain(true);
    }
  }

  @Test
  void aClosedReadNeverStartsTheBatchThatWaits() {
    Numbers numbers = new Numbers(4);
    AheadBatches batches = new AheadBatches(waiting::add, numbers);
    batches.next();
    batches.next();
    assertThat(waiting).hasSize(1);
    batches.close();
    waiting.forEach(Runnable::run);
    assertThat(numbers.beside).hasSize(2);
    assertThat(numbers.askedToStop).isTrue();
  }

  @Test
  void closingStopsTheBatchThatIsBeingReadAndWaitsForIt() {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    boolean[] ended = new boolean[1];
    Numbers numbers =
        new Numbers(4) {
          @Override
          public @Nullable VectorBatch next(boolean besideLast) {
            if (besideLast) {
              reading.countDown();
              await(stopped);
              ended[0] = true;
            }
            return super.next(besideLast);
          }

          @Override
          public void stop() {
            stopped.countDown();
          }
        };
    AheadBatches batches = new AheadBatches(worker, numbers);
    batches.next();
    batches.next();
    await(reading);
    batches.close();
    assertThat(ended[0]).isTrue();
  }

  @Test
  void anInterruptedCallerStopsTheBatchAndStaysInterrupted() {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Numbers numbers =
        new Numbers(4) {
          @Override
          public @Nullable VectorBatch next(boolean besideLast) {
            if (besideLast) {
              reading.countDown();
              await(stopped);
              return null;
            }
            return super.next(besideLast);
          }

          @Override
          public void stop() {
            stopped.countDown();
          }
        };
    AheadBatches batches = new AheadBatches(worker, numbers);
    batches.next();
    batches.next();
    await(reading);
    Thread.currentThread().interrupt();
    assertThat(batches.next()).isNull();
    assertThat(Thread.interrupted()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
