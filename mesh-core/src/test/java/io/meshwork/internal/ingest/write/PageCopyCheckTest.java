package io.meshwork.internal.ingest.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.parquet.footer.FooterRowGroup;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageCopyCheckTest {
  @TempDir Path folder;

  private static FooterRowGroup group(long bytes) {
    return new FooterRowGroup(
        1,
        List.of(
            new FooterRowGroup.FooterColumnChunk(
                "a", bytes, bytes, null, null, null, null, null, null),
            new FooterRowGroup.FooterColumnChunk(
                "b", 100, 100, null, null, null, null, null, null)));
  }

  @Test
  void rowGroupsOfUsualSizesFit() {
    FooterRowGroup usual = group(128L << 20);
    assertThat(PageCopyCheck.sizes(List.of(usual, usual, group(1)), false)).isNull();
    assertThat(PageCopyCheck.sizes(List.of(group(1)), true)).isNull();
  }

  @Test
  void aFileThatTheReadersMayNotReadDoesNotFitByItsFooter() throws IOException {
    Schema table = new Schema(Types.NestedField.optional(1, "id", Types.IntegerType.get()));
    Path plain = write("plain", CompressionCodecName.SNAPPY, WriterVersion.PARQUET_1_0);
    Path other = write("other", CompressionCodecName.LZ4_RAW, WriterVersion.PARQUET_1_0);
    Path deltas = write("deltas", CompressionCodecName.SNAPPY, WriterVersion.PARQUET_2_0);

    assertThat(refusal(plain, table, EncodingProfile.COMPATIBLE)).isNull();
    assertThat(refusal(other, table, EncodingProfile.FAST))
        .isEqualTo("column id: it is compressed with LZ4_RAW");
    assertThat(refusal(deltas, table, EncodingProfile.FAST)).isNull();
    assertThat(refusal(deltas, table, EncodingProfile.COMPATIBLE))
        .isEqualTo("column id: its encoding is DELTA_BINARY_PACKED");
  }

  private static String refusal(Path file, Schema table, EncodingProfile profile) {
    try (ParquetReader reader =
        ParquetReader.open(org.apache.iceberg.Files.localInput(file.toFile()))) {
      return PageCopyCheck.of(reader, table, profile, true).refusal();
    }
  }

  private Path write(String name, CompressionCodecName codec, WriterVersion version)
      throws IOException {
    MessageType schema = MessageTypeParser.parseMessageType("message m { optional int32 id; }");
    Path file = folder.resolve(name);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withDictionaryEncoding(false)
            .build()) {
      writer.write(new SimpleGroup(schema).append("id", 1));
    }
    return file;
  }

  @Test
  void smallAndLargeRowGroupsDoNot() {
    assertThat(PageCopyCheck.sizes(List.of(group(1)), false)).isEqualTo("its row groups are small");
    assertThat(PageCopyCheck.sizes(List.of(group(1), group(1)), true))
        .isEqualTo("its row groups are small");
    assertThat(PageCopyCheck.sizes(List.of(group(100 << 20), group(256 << 20)), true))
        .isEqualTo("a row group is large");
  }
}
