package io.meshwork.internal.vector;

import io.meshwork.columnar.ColumnBatch.ColumnVector;
import java.util.Objects;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** A column of a batch for users, which checks each access. Not thread-safe. */
final class VectorColumn implements ColumnVector {
  private final VectorBatch batch;
  private final Types.NestedField field;
  private final Vector vector;
  private final @Nullable DictionaryVector encoded;

  // What holds the numbers, by its class: the vector itself, or its dictionary.
  private final @Nullable LongVector longs;
  private final @Nullable IntVector ints;
  private final @Nullable DoubleVector doubles;
  private final @Nullable FloatVector floats;

  /** True if longs and ints are numbers rather than dates and times. */
  private final boolean whole;

  /** The requested entries of a dictionary of strings. */
  private @Nullable String @Nullable [] texts;

  VectorColumn(VectorBatch batch, Types.NestedField field, Vector vector) {
    this.batch = batch;
    this.field = field;
    this.vector = vector;
    encoded = vector instanceof DictionaryVector dictionary ? dictionary : null;
    Vector values = encoded == null ? vector : encoded.dictionary();
    Type.TypeID type = field.type().typeId();
    longs = type != Type.TypeID.DECIMAL && values instanceof LongVector ofLongs ? ofLongs : null;
    ints = values instanceof IntVector ofInts ? ofInts : null;
    doubles = values instanceof DoubleVector ofDoubles ? ofDoubles : null;
    floats = values instanceof FloatVector ofFloats ? ofFloats : null;
    whole = type == Type.TypeID.INTEGER || type == Type.TypeID.LONG;
  }

  String name() {
    return field.name();
  }

  @Override
  public int rows() {
    return vector.size();
  }

  @Override
  public int nullCount() {
    return vector.nullCount();
  }

  @Override
  public boolean isNull(int row) {
    check(row);
    return vector.isNull(row);
  }

  @Override
  public long longAt(int row) {
    check(row);
    if (!vector.isNull(row)) {
      if (longs != null) {
        return longs.get(index(row));
      }
      if (ints != null) {
        return ints.get(index(row));
      }
    }
    throw notA("int, long, date, time, or timestamp", row);
  }

  @Override
  public double doubleAt(int row) {
    check(row);
    if (!vector.isNull(row)) {
      if (doubles != null) {
        return doubles.get(index(row));
      }
      if (floats != null) {
        return floats.get(index(row));
      }
      if (whole && longs != null) {
        return longs.get(index(row));
      }
      if (whole && ints != null) {
        return ints.get(index(row));
      }
    }
    throw notA("double, float, int, or long", row);
  }

  @Override
  public @Nullable Object valueAt(int row) {
    check(row);
    if (encoded != null
        && field.type().typeId() == Type.TypeID.STRING
        && encoded.dictionary().size() <= vector.size()
        && !vector.isNull(row)) {
      return text(encoded, encoded.index(row));
    }
    return VectorBatch.value(field.type(), vector, row);
  }

  /** Returns a value like {@link #valueAt}, but stores nothing, so the batch may still grow. */
  @Nullable Object decodedAt(int row) {
    check(row);
    return VectorBatch.value(field.type(), vector, row);
  }

  private String text(DictionaryVector dictionary, int entry) {
    if (texts == null) {
      texts = new @Nullable String[dictionary.dictionary().size()];
    }
    String text = texts[entry];
    if (text == null) {
      text =
          (String)
              Objects.requireNonNull(
                  VectorBatch.value(field.type(), dictionary.dictionary(), entry));
      texts[entry] = text;
    }
    return text;
  }

  private int index(int row) {
    return encoded == null ? row : encoded.index(row);
  }

  private void check(int row) {
    if (batch.isExpired()) {
      throw VectorBatch.expired();
    }
    if (row < 0 || row >= vector.size()) {
      throw new IndexOutOfBoundsException("the batch has no row " + row + " of " + vector.size());
    }
  }

  private IllegalArgumentException notA(String types, int row) {
    return new IllegalArgumentException(
        "column "
            + field.name()
            + (vector.isNull(row)
                ? " is null at row " + row + "; ask isNull(..) first"
                : " has the type " + field.type() + ", and is no " + types + "; use valueAt(..)"));
  }
}
