package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A batch that an input retains has its rows until the second batch after it is requested. */
class RetainedBatchTest {
  private static final Schema CONTRACT =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"R","fields":[
                {"name":"number","type":"long"},
                {"name":"few","type":["null","string"],"default":null},
                {"name":"many","type":"string"},
                {"name":"tags","type":{"type":"array","items":"string"}}]}
              """);
  private static final org.apache.iceberg.Schema TABLE = IcebergSchemas.fromAvro(CONTRACT);
  private static final int ROWS = 4 * VectorBatch.ROWS + 100;

  private static Map<String, @Nullable Object> row(int row) {
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("number", (long) row);
    values.put("few", row % 5 == 0 ? null : "few " + row / 5_000 * (row % 5));
    values.put("many", "many " + row * 31L);
    values.put("tags", row % 3 == 0 ? List.of() : List.of("a", "b" + row));
    return values;
  }

  private static RowInput records() {
    Iterator<Map<String, @Nullable Object>> rows =
        IntStream.range(0, ROWS).mapToObj(RetainedBatchTest::row).iterator();
    return RowInput.records(
        rows,
        null,
        RecordShredders.forRecords(CONTRACT, TABLE),
        TABLE,
        () -> {},
        MeshAction.of(Verb.PUBLISH));
  }

  private static List<List<@Nullable Object>> rows(VectorBatch batch) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      List<@Nullable Object> values = new ArrayList<>();
      for (String column : batch.columns()) {
        values.add(batch.valueAt(column, row));
      }
      rows.add(values);
    }
    return rows;
  }

  /** Reads all rows; those of a batch after the next one was requested, if every batch is kept. */
  private static List<List<@Nullable Object>> read(RowInput input, int retainedOf) {
    List<List<@Nullable Object>> all = new ArrayList<>();
    int number = 0;
    VectorBatch batch = input.next();
    while (batch != null) {
      boolean retained = number++ % retainedOf == 0;
      if (retained) {
        assertThat(input.retainBatch()).isTrue();
      } else {
        all.addAll(rows(batch));
      }
      VectorBatch next = input.next();
      if (retained) {
        all.addAll(rows(batch));
      }
      batch = next;
    }
    return all;
  }

  private static List<List<@Nullable Object>> expected() {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      Map<String, @Nullable Object> values = row(row);
      List<@Nullable Object> inOrder = new ArrayList<>();
      TABLE.columns().forEach(column -> inOrder.add(values.get(column.name())));
      rows.add(inOrder);
    }
    return rows;
  }

  @Test
  void recordsAreRetained() {
    for (int retainedOf : new int[] {1, 2, 3}) {
      assertThat(read(records(), retainedOf).equals(expected())).as("of " + retainedOf).isTrue();
    }
  }

  @Test
  void mappedRecordsAreRetained() {
    RowInput mapped =
        RowInput.mapped(
            records(),
            record -> record,
            RecordShredders.forRecords(CONTRACT, TABLE),
            TABLE,
            "2.0.0",
            null,
            true);

    assertThat(read(mapped, 1).equals(expected())).isTrue();
  }

  @Test
  void convertedRecordsAreRetainedWithTheirSource() {
    RowInput converted =
        RowInput.converted(
            records(),
            batch -> new VectorBatch(TABLE, batch.vectors()),
            VectorBatch.empty(TABLE),
            null,
            true);

    assertThat(read(converted, 1).equals(expected())).isTrue();
  }
}
