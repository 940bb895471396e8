package io.meshwork.internal.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class RecordsInputTest {
  private static int rowsOfTheFirstBatch(String type, Object value) {
    Schema contract =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"R","fields":[{"name":"c","type":%s}]}
                """
                    .formatted(type));
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(contract);
    List<Map<String, Object>> rows = Collections.nCopies(2_000, Map.of("c", value));
    try (RecordsInput input =
        new RecordsInput(
            rows.iterator(),
            rows,
            RecordShredders.forRecords(contract, table),
            table,
            () -> {},
            MeshAction.of(Verb.PUBLISH))) {
      VectorBatch batch = input.next();
      return batch == null ? 0 : batch.rows();
    }
  }

  @Test
  void nestedTextsEndABatchEarly() {
    List<String> megabyte = Collections.nCopies(16, "x".repeat(1 << 16));

    assertThat(rowsOfTheFirstBatch("{\"type\":\"array\",\"items\":\"string\"}", megabyte))
        .isBetween(60, 70);
    assertThat(
            rowsOfTheFirstBatch(
                "{\"type\":\"map\",\"values\":{\"type\":\"array\",\"items\":\"string\"}}",
                Map.of("k", megabyte)))
        .isBetween(60, 70);
  }

  @Test
  void longListsOfNumbersEndABatchEarly() {
    assertThat(
            rowsOfTheFirstBatch(
                "{\"type\":\"array\",\"items\":\"long\"}", Collections.nCopies(1 << 17, 1L)))
        .isBetween(60, 70);
  }

  @Test
  void smallNestedRowsFillABatch() {
    assertThat(rowsOfTheFirstBatch("{\"type\":\"array\",\"items\":\"long\"}", List.of(1L, 2L)))
        .isEqualTo(2_000);
  }

  private static final Schema NAMED =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"R","fields":[
                {"name":"id","type":"int"},{"name":"name","type":["null","string"],"default":null}]}
              """);

  record OptionalName(int id, Optional<String> name) {
    @Override
    public Optional<String> name() {
      if (name.orElse("").equals("fail")) {
        throw new IllegalStateException("secret");
      }
      return name;
    }
  }

  private record TextBuffer(int id, StringBuilder name) {}

  private static RecordsInput input(Iterator<?> records) {
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(NAMED);
    return new RecordsInput(
        records,
        null,
        RecordShredders.forRecords(NAMED, table),
        table,
        () -> {},
        MeshAction.of(Verb.PUBLISH));
  }

  /** An iterator that fails after this many records. */
  private static <T> Iterator<T> failingAfter(int records, IntFunction<T> record) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return true;
      }

      @Override
      public T next() {
        if (next == records) {
          throw new UncheckedIOException(new IOException("secret"));
        }
        return record.apply(next++);
      }
    };
  }

  @Test
  void failingAccessorIsReportedWithItsRecordAlthoughFurtherRecordsWereRead() {
    for (int sourceFailsAfter : new int[] {101, 1_000}) {
      RecordsInput input =
          input(
              failingAfter(
                  sourceFailsAfter,
                  i -> new OptionalName(i, Optional.of(i == 100 ? "fail" : "fine"))));

      assertThatThrownBy(input::next)
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("record 101 failed after 100 records, with java.lang.Illegal")
          .hasMessageNotContaining("secret");
      assertThat(input.rowsRead()).isEqualTo(100);
    }
  }

  @Test
  void failingSourceIsReportedWithTheNumberOfItsRecords() {
    assertThatThrownBy(
            () -> input(failingAfter(101, i -> new OptionalName(i, Optional.empty()))).next())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("the source of records failed after 101 records");
  }

  @Test
  void sourceMayReuseAValueOfTheRecordsThatItReturned() {
    StringBuilder shared = new StringBuilder();
    Iterator<TextBuffer> records =
        IntStream.range(0, 200)
            .mapToObj(
                i -> {
                  shared.setLength(0);
                  return new TextBuffer(i, shared.append("name ").append(i));
                })
            .iterator();
    VectorBatch batch = input(records).next();

    assertThat(batch).isNotNull();
    for (int i = 0; i < 200; i++) {
      assertThat(batch.valueAt("name", i)).isEqualTo("name " + i);
    }
  }

  @Test
  void collectionOfAnotherClassMayReuseARecordThatItReturned() {
    GenericRecord shared = new GenericData.Record(NAMED);
    AbstractList<GenericRecord> records =
        new AbstractList<>() {
          @Override
          public GenericRecord get(int index) {
            shared.put("id", index);
            return shared;
          }

          @Override
          public int size() {
            return 200;
          }
        };
    assertThat(ids(records)).isEqualTo(IntStream.range(0, 200).boxed().toList());
  }

  @Test
  void listOfRecordsIsReadTogether() {
    List<GenericRecord> records = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      GenericRecord record = new GenericData.Record(NAMED);
      record.put("id", i);
      records.add(record);
    }
    assertThat(ids(records)).isEqualTo(IntStream.range(0, 200).boxed().toList());
  }

  private static List<Object> ids(List<GenericRecord> records) {
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(NAMED);
    RecordsInput input =
        new RecordsInput(
            records.iterator(),
            records,
            RecordShredders.forRecords(NAMED, table),
            table,
            () -> {},
            MeshAction.of(Verb.PUBLISH));
    List<Object> ids = new ArrayList<>();
    for (VectorBatch batch = input.next(); batch != null; batch = input.next()) {
      for (int row = 0; row < batch.rows(); row++) {
        ids.add(batch.valueAt("id", row));
      }
    }
    return ids;
  }

  /** Counts its records that were returned by the source and not read yet. */
  record CountedRecord(int id, String name) {
    private static int now;
    private static int most;

    CountedRecord {
      now++;
      most = Math.max(most, now);
    }

    @Override
    public String name() {
      now--;
      return name;
    }
  }

  private static int mostWaiting(int length) {
    CountedRecord.now = 0;
    CountedRecord.most = 0;
    RecordsInput input =
        input(
            IntStream.range(0, 300)
                .mapToObj(i -> new CountedRecord(i, "x".repeat(length)))
                .iterator());
    while (input.next() != null) {
      assertThat(CountedRecord.now).isZero();
    }
    assertThat(input.rowsRead()).isEqualTo(300);
    return CountedRecord.most;
  }

  @Test
  void onlyRecordsThatAreNotLargeAreReadAhead() {
    assertThat(mostWaiting(10)).isEqualTo(64);
    assertThat(mostWaiting(100_000)).isEqualTo(1);
  }

  @Test
  void violationsAreCountedOncePerRowOfRecordsThatWereReadAhead() {
    Iterator<OptionalName> records =
        IntStream.range(0, 500)
            .mapToObj(i -> new OptionalName(i, Optional.of(i % 50 == 3 ? "\ud800" : "fine")))
            .iterator();
    RecordsInput input = input(records);
    VectorBatch batch = input.next();

    assertThat(batch).isNotNull();
    assertThat(batch.rows()).isEqualTo(500);
    assertThat(input.failures().numbers())
        .containsExactly(3, 53, 103, 153, 203, 253, 303, 353, 403, 453);
    assertThat(input.json(53)).contains("\"id\":53");
    assertThat(input.failureFindings()).singleElement().asString().contains("10");
    assertThat(input.next()).isNull();
  }
}
