package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.parquet.write.ParquetWriter.WrittenFile;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Schema;

/** Writes files with row groups of a few rows, for tests of other packages. */
public final class SmallGroups {
  private SmallGroups() {}

  /** Writes batches in row groups of this many rows. */
  public static WrittenFile write(
      Path file, Schema schema, EncodingProfile profile, int rows, List<VectorBatch> batches) {
    return ParquetOracle.write(
        file, schema, profile, new ParquetWriterLimits(rows, 1 << 20, 7, 1 << 16), batches);
  }
}
