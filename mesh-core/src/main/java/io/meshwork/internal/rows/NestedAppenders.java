package io.meshwork.internal.rows;

import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.ListVector;
import io.meshwork.internal.columnar.MapVector;
import io.meshwork.internal.columnar.StructVector;
import io.meshwork.internal.columnar.Vector;
import java.lang.reflect.Array;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Appenders of records, lists and maps, which hand on what lies in them. */
final class NestedAppenders {
  private NestedAppenders() {}

  /** A top-level column: a value that fails anywhere becomes one null, and leaves nothing below. */
  static final class Whole extends ValueAppender {
    private final ValueAppender nested;

    Whole(ValueAppender nested) {
      super(nested.column);
      this.nested = nested;
    }

    @Override
    void append(Object value, Vector vector, int row, Violations violations) {
      int size = vector.size();
      int before = violations.count();
      nested.append(value, vector, row, violations);
      if (violations.count() > before) {
        vector.truncate(size);
        vector.appendNull();
      }
    }

    @Override
    void fitJava(Type type, String what, Gaps gaps) {
      nested.fitJava(type, what, gaps);
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, Gaps gaps) {
      nested.fitAvro(type, what, gaps);
    }
  }

  /** Records of any kind, each taken apart as its class or Avro schema asks. */
  static final class Records extends ValueAppender {
    /** By class or Avro schema: an accessor, or why there is none. */
    private final Map<Object, Shape> shapes = new HashMap<>();

    private @Nullable Object lastKey;
    private @Nullable Shape lastShape;

    private record Shape(Shredders.@Nullable Accessor accessor, String refusal) {}

    Records(ContractColumn column) {
      super(column);
    }

    @Override
    void append(Object value, Vector vector, int row, Violations violations) {
      Shape shape = shape(value);
      if (shape.accessor() == null) {
        refuse(vector, row, violations, Violations.TYPE_MISMATCH, shape.refusal());
        return;
      }
      StructVector structs = (StructVector) vector;
      shape.accessor().append(value, structs.children(), row, violations);
      structs.append();
    }

    @SuppressWarnings("ReferenceEquality") // Schemas are compared in full when they are not one.
    private Shape shape(Object value) {
      Object key = Shredders.shapeOf(value);
      Shape shape = lastShape;
      if (shape == null || key != lastKey) {
        shape = shapes.computeIfAbsent(key, this::make);
        lastKey = key;
        lastShape = shape;
      }
      return shape;
    }

    private Shape make(Object key) {
      Gaps gaps = new Gaps("Cannot take a record");
      Shredders.Accessor accessor = Shredders.accessor(key, column.fields(), gaps);
      if (accessor == null) {
        return new Shape(null, "a value of class " + ((Class<?>) key).getName() + misfit());
      }
      String gap = gaps.first();
      return gap == null
          ? new Shape(accessor, "")
          : new Shape(null, "a record whose fields are not the column's: " + gap);
    }

    @Override
    void fitJava(Type type, String what, Gaps gaps) {
      super.fitJava(type, what, gaps);
      Class<?> recordClass = JavaTypes.raw(type);
      if (recordClass.isRecord()) {
        shapes.put(
            recordClass, new Shape(JavaRecordAccessor.of(recordClass, column.fields(), gaps), ""));
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, Gaps gaps) {
      super.fitAvro(type, what, gaps);
      if (type != null && type.getType() == Schema.Type.RECORD) {
        shapes.put(type, new Shape(AvroAccessor.of(type, column.fields(), gaps), ""));
      }
    }
  }

  /** Collections and arrays. */
  static final class Lists extends ValueAppender {
    private final ValueAppender elements;

    Lists(ContractColumn column, @Nullable Schema raw) {
      super(column);
      elements = of(column.first(), elementOf(raw));
    }

    @Override
    void append(Object value, Vector vector, int row, Violations violations) {
      ListVector lists = (ListVector) vector;
      if (value instanceof Collection<?> collection) {
        for (Object element : collection) {
          ColumnStep.appendAny(elements, element, lists.elements(), row, violations);
        }
      } else if (value instanceof Object[] array) {
        for (Object element : array) {
          ColumnStep.appendAny(elements, element, lists.elements(), row, violations);
        }
      } else if (value.getClass().isArray()) {
        int length = Array.getLength(value);
        for (int i = 0; i < length; i++) {
          ColumnStep.appendAny(elements, Array.get(value, i), lists.elements(), row, violations);
        }
      } else {
        mismatch(value, vector, row, violations);
        return;
      }
      lists.append();
    }

    @Override
    void fitJava(Type type, String what, Gaps gaps) {
      super.fitJava(type, what, gaps);
      Type element = JavaTypes.element(type);
      if (element != null) {
        elements.fitJava(JavaTypes.content(element), "an element of " + what, gaps);
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, Gaps gaps) {
      super.fitAvro(type, what, gaps);
      if (type != null && type.getType() == Schema.Type.ARRAY) {
        elements.fitAvro(elementOf(type), "an element of " + what, gaps);
      }
    }

    private static @Nullable Schema elementOf(@Nullable Schema raw) {
      return raw != null && raw.getType() == Schema.Type.ARRAY
          ? ColumnKind.withoutNull(raw.getElementType())
          : null;
    }
  }

  /** Maps with texts as keys, of which none may be null or come twice. */
  static final class Maps extends ValueAppender {
    private final ValueAppender keys;
    private final ValueAppender values;

    Maps(ContractColumn column, @Nullable Schema raw) {
      super(column);
      keys = of(column.first(), null);
      values = of(column.second(), valueOf(raw));
    }

    @Override
    void append(Object value, Vector vector, int row, Violations violations) {
      if (!(value instanceof Map<?, ?> map)) {
        mismatch(value, vector, row, violations);
        return;
      }
      MapVector maps = (MapVector) vector;
      BytesVector texts = (BytesVector) maps.keys();
      int start = texts.size();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        if (entry.getKey() == null) {
          violations.add(row, column.path(), Violations.MAP_KEY_NULL, MapKeys.NULL_KEY);
          continue;
        }
        keys.append(entry.getKey(), texts, row, violations);
        ColumnStep.appendAny(values, entry.getValue(), maps.values(), row, violations);
      }
      if (MapKeys.hasDuplicate(texts, start, texts.size(), texts::isNull)) {
        violations.add(
            row,
            column.path(),
            Violations.MAP_KEY_DUPLICATE,
            MapKeys.duplicate(texts.size() - start));
      }
      maps.append();
    }

    @Override
    void fitJava(Type type, String what, Gaps gaps) {
      super.fitJava(type, what, gaps);
      Type key = JavaTypes.key(type);
      if (key != null) {
        keys.fitJava(key, "a key of " + what, gaps);
      }
      Type value = JavaTypes.value(type);
      if (value != null) {
        values.fitJava(JavaTypes.content(value), "a value of " + what, gaps);
      }
    }

    @Override
    void fitAvro(@Nullable Schema type, String what, Gaps gaps) {
      super.fitAvro(type, what, gaps);
      if (type != null && type.getType() == Schema.Type.MAP) {
        values.fitAvro(valueOf(type), "a value of " + what, gaps);
      }
    }

    private static @Nullable Schema valueOf(@Nullable Schema raw) {
      return raw != null && raw.getType() == Schema.Type.MAP
          ? ColumnKind.withoutNull(raw.getValueType())
          : null;
    }
  }
}
