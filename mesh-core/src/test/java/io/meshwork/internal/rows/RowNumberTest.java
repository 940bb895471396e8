package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowNumberTest {
  @Test
  void aRowIsNamedFromOneWithTheTaskThatHasIt() {
    for (int task : new int[] {0, 3, RowNumber.MAX_TASKS - 1}) {
      long row = RowNumber.first(task) + 17;

      assertThat(RowNumber.taskOf(row)).isEqualTo(task);
      assertThat(RowNumber.text(row)).isEqualTo("18 of task " + task);
      assertThat(RowNumber.json(row)).hasToString("{\"row\":18,\"task\":" + task + "}");
    }
  }

  @Test
  void aRowOfAPublishWithoutTasksIsNamedByItsNumber() {
    assertThat(RowNumber.text(17)).isEqualTo("18");
    assertThat(RowNumber.json(17)).hasToString("{\"row\":18}");
  }
}
