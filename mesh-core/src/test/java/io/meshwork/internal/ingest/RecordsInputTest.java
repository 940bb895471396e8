package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class RecordsInputTest {
  private static int rowsOfTheFirstBatch(String type, Object value) {
    Schema contract =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"R","fields":[{"name":"c","type":%s}]}
                """
                    .formatted(type));
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(contract);
    List<Map<String, Object>> rows = Collections.nCopies(2_000, Map.of("c", value));
    try (RecordsInput input =
        new RecordsInput(
            rows.iterator(),
            rows,
            RecordShredders.forRecords(contract, table),
            table,
            () -> {},
            MeshAction.of(Verb.PUBLISH))) {
      VectorBatch batch = input.next();
      return batch == null ? 0 : batch.rows();
    }
  }

  @Test
  void nestedTextsEndABatchEarly() {
    List<String> megabyte = Collections.nCopies(16, "x".repeat(1 << 16));

    assertThat(rowsOfTheFirstBatch("{\"type\":\"array\",\"items\":\"string\"}", megabyte))
        .isBetween(60, 70);
    assertThat(
            rowsOfTheFirstBatch(
                "{\"type\":\"map\",\"values\":{\"type\":\"array\",\"items\":\"string\"}}",
                Map.of("k", megabyte)))
        .isBetween(60, 70);
  }

  @Test
  void longListsOfNumbersEndABatchEarly() {
    assertThat(
            rowsOfTheFirstBatch(
                "{\"type\":\"array\",\"items\":\"long\"}", Collections.nCopies(1 << 17, 1L)))
        .isBetween(60, 70);
  }

  @Test
  void smallNestedRowsFillABatch() {
    assertThat(rowsOfTheFirstBatch("{\"type\":\"array\",\"items\":\"long\"}", List.of(1L, 2L)))
        .isEqualTo(2_000);
  }
}
