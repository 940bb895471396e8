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
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Appends records, lists, and maps, with the appenders of their parts. */
final class NestedAppenders {
  private NestedAppenders() {}

  /** Appends a top-level column: if any part of a value fails, the column becomes null. */
  static final class Whole extends ValueAppender {
    private final ValueAppender nested;

    Whole(ValueAppender nested) {
      super(nested.column);
      this.nested = nested;
    }

    @Override
    boolean appendRun(ObjectRun run, Vector vector) {
      return nested.appendRun(run, vector);
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

    private final TypeViolations ofRun = new TypeViolations();
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
    boolean appendRun(ObjectRun run, Vector vector) {
      if (run.hasNulls() && refusesNulls()) {
        return false;
      }
      StructVector structs = (StructVector) vector;
      ofRun.clear();
      int next = 0;
      for (int row = 0; row < run.rows(); ) {
        int end = row + 1;
        if (run.isNull(row)) {
          while (end < run.rows() && run.isNull(end)) {
            end++;
          }
          structs.appendNulls(end - row);
        } else {
          Object[] records = run.values();
          RecordShredders.Accessor accessor = shape(records[next]).accessor();
          if (accessor == null) {
            return false;
          }
          int first = next++;
          while (end < run.rows() && !run.isNull(end) && isOfLastShape(records[next])) {
            end++;
            next++;
          }
          accessor.append(new RecordRun(records, first, next, 0, ofRun), structs.children());
          structs.append(next - first);
        }
        row = end;
      }
      return ofRun.isEmpty();
    }

    @SuppressWarnings("ReferenceEquality") // as in shape()
    private boolean isOfLastShape(Object value) {
      return RecordShredders.shapeOf(value) == lastKey;
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

  private static void markNulls(ObjectRun run, Vector vector, int first) {
    for (int i = 0; i < run.rows() && run.hasNulls(); i++) {
      if (run.isNull(i)) {
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
    boolean appendRun(ObjectRun run, Vector vector) {
      if (run.hasNulls() && refusesNulls()) {
        return false;
      }
      ListVector lists = (ListVector) vector;
      int first = lists.size();
      int base = lists.elements().size();
      int[] ends = lists.ensureCapacity(run.rows());
      ObjectRun all = new ObjectRun(run.rows());
      int next = 0;
      for (int i = 0; i < run.rows(); i++) {
        if (!run.isNull(i)) {
          Object value = run.values()[next++];
          if (!isStored(value)) {
            return false;
          }
          for (Object element : (Collection<?>) value) {
            all.addContent(element);
          }
        }
        ends[first + i + 1] = base + all.rows();
      }
      if (!elements.appendRun(all, lists.elements())) {
        return false;
      }
      lists.extended(run.rows());
      markNulls(run, lists, first);
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

  /** Appends maps with distinct, non-null strings as keys. */
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
    boolean appendRun(ObjectRun run, Vector vector) {
      if (run.hasNulls() && refusesNulls()) {
        return false;
      }
      MapVector maps = (MapVector) vector;
      BytesVector texts = (BytesVector) maps.keys();
      int first = maps.size();
      int base = texts.size();
      int[] ends = maps.ensureCapacity(run.rows());
      ObjectRun ofKeys = new ObjectRun(run.rows());
      ObjectRun ofValues = new ObjectRun(run.rows());
      int next = 0;
      for (int i = 0; i < run.rows(); i++) {
        if (!run.isNull(i)) {
          if (!(run.values()[next++] instanceof Map<?, ?> map && isStored(map))) {
            return false;
          }
          for (Map.Entry<?, ?> entry : map.entrySet()) {
            ofKeys.add(entry.getKey());
            ofValues.addContent(entry.getValue());
          }
        }
        ends[first + i + 1] = base + ofKeys.rows();
      }
      if (!keys.appendRun(ofKeys, texts) || !values.appendRun(ofValues, maps.values())) {
        return false;
      }
      for (int i = 0; i < run.rows(); i++) {
        if (MapKeys.hasDuplicate(texts, ends[first + i], ends[first + i + 1], texts::isNull)) {
          return false;
        }
      }
      maps.extended(run.rows());
      markNulls(run, maps, first);
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
