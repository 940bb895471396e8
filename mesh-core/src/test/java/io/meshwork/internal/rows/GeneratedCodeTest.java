package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Column;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.materializers.RowMaterializer;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.rows.FlatTypes.Color;
import io.meshwork.internal.rows.FlatTypes.Everything;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many Java records at once, through the code that is generated for their class. */
class GeneratedCodeTest {
  private static final int ROWS = 300;

  private static final Schema NUMBERS =
      FlatTypes.nullable(
          """
          flag   | "boolean"
          tiny   | "int"
          small  | "int"
          whole  | "int"
          wider  | "long"
          big    | "long"
          single | "float"
          twice  | "double"
          wide   | "double"
          """);

  private record Written(
      boolean flag,
      byte tiny,
      short small,
      int whole,
      int wider,
      long big,
      float single,
      float twice,
      double wide) {}

  private record Read(
      boolean flag,
      byte tiny,
      short small,
      long whole,
      long wider,
      long big,
      double single,
      double twice,
      double wide) {}

  private record BoxedNumbers(
      Optional<Boolean> flag,
      Byte tiny,
      Optional<Short> small,
      Long whole,
      Long wider,
      Optional<Long> big,
      Double single,
      Double twice,
      Optional<Double> wide) {}

  private static final Schema TEXTS = FlatTypes.nullable("first | \"string\"\nsecond | \"string\"");

  /** Fails at the same row in each column, or at different ones. */
  record FailingRecord(String first, String second) {
    @Override
    public String first() {
      return checked(first);
    }

    @Override
    public String second() {
      return checked(second);
    }

    private static String checked(String text) {
      if (text.startsWith("fail")) {
        throw new IllegalStateException(text);
      }
      return text;
    }
  }

  private record Refusing(String first, Optional<String> second) {
    Refusing {
      if (first.equals("refused")) {
        throw new IllegalArgumentException(first);
      }
    }
  }

  private record Counted(@Column("first") int count) {}

  private record Link(String first, Optional<Link> second) {}

  private record Buffer(String first, byte[] second) {}

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomRecordsOfAllTypesAreReadAsTheyWereWritten(long seed) {
    Random random = new Random(seed);
    List<Everything> records = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      records.add(everything(random));
    }
    VectorBatch atOnce = shredAll(FlatTypes.CONTRACT, records);
    VectorBatch oneByOne = oneByOne(FlatTypes.CONTRACT, records);
    VectorBatch maps =
        oneByOne(FlatTypes.CONTRACT, records.stream().map(FlatTypes::mapOf).toList());

