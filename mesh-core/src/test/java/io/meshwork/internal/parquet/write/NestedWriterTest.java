package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NestedWriterTest {
  private static final Schema ORDERS =
      new Schema(
          NestedField.required(
              1,
              "buyer",
              Types.StructType.of(
                  NestedField.required(2, "name", Types.StringType.get()),
                  NestedField.optional(
                      3,
                      "address",
                      Types.StructType.of(
                          NestedField.required(4, "zip", Types.IntegerType.get()))))),
          NestedField.optional(
              5,
              "lines",
              Types.ListType.ofRequired(
                  6,
                  Types.StructType.of(
                      NestedField.required(7, "quantity", Types.DecimalType.of(4, 1))))),
          NestedField.optional(
              8,
              "tags",
              Types.MapType.ofRequired(9, 10, Types.StringType.get(), Types.LongType.get())));
  private static final Schema TEXTS =
      new Schema(
          NestedField.optional(1, "texts", Types.ListType.ofOptional(2, Types.StringType.get())));

  @TempDir Path folder;

  @Test
  void groupsElementsKeysAndValuesHaveTheirIdsAndTypes() throws Exception {
    Path file = write(ORDERS, EncodingProfile.COMPATIBLE, ParquetWriterLimits.DEFAULT);

    assertThat(
            ParquetOracle.footer(file)
                .getFileMetaData()
                .getSchema()
                .toString()
                .trim()
                .lines()
                .map(String::strip))
        .containsExactly(
            "message table {",
            "required group buyer = 1 {",
            "required binary name (STRING) = 2;",
            "optional group address = 3 {",
            "required int32 zip = 4;",
            "}",
            "}",
            "optional group lines (LIST) = 5 {",
            "repeated group list {",
            "required group element = 6 {",
            "required int32 quantity (DECIMAL(4,1)) = 7;",
            "}",
            "}",
            "}",
            "optional group tags (MAP) = 8 {",
            "repeated group key_value {",
            "required binary key (STRING) = 9;",
            "required int64 value = 10;",
            "}",
            "}",
            "}");
  }

  @Test
  void allLeavesHaveCountsAndThoseOutsideOfListsAndMapsHaveBounds() {
    Path file = folder.resolve("metrics.parquet");
    VectorBatch batch = VectorBatch.empty(ORDERS);
    appendOrder(batch, "Ada", 1010, 1, 2, 3);
    appendOrder(batch, "Bob", null);
    appendOrder(batch, "Eve", 2020, 4);

    WrittenFile written =
        ParquetOracle.write(
            file, ORDERS, EncodingProfile.COMPATIBLE, ParquetWriterLimits.DEFAULT, List.of(batch));

    assertThat(written.metrics().valueCounts())
        .containsEntry(2, 3L)
        .containsEntry(4, 3L)
        .containsEntry(7, 5L)
        .containsEntry(9, 5L)
        .containsEntry(10, 5L)
        .hasSize(5);
    assertThat(written.metrics().nullValueCounts())
        .containsEntry(2, 0L)
        .containsEntry(4, 1L)
        .containsEntry(7, 1L)
        .containsEntry(10, 1L);
    assertThat(written.metrics().columnSizes()).containsOnlyKeys(2, 4, 7, 9, 10);
    assertThat(written.metrics().lowerBounds()).containsOnlyKeys(2, 4);
    assertThat(written.metrics().upperBounds()).containsOnlyKeys(2, 4);
  }

  @Test
  void nullInARequiredFieldIsRejectedWithPathAndRow() {
    VectorBatch zip = VectorBatch.empty(ORDERS);
    appendOrder(zip, "Ada", null);
    appendOrder(zip, "Bob", 1010);
    StructVector buyer = (StructVector) zip.vector(0);
    ((BytesVector) buyer.child(0)).append(utf8("Eve"));
    ((StructVector) buyer.child(1)).child(0).appendNull();
    ((StructVector) buyer.child(1)).append();
    buyer.append();
    zip.vector(1).appendNull();
    zip.vector(2).appendNull();
    assertRefused(zip, "column buyer.address.zip of type int", "row 2 ");

    VectorBatch element = VectorBatch.empty(ORDERS);
    appendOrder(element, "Ada", 1, 1, 2);
    appendOrder(element, "Bob", 2);
    appendOrder(element, "Eve", 2);
    ListVector lines = (ListVector) element.vector(1);
    lines.elements().appendNull();
    lines.append();
    appendBuyer(element, "Joe", null);
    element.vector(2).appendNull();
    assertRefused(element, "column lines[]:", "row 3 ");

    VectorBatch value = VectorBatch.empty(ORDERS);
    appendOrder(value, "Ada", 1, 1, 2);
    MapVector tags = (MapVector) value.vector(2);
    ((BytesVector) tags.keys()).append(utf8("secret"));
    tags.values().appendNull();
    tags.append();
    appendBuyer(value, "Joe", null);
    value.vector(1).appendNull();
    assertRefused(value, "column tags{} of type long", "row 1 ");

    VectorBatch struct = VectorBatch.empty(ORDERS);
    struct.vectors().forEach(Vector::appendNull);
    assertRefused(struct, "column buyer:", "row 0 ");
  }

  @Test
  void elementWithTooManyDigitsIsRejectedWithItsRow() {
    VectorBatch batch = VectorBatch.empty(ORDERS);
    appendOrder(batch, "Ada", 1, 1, 2, 3);
    appendOrder(batch, "Bob", 1);
    appendOrder(batch, "Eve", 1, 4, 10_000);

    assertRefused(batch, "column lines[].quantity", "row 2 ", "more than 4 digits");
  }

  @Test
  void nullStructDoesNotViolateItsRequiredFields() throws Exception {
    VectorBatch batch = VectorBatch.empty(ORDERS);
    appendOrder(batch, "Ada", null);

    Path file = write(ORDERS, EncodingProfile.FAST, ParquetWriterLimits.DEFAULT, batch);

    assertThat(ParquetOracle.rows(file, ORDERS)).isEqualTo(ParquetOracle.rows(batch));
  }

  @Test
  void fixedValuesOfZeroBytesAreRejectedByPath() {
    Schema empty =
        new Schema(
            NestedField.optional(
                1, "list", Types.ListType.ofOptional(2, Types.FixedType.ofLength(0))));

    assertThatThrownBy(() -> write(empty, EncodingProfile.FAST, ParquetWriterLimits.DEFAULT))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("list[]")
        .hasMessageContaining("0 bytes");
  }

  @Test
  void structWithoutFieldsIsRejectedByPath() {
    Schema empty =
        new Schema(
            NestedField.optional(
                1, "list", Types.ListType.ofOptional(2, Types.StructType.of(List.of()))));

    assertThatThrownBy(() -> write(empty, EncodingProfile.FAST, ParquetWriterLimits.DEFAULT))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("list[]")
        .hasMessageContaining("without fields");
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void rowLargerThanAPageHasItsOwnPage(EncodingProfile profile) throws Exception {
    VectorBatch batch = VectorBatch.empty(TEXTS);
    ListVector texts = (ListVector) batch.vector(0);
    for (int row = 0; row < 60; row++) {
      int elements = row % 20 == 7 ? 3_000 : row % 4;
      for (int i = 0; i < elements; i++) {
        ((BytesVector) texts.elements()).append(utf8("row " + row + " element " + i * 31));
      }
      texts.append();
    }
    ParquetWriterLimits limits = new ParquetWriterLimits(1000, 1L << 30, 500, 4_000);

    Path file = write(TEXTS, profile, limits, batch);

    assertThat(ParquetOracle.rows(file, TEXTS)).isEqualTo(ParquetOracle.rows(batch));
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      ColumnChunkMetaData chunk = reader.getFooter().getBlocks().get(0).getColumns().get(0);
      OffsetIndex index = reader.readOffsetIndex(chunk);
      assertThat(index.getPageCount()).isEqualTo(7);
      for (int i = 0; i < 3; i++) {
        assertThat(index.getFirstRowIndex(2 * i + 1)).isEqualTo(20 * i + 7);
        assertThat(index.getFirstRowIndex(2 * i + 2)).isEqualTo(20 * i + 8);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void dictionaryOverflowDoesNotSplitARow(EncodingProfile profile) throws Exception {
    BytesVector entries = new BytesVector();
    for (int i = 0; i < 90_000; i++) {
      entries.append(utf8("entry " + i));
    }
    DictionaryVector encoded = new DictionaryVector(entries);
    ListVector lists = new ListVector(encoded);
    for (int row = 0; row < 700; row++) {
      // The dictionary limit is 65,536 entries, which is not a row boundary.
      for (int i = 0; i < 300; i++) {
        encoded.append((row * 300 + i) % 90_000);
      }
      encoded.appendNull();
      lists.append();
    }
    VectorBatch batch = new VectorBatch(TEXTS, List.of(lists));

    Path file = write(TEXTS, profile, ParquetWriterLimits.DEFAULT, batch);

    assertThat(ParquetOracle.rows(file, TEXTS)).isEqualTo(ParquetOracle.rows(batch));
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      ColumnChunkMetaData chunk = reader.getFooter().getBlocks().get(0).getColumns().get(0);
      assertThat(chunk.getEncodings()).contains(Encoding.RLE_DICTIONARY);
      assertThat(chunk.getEncodingStats().hasNonDictionaryEncodedPages()).isTrue();
    }
  }

  private void assertRefused(VectorBatch batch, String... facts) {
    assertThatThrownBy(
            () -> write(ORDERS, EncodingProfile.FAST, ParquetWriterLimits.DEFAULT, batch))
        .isInstanceOf(ContractViolationException.class)
        .message()
        .contains(facts)
        .contains("No row of the batch was written")
        .doesNotContain("secret");
  }

  private static void appendOrder(VectorBatch batch, String name, Integer zip, int... quantities) {
    appendBuyer(batch, name, zip);
    ListVector lines = (ListVector) batch.vector(1);
    MapVector tags = (MapVector) batch.vector(2);
    for (int quantity : quantities) {
      StructVector line = (StructVector) lines.elements();
      ((LongVector) line.child(0)).append(quantity);
      line.append();
      ((BytesVector) tags.keys()).append(utf8("tag " + quantity));
      ((LongVector) tags.values()).append(quantity);
    }
    lines.append();
    tags.append();
  }

  private static void appendBuyer(VectorBatch batch, String name, Integer zip) {
    StructVector buyer = (StructVector) batch.vector(0);
    ((BytesVector) buyer.child(0)).append(utf8(name));
    StructVector address = (StructVector) buyer.child(1);
    if (zip == null) {
      address.appendNull();
    } else {
      ((IntVector) address.child(0)).append(zip);
      address.append();
    }
    buyer.append();
  }

  private Path write(
      Schema schema, EncodingProfile profile, ParquetWriterLimits limits, VectorBatch... batches) {
    Path file = folder.resolve("nested.parquet");
    ParquetOracle.write(file, schema, profile, limits, List.of(batches));
    return file;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
