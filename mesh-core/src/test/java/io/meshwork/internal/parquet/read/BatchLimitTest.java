package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.schema.UnreadableFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;

class BatchLimitTest {
  private final List<Integer> attempts = new ArrayList<>();

  private int read(IntConsumer step) {
    return new BatchLimit()
        .read(
            16_384,
            List.of(),
            rows -> {
              attempts.add(rows);
              step.accept(rows);
            });
  }

  private static void failAbove(int rows, int most, Throwable failure) {
    if (rows > most && failure instanceof Error error) {
      throw error;
    }
    if (rows > most) {
      throw (RuntimeException) failure;
    }
  }

  @Test
  void fewerRowsAreReadIfTheHeapIsFull() {
    int rows = read(some -> failAbove(some, 1_024, new OutOfMemoryError("heap")));

    assertThat(rows).isEqualTo(1_024);
    assertThat(attempts).containsExactly(16_384, 4_096, 1_024);
  }

  @Test
  void fewerRowsAreReadIfTheBatchExceedsItsLimit() {
    int rows = read(some -> failAbove(some, 4_096, UnreadableFileException.batchLimit("batch")));

    assertThat(rows).isEqualTo(4_096);
    assertThat(attempts).containsExactly(16_384, 4_096);
  }

  @Test
  void otherLimitsDoNotDependOnTheNumberOfRows() {
    UnreadableFileException page = UnreadableFileException.limit("page").at("f", "c", 4, 0);

    assertThatThrownBy(() -> read(some -> failAbove(some, 0, page))).isSameAs(page);
    assertThat(attempts).containsExactly(16_384);
  }

  @Test
  void aSingleRowThatDoesNotFitFails() {
    UnreadableFileException batch = UnreadableFileException.batchLimit("batch").at("f", "c", 4, 0);
    assertThatThrownBy(() -> read(some -> failAbove(some, 0, batch))).isSameAs(batch);
    assertThatThrownBy(() -> read(some -> failAbove(some, 0, new OutOfMemoryError("heap"))))
        .isInstanceOf(OutOfMemoryError.class);

    assertThat(attempts).containsSubsequence(16_384, 1).endsWith(4, 1);
  }
}
