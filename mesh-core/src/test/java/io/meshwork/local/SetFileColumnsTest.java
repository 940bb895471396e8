package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.parquet.read.OracleFile;
import io.meshwork.internal.rows.ConstantColumnValue;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that one publish gives columns that its files lack. */
class SetFileColumnsTest {
  /** A required and a nullable column of each type. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("text", "'string'"),
          Map.entry("whole", "'int'"),
          Map.entry("big", "'long'"),
          Map.entry("real", "'double'"),
          Map.entry("flag", "'boolean'"),
          Map.entry("bin", "'bytes'"),
          Map.entry("day", "{'type':'int','logicalType':'date'}"),
          Map.entry("clock", "{'type':'long','logicalType':'time-micros'}"),
          Map.entry("at", "{'type':'long','logicalType':'timestamp-micros'}"),
          Map.entry("local", "{'type':'long','logicalType':'local-timestamp-micros'}"),
          Map.entry("uid", "{'type':'string','logicalType':'uuid'}"),
          Map.entry("money", "{'type':'bytes','logicalType':'decimal','precision':7,'scale':2}"),
          Map.entry("sort", "{'type':'enum','name':'Sort','symbols':['A','B']}"));

  private static final Map<String, Object> VALUES =
      Map.ofEntries(
          Map.entry("text", "n,1"),
          Map.entry("whole", 7),
          Map.entry("big", 8L),
          Map.entry("real", -0.5),
          Map.entry("flag", true),
          Map.entry("bin", ByteBuffer.wrap(new byte[] {1, 2})),
          Map.entry("day", LocalDate.of(2026, 1, 2)),
          Map.entry("clock", LocalTime.of(8, 30)),
          Map.entry("at", Instant.parse("2026-01-02T03:04:05Z")),
          Map.entry("local", LocalDateTime.of(2026, 1, 2, 3, 4)),
          Map.entry("uid", UUID.fromString("0c3f5a3e-3f0d-4a55-9c5c-d0d0d0d0d0d0")),
          Map.entry("money", new BigDecimal("12.50")),
          Map.entry("sort", "B"));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private MeshClient types;

  @BeforeEach
  void define() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    types = mesh.clientAs(Principal.of("types", "etl"));
    types.registerDomain("types").owner("o@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private static Schema row(String type, boolean nullable) {
    return new Schema.Parser()
        .parse(
            """
            {'type':'record','name':'Row','fields':[
              {'name':'id','type':'string'},
              {'name':'given','type':%s}]}
            """
                .formatted(nullable ? "['null'," + type + "]" : type)
                .replace('\'', '"'));
  }

  private String product(String name, Contract contract) {
    String product = "types/" + name;
    types.defineProduct(product).contract(contract).commit();
    return product;
  }

  /** A file with two rows, which have these columns. */
  private Path file(String format, String... columns) throws IOException {
    Path file = folder.resolve("rows" + System.nanoTime() + "." + format);
    Schema schema = record(columns);
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      GenericRecord row = new GenericData.Record(schema);
      for (String column : columns) {
        row.put(column, column + i);
      }
      rows.add(row);
    }
    switch (format) {
      case "csv" ->
          Files.writeString(
              file,
              String.join(",", columns)
                  + "\n"
                  + String.join("1,", columns)
                  + "1\n"
                  + String.join("2,", columns)
                  + "2\n");
      case "jsonl" -> Files.writeString(file, rows.get(0) + "\n" + rows.get(1) + "\n");
      case "avro" -> {
        try (DataFileWriter<GenericRecord> to =
            new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema))) {
          to.create(schema, file.toFile());
          for (GenericRecord row : rows) {
            to.append(row);
          }
        }
      }
      default -> OracleFile.write(file, schema, rows, to -> to);
    }
    return file;
  }

  private static Schema record(String... columns) {
    SchemaBuilder.FieldAssembler<Schema> fields = SchemaBuilder.record("Row").fields();
    for (String column : columns) {
      fields = fields.requiredString(column);
    }
    return fields.endRecord();
  }

  private List<Map<String, Object>> rows(String product) {
    try (Rows<Map<String, Object>> rows = types.read(product).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "csv,true", "csv,false", "jsonl,true", "jsonl,false",
    "avro,true", "avro,false", "parquet,true", "parquet,false"
  })
  void eachRowGetsTheValueAsARowOfMapsHasIt(String format, boolean nullable) throws IOException {
    Path file = file(format, "id");
    for (Map.Entry<String, String> type : TYPES.entrySet()) {
      Contract contract = Contract.of(row(type.getValue(), nullable));
      String name = type.getKey();
      String asMaps = product("maps_" + name, contract);
      String asFile = product("file_" + name, contract);
      Object value = VALUES.get(name);

      types.publish(asFile).files(file).setColumn("given", value).commit();

      types
          .publish(asMaps)
          .records(
              List.of(Map.of("id", "id1", "given", value), Map.of("id", "id2", "given", value)))
          .commit();
      assertThat(rows(asFile)).isEqualTo(rows(asMaps)).hasSize(2);
      assertThat(rows(asFile).get(1)).containsEntry("given", rows(asMaps).get(0).get("given"));
      assertThat(rows(asFile).get(1).get("given")).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "jsonl", "avro", "parquet"})
  void rulesAndPartitionsSeeTheValue(String format) throws IOException {
    String product = "types/parts";
    types
        .defineProduct(product)
        .contract(Contract.of(row("'string'", true)).require(Rule.inSet("given", "a", "b")))
        .partitionBy(Partition.by("given"))
        .commit();
    Path file = file(format, "id");
    for (String part : List.of("a", "b", "a")) {
      types.publish(product).files(file).setColumn("given", part).replacePartitions().commit();
    }

    assertThat(rows(product)).extracting(row -> row.get("given")).containsOnly("a", "b").hasSize(4);
    assertThatThrownBy(() -> types.publish(product).files(file).setColumn("given", "c").commit())
        .isInstanceOf(ContractViolationException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "csv,true", "csv,false", "jsonl,true", "jsonl,false",
    "avro,true", "avro,false", "parquet,true", "parquet,false"
  })
  void aColumnThatTheFileHasIsNotSet(String format, boolean ignoring) throws IOException {
    for (boolean nullable : List.of(true, false)) {
      String product = product("has" + nullable, Contract.of(row("'string'", nullable)));
      Path file = file(format, "id", "given");
      Publish.Files<?> publish = types.publish(product).files(file).setColumn("given", "x");

      assertThatThrownBy(() -> (ignoring ? publish.ignoreUnknownColumns() : publish).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("it has a column 'given', which setColumn(..) sets too")
          .hasMessageContaining(file.getFileName().toString());
      assertThat(rows(product)).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "csv,true", "csv,false", "jsonl,true", "jsonl,false",
    "avro,true", "avro,false", "parquet,true", "parquet,false"
  })
  void aRenamedColumnIsInTheFile(String format, boolean nullable) throws IOException {
    String product = product("renamed", Contract.of(row("'string'", nullable)));
    Path file = file(format, "id", "note");

    assertThatThrownBy(
            () ->
                types
                    .publish(product)
                    .files(file)
                    .renameColumn("nota", "given")
                    .ignoreUnknownColumns()
                    .commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("it has no column 'nota'")
        .hasMessageContaining(file.getFileName().toString());
    assertThat(rows(product)).isEmpty();

    types.publish(product).files(file).renameColumn("note", "given").commit();
    assertThat(rows(product)).extracting(row -> row.get("given")).containsExactly("note1", "note2");
  }

  @Test
  void aFileWithoutHeaderLacksTheColumnsThatAreSet() throws IOException {
    String product = product("plain", Contract.of(row("'string'", true)));
    Path file = Files.writeString(folder.resolve("plain.csv"), "r-1\nr-2\n");

    types
        .publish(product)
        .files(Publish.FileFormat.csv().withoutHeader(), file)
        .setColumn("given", "x")
        .commit();

    assertThat(rows(product))
        .containsExactly(Map.of("id", "r-1", "given", "x"), Map.of("id", "r-2", "given", "x"));
  }

  @Test
  void aRejectedRowKeepsTheValue() throws IOException {
    String product =
        product(
            "kept",
            Contract.of(
                    new Schema.Parser()
                        .parse(
                            """
                            {"type":"record","name":"Row","fields":[
                              {"name":"n","type":"int"},{"name":"given","type":["null","string"]}]}
                            """))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100));
    Path file = Files.writeString(folder.resolve("bad.csv"), "n\nx\n4\n");
    types.publish(product).files(file).setColumn("given", "kept").commit();

    types
        .publish(product)
        .republish(
            "TRUE",
            row -> {
              row.put("n", 5);
              return row;
            })
        .commit();

    assertThat(rows(product))
        .containsExactlyInAnyOrder(
            Map.of("n", 4, "given", "kept"), Map.of("n", 5, "given", "kept"));
  }

  @Test
  void valuesThatMapsRefuseAreRefusedHere() throws IOException {
    Path file = file("csv", "id");
    for (Map.Entry<String, Object> wrong :
        List.<Map.Entry<String, Object>>of(
            Map.entry("money", "12"),
            Map.entry("money", new BigDecimal("1.505")),
            Map.entry("money", new BigDecimal("123456.00")),
            Map.entry("sort", "C"),
            Map.entry("day", "2026-01-02"),
            Map.entry("at", Instant.parse("2026-01-01T00:00:00.123456789Z")),
            Map.entry("at", Instant.MAX),
            Map.entry("clock", LocalTime.parse("08:00:00.123456789")),
            Map.entry("local", LocalDateTime.parse("2026-01-01T00:00:00.123456789")),
            Map.entry("uid", "x"),
            Map.entry("big", "7"),
            Map.entry("whole", 1L << 40),
            Map.entry("flag", 1),
            Map.entry("text", new Object()))) {
      for (boolean nullable : List.of(true, false)) {
        String product =
            product(
                "w" + Math.abs(wrong.hashCode()) + nullable,
                Contract.of(row(TYPES.get(wrong.getKey()), nullable)));
        assertThatThrownBy(
                () ->
                    types
                        .publish(product)
                        .records(List.of(Map.of("id", "1", "given", wrong.getValue())))
                        .commit())
            .as("as a map: %s", wrong)
            .isInstanceOf(ContractViolationException.class);

        assertThatThrownBy(
                () ->
                    types
                        .publish(product)
                        .files(file)
                        .setColumn("given", wrong.getValue())
                        .commit())
            .as("%s", wrong)
            .isInstanceOfSatisfying(
                InvalidRequestException.class,
                refused ->
                    assertThat(refused.errorCode())
                        .as(refused.getMessage())
                        .isEqualTo(ErrorCode.INVALID_ARGUMENT))
            .hasMessageContaining("the value of column 'given' does not fit");
      }
    }
  }

  @Test
  void aListIsNotSet() throws IOException {
    String product = product("lists", Contract.of(row("{'type':'array','items':'string'}", false)));
    Path file = file("csv", "id");

    assertThatThrownBy(
            () -> types.publish(product).files(file).setColumn("given", List.of("a")).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("list, map, or record");
  }

  @Test
  void aKeyIsOfOneValue() throws IOException {
    String product = product("keys", Contract.of(row("'bytes'", true)));
    Path file = file("csv", "id");
    byte[] first = {1, 2};

    types.publish(product).files(file).setColumn("given", first).idempotencyKey("k").commit();

    assertThat(
            types
                .publish(product)
                .files(file)
                .setColumn("given", ByteBuffer.wrap(first.clone()))
                .idempotencyKey("k")
                .commit()
                .replayed())
        .isTrue();
    assertThatThrownBy(
            () ->
                types
                    .publish(product)
                    .files(file)
                    .setColumn("given", new byte[] {1, 3})
                    .idempotencyKey("k")
                    .commit())
        .isInstanceOf(MeshException.class);
  }

  @Test
  void namesAndValuesAreNotMistakenForOthersUnderOneKey() throws IOException {
    String product =
        product(
            "pairs",
            Contract.of(
                SchemaBuilder.record("Row")
                    .fields()
                    .requiredString("id")
                    .optionalString("a")
                    .optionalString("b")
                    .endRecord()));
    Path file = file("csv", "id");
    types.publish(product).files(file).setColumn("a", "1, b=2").idempotencyKey("k").commit();

    assertThatThrownBy(
            () ->
                types
                    .publish(product)
                    .files(file)
                    .setColumn("a", "1")
                    .setColumn("b", "2")
                    .idempotencyKey("k")
                    .commit())
        .isInstanceOf(MeshException.class);
  }

  @Test
  void aColumnIsNamedOnce() throws IOException {
    String product = product("once", Contract.of(row("'string'", true)));
    Path file = file("csv", "id", "x");
    Publish.Files<?> publish = types.publish(product).files(file).renameColumn("x", "given");

    assertThatThrownBy(() -> publish.renameColumn("y", "given"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("given");
    assertThatThrownBy(() -> publish.setColumn("given", "1"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("given");
    assertThatThrownBy(() -> publish.renameColumn("x", "id"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'x'");
    Publish.Files<?> set = types.publish(product).files(file).setColumn("given", "1");
    assertThatThrownBy(() -> set.setColumn("given", "2"))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> set.renameColumn("x", "given"))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aNameInFilesOfAnotherColumnIsNotRenamed() throws IOException {
    Schema named =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Row","fields":[
                  {"name":"id","type":"string","meshwork.physicalName":"Order ID"},
                  {"name":"note","type":["null","string"]}]}
                """);
    String product = product("named", Contract.of(named));
    Path file = Files.writeString(folder.resolve("named.csv"), "Order ID\no-1\n");

    assertThatThrownBy(
            () -> types.publish(product).files(file).renameColumn("Order ID", "note").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'Order ID'")
        .hasMessageContaining("'id'");
  }

  @Test
  void aTextIsParsedAsACellOfAFile() {
    Contract contract =
        Contract.fromJson(
            """
            {"schema":{"type":"record","name":"Row","fields":[
              {"name":"n","type":"int"},
              {"name":"note","type":["null","string"]},
              {"name":"money","type":{"type":"bytes","logicalType":"decimal","precision":7,"scale":2},
               "meshwork.textForm":{"format":"1.234,56"}},
              {"name":"day","type":{"type":"int","logicalType":"date"},
               "meshwork.textForm":{"format":"dd.MM.yyyy"}},
              {"name":"yes","type":["null","boolean"],
               "meshwork.textForm":{"format":"Ja/Nein","nulls":["-"]}},
              {"name":"tags","type":{"type":"array","items":"string"}}]}}
            """);

    assertThat(ConstantColumnValue.parse(contract.schema(), "money", "1.234,5"))
        .isEqualTo(new BigDecimal("1234.5"));
    assertThat(ConstantColumnValue.parse(contract.schema(), "day", "02.01.2026"))
        .isEqualTo(LocalDate.of(2026, 1, 2));
    assertThat(ConstantColumnValue.parse(contract.schema(), "yes", "ja")).isEqualTo(true);
    assertThat(ConstantColumnValue.parse(contract.schema(), "yes", "-")).isNull();
    assertThat(ConstantColumnValue.parse(contract.schema(), "note", "")).isNull();
    assertThat(ConstantColumnValue.parse(contract.schema(), "n", "")).isNull();
    for (String[] wrong :
        new String[][] {
          {"n", "007", "leading zero"},
          {"n", "9999999999", "a whole number of 32 bits"},
          {"money", "1,2,3", "1.234,56"},
          {"money", "123.456,00", "5 integer digits"},
          {"day", "31.02.2026", "dd.MM.yyyy"},
          {"tags", "[\"a\"]", "list, map, or record"}
        }) {
      assertThatThrownBy(() -> ConstantColumnValue.parse(contract.schema(), wrong[0], wrong[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .as("%s", wrong[1])
          .hasMessageContaining(wrong[2]);
    }
  }
}
