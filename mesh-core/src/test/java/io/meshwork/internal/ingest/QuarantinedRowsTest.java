package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.RowNumber;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuarantinedRowsTest {
  private static final MeshAction ACTION = MeshAction.of(Verb.PUBLISH, "mobility/trips");

  @Test
  void eachTaskGetsItsRowsWithTheirRules() {
    QuarantinedRows rows = new QuarantinedRows(10);
    long last = RowNumber.first(7) + (1L << 39);
    rows.add(last, List.of("unique-id"));
    rows.add(RowNumber.first(2), List.of("unique-id", "fare"));
    rows.add(RowNumber.first(7) + 3, List.of());
    rows.add(RowNumber.first(7), List.of("fare"));

    assertThat(rows.tasks()).containsExactly(2, 7);
    PartQuarantine seventh = rows.of(7);
    assertThat(seventh.size()).isEqualTo(3);
    assertThat(seventh.rulesOf(last)).containsExactly("unique-id");
    assertThat(seventh.rulesOf(RowNumber.first(7))).containsExactly("fare");
    assertThat(seventh.rulesOf(RowNumber.first(7) + 3)).isEmpty();
    assertThat(seventh.has(RowNumber.first(7) + 1)).isFalse();
    assertThat(seventh.has(RowNumber.first(2))).isFalse();
    assertThat(rows.of(2).rulesOf(RowNumber.first(2))).containsExactly("unique-id", "fare");
    assertThat(rows.of(5).size()).isZero();
  }

  @Test
  void moreRowsThanTheDriverKeepsAreCountedAndRefused() {
    QuarantinedRows rows = new QuarantinedRows(2);
    rows.add(RowNumber.first(0), List.of("unique-id"));
    rows.add(RowNumber.first(1), List.of("unique-id"));
    assertThatCode(() -> rows.checkLimit(ACTION)).doesNotThrowAnyException();

    rows.add(RowNumber.first(3), List.of("unique-id"));
    rows.add(RowNumber.first(4), List.of("unique-id"));

    assertThat(rows.tasks()).isEmpty();
    assertThatThrownBy(() -> rows.checkLimit(ACTION))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LIMIT_EXCEEDED))
        .hasMessageContaining(
            "4 rows that tasks checked would be quarantined because of other rows; the limit is 2")
        .hasMessageContaining("Nothing was published.")
        .hasMessageContaining("anti join");
  }
}
