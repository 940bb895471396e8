package io.meshwork.internal.parquet.read;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares files that parquet-java writes, in all its modes, with parquet-avro's reader. */
class ParquetReaderPropertyTest {
  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.GZIP,
          CompressionCodecName.ZSTD,
          CompressionCodecName.LZ4_RAW);

  @TempDir Path folder;

  @Test
  void randomFilesAreReadAsByTheOracle() {
    for (long seed = 1; seed <= 80; seed++) {
      Random random = new Random(seed);
      int rows = seed % 20 == 7 ? 40_000 : seed % 20 == 9 ? 0 : random.nextInt(2_000);
      check(seed, random, rows);
    }
  }

  private void check(long seed, Random random, int rowCount) {
    RandomAvro data = new RandomAvro(random);
    Schema schema = data.schema();
    List<GenericRecord> rows = data.rows(schema, rowCount);
    CompressionCodecName codec = CODECS.get(random.nextInt(CODECS.size()));
    WriterVersion version =
        random.nextBoolean() ? WriterVersion.PARQUET_1_0 : WriterVersion.PARQUET_2_0;
    boolean dictionary = random.nextBoolean();
    boolean split = random.nextBoolean();
    int pageSize = random.nextBoolean() ? 512 : 1 << 20;
    int dictionarySize = random.nextBoolean() ? 200 : 1 << 20;
    long groupSize = random.nextInt(4) == 0 ? 30_000 : 128 << 20;
    Path file = folder.resolve(seed + ".parquet");
    OracleFile.write(
        file,
        schema,
        rows,
        to ->
            to.withCompressionCodec(codec)
                .withWriterVersion(version)
                .withDictionaryEncoding(dictionary)
                .withByteStreamSplitEncoding(split)
                .withPageSize(pageSize)
                .withPageRowCountLimit(pageSize)
                .withDictionaryPageSize(dictionarySize)
                .withRowGroupSize(groupSize)
                .withPageWriteChecksumEnabled(random.nextBoolean()));
    if (random.nextInt(3) == 0) {
      EmptyGroups.scatter(file, random);
    }
    String about =
        "seed %d: %d rows, %s, %s, dictionary %s, split %s, %s"
            .formatted(seed, rowCount, codec, version, dictionary, split, schema);
    try {
      ReadRows.assertSame(about, ReadRows.all(file), rows);
    } catch (RuntimeException e) {
      throw new AssertionError(about, e);
    }
  }
}
