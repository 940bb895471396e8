package io.meshwork.internal.consume;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.vector.VectorBatch;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Writes the rows that a reader sees as one Parquet file, in encodings that every engine reads. */
final class ParquetRows {
  private ParquetRows() {}

  /**
   * Returns the columns of the file: the table's, nullable where the reader may see a null. The
   * names and types are the table's.
   *
   * @param contract the contract's record as the reader sees it
   */
  static Schema columns(Schema projection, org.apache.avro.Schema contract) {
    return new Schema(
        projection.columns().stream().map(column -> asSeen(column, contract)).toList());
  }

  private static Types.NestedField asSeen(
      Types.NestedField column, org.apache.avro.Schema contract) {
    org.apache.avro.Schema.Field declared = contract.getField(column.name());
    if (declared == null) {
      return column;
    } else if (declared.schema().isNullable()) {
      return column.asOptional();
    }
    boolean collection = column.type().isListType() || column.type().isMapType();
    return collection ? column.asRequired() : column; // a stored null is read as an empty one
  }

  /**
   * Writes the rows and leaves the stream open.
   *
   * @param subject the rows, for messages, such as {@code commerce/orders}
   * @return the number of rows
   */
  static long write(
      Iterator<ColumnBatch> rows,
      Schema columns,
      OutputStream out,
      Optional<Executor> workers,
      String subject) {
    CountedStream stream = new CountedStream(out);
    try {
      ParquetWriter writer =
          ParquetWriter.open(stream, columns, EncodingProfile.COMPATIBLE, Map.of());
      workers.ifPresent(writer::encodeOn);
      while (rows.hasNext()) {
        writer.write((VectorBatch) rows.next());
        if (writer.heldBytes() > ParquetWriter.memory()) {
          writer.flush();
        }
      }
      return writer.finish().rows();
    } catch (BackendException e) {
      throw stream.failure == null ? e : unwritable(subject, stream.failure);
    }
  }

  private static BackendException unwritable(String subject, IOException failure) {
    return Failure.of(MeshAction.of(Verb.WRITE, subject + " as Parquet"))
        .because("the stream failed: " + failure)
        .state("What was written is not a Parquet file, as its footer is missing.")
        .fix("Check that its target is writable and has space; then read the rows again.")
        .cause(failure)
        .lasting(ErrorCode.STORAGE_UNWRITABLE);
  }

  /** A stream of the caller, which stays open, with the number of its bytes and its failure. */
  private static final class CountedStream extends PositionOutputStream {
    private final OutputStream out;
    private long position;
    private @Nullable IOException failure;

    CountedStream(OutputStream out) {
      this.out = new BufferedOutputStream(out);
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        failure = e;
        throw e;
      }
      position += length;
    }

    @Override
    public void close() throws IOException {
      try {
        out.flush();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }
}
