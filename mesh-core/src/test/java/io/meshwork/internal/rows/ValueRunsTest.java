package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.util.Utf8;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class ValueRunsTest {
  /**
   * A component for each column of {@link FlatTypes#CONTRACT}, which may have a value of any class.
   */
  record Any(
      Object flag,
      Object small,
      Object big,
      Object single,
      @io.meshwork.contract.Column("double") Object twice,
      Object text,
      Object bytes,
      Object four,
      Object color,
      Object price,
      Object quantity,
      Object wide,
      Object huge,
      Object day,
      Object minute,
      Object moment,
      Object seen,
      Object at,
      Object exact,
      Object localSeen,
      Object localAt,
      Object localExact,
      Object id,
      Object key) {}

  private static final int COLUMNS = Any.class.getRecordComponents().length;

  /** Values that fit each of the columns. */
  private static final List<List<Object>> FITTING =
      List.of(
          List.of(true, false),
          List.of(1, Integer.MIN_VALUE, (short) 2, (byte) 3),
          List.of(1L, Long.MAX_VALUE, 4, (short) 2),
          List.of(1.5f, Float.NaN),
          List.of(-2.5, 1.5f, Double.NaN),
          List.of("a", "bc", "", "why?", "x".repeat(70), new Utf8("utf"), new StringBuilder("b")),
          List.of(ByteBuffer.wrap(new byte[] {1, 2}), new byte[0], new byte[] {3}),
          List.of(ByteBuffer.wrap(new byte[4]), new byte[] {1, 2, 3, 4}),
          List.of(FlatTypes.Color.RED, FlatTypes.Color.BLUE, "GREEN", new Utf8("RED")),
          List.of(new BigDecimal("1.25"), new BigDecimal("-9999999.99"), BigDecimal.TEN),
          List.of(BigDecimal.ONE, new BigDecimal("999999999999999999")),
          List.of(new BigDecimal("0.5"), new BigDecimal("-0.9999999999999999999")),
          List.of(new BigDecimal(BigInteger.TEN.pow(27), 0), new BigDecimal("-1.0000000001")),
          List.of(LocalDate.EPOCH, LocalDate.of(-4000, 1, 31)),
          List.of(LocalTime.MIN, LocalTime.of(1, 2, 3, 4_000_000)),
          List.of(LocalTime.NOON, LocalTime.of(23, 59, 59, 999_999_000)),
          List.of(Instant.EPOCH, Instant.ofEpochMilli(-1)),
          List.of(Instant.EPOCH, Instant.ofEpochSecond(-2, 1_000), atMicros(Long.MIN_VALUE)),
          List.of(Instant.ofEpochSecond(-3, 999_999_999), nanos(Long.MAX_VALUE)),
          List.of(LocalDateTime.of(1969, 12, 31, 23, 59, 59, 999_000_000)),
          List.of(LocalDateTime.of(2026, 1, 2, 3, 4, 5, 6_000)),
          List.of(LocalDateTime.of(1700, 1, 2, 3, 4, 5, 6)),
          List.of(new UUID(1, -2), "01234567-89ab-cdef-0123-456789ABCDEF"),
          List.of(new UUID(-1, 2), new Utf8("01234567-89ab-cdef-0123-456789ABCDEF")));

  /** Values at the edges of what fits some column. */
  private static final List<Object> EDGES =
      List.of(
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          Integer.MAX_VALUE,
          -1,
          86_400_000,
          86_400_000_000L,
          "\u00e5 \u20ac",
          "\ud83d\ude00",
          "lone \ud800 surrogate",
          "\udc00",
          "NO_SYMBOL",
          "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17-89ab-cdef-0123-456789abcdef",
          "01234567-89ab-cdef-0123-456789abcdeg",
          "\u0130\u0131234567-89ab-cdef-0123-456789abcd",
          new Utf8(new byte[] {'a', (byte) 0xff}),
          Thread.State.NEW,
          Optional.of("content"),
          Optional.empty(),
          new byte[5],
          new BigDecimal("1.234"),
          new BigDecimal(BigInteger.ONE.shiftLeft(200)),
          new BigDecimal("0E+30"),
          LocalDate.MIN,
          LocalDate.MAX,
          LocalTime.MAX,
          Instant.MIN,
          Instant.MAX,
          Instant.ofEpochSecond(-9_223_372_036L, 145_224_192),
          Instant.ofEpochSecond(-9_223_372_037L, 145_224_191),
          Instant.ofEpochSecond(9_223_372_036L, 854_775_807),
          Instant.ofEpochSecond(9_223_372_036L, 854_775_808),
          Instant.ofEpochSecond(-9_223_372_036_855L, 224_192_000),
          Instant.ofEpochSecond(-9_223_372_036_855L, 224_191_000),
          Instant.ofEpochSecond(9_223_372_036_854L, 775_807_000),
          Instant.ofEpochSecond(9_223_372_036_854L, 775_808_000),
          LocalDateTime.MIN,
          LocalDateTime.MAX,
          new Object[] {1},
          List.of());

  @Test
  void valuesThatAreAppendedAsRunsGiveTheRowsAndViolationsOfValuesOneByOne() {
    int violations = 0;
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      // Few edges, so that many runs have none; some seeds have none at all.
      double edges = random.nextInt(3) * 0.001;
      double nulls = random.nextInt(4) * 0.33;
      List<Object> records = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Object[] values = row(random, nulls, edges);
        records.add(seed % 2 == 0 ? any(values) : avro(values));
      }
      boolean withDictionaries = random.nextBoolean();
      VectorBatch together = batch(withDictionaries);
      TypeViolations ofRuns = new TypeViolations();
      RecordShredder shredder = RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE);
      for (int from = 0; from < records.size(); ) {
        int to = Math.min(records.size(), from + 1 + random.nextInt(80));
        Object[] run = records.subList(from, to).toArray();
        shredder.shredAll(run, run.length, together, ofRuns);
        from = to;
      }
      VectorBatch apart = batch(withDictionaries);
      TypeViolations ofEach = new TypeViolations();
      RecordShredder other = RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE);
      records.forEach(record -> other.shred(record, apart, ofEach));

      String what = "seed " + seed;
      for (int column = 0; column < COLUMNS; column++) {
        requireSame(what, column, together.vector(column), apart.vector(column));
      }
      for (int row = 0; row < records.size(); row++) {
        assertThat(ofRuns.at(row)).as(what).isEqualTo(ofEach.at(row));
      }
      violations += ofEach.count();
    }
    assertThat(violations).isGreaterThan(100);
  }

  @Test
  void dictionaryOfARunWithAViolationHasEachOfItsShortTextsOnce() {
    VectorBatch batch = batch(true);
    Object[] records = new Object[64];
    for (int i = 0; i < records.length; i++) {
      Object[] values = new Object[COLUMNS];
      values[5] = i == 40 ? 7 : "text " + i % 50;
      values[8] = i == 40 ? 7 : FlatTypes.Color.values()[i % 3];
      records[i] = any(values);
    }
    TypeViolations violations = new TypeViolations();

    RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE)
        .shredAll(records, records.length, batch, violations);

    assertThat(violations.rows().numbers()).containsExactly(40);
    assertThat(violations.at(40)).hasSize(2);
    assertThat(((DictionaryVector) batch.vector(5)).dictionary().size()).isEqualTo(49);
    assertThat(((DictionaryVector) batch.vector(8)).dictionary().size()).isEqualTo(3);
    assertThat(batch.vector(5).nulls()).isNotNull();
    assertThat(batch.vector(5).nullCount()).isOne();
  }

  @Test
  void textsOfARunThatAreAsciiAreKnownToBeAscii() {
    VectorBatch batch = batch(false);
    Object[] records = {any(withText("a")), any(withText("b")), any(withText("\u00e5"))};
    RecordShredder shredder = RecordShredders.forRecords(FlatTypes.CONTRACT, FlatTypes.TABLE);
    var texts = (io.meshwork.internal.vector.BytesVector) batch.vector(5);

    shredder.shredAll(records, 2, batch, new TypeViolations());
    assertThat(texts.isAscii()).isTrue();
    shredder.shredAll(records, 3, batch, new TypeViolations());
    assertThat(texts.isAscii()).isFalse();
    batch.truncate(4);
    assertThat(texts.isAscii()).isTrue();
  }

  private static Object[] withText(String text) {
    Object[] values = new Object[COLUMNS];
    values[5] = text;
    return values;
  }

  private static void requireSame(String seed, int column, Vector runs, Vector each) {
    String what = seed + " column " + column;
    assertThat(runs.size()).as(what).isEqualTo(each.size());
    assertThat(runs.nullCount()).as(what).isEqualTo(each.nullCount());
    Type type = FlatTypes.TABLE.columns().get(column).type();
    Vector values = runs.flat();
    Vector expected = each.flat();
    for (int row = 0; row < expected.size(); row++) {
      assertThat(values.isNull(row)).as(what).isEqualTo(expected.isNull(row));
      assertThat(VectorBatch.value(type, values, row))
          .as(what)
          .isEqualTo(VectorBatch.value(type, expected, row));
    }
  }

  /** Returns values for each column, of which the fitting ones repeat. */
  static Object[] row(Random random, double nulls, double edges) {
    Object[] values = new Object[COLUMNS];
    for (int i = 0; i < COLUMNS; i++) {
      double dice = random.nextDouble();
      if (dice < edges) {
        values[i] = EDGES.get(random.nextInt(EDGES.size()));
      } else if (dice >= edges + nulls) {
        values[i] = FITTING.get(i).get(random.nextInt(FITTING.get(i).size()));
      }
    }
    return values;
  }

  static Any any(Object[] values) {
    try {
      Class<?>[] types = new Class<?>[COLUMNS];
      Arrays.fill(types, Object.class);
      return Any.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Raw values among others, as records of Avro have them. */
  static GenericData.Record avro(Object[] values) {
    GenericData.Record record = new GenericData.Record(FlatTypes.CONTRACT);
    for (int i = 0; i < COLUMNS; i++) {
      Schema type = FlatTypes.CONTRACT.getFields().get(i).schema().getTypes().get(1);
      Object value = values[i];
      if (value instanceof LocalDateTime local && local.getNano() % 2 == 0) {
        value = local.toEpochSecond(ZoneOffset.UTC);
      } else if (value instanceof BigDecimal decimal && type.getType() == Schema.Type.BYTES) {
        value = ByteBuffer.wrap(decimal.unscaledValue().toByteArray());
      }
      record.put(i, value);
    }
    return record;
  }

  static VectorBatch batch(boolean withDictionaries) {
    List<Vector> vectors = new ArrayList<>();
    for (Types.NestedField column : FlatTypes.TABLE.columns()) {
      vectors.add(
          withDictionaries && column.type().typeId() == Type.TypeID.STRING
              ? new DictionaryVector.Texts()
              : VectorBatch.emptyVector(column.type()));
    }
    return new VectorBatch(FlatTypes.TABLE, vectors);
  }

  private static Instant atMicros(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000);
  }

  private static Instant nanos(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
