package io.meshwork.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.columnar.ColumnBatch.ColumnVector;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class VectorBatchTest {
  @Test
  void datesAndTimesAreLongsAsTheyAreStored() {
    IntVector days = new IntVector();
    days.append(-3);
    assertThat(batch(Types.DateType.get(), days).longAt("c", 0)).isEqualTo(-3);
    for (Type type :
        List.of(
            Types.LongType.get(),
            Types.TimeType.get(),
            Types.TimestampType.withZone(),
            Types.TimestampType.withoutZone(),
            Types.TimestampNanoType.withZone())) {
      LongVector longs = new LongVector();
      longs.append(1_700_000_000_000_001L);
      assertThat(batch(type, longs).longAt("c", 0))
          .as("%s", type)
          .isEqualTo(1_700_000_000_000_001L);
    }
  }

  @Test
  void numbersOfADictionaryAreFoundByTheirIndex() {
    LongVector entries = new LongVector();
    entries.append(10);
    entries.append(20);
    DictionaryVector encoded = new DictionaryVector(entries);
    encoded.append(1);
    encoded.appendNull();
    encoded.append(0);
    ColumnBatch batch = batch(Types.LongType.get(), encoded);

    assertThat(batch.longAt("c", 0)).isEqualTo(20);
    assertThat(batch.doubleAt("c", 2)).isEqualTo(10.0);
    assertThat(batch.isNull("c", 1)).isTrue();
    assertThatThrownBy(() -> batch.longAt("c", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c is null at row 1");
    assertThatThrownBy(() -> batch.doubleAt("c", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c is null at row 1");
  }

  @Test
  void eachNumberIsADouble() {
    DoubleVector doubles = new DoubleVector();
    doubles.append(0.5);
    assertThat(batch(Types.DoubleType.get(), doubles).doubleAt("c", 0)).isEqualTo(0.5);
    FloatVector floats = new FloatVector();
    floats.append(1.5f);
    assertThat(batch(Types.FloatType.get(), floats).doubleAt("c", 0)).isEqualTo(1.5);
    IntVector ints = new IntVector();
    ints.append(7);
    assertThat(batch(Types.IntegerType.get(), ints).doubleAt("c", 0)).isEqualTo(7.0);
  }

  @Test
  void anotherTypeIsRefusedWithTheColumnAndItsType() {
    LongVector cents = new LongVector();
    cents.append(1234);
    ColumnBatch batch = batch(Types.DecimalType.of(10, 2), cents);
    assertThatThrownBy(() -> batch.longAt("c", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c has the type decimal(10, 2)");
    assertThatThrownBy(() -> batch.doubleAt("c", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c has the type decimal(10, 2)");
  }

  @Test
  void aRowThatTheBatchDoesNotHaveIsRefused() {
    LongVector longs = new LongVector();
    longs.append(1);
    longs.append(2);
    longs.truncate(1);
    ColumnBatch batch = batch(Types.LongType.get(), longs);
    for (int row : new int[] {-1, 1, 5_000}) {
      assertThatThrownBy(() -> batch.longAt("c", row))
          .isInstanceOf(IndexOutOfBoundsException.class)
          .hasMessageContaining("no row " + row + " of 1");
      assertThatThrownBy(() -> batch.isNull("c", row))
          .isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> batch.valueAt("c", row))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> batch.doubleAt("d", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no column d");
  }

  @Test
  void aColumnHasTheValuesOfItsBatchWhateverHoldsThem() {
    Random random = new Random(7);
    for (Type type :
        List.of(
            Types.BooleanType.get(),
            Types.IntegerType.get(),
            Types.LongType.get(),
            Types.FloatType.get(),
            Types.DoubleType.get(),
            Types.DateType.get(),
            Types.TimestampType.withZone(),
            Types.DecimalType.of(12, 2),
            Types.StringType.get())) {
      for (boolean dictionary : new boolean[] {false, true}) {
        Vector values = values(type, random);
        Vector vector = dictionary ? encoded(values, random) : values;
        ColumnBatch batch = batch(type, vector);
        ColumnVector column = batch.column("c");
        assertThat(column.rows()).isEqualTo(batch.rows());
        int nulls = 0;
        for (int row = 0; row < batch.rows(); row++) {
          int at = row;
          String what = type + ", dictionary " + dictionary + ", row " + row;
          assertThat(column.isNull(row)).as(what).isEqualTo(vector.isNull(row));
          assertThat(column.valueAt(row)).as(what).isEqualTo(batch.valueAt("c", row));
          assertThat(outcome(() -> column.longAt(at)))
              .as(what)
              .isEqualTo(outcome(() -> batch.longAt("c", at)));
          assertThat(outcome(() -> column.doubleAt(at)))
              .as(what)
              .isEqualTo(outcome(() -> batch.doubleAt("c", at)));
          nulls += column.isNull(row) ? 1 : 0;
        }
        assertThat(column.nullCount()).isEqualTo(nulls).isPositive();
      }
    }
  }

  private static Object outcome(Supplier<Object> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private static Vector values(Type type, Random random) {
    Vector vector = VectorBatch.emptyVector(type);
    for (int row = 0; row < 100; row++) {
      if (random.nextInt(5) == 0) {
        vector.appendNull();
      } else if (vector instanceof BooleanVector booleans) {
        booleans.append(random.nextBoolean());
      } else if (vector instanceof IntVector ints) {
        ints.append(random.nextInt());
      } else if (vector instanceof LongVector longs) {
        longs.append(random.nextInt() * 1_000_003L);
      } else if (vector instanceof FloatVector floats) {
        floats.append(random.nextFloat());
      } else if (vector instanceof DoubleVector doubles) {
        doubles.append(random.nextDouble());
      } else {
        ((BytesVector) vector).append(("text " + row).getBytes(StandardCharsets.UTF_8));
      }
    }
    return vector;
  }

  /** Returns random entries of a dictionary, and nulls. */
  private static Vector encoded(Vector values, Random random) {
    values.replaceNulls();
    DictionaryVector encoded = new DictionaryVector(values);
    for (int row = 0; row < 300; row++) {
      if (random.nextInt(5) == 0) {
        encoded.appendNull();
      } else {
        encoded.append(random.nextInt(values.size()));
      }
    }
    return encoded;
  }

  @Test
  void aTextOfADictionaryIsDecodedOnceByAColumn() {
    BytesVector entries = new BytesVector();
    entries.append("Oslo".getBytes(StandardCharsets.UTF_8));
    DictionaryVector encoded = new DictionaryVector(entries);
    encoded.append(0);
    encoded.append(0);
    ColumnVector column = batch(Types.StringType.get(), encoded).column("c");

    assertThat(column.valueAt(0)).isEqualTo("Oslo").isSameAs(column.valueAt(1));
  }

  @Test
  void aColumnRefusesOtherRowsTypesNullsAndNames() {
    DoubleVector doubles = new DoubleVector();
    doubles.append(1);
    doubles.appendNull();
    ColumnBatch batch = batch(Types.DoubleType.get(), doubles);
    ColumnVector column = batch.column("c");
    for (int row : new int[] {-1, 2, 1_000_000}) {
      for (IntFunction<Object> read :
          List.<IntFunction<Object>>of(
              column::isNull, column::longAt, column::doubleAt, column::valueAt)) {
        assertThatThrownBy(() -> read.apply(row))
            .isInstanceOf(IndexOutOfBoundsException.class)
            .hasMessage("the batch has no row " + row + " of 2");
      }
    }
    assertThatThrownBy(() -> column.longAt(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c has the type double")
        .hasMessageContaining("valueAt(..)");
    assertThatThrownBy(() -> column.doubleAt(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("column c is null at row 1");
    assertThatThrownBy(() -> batch.column("d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no column d")
        .hasMessageContaining("[c]");
  }

  @Test
  void aColumnExpiresWithItsBatch() {
    LongVector longs = new LongVector();
    longs.append(1);
    VectorBatch batch =
        new VectorBatch(
            new Schema(Types.NestedField.optional(1, "c", Types.LongType.get())), List.of(longs));
    ColumnVector column = batch.column("c");

    batch.expire();

    for (IntFunction<Object> read :
        List.<IntFunction<Object>>of(
            column::isNull,
            column::longAt,
            column::doubleAt,
            column::valueAt,
            row -> batch.column("c"))) {
      assertThatThrownBy(() -> read.apply(0))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the batch has expired");
    }
  }

  private static ColumnBatch batch(Type type, Vector vector) {
    return new VectorBatch(new Schema(Types.NestedField.optional(1, "c", type)), List.of(vector));
  }
}
