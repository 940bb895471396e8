package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Engine;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntFunction;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.Encoding;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Iceberg's own reader, which shares no code with ours, reads what the SDK published. */
class GenericReaderTest {
  private static final Contract CONTRACT =
      Contract.of(
          new org.apache.avro.Schema.Parser()
              .parse(
                  """
                  {"type":"record","name":"all","fields":[
                    {"name":"id","type":"int"},
                    {"name":"flag","type":["null","boolean"]},
                    {"name":"whole","type":["null","int"]},
                    {"name":"large","type":["null","long"]},
                    {"name":"narrow","type":["null","float"]},
                    {"name":"real","type":["null","double"]},
                    {"name":"text","type":["null","string"]},
                    {"name":"symbol","type":["null",{"type":"enum","name":"letter","symbols":["A","B"]}]},
                    {"name":"raw","type":["null","bytes"]},
                    {"name":"four","type":["null",{"type":"fixed","name":"four_bytes","size":4}]},
                    {"name":"small","type":["null",{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}]},
                    {"name":"medium","type":["null",{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}]},
                    {"name":"wide","type":["null",{"type":"bytes","logicalType":"decimal","precision":38,"scale":10}]},
                    {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
                    {"name":"clock","type":["null",{"type":"long","logicalType":"time-micros"}]},
                    {"name":"instant","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
                    {"name":"local","type":["null",{"type":"long","logicalType":"local-timestamp-micros"}]},
                    {"name":"key","type":["null",{"type":"string","logicalType":"uuid"}]}]}
                  """));

  @TempDir private Path folder;

  private static Map<String, Object> values(int id) {
    Map<String, Object> row = new HashMap<>();
    row.put("id", id);
    row.put("flag", id % 2 == 0);
    row.put("whole", id % 2 == 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE);
    row.put("large", id % 2 == 0 ? Long.MIN_VALUE : Long.MAX_VALUE);
    row.put("narrow", id % 2 == 0 ? Float.NaN : -0.0f);
    row.put("real", id % 2 == 0 ? Double.NEGATIVE_INFINITY : Double.MIN_VALUE);
    row.put("text", id % 2 == 0 ? "" : "gr\u00fcn \uD83D\uDE95");
    row.put("symbol", id % 2 == 0 ? "A" : "B");
    row.put("raw", ByteBuffer.wrap(new byte[] {0, (byte) id, -1}));
    row.put("four", ByteBuffer.wrap(new byte[] {1, 2, 3, (byte) id}));
    row.put("small", new BigDecimal("-1234567.89"));
    row.put("medium", new BigDecimal("12345678901234.5678"));
    row.put("wide", new BigDecimal("-1234567890123456789012345678.0123456789"));
    row.put("day", LocalDate.of(1899, 12, 31));
    row.put("clock", LocalTime.of(23, 59, 59, 999_999_000));
    row.put("instant", Instant.parse("1969-12-31T23:59:59.999999Z"));
    row.put("local", LocalDateTime.parse("2024-02-29T12:34:56.789012"));
    row.put("key", UUID.nameUUIDFromBytes(new byte[] {(byte) id}));
    return row;
  }

  /** A row whose values repeat in no other, so that they have no dictionary. */
  private static Map<String, Object> distinctValues(int id) {
    Map<String, Object> row = values(id);
    row.put("whole", id * 3 - 7_000);
    row.put("large", id * 1_000_000_007L);
    row.put("narrow", id / 3f);
    row.put("real", id / 3.0);
    row.put("text", "text " + id * 31);
    row.put("raw", ByteBuffer.wrap(("raw " + id * 17).getBytes(StandardCharsets.UTF_8)));
    row.put("four", ByteBuffer.allocate(4).putInt(0, id));
    row.put("small", BigDecimal.valueOf(id * 7L, 2));
    row.put("medium", BigDecimal.valueOf(id * -70_000L, 4));
    row.put("wide", BigDecimal.valueOf(id * 7L, 10));
    row.put("day", LocalDate.EPOCH.plusDays(id));
    row.put("clock", LocalTime.ofNanoOfDay(id * 1_234_000L));
    row.put("instant", Instant.EPOCH.plusMillis(id * 1_234L));
    row.put("local", LocalDateTime.of(1960, 1, 1, 0, 0).plusMinutes(id));
    row.put("key", new UUID(id * 31L, id));
    return row;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyFlatTypeOfFormat2IsReadAsItWasPublished(boolean knownReaders) throws IOException {
    publishAndCompare(knownReaders, GenericReaderTest::values);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void valuesThatDoNotRepeatAreReadAsTheyWerePublished(boolean knownReaders) throws IOException {
    Map<String, Set<Encoding>> encodings =
        publishAndCompare(knownReaders, GenericReaderTest::distinctValues);

    for (String column :
        List.of("id", "whole", "large", "small", "medium", "day", "clock", "instant", "local")) {
      assertThat(encodings.get(column).contains(Encoding.DELTA_BINARY_PACKED))
          .as("deltas of %s", column)
          .isEqualTo(knownReaders);
    }
    for (String column : List.of("text", "raw")) {
      assertThat(encodings.get(column).contains(Encoding.DELTA_LENGTH_BYTE_ARRAY))
          .as("deltas of lengths of %s", column)
          .isEqualTo(knownReaders);
    }
  }

  /** Returns the encodings of each column. */
  private Map<String, Set<Encoding>> publishAndCompare(
      boolean knownReaders, IntFunction<Map<String, Object>> values) throws IOException {
    List<Map<String, Object>> published = new ArrayList<>();
    for (int id = 0; id < 6_000; id++) {
      Map<String, Object> row = values.apply(id);
      if (id % 7 == 0) {
        row.replaceAll((name, value) -> name.equals("id") ? value : null);
      }
      published.add(row);
    }
    Contract contract = knownReaders ? CONTRACT.readers(Engine.SPARK) : CONTRACT;
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      owner.defineProduct("types/flat").contract(contract).commit();
      owner.publish("types/flat").records(published).commit();
    }
    try (PublishedTable flat = new PublishedTable(folder, "types/flat")) {
      Table table = flat.table();
      int read = 0;
      try (CloseableIterable<Record> rows = IcebergGenerics.read(table).build()) {
        for (Record row : rows) {
          Map<String, Object> expected = published.get((Integer) row.getField("id"));
          for (Types.NestedField column : table.schema().columns()) {
            assertThat(comparable(row.getField(column.name())))
                .as("%s of row %s", column.name(), read)
                .isEqualTo(comparable(expected.get(column.name())));
          }
          read++;
        }
      }
      assertThat(read).isEqualTo(published.size());
      return FileEncodings.of(table, folder);
    }
  }

  private static Object comparable(Object value) {
    if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    }
    if (value instanceof Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    return value;
  }
}
