package io.meshwork.internal.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.schema.LeafPath;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

/** Tests aggregates, with fixed values and against a direct implementation. */
class RowMeasureTest {
  private static final Schema DOUBLES = column(Types.DoubleType.get());
  private static final Schema LONGS = column(Types.LongType.get());
  private static final Schema DECIMALS = column(Types.DecimalType.of(10, 2));
  private static final Schema WIDE = column(Types.DecimalType.of(38, 4));

  private static Schema column(Type type) {
    return new Schema(Types.NestedField.optional(1, "x", type));
  }

  @Test
  void sumOfDoublesIsTheNearestDoubleOfTheExactSum() {
    MeasuredValue sum =
        measured(StatisticMeasure.Kind.SUM, DOUBLES, 1e308, 1.0, 1e308, -1e308, -1e308, 1e-300);

    assertThat(sum.asDouble()).hasValue(1.0);
    assertThat(
            measured(StatisticMeasure.Kind.SUM, DOUBLES, 0.1, 0.2, 0.3, -0.6)
                .asDouble()
                .orElseThrow())
        .isEqualTo(exact(0.1).add(exact(0.2)).add(exact(0.3)).add(exact(-0.6)).doubleValue());
    assertThat(
            measured(StatisticMeasure.Kind.SUM, DOUBLES, Double.MIN_VALUE, Double.MIN_VALUE)
                .value())
        .isEqualTo(2 * Double.MIN_VALUE);
    assertThat(
            measured(StatisticMeasure.Kind.SUM, DOUBLES, Double.MAX_VALUE, Double.MAX_VALUE)
                .value())
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void deviationIsAccurateForALargeMean() {
    assertThat(measured(StatisticMeasure.Kind.STDDEV, DOUBLES, 1e9 + 1, 1e9 + 2, 1e9 + 3).value())
        .isEqualTo(1.0);
    assertThat(measured(StatisticMeasure.Kind.STDDEV, DOUBLES, 2.0, 4.0).value())
        .isEqualTo(Math.sqrt(2));
    assertThat(
            measured(StatisticMeasure.Kind.STDDEV, DOUBLES, 1e300, -1e300).asDouble().orElseThrow())
        .isEqualTo(Math.sqrt(2) * 1e300, within(1e286));
    assertThat(
            measured(StatisticMeasure.Kind.STDDEV, LONGS, Long.MIN_VALUE, Long.MIN_VALUE).value())
        .isEqualTo(0.0);
    assertThat(measured(StatisticMeasure.Kind.STDDEV, DOUBLES, 2.0, null).isEmpty()).isTrue();
  }

  @Test
  void nanIsExcludedAndCountedAndInfinityIsIncluded() {
    MeasuredValue mean = measured(StatisticMeasure.Kind.MEAN, DOUBLES, 1.0, Double.NaN, 3.0, null);
    assertThat(mean.value()).isEqualTo(2.0);
    assertThat(mean.nanCount()).isEqualTo(1);

    double infinity = Double.POSITIVE_INFINITY;
    MeasuredValue infinite = measured(StatisticMeasure.Kind.MEAN, DOUBLES, infinity, 1.0);
    assertThat(infinite.value()).isEqualTo(infinity);
    assertThat(infinite.isWithin(BigDecimal.ONE, BigDecimal.valueOf(3))).isFalse();
    assertThat(infinite.isWithin(BigDecimal.ONE, null)).isTrue();
    assertThat(measured(StatisticMeasure.Kind.MEAN, DOUBLES, infinity, -infinity).value())
        .isEqualTo(Double.NaN);
    assertThat(
            measured(StatisticMeasure.Kind.MEAN, DOUBLES, infinity, -infinity).isWithin(null, null))
        .isFalse();
    assertThat(measured(StatisticMeasure.Kind.MEAN, DOUBLES, Double.NaN).isEmpty()).isTrue();
  }

  @Test
  void decimalsAreExactUpTo38Digits() {
    assertThat(measured(StatisticMeasure.Kind.SUM, DECIMALS, "0.10", "0.20", "-0.30").asDouble())
        .hasValue(0.0);
    assertThat(measured(StatisticMeasure.Kind.MEAN, DECIMALS, "1.00", "2.00").asDouble())
        .hasValue(1.5);

    String most = "9".repeat(34) + ".9999";
    MeasuredValue overflow = measured(StatisticMeasure.Kind.SUM, WIDE, most, "0.0001");
    assertThat(overflow.value()).isNull();
    assertThat(overflow.gap()).contains("38 digits");
    assertThat(measured(StatisticMeasure.Kind.SUM, WIDE, most, "-0.0001", "0.0001").value())
        .isEqualTo(new BigDecimal(most));
    assertThat(measured(StatisticMeasure.Kind.STDDEV, WIDE, "1", "3").value())
        .isEqualTo(Math.sqrt(2));
  }

  @Test
  void integersNeverOverflow() {
    MeasuredValue sum =
        measured(StatisticMeasure.Kind.SUM, LONGS, Long.MAX_VALUE, Long.MAX_VALUE, 1L);

    assertThat(sum.value())
        .isEqualTo(
            new BigDecimal(BigInteger.valueOf(Long.MAX_VALUE).shiftLeft(1).add(BigInteger.ONE)));
    assertThat(
            measured(StatisticMeasure.Kind.MEAN, LONGS, 1L, 2L)
                .isWithin(new BigDecimal("1.5"), null))
        .isTrue();
  }

  @Test
  void extremesTreatBothZerosAsEqual() {
    ExtremeMeasure least = ExtremeMeasure.least(LeafPath.of(DOUBLES, "x"));
    least.add(batch(DOUBLES, List.of(0.0, -0.0, Double.NaN)), all(3));

    assertThat(least.result().value()).isEqualTo(0.0);
    assertThat(least.result().nanCount()).isEqualTo(1);
    assertThat(ExtremeMeasure.least(LeafPath.of(DOUBLES, "x")).result().isEmpty()).isTrue();
  }

  @Test
  void completenessOfNoRowsIsCompleteAndCountsSelectedRowsOnly() {
    CompletenessMeasure completeness = new CompletenessMeasure(LeafPath.of(DOUBLES, "x"));
    assertThat(completeness.result().asDouble()).hasValue(100);

    RowMask selected = new RowMask(4);
    selected.set(0);
    selected.set(1);
    completeness.add(batch(DOUBLES, Arrays.asList(null, Double.NaN, null, 1.0)), selected);
    assertThat(completeness.result().asDouble()).hasValue(50);
  }

  @Test
  void pathsLeadThroughStructsAndElements() {
    Types.StructType line =
        Types.StructType.of(Types.NestedField.optional(4, "quantity", Types.IntegerType.get()));
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "lines", Types.ListType.ofOptional(3, line)),
            Types.NestedField.optional(
                5,
                "customer",
                Types.StructType.of(Types.NestedField.optional(6, "age", Types.LongType.get()))));
    VectorBatch batch = orders(schema);

