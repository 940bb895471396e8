package io.meshwork.internal.parquet.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.IntUnaryOperator;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dictionary is chosen by how it grows on the first page, which may not look like the rest. */
class DictionaryGrowthTest {
  private static final Schema TEXT =
      new Schema(NestedField.required(1, "text", Types.StringType.get()));
  private static final Schema NUMBER =
      new Schema(NestedField.required(1, "number", Types.LongType.get()));
  private static final int ROWS = 300_000;

  /** More than half of a page, in which one value stands alone. */
  private static final int EQUAL_ROWS = 12_000;

  private static final int FIRST_PAGE = 20_000;

  private static final int KINDS = 500;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void textsThatStartWithARunOfOneTextHaveADictionary(EncodingProfile profile) throws Exception {
    int[] kinds = clustered();

    ColumnChunkMetaData runFirst = chunk(texts(ROWS, row -> status(kinds[row])), profile);
    ColumnChunkMetaData runLast = chunk(texts(ROWS, row -> status(kinds[ROWS - 1 - row])), profile);

    assertDictionaryOnly(runFirst);
    assertThat(runFirst.getTotalSize()).isLessThan(runLast.getTotalSize() * 11 / 10);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void numbersThatStartWithARunOfOneNumberHaveADictionary(EncodingProfile profile)
      throws Exception {
    int[] kinds = clustered();

    ColumnChunkMetaData runFirst = chunk(numbers(ROWS, row -> amount(kinds[row])), profile);
    ColumnChunkMetaData runLast =
        chunk(numbers(ROWS, row -> amount(kinds[ROWS - 1 - row])), profile);

    assertDictionaryOnly(runFirst);
    assertThat(runFirst.getTotalSize()).isLessThan(runLast.getTotalSize() * 11 / 10);
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void fewTextsThatNeverRepeatHaveNoDictionary(EncodingProfile profile) throws Exception {
    Random random = new Random(11);
    for (int rows : new int[] {1, 2, 3, 10, 11, 50, 51}) {
      VectorBatch batch =
          texts(rows, row -> new UUID(random.nextLong(), random.nextLong()).toString());

      assertThat(chunk(batch, profile).getEncodings())
          .as("%s rows", rows)
          .doesNotContain(Encoding.RLE_DICTIONARY);
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void fewNumbersThatNeverRepeatHaveNoDictionary(EncodingProfile profile) throws Exception {
    Random random = new Random(11);
    for (int rows : new int[] {1, 2, 3, 7, 10, 11, 50, 51}) {
      VectorBatch batch = numbers(rows, row -> random.nextLong());

      assertThat(chunk(batch, profile).getEncodings())
          .as("%s rows", rows)
          .doesNotContain(Encoding.RLE_DICTIONARY);
    }
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void valuesOfWhichSomeAreFrequentTakeAsMuchInAnyOrderOfTheirFirstAppearance(
      EncodingProfile profile) throws Exception {
    int[] frequentFirst = skewed(index -> index);
    int[] rareFirst = skewed(index -> KINDS - 1 - index);

    ColumnChunkMetaData numbers = chunk(numbers(ROWS, row -> rareFirst[row] * 7_919L), profile);
    ColumnChunkMetaData texts = chunk(texts(ROWS, row -> status(rareFirst[row])), profile);

    assertDictionaryOnly(numbers);
    assertDictionaryOnly(texts);
    assertThat(numbers.getTotalSize())
        .isLessThan(
            chunk(numbers(ROWS, row -> frequentFirst[row] * 7_919L), profile).getTotalSize()
                * 101
                / 100);
    assertThat(texts.getTotalSize())
        .isLessThan(
            chunk(texts(ROWS, row -> status(frequentFirst[row])), profile).getTotalSize()
                * 101
                / 100);
  }

  /** Each kind once in an order, and then in random order, small numbers far more often. */
  private static int[] skewed(IntUnaryOperator order) {
    Random random = new Random(17);
    int[] kinds = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      kinds[row] =
          row < KINDS ? order.applyAsInt(row) : (int) (KINDS * Math.pow(random.nextDouble(), 6));
    }
    return kinds;
  }

  @Test
  void sortedNumbersInRunsHaveNoDictionaryThatZstdWouldBeat() throws Exception {
    for (int run : new int[] {4, 8, 16, 20, 32, 64}) {
      Random random = new Random(run);
      long[] sorted = new long[ROWS];
      for (int row = 1; row < ROWS; row++) {
        sorted[row] = sorted[row - 1] + (row % run == 0 ? 1 + random.nextInt(2_000) : 0);
      }
      VectorBatch batch = numbers(ROWS, row -> sorted[row]);

      assertThat(chunk(batch, EncodingProfile.FAST).getTotalSize())
          .as("runs of %s", run)
          .isLessThan(chunk(batch, EncodingProfile.COMPATIBLE).getTotalSize() * 21 / 20);
    }
  }

  /** The first page of the second row group has thousands of other numbers, and no later one. */
  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void aDictionaryThatServedTheRowGroupBeforeIsNotRefusedForOnePage(EncodingProfile profile)
      throws Exception {
    List<ColumnChunkMetaData> chunks = chunks(profile, 1, 2);

    assertDictionaryOnly(chunks.get(0));
    assertDictionaryOnly(chunks.get(1));
  }

  @ParameterizedTest
  @EnumSource(EncodingProfile.class)
  void aRowGroupAfterOneWithoutDictionaryTriesOneAgain(EncodingProfile profile) throws Exception {
    List<ColumnChunkMetaData> chunks = chunks(profile, 0, 2);

    assertThat(chunks.get(0).getEncodings()).doesNotContain(Encoding.RLE_DICTIONARY);
    assertDictionaryOnly(chunks.get(1));
  }

  @Test
  void entriesOfValuesThatLeftThePageAreNotTakenForGrowth() {
    BytesDictionaryEncoder dictionary = new BytesDictionaryEncoder();
    byte[] letters = "abcdefgh".getBytes(StandardCharsets.US_ASCII);
    int[] starts = {0, 1, 2, 3, 4, 5, 6, 7, 8};
    byte[] pairs = "ababababcdcdcdcd".getBytes(StandardCharsets.US_ASCII);
    int[] pairStarts = {0, 2, 4, 6, 8, 10, 12, 14, 16};
    assertThat(dictionary.indexOf(letters, 0, 1)).isZero();

    // The page of one entry that was dropped leaves it behind: here, each half adds one.
    assertThat(dictionary.encode(pairs, pairStarts, 8, new int[8])).isTrue();
    assertThat(dictionary.halfSize()).isEqualTo(2);
    assertThat(dictionary.size()).isEqualTo(3);

    dictionary.reset();
    assertThat(dictionary.halfSize()).isZero();
    assertThat(dictionary.encode(letters, starts, 8, new int[8])).isFalse();
  }

  /** One kind for more than half of a page, then ten others in random order. */
  private static int[] clustered() {
    Random random = new Random(5);
    int[] kinds = new int[ROWS];
    for (int row = EQUAL_ROWS; row < ROWS; row++) {
      kinds[row] = 1 + random.nextInt(10);
    }
    return kinds;
  }

  /**
   * Row groups of 300,000 amounts, mostly of 300 kinds; in the second half of the first page of one
   * of them, of thousands.
   */
  private List<ColumnChunkMetaData> chunks(EncodingProfile profile, int oddGroup, int groups)
      throws IOException {
    Random random = new Random(17);
    VectorBatch batch =
        numbers(
            ROWS * groups,
            row -> {
              int first = row - oddGroup * ROWS;
              boolean odd = first >= FIRST_PAGE / 2 && first < FIRST_PAGE;
              return amount(random.nextInt(odd ? 5_000 : 300));
            });
    Path file = folder.resolve("groups.parquet");
    ParquetWriterLimits limits = new ParquetWriterLimits(ROWS, 64L << 20, FIRST_PAGE, 1 << 20);
    ParquetOracle.write(file, NUMBER, profile, limits, List.of(batch));
    assertThat(ParquetOracle.rows(file, NUMBER)).isEqualTo(ParquetOracle.rows(batch));
    return ParquetOracle.footer(file).getBlocks().stream()
        .map(group -> group.getColumns().get(0))
        .toList();
  }

  private static String status(int kind) {
    return "status of an order " + kind;
  }

  private static long amount(int kind) {
    return 7_919_000_003L * kind;
  }

  private static VectorBatch texts(int rows, IntFunction<String> source) {
    VectorBatch batch = VectorBatch.empty(TEXT);
    BytesVector texts = (BytesVector) batch.vector(0);
    for (int row = 0; row < rows; row++) {
      texts.append(source.apply(row).getBytes(StandardCharsets.UTF_8));
    }
    return batch;
  }

  private static VectorBatch numbers(int rows, IntToLongFunction source) {
    VectorBatch batch = VectorBatch.empty(NUMBER);
    LongVector numbers = (LongVector) batch.vector(0);
    for (int row = 0; row < rows; row++) {
      numbers.append(source.applyAsLong(row));
    }
    return batch;
  }

  private static void assertDictionaryOnly(ColumnChunkMetaData chunk) {
    assertThat(chunk.getEncodingStats().hasDictionaryEncodedPages()).isTrue();
    assertThat(chunk.getEncodingStats().hasNonDictionaryEncodedPages()).isFalse();
  }

  /** Writes a batch, of which all rows must come back, and returns its column in the file. */
  private ColumnChunkMetaData chunk(VectorBatch batch, EncodingProfile profile) throws IOException {
    Schema schema = batch.vector(0) instanceof LongVector ? NUMBER : TEXT;
    Path file = folder.resolve("written.parquet");
    ParquetOracle.write(file, schema, profile, ParquetWriterLimits.DEFAULT, List.of(batch));
    assertThat(ParquetOracle.rows(file, schema)).isEqualTo(ParquetOracle.rows(batch));
    return ParquetOracle.footer(file).getBlocks().get(0).getColumns().get(0);
  }
}
