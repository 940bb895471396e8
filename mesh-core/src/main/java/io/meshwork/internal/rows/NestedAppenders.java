package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Appends records, lists, and maps, with the appenders of their parts. */
final class NestedAppenders {
  private NestedAppenders() {}

  /** Appends a top-level column: if any part of a value fails, the column becomes null. */
  static final class Whole extends ValueAppender {
    /** How many runs are appended one by one after one that had to be. */
    private static final int RUNS_APART = 32;

    private final ValueAppender nested;
    private final TypeViolations ofRun = new TypeViolations();
    private int apart;

    Whole(ValueAppender nested) {
      super(nested.column);
      this.nested = nested;
    }

    @Override
    void appendAll(
        @Nullable Object[] values, int count, Vector vector, int row, TypeViolations violations) {
      if (apart > 0) {
        apart--;
        super.appendAll(values, count, vector, row, violations);
        return;
      }
      int size = vector.size();
      ofRun.clear();
      if (!nested.appendRun(values, count, vector, ofRun)) {
        apart = RUNS_APART;
        vector.truncate(size);
        super.appendAll(values, count, vector, row, violations);
      }
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      int size = vector.size();
      int before = violations.count();
      nested.append(value, vector, row, violations);
      if (violations.count() > before) {
        vector.truncate(size);
        vector.appendNull();
      }
    }

    @Override
    void fitJava(Type type, String what, SchemaMismatches mismatches) {
      nested.fitJava(type, what, mismatches);
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, SchemaMismatches mismatches) {
      nested.fitAvro(type, what, mismatches);
    }
  }

  /** Appends records of any kind, each read by its class or Avro schema. */
  static final class Records extends ValueAppender {
    /** By class or Avro schema: an accessor, or why there is none. */
    private final Map<Object, Shape> shapes = new HashMap<>();

    private @Nullable Object lastKey;
    private @Nullable Shape lastShape;

    private record Shape(RecordShredders.@Nullable Accessor accessor, String refusal) {}

    Records(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      Shape shape = shape(value);
      if (shape.accessor() == null) {
        refuse(vector, row, violations, FindingCode.TYPE_MISMATCH, shape.refusal());
        return;
      }
      StructVector structs = (StructVector) vector;
      shape.accessor().append(RecordRun.of(value, row, violations), structs.children());
      structs.append();
    }

    @Override
    boolean appendRun(
        @Nullable Object[] values, int count, Vector vector, TypeViolations violations) {
      StructVector structs = (StructVector) vector;
      for (int from = 0; from < count; ) {
        Object value = values[from];
        int to = from + 1;
        if (value == null) {
          if (refusesNulls()) {
            return false;
          }
          while (to < count && values[to] == null) {
            to++;
          }
          structs.appendNulls(to - from);
        } else {
          RecordShredders.Accessor accessor =
              value instanceof Optional ? null : shape(value).accessor();
          if (accessor == null) {
            return false;
          }
          while (to < count && isOfLastShape(values[to])) {
            to++;
          }
          accessor.append(new RecordRun(values, from, to, 0, violations), structs.children());
          structs.append(to - from);
        }
        from = to;
      }
      return violations.isEmpty();
    }

    @SuppressWarnings("ReferenceEquality") // as in shape()
    private boolean isOfLastShape(@Nullable Object value) {
      return value != null && RecordShredders.shapeOf(value) == lastKey;
    }

    @SuppressWarnings(
        "ReferenceEquality") // Avro compares different schema instances in full, which is slow.
    private Shape shape(Object value) {
      Object key = RecordShredders.shapeOf(value);
      Shape shape = lastShape;
      if (shape == null || key != lastKey) {
        shape = shapes.computeIfAbsent(key, this::create);
        lastKey = key;
        lastShape = shape;
      }
      return shape;
    }

