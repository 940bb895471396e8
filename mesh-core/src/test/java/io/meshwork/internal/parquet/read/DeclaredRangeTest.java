package io.meshwork.internal.parquet.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that their declared types do not have, although the physical types do. */
class DeclaredRangeTest {
  @TempDir Path folder;

  private int files;

  @ParameterizedTest
  @CsvSource({
    "'INTEGER(8,true)', -128, 127",
    "'INTEGER(8,false)', 0, 255",
    "'INTEGER(16,true)', -32768, 32767",
    "'INTEGER(16,false)', 0, 65535",
    "'INTEGER(32,true)', -2147483648, 2147483647",
  })
  void anOfferedNumberIsInTheRangeOfItsDeclaredWidth(String type, int least, int most) {
    int[] numbers = {least, most, least - 1, most + 1, least};
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int number : numbers) {
      rows.add(row -> row.append("n", number));
    }
    // Without bits to spare, the numbers before the least and after the most are in the range.
    boolean limited = least != Integer.MIN_VALUE;
    List<Integer> outOfRange = limited ? List.of(2, 3) : List.of();
    try (ParquetReader reader = written("message m { required int32 n (" + type + "); }", rows)) {
      for (Types.NestedField field :
          List.of(
              Types.NestedField.required(1, "n", Types.IntegerType.get()),
              Types.NestedField.required(1, "n", Types.LongType.get()))) {
        try (BatchReader batches = reader.readOffered(new Schema(field))) {
          Vector vector = next(batches).vector(0);
          assertThat(rows(vector)).isEqualTo(outOfRange);
          for (int row = 0; row < numbers.length; row++) {
            assertThat(number(vector, row)).isEqualTo(outOfRange.contains(row) ? 0L : numbers[row]);
          }
        }
      }
      try (BatchReader stored = reader.read(reader.schema(), ColumnMatch.BY_NAME)) {
        Vector vector = next(stored).vector(0);
        for (int row = 0; row < numbers.length; row++) {
          assertThat(number(vector, row)).isEqualTo(numbers[row]);
        }
      }
    }
  }

  @Test
  void theElementsOfAListAreCheckedToo() {
    List<Consumer<Group>> rows =
        List.of(
            row -> {
              Group list = row.addGroup("n");
              list.addGroup("list").append("element", 7);
              list.addGroup("list").append("element", 300);
            });
    String schema =
        """
        message m {
          required group n (LIST) { repeated group list { required int32 element (INTEGER(8,false)); } }
        }
        """;
    try (ParquetReader reader = written(schema, rows);
        BatchReader batches = reader.readOffered(reader.schema())) {
      ListVector lists = (ListVector) next(batches).vector(0);
      assertThat(rows(lists.elements())).containsExactly(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "int32, 9",
    "int32, 30",
    "int64, 9",
    "int64, 30",
    "binary, 9",
    "binary, 30",
    "fixed_len_byte_array(4), 9",
    "fixed_len_byte_array(4), 30",
  })
  void anOfferedDecimalHasNoMoreDigitsThanItsTypeInTheFile(String physical, int precision) {
    int[] numbers = {99_999, -99_999, 100_000, -100_000, 0};
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int number : numbers) {
      rows.add(
          row -> {
            switch (physical) {
              case "int32" -> row.append("d", number);
              case "int64" -> row.append("d", (long) number);
              default ->
                  row.append(
                      "d",
                      Binary.fromConstantByteArray(
                          ByteBuffer.allocate(Integer.BYTES).putInt(number).array()));
            }
          });
    }
    Schema wider =
        new Schema(Types.NestedField.required(1, "d", Types.DecimalType.of(precision, 2)));
    String schema = "message m { required " + physical + " d (DECIMAL(5,2)); }";
    try (ParquetReader reader = written(schema, rows.subList(0, 2));
        BatchReader batches = reader.readOffered(wider)) {
      VectorBatch batch = next(batches);
      assertThat(rows(batch.vector(0))).isEmpty();
      assertThat(VectorBatch.value(wider.columns().get(0).type(), batch.vector(0), 1))
          .isEqualTo(new BigDecimal("-999.99"));
    }
    try (ParquetReader reader = written(schema, rows)) {
      assertThatThrownBy(() -> next(reader.readOffered(wider)))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("more digits than its type in the file")
          .hasMessageContaining("column d");
      try (BatchReader batches = reader.readOffered(reader.schema())) {
        Vector vector = next(batches).vector(0);
        assertThat(rows(vector)).containsExactly(2, 3);
        assertThat(VectorBatch.value(Types.DecimalType.of(5, 2), vector, 1))
            .isEqualTo(new BigDecimal("-999.99"));
      }
      try (BatchReader stored = reader.read(wider, ColumnMatch.BY_NAME)) {
        assertThat(VectorBatch.value(wider.columns().get(0).type(), next(stored).vector(0), 2))
            .isEqualTo(new BigDecimal("1000.00"));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"9", "18", "38"})
  void aDecimalWithoutBytesIsCorrupt(int precision) {
    List<Consumer<Group>> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      byte[] unscaled = new byte[i == 2 ? 0 : 1];
      rows.add(row -> row.append("d", Binary.fromConstantByteArray(unscaled)));
    }
    String schema = "message m { required binary d (DECIMAL(" + precision + ",2)); }";
    try (ParquetReader reader = written(schema, rows)) {
      assertThatThrownBy(() -> next(reader.read(reader.schema(), ColumnMatch.BY_NAME)))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("a decimal has no bytes")
          .hasMessageContaining("column d");
      assertThatThrownBy(() -> next(reader.readOffered(reader.schema())))
          .isInstanceOfSatisfying(
              UnreadableFileException.class,
              e -> assertThat(e.reason()).isEqualTo(UnreadableFileException.Reason.CORRUPT));
    }
  }

  private ParquetReader written(String schema, List<Consumer<Group>> rows) {
    Path file = folder.resolve("foreign-" + files++ + ".parquet");
    GroupFile.write(file, schema, rows);
    return ParquetReader.open(Files.localInput(file.toFile()));
  }

  private static VectorBatch next(BatchReader batches) {
    return Objects.requireNonNull(batches.next());
  }

  private static List<Integer> rows(Vector vector) {
    RowMask outOfRange = Objects.requireNonNull(vector.outOfRange());
    List<Integer> rows = new ArrayList<>();
    for (int row = outOfRange.next(0); row >= 0; row = outOfRange.next(row + 1)) {
      rows.add(row);
    }
    return rows;
  }

  private static long number(Vector vector, int row) {
    return vector instanceof LongVector longs ? longs.get(row) : ((IntVector) vector).get(row);
  }
}