    assertThat(read(Everything.class, FlatTypes.CONTRACT, atOnce)).isEqualTo(records);
    assertThat(read(Everything.class, FlatTypes.CONTRACT, oneByOne)).isEqualTo(records);
    assertThat(read(Everything.class, FlatTypes.CONTRACT, maps)).isEqualTo(records);
    RowMaterializer<Everything> rows =
        RowMaterializers.asRecord(Everything.class, FlatTypes.TABLE, FlatTypes.CONTRACT);
    assertThat(rows.row(atOnce, ROWS - 1)).isEqualTo(records.get(ROWS - 1));
    assertThat(rows.row(atOnce, 7)).isEqualTo(records.get(7));
  }

  @Test
  void primitivesAreWidenedAndNarrowedInBothDirections() {
    List<Written> written = new ArrayList<>();
    List<Read> read = new ArrayList<>();
    List<BoxedNumbers> boxed = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      byte tiny = (byte) i;
      boolean flag = i % 3 == 0;
      written.add(new Written(flag, tiny, (short) -i, i, -i, 1L << i, i / 2f, i / 4f, i / 8.0));
      read.add(new Read(flag, tiny, (short) -i, i, -i, 1L << i, i / 2f, i / 4f, i / 8.0));
      boxed.add(
          new BoxedNumbers(
              Optional.of(flag),
              tiny,
              Optional.of((short) -i),
              (long) i,
              (long) -i,
              Optional.of(1L << i),
              (double) (i / 2f),
              (double) (i / 4f),
              Optional.of(i / 8.0)));
    }
    VectorBatch batch = shredAll(NUMBERS, written);

    assertThat(read(Read.class, NUMBERS, batch)).isEqualTo(read);
    assertThat(read(BoxedNumbers.class, NUMBERS, batch)).isEqualTo(boxed);
    assertThat(read(Read.class, NUMBERS, encoded(batch))).isEqualTo(read);
  }

  @Test
  void ofSeveralFailingAccessorsTheOneOfTheFirstRecordIsReported() {
    List<FailingRecord> records = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      records.add(
          new FailingRecord(i == 50 ? "fail first" : "a" + i, i == 40 ? "fail second" : "b"));
    }
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(TEXTS));
    RecordShredder shredder = RecordShredders.forRecords(TEXTS, batch.schema());

    assertThatThrownBy(() -> shredder.shredAll(records.toArray(), 64, batch, new TypeViolations()))
        .hasMessage("fail second");
    assertThat(batch.rows()).isEqualTo(40);
    assertThat(batch.valueAt("first", 39)).isEqualTo("a39");
  }

  @Test
  void violationsOfManyRecordsAreThoseOfEachRow() {
    List<Map<String, Object>> maps = new ArrayList<>();
    List<Object> records = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      String text = i % 7 == 0 ? "lone \ud800" : "text";
      String other = i % 5 == 0 ? "\udc00" : "other" + i;
      records.add(i % 100 == 99 ? Map.of("first", text) : new FailingRecord(text, other));
      maps.add(i % 100 == 99 ? Map.of("first", text) : Map.of("first", text, "second", other));
    }
    TypeViolations atOnce = new TypeViolations();
    TypeViolations oneByOne = new TypeViolations();
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(TEXTS));
    VectorBatch expected = VectorBatch.empty(FlatTypes.table(TEXTS));

    RecordShredders.forRecords(TEXTS, batch.schema())
        .shredAll(records.toArray(), ROWS, batch, atOnce);
    RecordShredder single = RecordShredders.forRecords(TEXTS, batch.schema());
    maps.forEach(map -> single.shred(map, expected, oneByOne));

    assertThat(atOnce.count()).isEqualTo(oneByOne.count()).isGreaterThan(90);
    for (int row = 0; row < ROWS; row++) {
      assertThat(atOnce.at(row)).isEqualTo(oneByOne.at(row));
      assertThat(batch.valueAt("second", row)).isEqualTo(expected.valueAt("second", row));
    }
  }

  @Test
  void rowsBeforeAFailingOneAreReturned() {
    List<Map<String, Object>> values = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      values.add(i == 70 ? Map.of("first", "refused") : Map.of("first", "a" + i, "second", "b"));
    }
    VectorBatch batch = oneByOne(TEXTS, values);
    Iterator<Refusing> rows =
        RowMaterializers.asRecord(Refusing.class, batch.schema(), TEXTS).rows(batch);

    for (int i = 0; i < 70; i++) {
      assertThat(rows.next()).isEqualTo(new Refusing("a" + i, Optional.of("b")));
    }
    assertThatThrownBy(rows::next)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 71 into", "constructor", "IllegalArgumentException");

    Schema counts = FlatTypes.nullable("first | \"int\"");
    List<Map<String, Object>> numbers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      numbers.add(i == 70 ? Map.of() : Map.of("first", i));
    }
    VectorBatch some = oneByOne(counts, numbers);
    Iterator<Counted> counted =
        RowMaterializers.asRecord(Counted.class, some.schema(), counts).rows(some);
    for (int i = 0; i < 70; i++) {
      assertThat(counted.next()).isEqualTo(new Counted(i));
    }
    assertThatThrownBy(counted::next).hasMessageContainingAll("row 71", "'count'", "Integer");
  }

  @Test
  void dictionaryOfALaterBatchIsReadAnew() {
    RowMaterializer<Refusing> rows =
        RowMaterializers.asRecord(Refusing.class, FlatTypes.table(TEXTS), TEXTS);
    List<String> read = new ArrayList<>();
    for (String text : List.of("one", "two", "one")) {
      VectorBatch batch = encoded(oneByOne(TEXTS, List.of(Map.of("first", text, "second", text))));
      rows.rows(batch).forEachRemaining(row -> read.add(row.first() + row.second().orElse("")));
    }

    assertThat(read).containsExactly("oneone", "twotwo", "oneone");
  }

  @Test
  void onlyRecordsThatCannotChangeMayWait() {
    RecordShredder shredder = RecordShredders.forRecords(TEXTS, FlatTypes.table(TEXTS));

    assertThat(shredder.mayWait(new FailingRecord("a", "b"))).isTrue();
    assertThat(shredder.mayWait(new Link("a", Optional.of(new Link("b", Optional.empty())))))
        .isTrue();
    assertThat(shredder.mayWait(new Buffer("a", new byte[0]))).isFalse();
    assertThat(shredder.mayWait(new FailingRecord("a", "b"))).isTrue();
    assertThat(shredder.mayWait(Map.of())).isFalse();
    assertThat(shredder.mayWait("a")).isFalse();
  }

  @Test
  void nestedRecordsAreReadInBlocks() {
    List<NestedRows.NestedOrder> orders = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      List<NestedRows.Line> lines = new ArrayList<>();
      for (int k = 0; k < i % 4; k++) {
        lines.add(
            new NestedRows.Line(
                k, new BigDecimal("1.50"), k == 1 ? null : List.of((long) i), Color.RED));
      }
      orders.add(
          new NestedRows.NestedOrder(
              i,
              i % 3 == 0
                  ? null
                  : new NestedRows.Address(i, Optional.of("town " + i % 5), "country"),
              lines,
              Map.of("k" + i % 9, "v"),
              null,
              List.of(i / 2f)));
    }
    VectorBatch batch = VectorBatch.empty(NestedRows.TABLE);
    RecordShredders.forRecords(NestedRows.CONTRACT, NestedRows.TABLE)
        .shredAll(orders.toArray(), orders.size(), batch, new TypeViolations());

    assertThat(read(NestedRows.NestedOrder.class, NestedRows.CONTRACT, batch)).isEqualTo(orders);
  }

  @Test
  void codeIsSharedByAllPublishesAndReads() {
    RecordCode code = RecordCode.of(Written.class);
    var component = Written.class.getRecordComponents()[0];

    assertThat(RecordCode.of(Written.class)).isSameAs(code);
    assertThat(code.creator()).isSameAs(code.creator());
    assertThat(code.field(component, RecordField.Template.BOOLEAN))
        .isSameAs(code.field(component, RecordField.Template.BOOLEAN))
        .isNotSameAs(RecordCode.of(Read.class).field(component(), RecordField.Template.BOOLEAN));
    assertThat(code.creator().getClass().isHidden()).isTrue();
  }

  private static java.lang.reflect.RecordComponent component() {
    return Read.class.getRecordComponents()[0];
  }

  @Test
  void classOfRecordsIsUnloadedWithItsLoader() throws Exception {
    WeakReference<Class<?>> unused = publishAndRead();
    for (int i = 0; i < 50 && unused.get() != null; i++) {
      System.gc();
    }

    assertThat(unused.get()).isNull();
  }

  private static WeakReference<Class<?>> publishAndRead() throws Exception {
    Class<?> loaded = new OwnLoader().loadClass(LoadedRow.class.getName());
    assertThat(loaded).isNotSameAs(LoadedRow.class);
    Constructor<?> constructor = loaded.getDeclaredConstructor(long.class, String.class);
    constructor.setAccessible(true);
    Schema contract = FlatTypes.nullable("x | \"long\"\ny | \"string\"");
    List<Object> records = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      records.add(constructor.newInstance(i, "y" + i % 3));
    }
    VectorBatch batch = shredAll(contract, records);
    assertThat(batch.longAt("x", ROWS - 1)).isEqualTo(ROWS - 1);
    // The equals of a record is code of the JDK that keeps its class.
    assertThat(read(loaded, contract, batch).size()).isEqualTo(ROWS);
    return new WeakReference<>(loaded);
  }

  /** Defines its own copy of one class. */
  private static final class OwnLoader extends ClassLoader {
    OwnLoader() {
      super(GeneratedCodeTest.class.getClassLoader());
    }

    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
      if (!name.equals(LoadedRow.class.getName())) {
        return super.loadClass(name);
      }
      String file = name.replace('.', '/') + ".class";
      try (InputStream in = getParent().getResourceAsStream(file)) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  /** Returns the same rows with a dictionary for each column. */
  private static VectorBatch encoded(VectorBatch batch) {
    List<Vector> vectors = new ArrayList<>();
    for (Vector vector : batch.vectors()) {
      DictionaryVector encoded = new DictionaryVector(vector);
      for (int row = 0; row < batch.rows(); row++) {
        encoded.append(row);
      }
      vectors.add(encoded);
    }
    return new VectorBatch(batch.schema(), vectors);
  }

  private static VectorBatch shredAll(Schema contract, List<?> records) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredders.forRecords(contract, batch.schema())
        .shredAll(records.toArray(), records.size(), batch, violations);
    assertThat(violations.count()).isZero();
    return batch;
  }

  private static VectorBatch oneByOne(Schema contract, List<?> records) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredder shredder = RecordShredders.forRecords(contract, batch.schema());
    records.forEach(record -> shredder.shred(record, batch, violations));
    assertThat(violations.count()).isZero();
    return batch;
  }

  private static <R> List<R> read(Class<R> type, Schema contract, VectorBatch batch) {
    List<R> records = new ArrayList<>();
    RowMaterializers.asRecord(type, batch.schema(), contract)
        .rows(batch)
        .forEachRemaining(records::add);
    return records;
  }

  private static Everything everything(Random random) {
    boolean nulls = random.nextInt(10) == 0;
    return new Everything(
        some(random, random.nextBoolean()),
        some(random, random.nextInt()),
        some(random, random.nextLong()),
        some(random, random.nextFloat()),
        some(random, random.nextGaussian()),
        nulls ? null : "täxt \uD83D\uDE95?" + random.nextInt(5),
        some(random, ByteBuffer.wrap(new byte[random.nextInt(5)])),
        some(random, ByteBuffer.wrap(new byte[4])),
        some(random, Color.values()[random.nextInt(3)]),
        some(random, BigDecimal.valueOf(random.nextInt(99_999_999), 2)),
        some(random, BigDecimal.valueOf(random.nextInt())),
        some(random, new BigDecimal(new BigInteger(60, random), 19)),
        some(random, new BigDecimal(new BigInteger(120, random).negate(), 10)),
        some(random, LocalDate.ofEpochDay(random.nextInt())),
        some(random, LocalTime.ofSecondOfDay(random.nextInt(86_400)).plusNanos(7_000_000)),
        some(random, LocalTime.ofSecondOfDay(random.nextInt(86_400)).plusNanos(7_000)),
        some(random, Instant.ofEpochMilli(random.nextLong() >> 10)),
        some(random, Instant.ofEpochSecond(random.nextInt(), 1_000L * random.nextInt(1_000_000))),
        some(random, Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000))),
        some(random, local(random, 1_000_000)),
        some(random, local(random, 1_000)),
        some(random, local(random, 1)),
        some(random, new UUID(random.nextLong(), random.nextLong())),
        some(random, new UUID(random.nextLong(), random.nextLong())));
  }

  private static LocalDateTime local(Random random, int unit) {
    int nano = random.nextInt(1_000_000_000) / unit * unit;
    return LocalDateTime.ofEpochSecond(random.nextInt(), nano, ZoneOffset.UTC);
  }

  private static <T> T some(Random random, T value) {
    return random.nextInt(6) == 0 ? null : value;
  }
}
