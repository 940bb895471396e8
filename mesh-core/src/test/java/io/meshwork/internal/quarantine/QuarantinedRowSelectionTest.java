package io.meshwork.internal.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** A quarantined row is erased if its stored value matches the filter, or is only a sample. */
class QuarantinedRowSelectionTest {
  private static final Schema COLUMNS =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "customer", Types.StringType.get()),
          Types.NestedField.optional(
              3,
              "place",
              Types.StructType.of(Types.NestedField.optional(4, "city", Types.StringType.get()))));

  private static final String MALFORMED = QuarantineTable.MALFORMED + "id: TYPE_MISMATCH";
  private static final String BROKEN = "breaks positive";

  private static boolean selects(String filter, String reason, String row) {
    VectorBatch batch = VectorBatch.empty(QuarantineTable.SCHEMA);
    List<String> texts = List.of("p", "", "type:id", reason, row);
    for (int column : new int[] {0, 2, 3, 4}) {
      ((BytesVector) batch.vector(column))
          .append(texts.get(column).getBytes(StandardCharsets.UTF_8));
    }
    ((LongVector) batch.vector(1)).append(1);
    ((LongVector) batch.vector(5)).append(0);
    RowPredicate rows =
        RowPredicate.parse(filter, COLUMNS, MeshAction.of(Verb.ERASE, "commerce/orders"));
    return new QuarantinedRowSelection(rows, COLUMNS).matches(batch).get(0);
  }

  @Test
  void aValueIsCompared() {
    assertThat(selects("customer = 'Ann'", MALFORMED, "{\"id\":\"x\",\"customer\":\"Ann\"}"))
        .isTrue();
    assertThat(selects("customer = 'Ann'", MALFORMED, "{\"id\":\"x\",\"customer\":\"Bob\"}"))
        .isFalse();
    assertThat(selects("place.city = 'Ulm'", MALFORMED, "{\"place\":{\"city\":\"Bonn\"}}"))
        .isFalse();
    assertThat(selects("place.city = 'Ulm'", MALFORMED, "{\"id\":\"x\"}")).isFalse();
  }

  @Test
  void aValueThatIsOnlyASampleMayMatch() {
    for (String sample : List.of("...", "<java.util.Date>", "a".repeat(1_000) + "...")) {
      assertThat(
              selects(
                  "customer = 'Ann'", MALFORMED, "{\"id\":\"x\",\"customer\":\"" + sample + "\"}"))
          .as(sample)
          .isTrue();
    }
    assertThat(selects("place.city = 'Ulm'", MALFORMED, "{\"place\":\"...\"}")).isTrue();
    assertThat(selects("place.city = 'Ulm'", MALFORMED, "{\"place\":{\"...\":\"and more\"}}"))
        .isTrue();
  }

  @Test
  void aTextOfACompleteRowIsNoSample() {
    assertThat(selects("customer = 'Ann'", BROKEN, "{\"id\":1,\"customer\":\"...\"}")).isFalse();
  }

  @Test
  void aColumnThatALargeRowLeavesOutMayMatch() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", "x");
    for (int i = 0; i < 10_000; i++) {
      row.put("c" + i, i);
    }
    row.put("customer", "Ann");

    assertThat(selects("customer = 'Ann'", MALFORMED, JsonRow.of(row))).isTrue();
  }
}
