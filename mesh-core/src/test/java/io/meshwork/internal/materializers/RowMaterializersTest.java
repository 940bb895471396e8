package io.meshwork.internal.materializers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.contract.Column;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rows.FlatTypes;
import io.meshwork.internal.rows.NestedRows;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class RowMaterializersTest {
  private static final Schema CONTRACT =
      FlatTypes.nullable(
          """
          count | "int"
          ratio | "float"
          name  | "string"
          day   | {"type":"int","logicalType":"date"}
          color | {"type":"enum","name":"Color","symbols":["RED","GREEN","BLUE"]}
          id    | {"type":"string","logicalType":"uuid"}
          raw   | "bytes"
          """);

  private enum Partial {
    RED
  }

  record Widened(
      long count,
      double ratio,
      @Column("name") Optional<String> title,
      Optional<Long> missing,
      Object day,
      String id,
      byte[] raw) {
    Widened {
      if (count < 0) {
        throw new IllegalArgumentException("negative");
      }
    }
  }

  private record Counted(@Column("count") Long boxed, Double ratio) {}

  private record Primitive(int count) {}

  private record Painted(Partial color) {}

  private record Mismatch(boolean count, String ratio, int nam, Enum<?> color) {}

  private record Narrow(short count, @Column("count") byte tiny) {}

  private record NarrowBoxed(@Column("count") Optional<Short> small, @Column("count") Byte tiny) {}

  private record Empty() {}

  @Test
  void columnsAreWidenedToTheComponents() {
    Schema contract =
        FlatTypes.nullable(
            """
            count   | "int"
            ratio   | "float"
            name    | "string"
            missing | "int"
            day     | {"type":"int","logicalType":"date"}
            id      | {"type":"string","logicalType":"uuid"}
            raw     | "bytes"
            """);
    Map<String, Object> values = new HashMap<>();
    values.put("count", 7);
    values.put("ratio", 0.5f);
    values.put("missing", 9);
    values.put("day", LocalDate.EPOCH);
    values.put("id", "0f8fad5b-d9cb-469f-a165-70867728950e");
    values.put("raw", new byte[] {1, 2});

    Widened row = one(Widened.class, contract, values);

    assertThat(row.count()).isEqualTo(7);
    assertThat(row.ratio()).isEqualTo(0.5);
    assertThat(row.title()).isEmpty();
    assertThat(row.missing()).contains(9L);
    assertThat(row.day()).isEqualTo(LocalDate.EPOCH);
    assertThat(row.id()).isEqualTo("0f8fad5b-d9cb-469f-a165-70867728950e");
    assertThat(row.raw()).containsExactly(1, 2);

    values.put("count", -1);
    assertThatThrownBy(() -> one(Widened.class, contract, values))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 1", Widened.class.getName(), "IllegalArgumentException")
        .hasMessageNotContaining("negative")
        .cause()
        .hasMessage("negative");
  }

  @Test
  void boxedComponentsAreWidenedAndAcceptNull() {
    assertThat(one(Counted.class, CONTRACT, Map.of("count", 3, "ratio", 1f)))
        .isEqualTo(new Counted(3L, 1.0));
    assertThat(one(Counted.class, CONTRACT, Map.of())).isEqualTo(new Counted(null, null));
    assertThat(one(Empty.class, CONTRACT, Map.of())).isEqualTo(new Empty());
  }

  @Test
  void nullForAPrimitiveIsRejectedWithRowColumnAndFix() {
    VectorBatch batch = batch(CONTRACT, List.of(Map.of("count", 1), Map.of("name", "secret")));
    RowMaterializer<Primitive> materializer =
        RowMaterializers.asRecord(Primitive.class, batch.schema(), CONTRACT);

    assertThat(materializer.row(batch, 0)).isEqualTo(new Primitive(1));
    assertThatThrownBy(() -> materializer.row(batch, 1))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("row 2", "'count'", "int", "Integer")
        .hasMessageNotContaining("secret");
  }

  @Test
  void shortAndByteComponentsAcceptIntsInRangeAndOthersAreRejectedWithTheRow() {
    assertThat(one(Narrow.class, CONTRACT, Map.of("count", -128)))
        .isEqualTo(new Narrow((short) -128, (byte) -128));
    assertThat(one(NarrowBoxed.class, CONTRACT, Map.of("count", 127)))
        .isEqualTo(new NarrowBoxed(Optional.of((short) 127), (byte) 127));
    assertThat(one(NarrowBoxed.class, CONTRACT, Map.of()))
        .isEqualTo(new NarrowBoxed(Optional.empty(), null));
    narrowingComponentsAreRejected(Narrow.class, Map.of("count", 128), "byte");
    narrowingComponentsAreRejected(Narrow.class, Map.of("count", 32_768), "short");
    narrowingComponentsAreRejected(NarrowBoxed.class, Map.of("count", -129), "Byte");
    narrowingComponentsAreRejected(NarrowBoxed.class, Map.of("count", -32_769), "Short");
  }

  private static void narrowingComponentsAreRejected(
      Class<?> type, Map<String, Object> row, String range) {
    assertThatThrownBy(() -> one(type, CONTRACT, row))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.READER_INVALID))
        .hasMessageContainingAll("row 1", "range of " + range, "int")
        .hasMessageNotContaining(row.values().iterator().next().toString());
  }

  @Test
  void enumWithoutASymbolOfTheColumnIsRejected() {
    assertThatThrownBy(
            () -> RowMaterializers.asRecord(Painted.class, FlatTypes.table(CONTRACT), CONTRACT))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'color'", "GREEN, BLUE", Partial.class.getName(), "String");
  }

  @Test
  void unknownSymbolIsRejectedWithTheContractsSymbols() {
    Schema red =
        FlatTypes.nullable(
            """
            color | {"type":"enum","name":"Color","symbols":["RED"]}
            """);
    assertThat(one(Painted.class, red, Map.of("color", "RED")).color()).isEqualTo(Partial.RED);
    assertThat(one(Painted.class, red, Map.of()).color()).isNull();
    assertThatThrownBy(() -> one(Painted.class, red, Map.of("color", "BLUE")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 1", "'color'", "[RED]", "String");
  }

  @Test
  void incompatibleRecordIsRejectedWithEveryMismatch() {
    InvalidRequestException refused =
        catchThrowableOfType(
            InvalidRequestException.class,
            () -> RowMaterializers.asRecord(Mismatch.class, FlatTypes.table(CONTRACT), CONTRACT));

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.READER_INVALID);
    assertThat(refused)
        .hasMessageContainingAll(Mismatch.class.getName(), "'count'", "boolean", "int", "Integer");
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("count", "ratio", "nam", "color");
    assertThat(refused.findings().get(2).fix()).contains("nearest column is 'name'");
  }

  @Test
  void columnsOfARecordAreItsComponentsByColumnName() {
    assertThat(RowMaterializers.columnsOf(Widened.class, FlatTypes.table(CONTRACT)))
        .containsExactly("count", "ratio", "name", "missing", "day", "id", "raw");
    assertThatThrownBy(() -> RowMaterializers.columnsOf(String.class, FlatTypes.table(CONTRACT)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("java.lang.String", "record");
  }

  @Test
  void projectedAvroSchemaMatchesFieldsByName() {
    VectorBatch batch = batch(CONTRACT, List.of(Map.of("name", "a", "count", 5)));
    Schema reader = FlatTypes.nullable("name | \"string\"\ncount | \"int\"");

    GenericRecord record = RowMaterializers.asAvro(batch.schema(), CONTRACT, reader).row(batch, 0);

    assertThat(record.getSchema()).isEqualTo(reader);
    assertThat(record.get("name")).isEqualTo("a");
    assertThat(record.get("count")).isEqualTo(5);
    Schema wrong = FlatTypes.column("nme", "[\"null\",\"string\"]");
    assertThatThrownBy(() -> RowMaterializers.asAvro(batch.schema(), CONTRACT, wrong))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'nme'", "nearest column is 'name'");
  }

  @Test
  void decimalsAreReadInTheShortestBytes() {
    for (int precision : List.of(18, 38)) {
      String type = "\"logicalType\":\"decimal\",\"scale\":0,\"precision\":" + precision + "}";
      Schema contract = FlatTypes.nullable("v | {\"type\":\"bytes\"," + type);
      Schema fixed =
          FlatTypes.nullable("v | {\"type\":\"fixed\",\"name\":\"f\",\"size\":17," + type);
      List<BigInteger> numbers = new ArrayList<>();
      for (BigInteger power = BigInteger.ONE;
          power.toString().length() < precision;
          power = power.shiftLeft(1)) {
        for (int step = -1; step <= 1; step++) {
          numbers.add(power.add(BigInteger.valueOf(step)));
          numbers.add(power.add(BigInteger.valueOf(step)).negate());
        }
      }
      VectorBatch batch =
          batch(
              contract,
              numbers.stream()
                  .<Map<String, Object>>map(number -> Map.of("v", new BigDecimal(number)))
                  .toList());

      List<GenericRecord> records =
          NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract), batch);
      List<GenericRecord> padded =
          NestedRows.all(RowMaterializers.asAvro(batch.schema(), contract, fixed), batch);

      for (int i = 0; i < numbers.size(); i++) {
        assertThat(records.get(i).get("v"))
            .isEqualTo(ByteBuffer.wrap(numbers.get(i).toByteArray()));
        byte[] bytes = ((GenericData.Fixed) padded.get(i).get("v")).bytes();
        assertThat(bytes).hasSize(17);
        assertThat(new BigInteger(bytes)).isEqualTo(numbers.get(i));
      }
    }
  }

  @Test
  void avroRecordsBeforeOneThatFailsAreReturned() {
    Schema contract = FlatTypes.nullable("raw | \"bytes\"");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] bytes = i == 70 ? new byte[] {(byte) 0xff} : ("a" + i).getBytes(UTF_8);
      rows.add(Map.of("raw", ByteBuffer.wrap(bytes)));
    }
    VectorBatch batch = batch(contract, rows);
    Iterator<GenericRecord> texts =
        RowMaterializers.asAvro(batch.schema(), contract, FlatTypes.nullable("raw | \"string\""))
            .rows(batch);

    for (int i = 0; i < 70; i++) {
      assertThat(texts.next().get("raw")).isEqualTo("a" + i);
    }
    assertThatThrownBy(texts::next)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("row 71 into", "'raw'", "UTF-8");
    assertThatThrownBy(texts::next).hasMessageContainingAll("row 71 into");
  }

  @Test
  void recordsWithManyComponentsAreMaterialized() {
    record Wide(
        long a,
        long b,
        long c,
        long d,
        long e,
        long f,
        long g,
        long h,
        long i,
        long j,
        long k,
        long l,
        long m,
        long n,
        long o,
        long p,
        long q,
        long r,
        long s,
        long t,
        long u,
        long v,
        long w,
        long x,
        long y,
        long z) {}
    StringBuilder columns = new StringBuilder();
    Map<String, Object> values = new HashMap<>();
    for (char name = 'a'; name <= 'z'; name++) {
      columns.append(name).append(" | \"long\"\n");
      values.put(String.valueOf(name), (long) name);
    }

    Wide row = one(Wide.class, FlatTypes.nullable(columns.toString()), values);

    assertThat(row.a()).isEqualTo('a');
    assertThat(row.z()).isEqualTo('z');
  }

  private static <R> R one(Class<R> type, Schema contract, Map<String, Object> values) {
    VectorBatch batch = batch(contract, List.of(values));
    return RowMaterializers.asRecord(type, batch.schema(), contract).row(batch, 0);
  }

  private static VectorBatch batch(Schema contract, List<Map<String, Object>> rows) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredder shredder = RecordShredders.forRecords(contract, batch.schema());
    rows.forEach(row -> shredder.shred(row, batch, violations));
    assertThat(violations.count()).isZero();
    return batch;
  }
}
