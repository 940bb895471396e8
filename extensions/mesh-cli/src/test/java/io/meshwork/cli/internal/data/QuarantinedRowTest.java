package io.meshwork.cli.internal.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Read.WaitingRows.WaitingRow;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuarantinedRowTest {
  @Test
  void aRowOfATaskIsNamedByItsNumberInTheTask() {
    WaitingRow ofTask = row((4L << 40) + 18);

    assertThat(QuarantinedRow.of(ofTask).place()).isEqualTo("row 18 of task 3 of the publish");
    assertThat(ofTask.toString()).startsWith("row 18 of task 3 of publish p-1");
    assertThat(QuarantinedRow.of(row(18)).place()).isEqualTo("row 18 of the publish");
  }

  private static WaitingRow row(long number) {
    return new WaitingRow(
        "p-1", number, "notNull.id", "", Optional.empty(), "{}", Instant.EPOCH, List.of(1));
  }
}