    private Shape create(Object key) {
      SchemaMismatches mismatches = new SchemaMismatches(MeshAction.of(Verb.WRITE, "a record"));
      RecordShredders.Accessor accessor =
          RecordShredders.accessor(key, column.fields(), mismatches);
      if (accessor == null) {
        return new Shape(null, "a value of class " + ((Class<?>) key).getName() + mismatch());
      }
      String gap = mismatches.first();
      return gap == null
          ? new Shape(accessor, "")
          : new Shape(null, "a record whose fields do not match the column: " + gap);
    }

    @Override
    void fitJava(Type type, String what, SchemaMismatches mismatches) {
      super.fitJava(type, what, mismatches);
      Class<?> recordClass = JavaTypes.raw(type);
      if (recordClass.isRecord()) {
        shapes.put(
            recordClass,
            new Shape(JavaRecordAccessor.of(recordClass, column.fields(), mismatches), ""));
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, SchemaMismatches mismatches) {
      super.fitAvro(type, what, mismatches);
      if (type != null && type.getType() == Schema.Type.RECORD) {
        shapes.put(type, new Shape(AvroAccessor.of(type, column.fields(), mismatches), ""));
      }
    }
  }

  private static void markNulls(@Nullable Object[] values, int count, Vector vector, int first) {
    for (int i = 0; i < count; i++) {
      if (values[i] == null) {
        vector.markNull(first + i);
      }
    }
  }

  /** Appends collections and arrays. */
  static final class Lists extends ValueAppender {
    private final ValueAppender elements;

    /** A class of collections that are stored. */
    private @Nullable Class<?> storedClass;

    Lists(ContractColumn column, @Nullable Schema raw) {
      super(column);
      elements = of(column.first(), elementOf(raw));
    }

    @Override
    boolean appendRun(
        @Nullable Object[] values, int count, Vector vector, TypeViolations violations) {
      ListVector lists = (ListVector) vector;
      int first = lists.size();
      int base = lists.elements().size();
      int[] ends = lists.ensureCapacity(count);
      ObjectRun all = new ObjectRun(count);
      for (int i = 0; i < count; i++) {
        Object value = values[i];
        if (value == null ? refusesNulls() : !isStored(value)) {
          return false;
        }
        if (value != null) {
          for (Object element : (Collection<?>) value) {
            all.add(element);
          }
        }
        ends[first + i + 1] = base + all.size();
      }
      if (!elements.appendRun(all.values(), all.size(), lists.elements(), violations)) {
        return false;
      }
      lists.extended(count);
      markNulls(values, count, lists, first);
      return true;
    }

    private boolean isStored(Object value) {
      if (value.getClass() == storedClass) {
        return true;
      }
      boolean stored = JdkCollections.areStored(value);
      storedClass = stored ? value.getClass() : storedClass;
      return stored;
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      ListVector lists = (ListVector) vector;
      if (value instanceof Collection<?> collection) {
        for (Object element : collection) {
          FieldWriter.appendAny(elements, element, lists.elements(), row, violations);
        }
      } else if (value instanceof Object[] array) {
        for (Object element : array) {
          FieldWriter.appendAny(elements, element, lists.elements(), row, violations);
        }
      } else if (value.getClass().isArray()) {
        int length = Array.getLength(value);
        for (int i = 0; i < length; i++) {
          FieldWriter.appendAny(elements, Array.get(value, i), lists.elements(), row, violations);
        }
      } else {
        mismatch(value, vector, row, violations);
        return;
      }
      lists.append();
    }

    @Override
    void fitJava(Type type, String what, SchemaMismatches mismatches) {
      super.fitJava(type, what, mismatches);
      Type element = JavaTypes.element(type);
      if (element != null) {
        elements.fitJava(JavaTypes.content(element), "an element of " + what, mismatches);
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, SchemaMismatches mismatches) {
      super.fitAvro(type, what, mismatches);
      if (type != null && type.getType() == Schema.Type.ARRAY) {
        elements.fitAvro(elementOf(type), "an element of " + what, mismatches);
      }
    }

    private static @Nullable Schema elementOf(@Nullable Schema raw) {
      return raw != null && raw.getType() == Schema.Type.ARRAY
          ? ColumnKind.withoutNull(raw.getElementType())
          : null;
    }
  }

