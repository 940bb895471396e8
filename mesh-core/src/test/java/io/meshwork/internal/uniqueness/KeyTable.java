package io.meshwork.internal.uniqueness;

import io.meshwork.internal.quality.QualityVectorsTest;
import io.meshwork.internal.quality.RowBatches;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/** A table of files in memory, each of which knows the bounds of its columns. */
public final class KeyTable implements ExistingKeys {
  private final Schema schema;
  private final List<List<Object[]>> files = new ArrayList<>();
  private final Random random;

  public KeyTable(Schema schema, Random random) {
    this.schema = schema;
    this.random = random;
  }

  /** Adds rows as files of some rows each. */
  public void add(List<Object[]> rows) {
    for (int from = 0; from < rows.size(); ) {
      int to = Math.min(rows.size(), from + 1 + random.nextInt(60));
      files.add(List.copyOf(rows.subList(from, to)));
      from = to;
    }
  }

  public List<Object[]> rows() {
    return files.stream().flatMap(List::stream).toList();
  }

  @Override
  public ExistingKeys inTouchedPartitions() {
    return this;
  }

  @Override
  public boolean mightContain(KeyRange range) {
    return files.stream().anyMatch(file -> range.mayMeet(new FileBounds(file)));
  }

  @Override
  public void find(KeyRange range, RequestedKeys keys, Consumer<VectorBatch> receiver) {
    for (List<Object[]> file : files) {
      boolean known = keys.anyIn(new ArrayList<>(Collections.nCopies(keys.columns().size(), null)));
      if (known && range.mayMeet(new FileBounds(file))) {
        VectorBatch batch = RowBatches.batch(schema, file);
        VectorBatch found = random.nextBoolean() ? batch : QualityVectorsTest.encoded(batch);
        receiver.accept(
            keys.filter() == null ? found : found.gather(keys.filter().matches(found).numbers()));
      }
    }
  }

  private final class FileBounds implements KeyRange.Bounds {
    private final List<Object[]> file;

    FileBounds(List<Object[]> file) {
      this.file = file;
    }

    @Override
    public @Nullable Object least(KeyColumn column) {
      return bound(column, (a, b) -> compare(a, b) <= 0 ? a : b);
    }

    @Override
    public @Nullable Object most(KeyColumn column) {
      return bound(column, (a, b) -> compare(a, b) >= 0 ? a : b);
    }

    private @Nullable Object bound(KeyColumn column, BinaryOperator<Object> choice) {
      int position = schema.columns().indexOf(schema.findField(column.fieldId()));
      Object bound =
          file.stream()
              .map(row -> row[position])
              .filter(value -> value != null)
              .reduce(choice)
              .orElse(null);
      return bound instanceof byte[] bytes
          ? ByteBuffer.wrap(bytes)
          : bound instanceof BigDecimal decimal ? decimal.setScale(2) : bound;
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object one, Object other) {
      return one instanceof byte[] bytes
          ? Arrays.compareUnsigned(bytes, (byte[]) other)
          : ((Comparable<Object>) one).compareTo(other);
    }
  }
}
