package io.meshwork.internal.rows;

import io.meshwork.internal.rows.TypedRow.Values;
import io.meshwork.internal.text.UnicodeText;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Appends typed values to the vector of one column. A value that fits becomes what {@link
 * ValueAppender} makes of it. Not thread-safe.
 */
final class TypedAppender {
  private static final long NANOS_PER_MICRO = 1_000;

  /** The bytes of a string whose memory is released after it. */
  private static final int LONG_TEXT = 1 << 20;

  /** Appends a value other than null; if it does not fit, returns false, and may append parts. */
  private interface ValueCopy {
    boolean append(Values values, int position, Vector vector);
  }

  private final boolean refusesNulls;
  private final ValueCopy copy;

  private TypedAppender(ContractColumn column, ValueCopy copy) {
    this.refusesNulls = column.inner() && column.required();
    this.copy = copy;
  }

  /** Returns the appenders of columns of these types; null if one does not fit its type. */
  static @Nullable List<TypedAppender> of(ColumnGroup group, Types.StructType type) {
    List<ContractColumn> columns = group.columns();
    List<Types.NestedField> fields = type.fields();
    if (!group.names().equals(fields.stream().map(Types.NestedField::name).toList())) {
      return null;
    }
    List<TypedAppender> appenders = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      TypedAppender appender = of(columns.get(i), fields.get(i).type());
      if (appender == null) {
        return null;
      }
      appenders.add(appender);
    }
    return appenders;
  }

  private static @Nullable TypedAppender of(ContractColumn column, Type type) {
    ValueCopy copy =
        switch (column.kind()) {
          case RECORD -> type.isStructType() ? record(column, type.asStructType()) : null;
          case LIST -> type.isListType() ? list(column, type.asListType()) : null;
          case MAP -> type.isMapType() ? map(column, type.asMapType()) : null;
          case STRING, ENUM, UUID -> type.typeId() == TypeID.STRING ? text(column) : null;
          case BYTES, FIXED -> type.typeId() == TypeID.BINARY ? object(column) : null;
          default -> type.equals(column.stored()) ? fixed(column, type) : null;
        };
    return copy == null ? null : new TypedAppender(column, copy);
  }

  private static @Nullable ValueCopy fixed(ContractColumn column, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN ->
          (values, i, vector) -> {
            ((BooleanVector) vector).append(values.booleanAt(i));
            return true;
          };
      case INTEGER, DATE ->
          (values, i, vector) -> {
            ((IntVector) vector).append(values.intAt(i));
            return true;
          };
      case LONG ->
          (values, i, vector) -> {
            ((LongVector) vector).append(values.longAt(i));
            return true;
          };
      case FLOAT ->
          (values, i, vector) -> {
            ((FloatVector) vector).append(values.floatAt(i));
            return true;
          };
      case DOUBLE ->
          (values, i, vector) -> {
            ((DoubleVector) vector).append(values.doubleAt(i));
            return true;
          };
      case TIMESTAMP -> timestamp(Math.max(1, column.unitNanos() / NANOS_PER_MICRO));
      case DECIMAL -> decimal(column, (Types.DecimalType) type);
      default -> null;
    };
  }

  /** A value that is finer than the unit is cut or refused elsewhere. */
  private static ValueCopy timestamp(long microsPerUnit) {
    return (values, i, vector) -> {
      long micros = values.longAt(i);
      if (microsPerUnit > 1 && micros % microsPerUnit != 0) {
        return false;
      }
      ((LongVector) vector).append(micros);
      return true;
    };
  }

  private static ValueCopy decimal(ContractColumn column, Types.DecimalType type) {
    if (type.precision() > BinaryAppenders.LONG_DIGITS) {
      return object(column);
    }
    long limit = BinaryAppenders.limit(type.precision());
    return (values, i, vector) -> {
      long unscaled = values.longAt(i);
      if (unscaled <= -limit || unscaled >= limit) {
        return false;
      }
      ((LongVector) vector).append(unscaled);
      return true;
    };
  }

  private static ValueCopy object(ContractColumn column) {
    LeafAppender leaf = (LeafAppender) ValueAppender.of(column, null);
    return (values, i, vector) -> leaf.accept(values.objectAt(i), vector);
  }

  private static ValueCopy text(ContractColumn column) {
    LeafAppender leaf = (LeafAppender) ValueAppender.of(column, null);
    boolean isPlain = column.kind() == ColumnKind.STRING;
    return new ValueCopy() {
      private Utf8 text = new Utf8();

      @Override
      public boolean append(Values values, int i, Vector vector) {
        if (isPlain && vector instanceof BytesVector bytes) {
          return appendText(values, i, bytes);
        }
        text.setByteLength(values.textLength(i));
        values.copyText(i, text.getBytes(), 0);
        boolean fits = leaf.accept(text, vector);
        if (text.getByteLength() > LONG_TEXT) {
          text = new Utf8(); // the next strings may be short
        }
        return fits;
      }
    };
  }

  private static boolean appendText(Values values, int i, BytesVector bytes) {
    int length = values.textLength(i);
    if (length > TextEncoder.LIMIT) {
      return false;
    }
    int from = bytes.reserve(length);
    values.copyText(i, bytes.data(), from);
    if (UnicodeText.malformedAt(bytes.data(), from, length) >= 0) {
      return false;
    }
    bytes.commit(length);
    return true;
  }

  private static @Nullable ValueCopy record(ContractColumn column, Types.StructType type) {
    List<TypedAppender> appenders = of(column.fields(), type);
    if (appenders == null) {
      return null;
    }
    TypedAppender[] fields = appenders.toArray(TypedAppender[]::new);
    return (values, position, vector) -> {
      StructVector structs = (StructVector) vector;
      Values record = values.valuesAt(position);
      for (int i = 0; i < fields.length; i++) {
        if (!fields[i].append(record, i, structs.child(i))) {
          return false;
        }
      }
      structs.append();
      return true;
    };
  }

  private static @Nullable ValueCopy list(ContractColumn column, Types.ListType type) {
    TypedAppender element = of(column.first(), type.elementType());
    return element == null
        ? null
        : (values, position, vector) -> {
          ListVector lists = (ListVector) vector;
          if (!element.appendAll(values.valuesAt(position), lists.elements())) {
            return false;
          }
          lists.append();
          return true;
        };
  }

  private static @Nullable ValueCopy map(ContractColumn column, Types.MapType type) {
    TypedAppender key = of(column.first(), type.keyType());
    TypedAppender value = of(column.second(), type.valueType());
    return key == null || value == null
        ? null
        : (values, position, vector) -> {
          MapVector maps = (MapVector) vector;
          BytesVector keys = (BytesVector) maps.keys();
          int first = keys.size();
          if (!key.appendAll(values.keysAt(position), keys)
              || !value.appendAll(values.valuesAt(position), maps.values())
              || MapKeys.hasDuplicate(keys, first, keys.size(), keys::isNull)) {
            return false;
          }
          maps.append();
          return true;
        };
  }

  /** Appends a value; if it does not fit, returns false, and may append parts of it. */
  boolean append(Values values, int position, Vector vector) {
    if (values.isNull(position)) {
      vector.appendNull();
      return !refusesNulls;
    }
    return copy.append(values, position, vector);
  }

  private boolean appendAll(Values values, Vector vector) {
    int size = values.size();
    for (int i = 0; i < size; i++) {
      if (!append(values, i, vector)) {
        return false;
      }
    }
    return true;
  }

  /** Reads typed rows of one type, and as maps rows with a value that does not fit its column. */
  static final class TypedRowAccessor implements RecordShredders.Accessor {
    /** How many runs are read as maps after one that had to be. */
    private static final int RUNS_TO_SKIP = 32;

    private final TypedAppender[] appenders;
    private final MapAccessor maps;
    private int skipped;

    private TypedRowAccessor(List<TypedAppender> appenders, MapAccessor maps) {
      this.appenders = appenders.toArray(TypedAppender[]::new);
      this.maps = maps;
    }

    static RecordShredders.Accessor of(Types.StructType type, ColumnGroup group) {
      List<TypedAppender> appenders = TypedAppender.of(group, type);
      MapAccessor maps = new MapAccessor(group);
      return appenders == null ? maps : new TypedRowAccessor(appenders, maps);
    }

    @Override
    public void append(RecordRun run, List<Vector> vectors) {
      if (skipped > 0) {
        skipped--;
      } else if (appendAll(run, vectors)) {
        return;
      } else {
        skipped = RUNS_TO_SKIP;
        vectors.forEach(vector -> vector.truncate(run.row()));
      }
      maps.append(run, vectors);
    }

    private boolean appendAll(RecordRun run, List<Vector> vectors) {
      Vector[] columns = vectors.toArray(Vector[]::new);
      for (int row = run.from(); row < run.to(); row++) {
        Values values = ((TypedRow) run.records()[row]).read();
        for (int i = 0; i < appenders.length; i++) {
          if (!appenders[i].append(values, i, columns[i])) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