  /** Appends maps with distinct, non-null texts as keys. */
  static final class Maps extends ValueAppender {
    private final ValueAppender keys;
    private final ValueAppender values;

    /** A class of maps that are stored. */
    private @Nullable Class<?> storedClass;

    Maps(ContractColumn column, @Nullable Schema raw) {
      super(column);
      keys = of(column.first(), null);
      values = of(column.second(), valueOf(raw));
    }

    @Override
    boolean appendRun(@Nullable Object[] all, int count, Vector vector, TypeViolations violations) {
      MapVector maps = (MapVector) vector;
      BytesVector texts = (BytesVector) maps.keys();
      int first = maps.size();
      int[] ends = maps.ensureCapacity(count);
      ObjectRun ofMaps = new ObjectRun(count);
      for (int i = 0; i < count; i++) {
        Object value = all[i];
        int start = texts.size();
        if (value instanceof Map<?, ?> map && isStored(map)) {
          for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (entry.getKey() == null) {
              return false;
            }
            keys.append(entry.getKey(), texts, 0, violations);
            ofMaps.add(entry.getValue());
          }
        } else if (value != null || refusesNulls()) {
          return false;
        }
        ends[first + i + 1] = texts.size();
        if (!violations.isEmpty()
            || MapKeys.hasDuplicate(texts, start, texts.size(), texts::isNull)) {
          return false;
        }
      }
      if (!values.appendRun(ofMaps.values(), ofMaps.size(), maps.values(), violations)) {
        return false;
      }
      maps.extended(count);
      markNulls(all, count, maps, first);
      return true;
    }

    private boolean isStored(Map<?, ?> map) {
      if (map.getClass() == storedClass) {
        return true;
      }
      boolean stored = JdkCollections.areStored(map);
      storedClass = stored ? map.getClass() : storedClass;
      return stored;
    }

    @Override
    void append(Object value, Vector vector, int row, TypeViolations violations) {
      if (!(value instanceof Map<?, ?> map)) {
        mismatch(value, vector, row, violations);
        return;
      }
      MapVector maps = (MapVector) vector;
      BytesVector texts = (BytesVector) maps.keys();
      int start = texts.size();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getKey() == null) {
          violations.add(row, column.path(), FindingCode.MAP_KEY_NULL, MapKeys.NULL_KEY);
          continue;
        }
        keys.append(entry.getKey(), texts, row, violations);
        FieldWriter.appendAny(values, entry.getValue(), maps.values(), row, violations);
      }
      if (MapKeys.hasDuplicate(texts, start, texts.size(), texts::isNull)) {
        violations.add(
            row,
            column.path(),
            FindingCode.MAP_KEY_DUPLICATE,
            MapKeys.duplicate(texts.size() - start));
      }
      maps.append();
    }

    @Override
    void fitJava(Type type, String what, SchemaMismatches mismatches) {
      super.fitJava(type, what, mismatches);
      Type key = JavaTypes.key(type);
      if (key != null) {
        keys.fitJava(key, "a key of " + what, mismatches);
      }
      Type value = JavaTypes.value(type);
      if (value != null) {
        values.fitJava(JavaTypes.content(value), "a value of " + what, mismatches);
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, SchemaMismatches mismatches) {
      super.fitAvro(type, what, mismatches);
      if (type != null && type.getType() == Schema.Type.MAP) {
        values.fitAvro(valueOf(type), "a value of " + what, mismatches);
      }
    }

    private static @Nullable Schema valueOf(@Nullable Schema raw) {
      return raw != null && raw.getType() == Schema.Type.MAP
          ? ColumnKind.withoutNull(raw.getValueType())
          : null;
    }
  }
}
