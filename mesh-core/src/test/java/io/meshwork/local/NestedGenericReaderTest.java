package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Engine;
import io.meshwork.internal.parquet.read.RandomNestedAvro;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.Encoding;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Iceberg's own reader reads records, lists and maps in each other, in both table formats. */
class NestedGenericReaderTest {
  /** Every type that is not a record, list, or map. */
  private static final String ALL =
      """
      {"type":"record","name":"All","fields":[
        {"name":"flag","type":["null","boolean"]},
        {"name":"whole","type":["null","int"]},
        {"name":"large","type":["null","long"]},
        {"name":"narrow","type":["null","float"]},
        {"name":"real","type":["null","double"]},
        {"name":"text","type":["null","string"]},
        {"name":"symbol","type":["null",{"type":"enum","name":"letter","symbols":["A","B"]}]},
        {"name":"raw","type":["null","bytes"]},
        {"name":"seven","type":["null",{"type":"fixed","name":"seven_bytes","size":7}]},
        {"name":"d1","type":["null",{"type":"bytes","logicalType":"decimal","precision":1}]},
        {"name":"d9","type":["null",{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}]},
        {"name":"d10","type":["null",{"type":"bytes","logicalType":"decimal","precision":10,"scale":10}]},
        {"name":"d18","type":["null",{"type":"bytes","logicalType":"decimal","precision":18,"scale":4}]},
        {"name":"d19","type":["null",{"type":"bytes","logicalType":"decimal","precision":19,"scale":1}]},
        {"name":"d38","type":["null",{"type":"fixed","name":"wide","size":16,"logicalType":"decimal","precision":38,"scale":10}]},
        {"name":"day","type":["null",{"type":"int","logicalType":"date"}]},
        {"name":"clock_ms","type":["null",{"type":"int","logicalType":"time-millis"}]},
        {"name":"clock","type":["null",{"type":"long","logicalType":"time-micros"}]},
        {"name":"instant","type":["null",{"type":"long","logicalType":"timestamp-micros"}]},
        {"name":"local","type":["null",{"type":"long","logicalType":"local-timestamp-millis"}]},
        {"name":"instant_ns","type":["null",{"type":"long","logicalType":"timestamp-nanos"}]},
        {"name":"local_ns","type":["null",{"type":"long","logicalType":"local-timestamp-nanos"}]},
        {"name":"key","type":["null",{"type":"string","logicalType":"uuid"}]},
        {"name":"key_fixed","type":["null",{"type":"fixed","name":"key_bytes","size":16,"logicalType":"uuid"}]}]}
      """;