    StatisticMeasure sum =
        new StatisticMeasure(StatisticMeasure.Kind.SUM, LeafPath.of(schema, "lines[].quantity"));
    sum.add(batch, all(4));
    assertThat(sum.result().asDouble()).hasValue(6);
    CompletenessMeasure lines = new CompletenessMeasure(LeafPath.of(schema, "lines[].quantity"));
    lines.add(batch, all(4));
    // Row 0 is complete, row 1 has a null element, row 2 no list, and row 3 an empty one.
    assertThat(lines.result().asDouble()).hasValue(50);
    StatisticMeasure ages =
        new StatisticMeasure(StatisticMeasure.Kind.MEAN, LeafPath.of(schema, "customer.age"));
    ages.add(batch, all(4));
    assertThat(ages.result().asDouble()).hasValue(40);
  }

  private static VectorBatch orders(Schema schema) {
    VectorBatch batch = VectorBatch.empty(schema);
    ListVector lists = (ListVector) batch.vector(0);
    StructVector lines = (StructVector) lists.elements();
    IntVector quantities = (IntVector) lines.child(0);
    StructVector customers = (StructVector) batch.vector(1);
    quantities.append(1);
    lines.append();
    quantities.append(2);
    lines.append();
    lists.append();
    quantities.append(3);
    lines.append();
    lines.appendNull();
    lists.append();
    lists.appendNull();
    lists.append();
    ((LongVector) customers.child(0)).append(30);
    customers.append();
    customers.appendNull();
    customers.child(0).appendNull();
    customers.append();
    ((LongVector) customers.child(0)).append(50);
    customers.append();
    return batch;
  }

  @Test
  void ageUsesTheLaterOffsetDuringAnOverlap() {
    Type local = Types.TimestampType.withoutZone();
    ZoneId newYork = ZoneId.of("America/New_York");
    Instant moment = AgeMeasure.moment(local, micros("2024-11-03T01:30:00"), newYork);

    assertThat(moment).isEqualTo(Instant.parse("2024-11-03T06:30:00Z"));
    assertThat(AgeMeasure.moment(local, micros("2024-07-01T12:00:00"), newYork))
        .isEqualTo(Instant.parse("2024-07-01T16:00:00Z"));
    assertThat(
            AgeMeasure.moment(Types.TimestampType.withZone(), micros("2024-07-01T12:00:00"), null))
        .isEqualTo(Instant.parse("2024-07-01T12:00:00Z"));
    assertThat(AgeMeasure.minutes(moment, moment.plusSeconds(90)).asDouble()).hasValue(1.5);
    assertThat(AgeMeasure.minutes(moment, moment.minusSeconds(90)).asDouble()).hasValue(0);
    assertThat(AgeMeasure.minutes(Duration.ofHours(1))).isEqualByComparingTo("60");
  }

  private static long micros(String local) {
    return LocalDateTime.parse(local).toEpochSecond(ZoneOffset.UTC) * 1_000_000;
  }

  @Test
  void steadyNumbersAreWithinRobustDeviationsOfTheirMedian() {
    List<Double> earlier = List.of(10.0, 12.0, 11.0, 9.0, 1_000.0);

    // Median 11, distances 1, 1, 0, 2, 989: their median is 1.
    assertThat(SteadinessCheck.of(11 + 4 * 1.4826, earlier, 4))
        .isEqualTo(SteadinessCheck.Verdict.STEADY);
    assertThat(SteadinessCheck.of(17.0, earlier, 4)).isEqualTo(SteadinessCheck.Verdict.UNSTEADY);
    assertThat(SteadinessCheck.of(17.0, earlier.subList(0, 4), 4))
        .isEqualTo(SteadinessCheck.Verdict.NOT_ENOUGH_HISTORY);
    List<Double> same = Collections.nCopies(6, 5.0);
    assertThat(SteadinessCheck.of(5.0, same, 4))
        .isEqualTo(SteadinessCheck.Verdict.NOT_ENOUGH_HISTORY);
    assertThat(SteadinessCheck.of(5.1, same, 4)).isEqualTo(SteadinessCheck.Verdict.UNSTEADY);
    assertThat(SteadinessCheck.of(Double.NaN, same, 4)).isEqualTo(SteadinessCheck.Verdict.UNSTEADY);
    assertThat(SteadinessCheck.of(3.5, List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0), 0))
        .isEqualTo(SteadinessCheck.Verdict.STEADY);
  }

  @Test
  void resultsMatchANaiveOracleForAnyOrderAndBatches() {
    for (int round = 0; round < 60; round++) {
      long seed = 20_241_120L + round;
      Random random = new Random(seed);
      List<Object> values = new ArrayList<>();
      int size = random.nextInt(200);
      int spread = random.nextInt(600);
      for (int i = 0; i < size; i++) {
        int kind = random.nextInt(12);
        Double number =
            random.nextGaussian() * Math.scalb(1.0, random.nextInt(spread + 1) - spread / 2);
        values.add(kind == 0 ? null : kind == 1 ? Double.valueOf(Double.NaN) : number);
      }
      String why = "seed " + seed;
      for (StatisticMeasure.Kind kind : StatisticMeasure.Kind.values()) {
        MeasuredValue straight =
            chunked(
                () -> new StatisticMeasure(kind, LeafPath.of(DOUBLES, "x")), values, random, false);
        List<Object> shuffled = new ArrayList<>(values);
        Collections.shuffle(shuffled, random);
        MeasuredValue other =
            chunked(
                () -> new StatisticMeasure(kind, LeafPath.of(DOUBLES, "x")),
                shuffled,
                random,
                true);
        assertThat(other).as(why + " " + kind).isEqualTo(straight);
        double oracle = oracle(kind, values);
        if (Double.isNaN(oracle)) {
          assertThat(straight.isEmpty()).as(why).isTrue();
        } else {
          assertThat(straight.asDouble().orElseThrow())
              .as(why + " " + kind)
              .isEqualTo(oracle, within(Math.ulp(oracle)));
        }
      }
      assertThat(
              chunked(
                      () -> ExtremeMeasure.greatest(LeafPath.of(DOUBLES, "x")),
                      values,
                      random,
                      true)
                  .asDouble())
          .as(why)
          .isEqualTo(present(values).mapToDouble(Double::doubleValue).max());
    }
  }

  private static Stream<Double> present(List<Object> values) {
    return values.stream().filter(Objects::nonNull).map(Double.class::cast).filter(v -> !v.isNaN());
  }

  /** Returns all digits of a double, which is the summand. */
  private static BigDecimal exact(double value) {
    return new BigDecimal(value);
  }

  private static double oracle(StatisticMeasure.Kind kind, List<Object> values) {
    List<BigDecimal> numbers = present(values).map(BigDecimal::new).toList();
    int n = numbers.size();
    if (n < (kind == StatisticMeasure.Kind.STDDEV ? 2 : 1)) {
      return Double.NaN;
    }
    BigDecimal sum = numbers.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    if (kind == StatisticMeasure.Kind.SUM) {
      return sum.doubleValue();
    }
    MathContext digits = new MathContext(700);
    BigDecimal mean = sum.divide(BigDecimal.valueOf(n), digits);
    if (kind == StatisticMeasure.Kind.MEAN) {
      return mean.doubleValue();
    }
    BigDecimal squares =
        numbers.stream()
            .map(number -> number.subtract(mean).pow(2))
            .reduce(BigDecimal.ZERO, BigDecimal::add);
    return squares
        .divide(BigDecimal.valueOf(n - 1), new MathContext(40))
        .sqrt(new MathContext(40))
        .doubleValue();
  }

  /** Adds values in random batches, some of them dictionary-encoded. */
  private static MeasuredValue chunked(
      Supplier<RowMeasure> make, List<Object> values, Random random, boolean encoded) {
    RowMeasure measure = make.get();
    for (int at = 0; at < values.size(); ) {
      int end = Math.min(values.size(), at + 1 + random.nextInt(60));
      VectorBatch batch = batch(DOUBLES, values.subList(at, end));
      measure.add(encoded && random.nextBoolean() ? encoded(batch) : batch, all(end - at));
      at = end;
    }
    return measure.result();
  }

  @Test
  void statisticsOfPartsAddUpToTheWhole() {
    StatisticMeasure one =
        new StatisticMeasure(StatisticMeasure.Kind.STDDEV, LeafPath.of(DOUBLES, "x"));
    StatisticMeasure two =
        new StatisticMeasure(StatisticMeasure.Kind.STDDEV, LeafPath.of(DOUBLES, "x"));
    one.add(batch(DOUBLES, List.of(1.5, -2.5)), all(2));
    two.add(batch(DOUBLES, List.of(Double.NaN, 8.25)), all(2));
    one.add(two);

    assertThat(one.result())
        .isEqualTo(
            new MeasuredValue(
                measured(StatisticMeasure.Kind.STDDEV, DOUBLES, 8.25, 1.5, -2.5).value(), "", 1));
  }

  private static VectorBatch encoded(VectorBatch batch) {
    Vector vector = batch.vector(0);
    Vector dictionary = vector.newEmpty();
    DictionaryVector codes = new DictionaryVector(dictionary);
    for (int row = 0; row < vector.size(); row++) {
      if (vector.isNull(row)) {
        codes.appendNull();
      } else {
        dictionary.appendFrom(vector, row);
        codes.append(dictionary.size() - 1);
      }
    }
    return new VectorBatch(batch.schema(), List.of(codes));
  }

  private static MeasuredValue measured(
      StatisticMeasure.Kind kind, Schema schema, Object... values) {
    StatisticMeasure statistic = new StatisticMeasure(kind, LeafPath.of(schema, "x"));
    statistic.add(batch(schema, Arrays.asList(values)), all(values.length));
    return statistic.result();
  }

  private static RowMask all(int rows) {
    RowMask mask = new RowMask(rows);
    mask.flip(rows);
    return mask;
  }

  private static VectorBatch batch(Schema schema, List<?> values) {
    VectorBatch batch = VectorBatch.empty(schema);
    Vector vector = batch.vector(0);
    for (Object value : values) {
      if (value == null) {
        vector.appendNull();
      } else if (vector instanceof DoubleVector doubles) {
        doubles.append((Double) value);
      } else if (value instanceof Long number) {
        ((LongVector) vector).append(number);
      } else {
        Types.DecimalType type = (Types.DecimalType) schema.columns().get(0).type();
        BigInteger unscaled = new BigDecimal((String) value).setScale(type.scale()).unscaledValue();
        if (vector instanceof LongVector longs) {
          longs.append(unscaled.longValueExact());
        } else {
          byte[] bytes = new byte[16];
          byte[] given = unscaled.toByteArray();
          Arrays.fill(bytes, (byte) (unscaled.signum() < 0 ? -1 : 0));
          System.arraycopy(given, 0, bytes, 16 - given.length, given.length);
          ((BytesVector) vector).append(bytes);
        }
      }
    }
    return batch;
  }
}
