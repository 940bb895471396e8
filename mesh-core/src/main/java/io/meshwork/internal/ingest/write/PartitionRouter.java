package io.meshwork.internal.ingest.write;

import io.meshwork.internal.predicate.PartitionOrder;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Assigns the rows of a batch to partitions by Iceberg's transforms. For a batch that belongs to
 * one partition, as usual for sorted data, it compares two values per column.
 */
public final class PartitionRouter {
  private final PartitionSpec spec;
  private final Schema schema;

  public PartitionRouter(PartitionSpec spec, Schema schema) {
    this.spec = spec;
    this.schema = schema;
  }

  /**
   * Rows of a batch that belong to one partition.
   *
   * @param partition the partition
   * @param rows their numbers in the batch; null for all of it
   */
  public record PartitionRows(PartitionKey partition, int @Nullable [] rows) {}

  /** Splits a batch by partition. */
  public List<PartitionRows> route(VectorBatch batch) {
    PartitionKey key = new PartitionKey(spec, schema);
    VectorRow row = new VectorRow(batch);
    if (spec.isUnpartitioned()) {
      return List.of(new PartitionRows(key, null));
    }
    if (lowestAndHighestAgree(batch, key, row)) {
      return List.of(new PartitionRows(key.copy(), null));
    }
    Map<PartitionKey, RowList> rows = new LinkedHashMap<>();
    PartitionKey last = null;
    RowList list = new RowList();
    for (int i = 0; i < batch.rows(); i++) {
      key.partition(row.at(i));
      if (last == null || !key.equals(last)) {
        PartitionKey copy = key.copy();
        list = rows.computeIfAbsent(copy, k -> new RowList());
        last = copy;
      }
      list.add(i);
    }
    List<PartitionRows> parts = new ArrayList<>();
    rows.forEach(
        (partition, numbers) -> parts.add(new PartitionRows(partition, numbers.toArray())));
    return parts;
  }

  /**
   * True if the rows with the lowest and the highest value of every partition column belong to one
   * partition, and the transforms preserve the order of all values in between.
   */
  private boolean lowestAndHighestAgree(VectorBatch batch, PartitionKey key, VectorRow row) {
    PartitionKey first = null;
    for (PartitionField field : spec.fields()) {
      if (!field.transform().preservesOrder()) {
        return false;
      }
      Vector vector = batch.vector(position(field));
      int[] extremes = extremes(vector);
      if (extremes.length == 0 || !keepsOrder(field, vector, extremes)) {
        return false;
      }
      for (int extreme : extremes) {
        key.partition(row.at(extreme));
        if (first == null) {
          first = key.copy();
        } else if (!first.equals(key)) {
          return false;
        }
      }
    }
    return first != null;
  }

  private boolean keepsOrder(PartitionField field, Vector vector, int[] extremes) {
    PartitionOrder order = PartitionOrder.of(field, schema.findType(field.sourceId())).orElse(null);
    if (order == null) {
      return true;
    }
    for (int extreme : extremes) {
      long value =
          vector instanceof IntVector ints ? ints.get(extreme) : ((LongVector) vector).get(extreme);
      if (!order.keeps(value)) {
        return false;
      }
    }
    return true;
  }

  private int position(PartitionField field) {
    List<Types.NestedField> columns = schema.columns();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).fieldId() == field.sourceId()) {
        return i;
      }
    }
    throw new IllegalStateException("the partition field " + field.name() + " has no column");
  }

  private static int[] extremes(Vector vector) {
    if (vector.nullCount() > 0 || vector.size() == 0) {
      return new int[0];
    }
    int low = 0;
    int high = 0;
    if (vector instanceof LongVector longs) {
      long[] values = longs.values();
      for (int i = 1; i < vector.size(); i++) {
        if (values[i] < values[low]) {
          low = i;
        } else if (values[i] > values[high]) {
          high = i;
        }
      }
    } else if (vector instanceof IntVector ints) {
      int[] values = ints.values();
      for (int i = 1; i < vector.size(); i++) {
        if (values[i] < values[low]) {
          low = i;
        } else if (values[i] > values[high]) {
          high = i;
        }
      }
    } else {
      return new int[0];
    }
    return new int[] {low, high};
  }

  private static final class RowList {
    private int[] rows = new int[64];
    private int size;

    void add(int row) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
      }
      rows[size++] = row;
    }

    int[] toArray() {
      return Arrays.copyOf(rows, size);
    }
  }
}
