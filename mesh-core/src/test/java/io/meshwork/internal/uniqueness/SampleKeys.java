package io.meshwork.internal.uniqueness;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.table.PublishedFile;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/** Existing keys for tests of other packages. */
public final class SampleKeys {
  private SampleKeys() {}

  /** Returns the keys of rows, whose key column is evaluated row by row. */
  public static ExistingKeys ofRows(
      List<Map<String, Object>> rows,
      String key,
      Function<Map<String, Object>, VectorBatch> batch) {
    return new ExistingKeys() {
      @Override
      public boolean mightContain(KeyRange range) {
        return rows.stream().anyMatch(row -> range.mayMeet(at(row)));
      }

      @Override
      public void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
        rows.stream()
            .filter(row -> range.mayMeet(at(row)))
            .forEach(row -> receiver.accept(batch.apply(row)));
      }

      private KeyRange.Bounds at(Map<String, Object> row) {
        return new KeyRange.Bounds() {
          @Override
          public Object least(KeyColumn column) {
            return row.get(key);
          }

          @Override
          public Object most(KeyColumn column) {
            return row.get(key);
          }
        };
      }
    };
  }

  /** Returns the keys of data files, which a publish reads. */
  public static ExistingKeys ofFiles(Schema columns, FileIO io, List<DataFile> files) {
    Deadline deadline = Deadline.after(InstantSource.system(), Duration.ofHours(1));
    return TableKeys.of(columns, opener(io), files, null, deadline, MeshAction.of(Verb.PUBLISH));
  }

  private static UniqueKeyCheck.TableDataFiles opener(FileIO io) {
    return new UniqueKeyCheck.TableDataFiles() {
      @Override
      public List<DataFile> of(Table table, Snapshot snapshot) {
        throw new UnsupportedOperationException("the files are known");
      }

      @Override
      public List<DataFile> since(Table table, Snapshot snapshot, Snapshot earlier) {
        throw new UnsupportedOperationException("the files are known");
      }

      @Override
      public ParquetReader open(DataFile file) {
        return PublishedFile.open(io, PublishedFile.ColumnNames.NONE, file);
      }

      @Override
      public BackendException unreadable(
          DataFile file, MeshAction action, RuntimeException failure) {
        return Failure.of(action)
            .because(file.location() + " " + PublishedFile.state(failure))
            .cause(failure)
            .lasting(ErrorCode.DATA_DAMAGED);
      }
    };
  }
}
