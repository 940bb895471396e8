package io.meshwork.internal.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.columnar.ColumnBatch;
import java.util.List;
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

  private static ColumnBatch batch(Type type, Vector vector) {
    return new VectorBatch(new Schema(Types.NestedField.optional(1, "c", type)), List.of(vector));
  }
}
