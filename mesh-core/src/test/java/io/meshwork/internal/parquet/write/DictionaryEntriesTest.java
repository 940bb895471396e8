package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dictionaries of written files start with what their first page uses most, if that is smaller. */
class DictionaryEntriesTest {
  private static final Schema TEXT =
      new Schema(NestedField.optional(1, "text", Types.StringType.get()));
  private static final Schema NUMBER =
      new Schema(NestedField.required(1, "number", Types.LongType.get()));
  private static final int KINDS = 400;

  /** Several pages, and more than one vector. */
  private static final int ROWS = 30_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void theMostFrequentNumberIsTheFirstEntry(EncodingProfile profile) throws Exception {
    List<VectorBatch> batches = new ArrayList<>();
    for (int[] kinds : skewed()) {
      VectorBatch batch = VectorBatch.empty(NUMBER);
      for (int kind : kinds) {
        ((LongVector) batch.vector(0)).append(number(kind));
      }
      batches.add(batch);
    }

    ByteBuffer entries = dictionary(NUMBER, profile, batches);

    assertThat(entries.getLong()).isEqualTo(number(0));
    assertThat(entries.getLong()).isEqualTo(number(1));
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void theMostFrequentTextIsTheFirstEntry(EncodingProfile profile) throws Exception {
    List<VectorBatch> batches = new ArrayList<>();
    for (int[] kinds : skewed()) {
      VectorBatch batch = VectorBatch.empty(TEXT);
      for (int kind : kinds) {
        ((BytesVector) batch.vector(0)).append(text(kind));
      }
      batches.add(batch);
    }

    assertStartsWithTheFirstTexts(dictionary(TEXT, profile, batches));
  }

  /** The page ends within a vector, whose later rows have the new indices too. */
  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void textsThatComeWithADictionaryAreOrderedAnew(EncodingProfile profile) throws Exception {
    List<VectorBatch> batches = new ArrayList<>();
    for (int[] kinds : skewed()) {
      BytesVector entries = new BytesVector();
      for (int kind = KINDS - 1; kind >= 0; kind--) {
        entries.append(text(kind));
      }
      DictionaryVector encoded = new DictionaryVector(entries);
      for (int row = 0; row < kinds.length; row++) {
        encoded.append(KINDS - 1 - kinds[row]);
        if (row % 7 == 0) {
          encoded.appendNull();
        }
      }
      batches.add(new VectorBatch(TEXT, List.of(encoded)));
    }

    assertStartsWithTheFirstTexts(dictionary(TEXT, profile, batches));
  }

  @Test
  void indicesThatZstdDoesNotShortenKeepTheOrderOfAppearance() throws Exception {
    VectorBatch batch = VectorBatch.empty(NUMBER);
    Random random = new Random(3);
    for (int row = 0; row < 40; row++) {
      int kind = row < 5 ? 4 - row : (int) (Math.pow(random.nextDouble(), 3) * 5);
      ((LongVector) batch.vector(0)).append(number(kind));
    }

    ByteBuffer entries = dictionary(NUMBER, EncodingProfile.COMPATIBLE, List.of(batch));

    assertThat(entries.getLong()).isEqualTo(number(4));
    assertThat(entries.getLong()).isEqualTo(number(3));
  }

  /** Each kind once, the rarest first; then mostly those with a small number, in random order. */
  private static List<int[]> skewed() {
    Random random = new Random(23);
    int[] kinds = new int[ROWS];
    Arrays.setAll(
        kinds,
        row -> row < KINDS ? KINDS - 1 - row : (int) (Math.pow(random.nextDouble(), 6) * KINDS));
    return List.of(
        Arrays.copyOf(kinds, ROWS / 3), Arrays.copyOfRange(kinds, ROWS / 3, kinds.length));
  }

  private static long number(int kind) {
    return 7_919_000_003L * kind;
  }

  private static byte[] text(int kind) {
    return ("a text of kind " + kind).getBytes(StandardCharsets.US_ASCII);
  }

  private static void assertStartsWithTheFirstTexts(ByteBuffer entries) {
    for (int kind = 0; kind < 2; kind++) {
      byte[] entry = new byte[entries.getInt()];
      entries.get(entry);
      assertThat(entry).isEqualTo(text(kind));
    }
  }

  /**
   * Writes batches, of which all rows must come back, and returns the entries of the dictionary.
   */
  private ByteBuffer dictionary(Schema schema, EncodingProfile profile, List<VectorBatch> batches)
      throws IOException {
    Path file = folder.resolve("ordered.parquet");
    ParquetWriterLimits limits = new ParquetWriterLimits(1 << 20, 64L << 20, 8_000, 1 << 20);
    ParquetOracle.write(file, schema, profile, limits, batches);
    List<List<Object>> rows = new ArrayList<>();
    batches.forEach(batch -> rows.addAll(ParquetOracle.rows(batch)));
    assertThat(ParquetOracle.rows(file, schema)).isEqualTo(rows);
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      DictionaryPage page =
          reader
              .readNextRowGroup()
              .getPageReader(reader.getFileMetaData().getSchema().getColumns().get(0))
              .readDictionaryPage();
      byte[] entries = page.getBytes().toInputStream().readAllBytes();
      return ByteBuffer.wrap(entries).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
