package io.meshwork.internal.quality;

import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.VectorBatch;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Manifest entries of data files with the statistics that the writer collects; the bytes are
 * discarded.
 */
final class MeasuredFiles {
  private MeasuredFiles() {}

  static DataFile of(Schema schema, List<Object[]> rows) {
    VectorBatch batch = RowBatches.batch(schema, rows);
    try (ParquetWriter writer =
        ParquetWriter.open(new Nowhere(), schema, EncodingProfile.COMPATIBLE, Map.of())) {
      writer.write(batch);
      WrittenFile written = writer.finish();
      return of(written.metrics());
    }
  }

  static DataFile of(Metrics metrics) {
    return DataFiles.builder(PartitionSpec.unpartitioned())
        .withPath("/data/file.parquet")
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(100)
        .withMetrics(metrics)
        .build();
  }

  private static final class Nowhere extends PositionOutputStream {
    private long position;

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int one) {
      position++;
    }

    @Override
    public void write(byte[] bytes, int start, int length) {
      position += length;
    }
  }
}
