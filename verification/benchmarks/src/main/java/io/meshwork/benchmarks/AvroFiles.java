package io.meshwork.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.parquet.avro.AvroParquetReader;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.jspecify.annotations.Nullable;

/** Files that parquet-avro writes and reads, with zstd, without Hadoop's configuration. */
final class AvroFiles {
  private AvroFiles() {}

  /** Returns an AvroParquetWriter of a new file. */
  static ParquetWriter<GenericRecord> writer(Schema schema, Path file) throws IOException {
    return AvroParquetWriter.<GenericRecord>builder(new LocalOutputFile(file))
        .withSchema(schema)
        .withDataModel(GenericData.get())
        .withConf(new PlainParquetConfiguration())
        .withCompressionCodec(CompressionCodecName.ZSTD)
        .build();
  }

  /** Writes a new file. */
  static void write(Schema schema, List<GenericRecord> records, Path file) throws IOException {
    try (ParquetWriter<GenericRecord> writer = writer(schema, file)) {
      for (GenericRecord record : records) {
        writer.write(record);
      }
    }
  }

  /** Writes a new file of records that are all accepted one by one before they are written. */
  static void write(
      Schema schema, List<GenericRecord> records, Predicate<GenericRecord> rules, Path file)
      throws IOException {
    try (ParquetWriter<GenericRecord> writer = writer(schema, file)) {
      for (GenericRecord record : records) {
        if (!rules.test(record)) {
          throw new IllegalStateException("a row breaks a rule");
        }
        writer.write(record);
      }
    }
  }

  /** Returns a builder of an AvroParquetReader of these columns; null for those of the file. */
  static ParquetReader.Builder<GenericRecord> reader(Path file, @Nullable Schema columns) {
    PlainParquetConfiguration configuration = new PlainParquetConfiguration();
    configuration.set("parquet.avro.add-list-element-records", "false");
    if (columns != null) {
      configuration.set("parquet.avro.projection", columns.toString());
      configuration.set("parquet.avro.read.schema", columns.toString());
    }
    return AvroParquetReader.<GenericRecord>builder(new LocalInputFile(file), configuration)
        .withDataModel(GenericData.get());
  }

  /** Returns the schema of the records of a file, as parquet-avro derives it. */
  static Schema schemaOf(Path file) throws IOException {
    try (ParquetReader<GenericRecord> reader = reader(file, null).build()) {
      return reader.read().getSchema();
    }
  }

  /** Returns a schema with some of the top-level fields. */
  static Schema select(Schema schema, List<String> fields) {
    return Schema.createRecord(
        schema.getName(),
        schema.getDoc(),
        schema.getNamespace(),
        false,
        schema.getFields().stream()
            .filter(field -> fields.contains(field.name()))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList());
  }

  /** Passes on all records of a reader; returns their number. */
  static long forEach(ParquetReader.Builder<GenericRecord> builder, Consumer<GenericRecord> each)
      throws IOException {
    long rows = 0;
    try (ParquetReader<GenericRecord> reader = builder.build()) {
      for (GenericRecord record = reader.read(); record != null; record = reader.read()) {
        each.accept(record);
        rows++;
      }
    }
    return rows;
  }
}
