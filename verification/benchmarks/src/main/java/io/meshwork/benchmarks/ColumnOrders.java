package io.meshwork.benchmarks;

import io.meshwork.contract.Contract;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.parquet.avro.AvroSchemaConverter;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/**
 * Orders in columns: ours as batches of vectors, and written by the column writers of parquet-java.
 */
final class ColumnOrders {
  private static final long ROW_GROUP_BYTES = 128L << 20;
  private static final int PAGE_BYTES = 1 << 20;

  /** The rows between two checks of parquet-java whether a page is full. */
  private static final int SLICE = 1_024;

  private final List<VectorBatch> batches = new ArrayList<>();
  private final List<VectorBatch> published = new ArrayList<>();
  private final Schema schema;

  /** Reads the orders of a file into memory, before anything is measured. */
  ColumnOrders(Path orders) {
    schema = IcebergSchemas.fromAvro(Contract.of(BenchmarkOrder.class).schema());
    for (VectorBatch batch : FileBatches.inMemory(orders, schema)) {
      published.add(batch);
      batches.add(batch.flat());
    }
  }

  Schema schema() {
    return schema;
  }

  /** Returns the orders as a publish has them: texts that repeat are dictionaries. */
  List<VectorBatch> asPublished() {
    return published;
  }

  /** Writes the batches with our encoder. */
  void write(Path file, EncodingProfile profile) throws IOException {
    try (ParquetWriter writer =
        ParquetWriter.open(Files.localOutput(file.toFile()).create(), schema, profile, Map.of())) {
      batches.forEach(writer::write);
      writer.finish();
    }
  }

  /** Writes the batches column by column with the writers of parquet-java. */
  void writeWithParquetJava(Path file) throws IOException {
    MessageType message =
        new AvroSchemaConverter(new PlainParquetConfiguration())
            .convert(Contract.of(BenchmarkOrder.class).schema());
    ParquetProperties properties = ParquetProperties.builder().withPageSize(PAGE_BYTES).build();
    CodecFactory codecs = new CodecFactory(new PlainParquetConfiguration(), PAGE_BYTES);
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            message,
            ParquetFileWriter.Mode.CREATE,
            ROW_GROUP_BYTES,
            0,
            null,
            properties)) {
      writer.start();
      ColumnChunkPageWriteStore pages = pages(message, codecs);
      ColumnWriteStore columns = properties.newColumnWriteStore(message, pages);
      long rows = 0;
      for (VectorBatch batch : batches) {
        for (int from = 0; from < batch.rows(); from += SLICE) {
          int to = Math.min(batch.rows(), from + SLICE);
          for (int column = 0; column < batch.vectors().size(); column++) {
            ColumnDescriptor descriptor = message.getColumns().get(column);
            write(
                batch.vector(column),
                from,
                to,
                descriptor.getMaxDefinitionLevel(),
                columns.getColumnWriter(descriptor));
          }
          for (int row = from; row < to; row++) {
            columns.endRecord();
          }
        }
        rows += batch.rows();
        if (columns.getBufferedSize() > ROW_GROUP_BYTES) {
          flush(writer, pages, columns, rows);
          pages = pages(message, codecs);
          columns = properties.newColumnWriteStore(message, pages);
          rows = 0;
        }
      }
      flush(writer, pages, columns, rows);
      writer.end(Map.of());
    } finally {
      codecs.release();
    }
  }

  private static ColumnChunkPageWriteStore pages(MessageType message, CodecFactory codecs) {
    return ColumnChunkPageWriteStore.builder()
        .withCompressorProvider(column -> codecs.getCompressor(CompressionCodecName.ZSTD))
        .withSchema(message)
        .withAllocator(new HeapByteBufferAllocator())
        .withColumnIndexTruncateLength(ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH)
        .withPageWriteChecksumEnabled(ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED)
        .build();
  }

  private static void flush(
      ParquetFileWriter writer,
      ColumnChunkPageWriteStore pages,
      ColumnWriteStore columns,
      long rows)
      throws IOException {
    if (rows > 0) {
      writer.startBlock(rows);
      columns.flush();
      pages.flushToFileWriter(writer);
      writer.endBlock();
    }
    columns.close();
  }

  private static void write(Vector vector, int from, int to, int present, ColumnWriter writer) {
    for (int row = from; row < to; row++) {
      if (vector.isNull(row)) {
        writer.writeNull(0, present - 1);
      } else if (vector instanceof LongVector longs) {
        writer.write(longs.values()[row], 0, present);
      } else if (vector instanceof DoubleVector doubles) {
        writer.write(doubles.values()[row], 0, present);
      } else {
        BytesVector bytes = (BytesVector) vector;
        writer.write(
            Binary.fromReusedByteArray(bytes.data(), bytes.start(row), bytes.length(row)),
            0,
            present);
      }
    }
  }
}