  private static final Schema EVERYWHERE =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"Everywhere","fields":[
                {"name":"id","type":"int"},
                {"name":"one","type":["null",%s]},
                {"name":"many","type":["null",{"type":"array","items":["null","All"]}]},
                {"name":"named","type":{"type":"map","values":["null",{"type":"array","items":
                  {"type":"map","values":["null","All"]}}]}}]}
              """
                  .formatted(ALL));

  @TempDir private Path folder;

  private final Set<Encoding> met = EnumSet.noneOf(Encoding.class);

  private static Map<String, Object> values(int id) {
    boolean even = id % 2 == 0;
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("flag", even);
    row.put("whole", even ? Integer.MIN_VALUE : Integer.MAX_VALUE);
    row.put("large", even ? Long.MIN_VALUE : Long.MAX_VALUE);
    row.put("narrow", even ? Float.NaN : -0.0f);
    row.put("real", even ? Double.NEGATIVE_INFINITY : Double.MIN_VALUE);
    row.put("text", even ? "" : "gr\u00fcn \uD83D\uDE95");
    row.put("symbol", even ? "A" : "B");
    row.put("raw", ByteBuffer.wrap(new byte[] {0, (byte) id, -1}));
    row.put("seven", ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, (byte) id}));
    row.put("d1", new BigDecimal(even ? "-9" : "9"));
    row.put("d9", new BigDecimal("-1234567.89"));
    row.put("d10", new BigDecimal("0.9999999999"));
    row.put("d18", new BigDecimal("12345678901234.5678"));
    row.put("d19", new BigDecimal("-999999999999999999.9"));
    row.put("d38", new BigDecimal("-1234567890123456789012345678.0123456789"));
    row.put("day", LocalDate.of(1899, 12, 31));
    row.put("clock_ms", LocalTime.of(23, 59, 59, 999_000_000));
    row.put("clock", LocalTime.of(0, 0, 0, 1_000));
    row.put("instant", Instant.parse("1969-12-31T23:59:59.999999Z"));
    row.put("local", LocalDateTime.parse("2024-02-29T12:34:56.789"));
    row.put("instant_ns", Instant.parse("1969-12-31T23:59:59.999999999Z").plusNanos(id));
    row.put("local_ns", LocalDateTime.parse("1677-09-22T00:00:00.000000001"));
    row.put("key", UUID.nameUUIDFromBytes(new byte[] {(byte) id}));
    row.put("key_fixed", new UUID(-1, id));
    if (id % 5 == 0) {
      row.replaceAll((name, value) -> null);
    }
    return row;
  }

  private static Map<String, Object> everywhere(int id) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id);
    row.put("one", id % 3 == 0 ? null : values(id));
    row.put(
        "many",
        switch (id % 4) {
          case 0 -> null;
          case 1 -> List.of();
          case 2 -> Collections.singletonList(null);
          default -> Arrays.asList(values(id), null, values(id + 1));
        });
    Map<String, Object> inner = new HashMap<>();
    inner.put("", values(id + 2));
    inner.put("none", null);
    Map<String, Object> named = new HashMap<>();
    named.put("lists", List.of(Map.of(), inner, Map.of("x", values(id + 3))));
    named.put("null", null);
    named.put("empty", List.of());
    row.put("named", id % 7 == 0 ? Map.of() : named);
    return row;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyTypeOfFormat3IsReadInsideOfRecordsListsAndMaps(boolean knownReaders)
      throws IOException {
    List<Map<String, Object>> published = new ArrayList<>();
    for (int id = 0; id < 500; id++) {
      published.add(everywhere(id));
    }

    List<Map<String, Object>> read =
        publishAndRead("everywhere", 3, contract(EVERYWHERE, knownReaders), published);

    assertThat(read).hasSameSizeAs(published);
    for (int id = 0; id < published.size(); id++) {
      assertThat(read.get(id)).as("row %s", id).isEqualTo(comparable(published.get(id)));
    }
  }

  private static Contract contract(Schema schema, boolean knownReaders) {
    Contract contract = Contract.of(schema);
    return knownReaders ? contract.readers(Engine.SPARK) : contract;
  }

  @ParameterizedTest
  @CsvSource({"2, false", "2, true", "3, false", "3, true"})
  void randomNestedRowsAreReadAsTheyWerePublished(int format, boolean knownReaders)
      throws IOException {
    for (int seed = 0; seed < 10; seed++) {
      RandomNestedAvro maker = new RandomNestedAvro(new Random(seed * 100L + format), true);
      Schema schema = maker.schema(1 + seed % 4);
      List<GenericRecord> rows = maker.rows(schema, 150);

      List<Map<String, Object>> read =
          publishAndRead("random-" + seed, format, contract(schema, knownReaders), rows);

      String what =
          "format " + format + ", known " + knownReaders + ", seed " + seed + ", schema " + schema;
      assertThat(read).as(what).hasSize(rows.size());
      for (int row = 0; row < read.size(); row++) {
        assertThat(read.get(row))
            .as("%s, row %s", what, row)
            .isEqualTo(comparable(RandomNestedAvro.plain(rows.get(row))));
      }
    }
    assertThat(met.contains(Encoding.DELTA_BINARY_PACKED)).isEqualTo(knownReaders);
    assertThat(met.contains(Encoding.DELTA_LENGTH_BYTE_ARRAY)).isEqualTo(knownReaders);
  }

  private List<Map<String, Object>> publishAndRead(
      String product, int format, Contract contract, List<?> rows) throws IOException {
    Path place = folder.resolve(product);
    try (Mesh mesh = LocalMesh.open(place)) {
      MeshClient owner = mesh.clientAs(Principal.of("types", "etl"));
      owner.registerDomain("types").owner("types@example.org").commit();
      owner.defineProduct("types/" + product).contract(contract).tableFormat(format).commit();
      owner.publish("types/" + product).records(rows).commit();
    }
    try (PublishedTable published = new PublishedTable(place, "types/" + product)) {
      List<Map<String, Object>> read = new ArrayList<>();
      try (CloseableIterable<Record> records = IcebergGenerics.read(published.table()).build()) {
        records.forEach(record -> read.add(record(record)));
      }
      FileEncodings.of(published.table(), place).values().forEach(met::addAll);
      return read;
    }
  }

  private static Map<String, Object> record(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Types.NestedField field : record.struct().fields()) {
      values.put(field.name(), comparable(record.getField(field.name())));
    }
    return values;
  }

  /** One class for what two readers give in several. */
  private static Object comparable(Object value) {
    if (value instanceof Record record) {
      return record(record);
    } else if (value instanceof List<?> list) {
      List<Object> elements = new ArrayList<>();
      list.forEach(element -> elements.add(comparable(element)));
      return elements;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> entries = new HashMap<>();
      map.forEach((key, entry) -> entries.put(key.toString(), comparable(entry)));
      return entries;
    } else if (value instanceof byte[] bytes) {
      return ByteBuffer.wrap(bytes);
    } else if (value instanceof Instant instant) {
      return instant.atOffset(ZoneOffset.UTC);
    }
    return value instanceof CharSequence ? value.toString() : value;
  }
}
