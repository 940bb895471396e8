package io.meshwork.internal.rows;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;

/** The table of Java classes in the guide of publishing has all that a column type accepts. */
class AcceptedClassesTest {
  private static final Pattern CLASS = Pattern.compile("`([A-Za-z\\[\\]]+)`");

  private static final String PART =
      "{\"type\":\"record\",\"name\":\"NestedRecord\",\"fields\":[{\"name\":\"x\",\"type\":\"int\"}]}";

  private static final Schema FIXED = new Schema.Parser().parse(fixed("Sixteen", ""));
  private static final Schema ENUM =
      new Schema.Parser()
          .parse("{\"type\":\"enum\",\"name\":\"Letter\",\"symbols\":[\"A\",\"B\"]}");

  private enum Letter {
    A
  }

  private record NestedRecord(int x) {}

  /** The columns of each row of the table, in Avro's JSON. */
  private static Map<String, List<String>> columns() {
    Map<String, List<String>> columns = new LinkedHashMap<>();
    for (String simple : List.of("boolean", "int", "long", "float", "double", "string")) {
      columns.put(simple, List.of('"' + simple + '"'));
    }
    columns.put("enum", List.of(ENUM.toString()));
    columns.put("bytes, fixed", List.of("\"bytes\"", FIXED.toString()));
    columns.put(
        "decimal",
        List.of(
            "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":2}",
            fixed("Number", ",\"logicalType\":\"decimal\",\"precision\":38,\"scale\":2")));
    columns.put("date", List.of(logical("int", "date")));
    columns.put("time", List.of(logical("int", "time-millis"), logical("long", "time-micros")));
    columns.put(
        "timestamp",
        List.of(logical("long", "timestamp-millis"), logical("long", "timestamp-micros")));
    columns.put("local timestamp", List.of(logical("long", "local-timestamp-micros")));
    columns.put("UUID", List.of(fixed("Key", ",\"logicalType\":\"uuid\"")));
    columns.put("record", List.of(PART));
    columns.put("array", List.of("{\"type\":\"array\",\"items\":\"int\"}"));
    columns.put("map", List.of("{\"type\":\"map\",\"values\":\"int\"}"));
    return columns;
  }

  private static String logical(String type, String logical) {
    return "{\"type\":\"" + type + "\",\"logicalType\":\"" + logical + "\"}";
  }

  private static String fixed(String name, String more) {
    return "{\"type\":\"fixed\",\"name\":\"" + name + "\",\"size\":16" + more + "}";
  }

  /** A value of each class that a program may have, by the name in the guide. */
  private static Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("Boolean", true);
    values.put("Integer", 7);
    values.put("Long", 7L);
    values.put("Short", (short) 7);
    values.put("Byte", (byte) 7);
    values.put("Float", 7f);
    values.put("Double", 7.0);
    values.put("Character", 'A');
    values.put("BigInteger", BigInteger.ONE);
    values.put("BigDecimal", new BigDecimal("1.25"));
    values.put("LocalDate", LocalDate.EPOCH);
    values.put("LocalTime", LocalTime.NOON);
    values.put("Instant", Instant.EPOCH);
    values.put("LocalDateTime", LocalDate.EPOCH.atStartOfDay());
    values.put("OffsetDateTime", Instant.EPOCH.atOffset(ZoneOffset.UTC));
    values.put("Date", new Date(0));
    values.put("Enum", Letter.A);
    values.put("GenericEnumSymbol", new GenericData.EnumSymbol(ENUM, "A"));
    values.put("byte[]", new byte[16]);
    values.put("ByteBuffer", ByteBuffer.wrap(new byte[16]));
    values.put("GenericFixed", new GenericData.Fixed(FIXED, new byte[16]));
    values.put("UUID", new UUID(1, 2));
    values.put("Record", new NestedRecord(1));
    GenericRecord part = new GenericData.Record(new Schema.Parser().parse(PART));
    part.put("x", 1);
    values.put("GenericRecord", part);
    values.put("Map", Map.of("x", 1));
    values.put("Collection", List.of(1));
    values.put("Optional", Optional.of(new Object()));
    return values;
  }

  /** Texts in the form that a type requires. */
  private static Map<String, Object> texts(String type) {
    String text = type.equals("UUID") ? new UUID(1, 2).toString() : "A";
    return Map.of("String", text, "CharSequence", new StringBuilder(text), "Utf8", new Utf8(text));
  }

  private record DocumentedClasses(Set<String> anywhere, Set<String> inAvro) {}

  /** Reads the table of the guide. */
  private static Map<String, DocumentedClasses> documented() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    List<String> lines = Files.readAllLines(module.resolveSibling("docs/sources-of-rows.md"));
    Map<String, DocumentedClasses> table = new LinkedHashMap<>();
    int at = lines.indexOf("| Column type | Java classes | In an Avro record also |") + 2;
    for (; lines.get(at).startsWith("|"); at++) {
      String[] cells = lines.get(at).split("\\|");
      Set<String> anywhere = classes(cells[2]);
      Set<String> inAvro = classes(cells[3]);
      inAvro.addAll(anywhere);
      table.put(cells[1].trim(), new DocumentedClasses(anywhere, inAvro));
    }
    return table;
  }

  private static Set<String> classes(String cell) {
    Set<String> classes = new TreeSet<>();
    for (Matcher matcher = CLASS.matcher(cell); matcher.find(); ) {
      classes.add(matcher.group(1));
    }
    if (cell.contains("arrays of objects and primitives")) {
      classes.add("byte[]");
    }
    if (classes.contains("CharSequence")) {
      classes.add("Utf8");
    }
    return classes;
  }

  @Test
  void theGuideNamesTheClassesThatEachTypeAccepts() throws IOException {
    Map<String, DocumentedClasses> documented = documented();
    assertThat(documented.keySet()).isEqualTo(columns().keySet());
    columns()
        .forEach(
            (type, schemas) -> {
              DocumentedClasses classes = documented.get(type);
              assertThat(accepted(type, schemas, false))
                  .as("a %s from a map", type)
                  .isEqualTo(known(classes.anywhere(), type));
              assertThat(accepted(type, schemas, true))
                  .as("a %s from an Avro record", type)
                  .isEqualTo(known(classes.inAvro(), type));
            });
  }

  private static Set<String> known(Set<String> classes, String type) {
    Set<String> known = new TreeSet<>(classes);
    // A map's keys are no values of the column, and a specific record is an Avro record, too.
    known.removeAll(type.equals("map") ? Set.of("String", "CharSequence", "Utf8") : Set.of());
    known.remove("SpecificRecord");
    return known;
  }

  /** The classes whose value every column of a type accepts. */
  private static Set<String> accepted(String type, List<String> schemas, boolean inAvro) {
    Map<String, Object> values = values();
    values.putAll(texts(type));
    Set<String> accepted = new TreeSet<>(values.keySet());
    for (String schema : schemas) {
      Schema contract = FlatTypes.column("c", schema);
      values.forEach(
          (name, value) -> {
            if (!accepts(contract, value, inAvro)) {
              accepted.remove(name);
            }
          });
    }
    return accepted;
  }

  private static boolean accepts(Schema contract, Object value, boolean inAvro) {
    org.apache.iceberg.Schema table = IcebergSchemas.fromAvro(contract);
    VectorBatch batch = VectorBatch.empty(table);
    TypeViolations violations = new TypeViolations();
    Object row = Map.of("c", value);
    if (inAvro) {
      GenericRecord avro = new GenericData.Record(contract);
      avro.put("c", value);
      row = avro;
    }
    RecordShredders.forRecords(contract, table).shred(row, batch, violations);
    return violations.isEmpty();
  }
}
