package io.meshwork.internal.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowPredicateMatchTest {
  private static final Schema ORDERS =
      new Schema(
          NestedField.optional(1, "id", Types.LongType.get()),
          NestedField.optional(2, "country", Types.StringType.get()));

  /** World W03 of the access fixture: us, de, null. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "country = 'us' | 0",
        "country = 'de' | 1",
        "country  =  'us' | 0",
        "NOT country = 'us' | 1",
        "id > 1 | 1 2",
        "TRUE | 0 1 2",
        "FALSE | ``",
        "country = 'us' OR country <> 'us' | 0 1",
        "country IS NULL | 2",
        "country NOT IN ('us') | 1",
        "country IS NULL OR country = 'DE' | 2",
        "id = 1 OR id = 2 AND country = 'us' | 0",
        "id = 3 AND NOT (country = 'us' AND id = 1) | 2",
        "id = 3 OR country = 'us' | 0 2"
      })
  void onlyTrueRowsAreReturned(String filter, String rows) {
    VectorBatch batch =
        SampleValues.batch(
            ORDERS,
            List.of(new Object[] {1L, "us"}, new Object[] {2L, "de"}, new Object[] {3L, null}));

    assertThat(rows(RowPredicate.parse(filter, ORDERS).matches(batch))).isEqualTo(rows);
  }

  @ParameterizedTest
  @CsvSource({
    "c = 0, 0 1",
    "c <> 0, 2 3 4",
    "c > 0, 3",
    "c >= 0, 0 1 3",
    "c < 0, 4",
    "c <= 0, 0 1 4",
    "NOT c > 0, 0 1 2 4",
    "NOT c <= 0, 2 3",
    "c IN (0), 0 1",
    "c NOT IN (0), 2 3 4",
    "c BETWEEN -1e30 AND 1e30, 0 1",
    "c NOT BETWEEN -1e30 AND 1e30, 2 3 4",
    "c IS NULL, 5"
  })
  void nanIsInNoRangeAndZerosAreEqual(String filter, String rows) {
    for (Type type : List.of(Types.DoubleType.get(), Types.FloatType.get())) {
      Schema schema = new Schema(NestedField.optional(1, "c", type));
      List<Object[]> values = new ArrayList<>();
      for (double value :
          new double[] {
            0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
          }) {
        Object cell = type.typeId() == Type.TypeID.FLOAT ? (Object) (float) value : value;
        values.add(new Object[] {cell});
      }
      values.add(new Object[] {null});

      assertThat(
              rows(RowPredicate.parse(filter, schema).matches(SampleValues.batch(schema, values))))
          .as(type.toString())
          .isEqualTo(rows);
    }
  }

  @Test
  void ticksAreComparedExactlyForInstantsInNanoseconds() {
    Schema schema = new Schema(NestedField.optional(1, "c", Types.TimestampNanoType.withZone()));
    VectorBatch batch =
        SampleValues.batch(
            schema,
            List.of(
                new Object[] {-1L}, new Object[] {1_000_000_001L}, new Object[] {1_000_000_000L}));
    String filter = "c > TIMESTAMP '1970-01-01T01:00:01+01:00'";

    assertThat(rows(RowPredicate.parse(filter, schema).matches(batch))).isEqualTo("1");
  }

  @Test
  void textsWithZeroBytesAreOrderedByTheirBytes() {
    Schema schema = new Schema(NestedField.optional(1, "c", Types.StringType.get()));
    VectorBatch batch =
        SampleValues.batch(
            schema, List.of(new Object[] {"a\u0000"}, new Object[] {"a"}, new Object[] {"\u0000"}));

    assertThat(rows(RowPredicate.parse("c > 'a'", schema).matches(batch))).isEqualTo("0");
    assertThat(rows(RowPredicate.parse("c LIKE '_'", schema).matches(batch))).isEqualTo("1 2");
  }

  @Test
  void hardPatternOnALongTextTerminates() {
    Schema schema = new Schema(NestedField.optional(1, "c", Types.StringType.get()));
    VectorBatch batch =
        SampleValues.batch(schema, List.<Object[]>of(new Object[] {"a".repeat(20_000)}));
    String filter = "c LIKE '" + "%a".repeat(900) + "%b'";

    assertThat(RowPredicate.parse(filter, schema).matches(batch).isEmpty()).isTrue();
  }

  @Test
  void columnOfUnknownTypeIsNullInEveryRow() {
    Schema schema =
        new Schema(
            NestedField.optional(1, "id", Types.LongType.get()),
            NestedField.optional(9, "nothing", Types.UnknownType.get()));
    VectorBatch batch =
        SampleValues.batch(
            new Schema(schema.findField(1)), List.of(new Object[] {1L}, new Object[] {2L}));

    assertThat(rows(RowPredicate.parse("nothing IS NULL", schema).matches(batch))).isEqualTo("0 1");
    assertThat(rows(RowPredicate.parse("nothing = 1 OR id = 2", schema).matches(batch)))
        .isEqualTo("1");
    assertThat(rows(RowPredicate.parse("NOT nothing = 'a'", schema).matches(batch))).isEmpty();
  }

  @Test
  void fieldOfANullStructIsNull() {
    Schema schema =
        new Schema(
            NestedField.optional(
                1,
                "a",
                Types.StructType.of(
                    NestedField.required(2, "x", Types.LongType.get()),
                    NestedField.optional(
                        3,
                        "b",
                        Types.StructType.of(
                            NestedField.optional(4, "y", Types.StringType.get()))))));
    VectorBatch batch = VectorBatch.empty(schema);
    StructVector outer = (StructVector) batch.vector(0);
    StructVector inner = (StructVector) outer.child(1);
    LongVector numbers = (LongVector) outer.child(0);
    numbers.append(5);
    ((BytesVector) inner.child(0)).append(new byte[] {'z'});
    inner.append();
    outer.append();
    numbers.append(6);
    inner.appendNull();
    outer.append();
    outer.appendNull();

    assertThat(rows(RowPredicate.parse("a.x > 1", schema).matches(batch))).isEqualTo("0 1");
    assertThat(rows(RowPredicate.parse("NOT a.x = 5", schema).matches(batch))).isEqualTo("1");
    assertThat(rows(RowPredicate.parse("a.x IS NULL", schema).matches(batch))).isEqualTo("2");
    assertThat(rows(RowPredicate.parse("a.b.y = 'z'", schema).matches(batch))).isEqualTo("0");
    assertThat(rows(RowPredicate.parse("a.b.y IS NULL OR a.b.y < 'a'", schema).matches(batch)))
        .isEqualTo("1 2");
  }

  @Test
  void emptyBatchMatchesNothing() {
    VectorBatch batch = VectorBatch.empty(ORDERS);

    assertThat(RowPredicate.parse("id = 1 OR TRUE", ORDERS).matches(batch).isEmpty()).isTrue();
  }

  @Test
  void batchWithoutTheColumnOrWithAnotherTypeIsRejected() {
    Schema other = new Schema(NestedField.optional(1, "id", Types.IntegerType.get()));
    RowPredicate predicate = RowPredicate.parse("id = 1", ORDERS);

    assertThatThrownBy(() -> predicate.matches(VectorBatch.empty(other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("id", "int", "long");
    assertThatThrownBy(() -> predicate.matches(VectorBatch.empty(new Schema(ORDERS.findField(2)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("id");
  }

  private static String rows(RowMask mask) {
    List<String> rows = new ArrayList<>();
    for (int row = mask.next(0); row >= 0; row = mask.next(row + 1)) {
      rows.add(Integer.toString(row));
    }
    return String.join(" ", rows);
  }
}
