package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Which vectors the batches of a reader are read into. */
class VectorPoolTest {
  private final AtomicInteger created = new AtomicInteger();
  private final VectorPool<Integer> turns = new VectorPool<>();

  private int next(int current, int valid) {
    return turns.next(current, valid, created::incrementAndGet);
  }

  @Test
  void twoVectorsTakeTurnsWhileOneBatchIsValid() {
    int current = 0;
    for (int batch = 0; batch < 100; batch++) {
      current = next(current, 1);
    }
    assertThat(created).hasValue(1);
  }

  @Test
  void noVectorOfAValidBatchIsFilledForAnyNumberOfThem() {
    RandomGenerator random = new SplittableRandom(7);
    Deque<Integer> batches = new ArrayDeque<>();
    int current = 0;
    for (int i = 0; i < 10_000; i++) {
      batches.addFirst(current);
      int valid = random.nextInt(Math.min(batches.size(), 12) + 1);
      while (batches.size() > valid) {
        batches.removeLast();
      }
      current = next(current, valid);
      assertThat(batches).doesNotContain(current);
    }
  }

  @Test
  void vectorsOfManyBatchesReadAheadAreNotRetained() {
    int current = 0;
    for (int batch = 0; batch < 50; batch++) {
      current = next(current, batch + 1);
    }
    int ahead = created.get();
    for (int batch = 0; batch < 50; batch++) {
      current = next(current, 50);
    }
    assertThat(created.get() - ahead).as("only a few would be filled again").isGreaterThan(45);
  }
}
