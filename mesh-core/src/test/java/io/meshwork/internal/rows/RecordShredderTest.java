package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.contract.Column;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class RecordShredderTest {
  private static final Schema TRIPS =
      FlatTypes.record(
          "{\"name\":\"PULocationID\",\"type\":\"long\"},"
              + "{\"name\":\"distance\",\"type\":\"double\"},"
              + "{\"name\":\"passengers\",\"type\":\"int\"},"
              + "{\"name\":\"paid\",\"type\":\"boolean\"},"
              + "{\"name\":\"note\",\"type\":[\"null\",\"string\"],\"default\":null},"
              + "{\"name\":\"vendor\",\"type\":\"string\",\"default\":\"none\"}");

  private record Narrow(
      @Column("PULocationID") int pickup,
      float distance,
      short passengers,
      boolean paid,
      Optional<String> note) {}

  private record Wrong(
      @Column("PULocationID") String pickup, double distanc, int passengers, Instant paid) {}

  private record Twice(
      @Column("PULocationID") long a,
      @Column("PULocationID") long b,
      double distance,
      int passengers,
      boolean paid) {}

  record Throwing(long PULocationID, double distance, int passengers, boolean paid) {
    @Override
    public boolean paid() {
      throw new IllegalStateException("from the accessor");
    }
  }

  private record Loose(
      @Column("PULocationID") Number pickup,
      Object distance,
      Integer passengers,
      Boolean paid,
      Comparable<?> note,
      CharSequence vendor) {}

  @Test
  void primitivesAreWidenedOptionalsUnwrappedAndAbsentColumnsDefaulted() {
    VectorBatch batch = shred(new Narrow(7, 1.5f, (short) 3, true, Optional.of("hi")));

    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 0).values())
        .containsExactly(7L, 1.5, 3, true, "hi", "none");
    assertThat(shred(new Narrow(1, 1f, (short) 1, false, Optional.empty())).isNull("note", 0))
        .isTrue();
    assertThat(shred(new Narrow(1, 1f, (short) 1, false, null)).isNull("note", 0)).isTrue();
  }

  @Test
  void componentOfAGeneralTypeIsCheckedByItsValues() {
    VectorBatch batch = shred(new Loose((byte) 7, 2f, 3, true, "hi", new StringBuilder("v")));

    assertThat(RowMaterializers.asMap(batch.schema()).row(batch, 0).values())
        .containsExactly(7L, 2.0, 3, true, "hi", "v");
  }

  @Test
  void incompatibleRecordClassIsRejectedOnceWithEveryMismatch() {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(TRIPS));
    RecordShredder shredder = RecordShredders.forRecords(TRIPS, batch.schema());

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () ->
                shredder.shred(
                    new Wrong("secret", 1, 2, Instant.EPOCH), batch, new TypeViolations()));

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThat(refused)
        .hasMessageContainingAll(Wrong.class.getName(), "pickup", "java.lang.String", "long");
    assertThat(refused.getMessage()).contains("3 more").doesNotContain("secret");
    assertThat(refused.findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(FindingCode.TYPE_MISMATCH, "PULocationID"),
            org.assertj.core.groups.Tuple.tuple(FindingCode.UNKNOWN_COLUMN, "distanc"),
            org.assertj.core.groups.Tuple.tuple(FindingCode.TYPE_MISMATCH, "paid"),
            org.assertj.core.groups.Tuple.tuple(FindingCode.INPUT_COLUMN_MISSING, "distance"));
    assertThat(refused.findings().get(1).fix()).contains("nearest column is 'distance'");
    assertThat(batch.rows()).isZero();
  }

  @Test
  void twoComponentsForOneColumnAreRejected() {
    assertThatThrownBy(() -> shred(new Twice(1, 2, 3, 4, true)))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("two components map to column 'PULocationID'");
  }

  @Test
  void narrowingIsRejectedBeforeTheFirstRow() {
    record Wide(long x) {}
    assertThatThrownBy(() -> shred(FlatTypes.column("x", "\"int\""), new Wide(1)))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("'x'", "long", "int, Integer, short");
    record Letter(char x) {}
    assertThatThrownBy(() -> shred(FlatTypes.column("x", "\"string\""), new Letter('q')))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("'x'", "char", "CharSequence");
  }

  @Test
  void incompatibleAvroSchemaIsRejectedWithEveryMismatch() {
    Schema other =
        FlatTypes.record(
            "{\"name\":\"PULocationID\",\"type\":\"string\"},{\"name\":\"Distance\",\"type\":\"double\"},"
                + "{\"name\":\"passengers\",\"type\":\"int\"},"
                + "{\"name\":\"paid\",\"type\":[\"boolean\",\"int\"]}");

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class, () -> shred(new GenericData.Record(other)));

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.SCHEMA_MISMATCH);
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("Distance", "PULocationID", "distance", "paid");
    assertThat(refused).hasMessageContainingAll("Distance", "nearest column is 'distance'");
  }

  @Test
  void rawValuesAreInTheUnitOfTheRecordsOwnSchema() {
    Schema contract =
        FlatTypes.column("x", "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
    Schema micros =
        FlatTypes.column("x", "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}");
    GenericRecord record = new GenericData.Record(micros);
    record.put("x", -5_000_000L);

    assertThat(shred(contract, record).valueAt("x", 0)).isEqualTo(Instant.ofEpochSecond(-5));

    record.put("x", 1L);
    TypeViolations violations = new TypeViolations();
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    RecordShredders.forRecords(contract, batch.schema()).shred(record, batch, violations);
    assertThat(violations.at(0)).extracting("code").containsExactly(FindingCode.TIME_PRECISION);

    assertThatThrownBy(
            () -> shred(contract, new GenericData.Record(FlatTypes.column("x", "\"long\""))))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("timestamp-millis");
  }

  @Test
  void buffersAreNotConsumed() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(8).position(2).limit(5);

    VectorBatch batch = shred(FlatTypes.column("x", "\"bytes\""), Map.of("x", buffer));

    assertThat(batch.valueAt("x", 0)).isEqualTo(ByteBuffer.allocate(3));
    assertThat(buffer.position()).isEqualTo(2);
  }

  @Test
  void nullRecordIsRejectedWithItsIndex() {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(TRIPS));
    RecordShredder shredder = RecordShredders.forRecords(TRIPS, batch.schema());
    shredder.shred(Map.of("paid", true), batch, new TypeViolations());
    shredder.shred(Map.of("paid", true), batch, new TypeViolations());

    assertThatThrownBy(() -> shredder.shred(null, batch, new TypeViolations()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("record 3", "null");
    assertThat(batch.rows()).isEqualTo(2);
  }

  @Test
  void classThatIsNotARecordIsRejected() {
    assertThatThrownBy(() -> shred("a text"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("java.lang.String", "Java record", "Map")
        .hasMessageNotContaining("a text");
  }

  @Test
  void exceptionOfAnAccessorPropagates() {
    assertThatThrownBy(() -> shred(new Throwing(1, 2, 3, true)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("from the accessor");
  }

  @Test
  void equalSchemaInstancesShareOneShape() {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(TRIPS));
    RecordShredder shredder = RecordShredders.forRecords(TRIPS, batch.schema());
    for (int i = 0; i < 3; i++) {
      GenericRecord record = new GenericData.Record(new Schema.Parser().parse(TRIPS.toString()));
      record.put("passengers", i);
      shredder.shred(record, batch, new TypeViolations());
    }

    assertThat(List.of(0, 1, 2)).allMatch(i -> batch.longAt("passengers", i) == i);
  }

  private static VectorBatch shred(Object record) {
    return shred(TRIPS, record);
  }

  private static VectorBatch shred(Schema contract, Object record) {
    VectorBatch batch = VectorBatch.empty(FlatTypes.table(contract));
    TypeViolations violations = new TypeViolations();
    RecordShredders.forRecords(contract, batch.schema()).shred(record, batch, violations);
    assertThat(violations.at(0)).isEmpty();
    return batch;
  }
}
