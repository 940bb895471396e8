package io.meshwork.internal.materializers;

import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.rows.JavaTypes;
import io.meshwork.internal.rows.RecordCreator;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Creates readers of records, lists, and maps from the readers of their parts. */
final class NestedReaders {
  private NestedReaders() {}

  /**
   * Returns the reader of a nested column; null if the type does not fit, with mismatches if the
   * reason is a part of it.
   */
  static @Nullable ValueReader of(
      ContractColumn column,
      Type type,
      String component,
      String what,
      SchemaMismatches mismatches) {
    Class<?> wanted = JavaTypes.raw(type);
    return switch (column.kind()) {
      case RECORD -> record(column, type, wanted, mismatches);
      case LIST -> list(column, type, wanted, component, what, mismatches);
      case MAP -> map(column, type, wanted, component, what, mismatches);
      default -> throw new IllegalStateException("column " + column.path() + " is not nested");
    };
  }

  private static @Nullable ValueReader record(
      ContractColumn column, Type type, Class<?> wanted, SchemaMismatches mismatches) {
    if (wanted.isRecord()) {
      RecordFactory factory = RecordFactory.of(wanted, column.fields(), mismatches);
      return factory == null ? null : new Records(column, factory);
    }
    Type key = JavaTypes.key(type);
    Type value = JavaTypes.value(type);
    boolean fits =
        wanted.isAssignableFrom(Map.class)
            && (key == null || JavaTypes.raw(key).isAssignableFrom(String.class))
            && (value == null || JavaTypes.raw(value) == Object.class);
    return fits ? new Plain(column) : null;
  }

  private static @Nullable ValueReader list(
      ContractColumn column,
      Type type,
      Class<?> wanted,
      String component,
      String what,
      SchemaMismatches mismatches) {
    if (!wanted.isArray() && !wanted.isAssignableFrom(List.class)) {
      return null;
    }
    Type element = JavaTypes.element(type);
    if (element == null) {
      return new Plain(column);
    }
    ValueReader elements =
        ValueReader.of(column.first(), element, component, "an element of " + what, mismatches);
    if (elements == null) {
      return null;
    }
    return wanted.isArray()
        ? new Arrays(column, elements, wanted.getComponentType(), component)
        : new Lists(column, elements);
  }

  private static @Nullable ValueReader map(
      ContractColumn column,
      Type type,
      Class<?> wanted,
      String component,
      String what,
      SchemaMismatches mismatches) {
    if (!wanted.isAssignableFrom(Map.class)) {
      return null;
    }
    Type key = JavaTypes.key(type);
    Type value = JavaTypes.value(type);
    if (key == null || value == null) {
      return new Plain(column);
    }
    ValueReader keys =
        ValueReader.of(column.first(), key, component, "a key of " + what, mismatches);
    ValueReader values =
        ValueReader.of(column.second(), value, component, "a value of " + what, mismatches);
    return keys == null || values == null ? null : new Maps(column, keys, values);
  }

  /** Reads values in the classes of a column batch, if the type does not determine others. */
  private static final class Plain extends ValueReader {
    Plain(ContractColumn column) {
      super(column);
    }

    @Override
    @Nullable Object read(Vector vector, int row, long rowNumber) {
      return VectorBatch.value(column.stored(), vector, row);
    }
  }

  private static final class Records extends ValueReader {
    private final RecordFactory factory;

    Records(ContractColumn column, RecordFactory factory) {
      super(column);
      this.factory = factory;
    }

    @Override
    @Nullable Object read(Vector vector, int row, long rowNumber) {
      return vector.isNull(row) ? null : readAll(vector, row, row + 1, rowNumber)[0];
    }

    /** Reads each sequence of rows without nulls at once. */
    @Override
    @Nullable Object[] readAll(Vector vector, int from, int to, long rowNumber) {
      @Nullable Object[] records = new @Nullable Object[to - from];
      RowMask nulls = vector.nulls();
      for (int start = from; start < to; ) {
        int end = nulls == null ? -1 : nulls.next(start);
        end = end < 0 ? to : Math.min(end, to);
        if (end > start) {
          RecordCreator.Values values =
              factory.read(((StructVector) vector).children(), start, end, rowNumber);
          for (int i = 0; i < values.size(); i++) {
            values.moveTo(i);
            records[start - from + i] = factory.create(values, rowNumber);
          }
        }
        start = end + 1;
      }
      return records;
    }
  }

  private static final class Lists extends ValueReader {
    private final ValueReader elements;

    Lists(ContractColumn column, ValueReader elements) {
      super(column);
      this.elements = elements;
    }

    @Override
    @Nullable Object read(Vector vector, int row, long rowNumber) {
      if (vector.isNull(row)) {
        return null;
      }
      ListVector lists = (ListVector) vector;
      int start = lists.start(row);
      int length = lists.length(row);
      List<@Nullable Object> values = new ArrayList<>(length);
      for (Object value : elements.readAll(lists.elements(), start, start + length, rowNumber)) {
        values.add(value);
      }
      return values;
    }
  }

  private static final class Arrays extends ValueReader {
    private final ValueReader elements;
    private final Class<?> wanted;
    private final String component;

    Arrays(ContractColumn column, ValueReader elements, Class<?> wanted, String component) {
      super(column);
      this.elements = elements;
      this.wanted = wanted;
      this.component = component;
    }

    @Override
    @Nullable Object read(Vector vector, int row, long rowNumber) {
      if (vector.isNull(row)) {
        return null;
      }
      ListVector lists = (ListVector) vector;
      int start = lists.start(row);
      int length = lists.length(row);
      Object values = Array.newInstance(wanted, length);
      for (int i = 0; i < length; i++) {
        Object value = elements.read(lists.elements(), start + i, rowNumber);
        if (value == null && wanted.isPrimitive()) {
          throw CellReader.nullForPrimitive(column.first(), component, wanted, rowNumber);
        }
        Array.set(values, i, value);
      }
      return values;
    }
  }

  private static final class Maps extends ValueReader {
    private final ValueReader keys;
    private final ValueReader values;

    Maps(ContractColumn column, ValueReader keys, ValueReader values) {
      super(column);
      this.keys = keys;
      this.values = values;
    }

    @Override
    @Nullable Object read(Vector vector, int row, long rowNumber) {
      if (vector.isNull(row)) {
        return null;
      }
      MapVector maps = (MapVector) vector;
      int start = maps.start(row);
      Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
      for (int i = start; i < start + maps.length(row); i++) {
        entries.put(keys.read(maps.keys(), i, rowNumber), values.read(maps.values(), i, rowNumber));
      }
      return entries;
    }
  }
}
