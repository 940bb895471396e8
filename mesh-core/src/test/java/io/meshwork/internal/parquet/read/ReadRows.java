package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

/** Reads whole files as rows of Java values. */
public final class ReadRows {
  private ReadRows() {}

  public static ParquetReader open(Path file) {
    return ParquetReader.open(Files.localInput(file.toFile()));
  }

  /** Reads all columns of all rows. */
  public static List<List<Object>> all(Path file) {
    try (ParquetReader reader = open(file)) {
      return all(reader, reader.schema());
    }
  }

  /** Reads a projection by name of all rows. */
  public static List<List<Object>> all(Path file, Schema projection) {
    try (ParquetReader reader = open(file)) {
      return all(reader, projection);
    }
  }

  public static List<List<Object>> all(ParquetReader reader, Schema projection) {
    List<List<Object>> rows = all(reader, projection, false);
    assertThat((long) rows.size()).isEqualTo(reader.rows());
    if (rows.size() > 1) {
      assertThat(all(reader, projection, true)).as("read beside").isEqualTo(rows);
    }
    return rows;
  }

  private static List<List<Object>> all(ParquetReader reader, Schema projection, boolean beside) {
    List<List<Object>> rows = new ArrayList<>();
    try (BatchReader batches = reader.read(projection, ColumnMatch.BY_NAME)) {
      ReadBatches.forEach(
          batches,
          beside,
          (batch, firstRow) -> {
            assertThat(firstRow).isEqualTo(rows.size());
            assertThat(batch.rows()).isBetween(1, VectorBatch.ROWS);
            for (Vector vector : batch.vectors()) {
              assertThat(vector.size()).isEqualTo(batch.rows());
            }
            addRows(batch, rows);
          });
    }
    return rows;
  }

  private static void addRows(VectorBatch batch, List<List<Object>> rows) {
    List<NestedField> fields = batch.schema().columns();
    for (int row = 0; row < batch.rows(); row++) {
      List<Object> values = new ArrayList<>(fields.size());
      for (int column = 0; column < fields.size(); column++) {
        values.add(VectorBatch.value(fields.get(column).type(), batch.vector(column), row));
      }
      rows.add(values);
    }
  }

  /** Compares a file's rows with those of the reference, value by value. */
  public static void assertSame(
      String about, List<List<Object>> chunkIndex, List<GenericRecord> oracle) {
    assertThat(chunkIndex).as(about).hasSameSizeAs(oracle);
    for (int row = 0; row < chunkIndex.size(); row++) {
      for (int column = 0; column < chunkIndex.get(row).size(); column++) {
        Object expected = OracleFile.plain(oracle.get(row).get(column));
        if (!java.util.Objects.equals(chunkIndex.get(row).get(column), expected)) {
          assertThat(chunkIndex.get(row).get(column))
              .as("%s, row %d, column %d", about, row, column)
              .isEqualTo(expected);
        }
      }
    }
  }
}
