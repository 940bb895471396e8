package io.meshwork.conformance.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContractTypesTest {
  @TempDir private Path folder;

  @Test
  void theCasesCoverEveryTypeAndEveryCode() throws IOException {
    Set<String> types = new TreeSet<>();
    Set<String> codes = new TreeSet<>();
    for (TypeCase one : ourCases()) {
      if (one.refused() != null) {
        codes.add(one.refused());
      } else {
        new Schema.Parser()
            .parse(one.avro())
            .getFields()
            .forEach(field -> types.add(name(field.schema())));
      }
    }

    assertThat(codes)
        .containsExactlyInAnyOrder(
            "TYPE_UNION",
            "TYPE_NULL",
            "TYPE_RECURSIVE",
            "TYPE_EMPTY_RECORD",
            "TYPE_LOGICAL",
            "NAME_DUPLICATE",
            "NOT_A_RECORD",
            "NAME_ILLEGAL",
            "DEFAULT_ILLEGAL",
            "DEPTH",
            "FORMAT_V3_REQUIRED");
    assertThat(types)
        .containsExactlyInAnyOrder(
            "boolean",
            "int",
            "long",
            "float",
            "double",
            "string",
            "bytes",
            "fixed",
            "enum",
            "bytes decimal",
            "fixed decimal",
            "string uuid",
            "fixed uuid",
            "int date",
            "int time-millis",
            "long time-micros",
            "long timestamp-millis",
            "long timestamp-micros",
            "long timestamp-nanos",
            "long local-timestamp-millis",
            "long local-timestamp-micros",
            "long local-timestamp-nanos",
            "record",
            "array",
            "map");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"int\" | 1 | 2",
        "\"int\" | 1 | \"1\"",
        "\"int\" | 1 | 1.5",
        "\"int\" | 1 | null",
        "[\"null\",\"int\"] | null | 0",
        "\"boolean\" | true | false",
        "\"long\" | 9007199254740993 | 9007199254740992",
        "\"double\" | 0.0 | \"-0.0\"",
        "\"double\" | \"-0.0\" | 0",
        "\"double\" | 0.1 | 0.10000000000000002",
        "\"double\" | \"NaN\" | 0",
        "\"float\" | 0.1 | 0.10000001",
        "\"float\" | \"Infinity\" | \"-Infinity\"",
        "\"string\" | \"\" | null",
        "\"string\" | \"a\" | \"A\"",
        "\"string\" | \"é\" | \"e\\u0301\"",
        "\"bytes\" | \"ff\" | \"FF\"",
        "\"bytes\" | \"ff\" | \"fe\"",
        "{\"type\":\"fixed\",\"name\":\"F\",\"size\":2} | \"0102\" | \"0201\"",
        "{\"type\":\"enum\",\"name\":\"E\",\"symbols\":[\"A\",\"B\"]} | \"A\" | \"B\"",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}"
            + " | \"1.50\" | \"1.5\"",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}"
            + " | \"1.50\" | \"1.51\"",
        "{\"type\":\"int\",\"logicalType\":\"date\"} | \"2024-02-29\" | \"2024-02-28\"",
        "{\"type\":\"int\",\"logicalType\":\"time-millis\"} | \"01:02:03\" | \"01:02:03.001\"",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}"
            + " | \"2024-02-29T00:00:00Z\" | \"2024-02-29T00:00:00.000001Z\"",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}"
            + " | \"2024-02-29T00:00:00Z\" | \"2024-02-29T00:00:00\"",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-nanos\"}"
            + " | \"2024-02-29T00:00:00.000000001Z\" | \"2024-02-29T00:00:00.000000002Z\"",
        "{\"type\":\"array\",\"items\":\"int\"} | [1,2] | [2,1]",
        "{\"type\":\"array\",\"items\":[\"null\",\"int\"]} | [null] | []",
        "[\"null\",{\"type\":\"array\",\"items\":\"int\"}] | null | []",
        "{\"type\":\"map\",\"values\":\"int\"} | {\"a\":1} | {\"A\":1}",
        "{\"type\":\"map\",\"values\":[\"null\",\"int\"]} | {\"a\":null} | {}",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":"
            + "[\"null\",\"int\"]}]} | {\"a\":1} | {}",
        "[\"null\",{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":"
            + "[\"null\",\"int\"]}]}] | {\"a\":null} | null",
        "{\"type\":\"string\",\"logicalType\":\"uuid\"}"
            + " | \"123e4567-e89b-12d3-a456-426614174000\""
            + " | \"123e4567-e89b-12d3-a456-426614174001\""
      })
  void aWrongExpectationFails(String type, String value, String wrong) throws IOException {
    Run run =
        run(
            """
            {"id": "right", "avro": %1$s, "rows": [{"v": %2$s}], "expect": [{"v": %2$s}]},
            {"id": "wrong", "avro": %1$s, "rows": [{"v": %2$s}], "expect": [{"v": %3$s}]}
            """
                .formatted(column(type), value, wrong));

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 1 failed");
    assertThat(run.output().get(0)).startsWith("FAIL wrong: ");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"v\": 2}, {\"v\": 1}]",
        "[{\"v\": 1}]",
        "[]",
        "[{\"v\": 1}, {\"v\": 2}, {\"v\": 2}]",
        "[{\"v\": 1}, {}]",
        "[{\"v\": 1}, {\"v\": 2, \"w\": 3}]"
      })
  void rowsMissingAddedOrOutOfOrderFail(String expect) throws IOException {
    Run run =
        run(
            "{\"id\": \"rows\", \"avro\": %s, \"rows\": [{\"v\": 1}, {\"v\": 2}], \"expect\": %s}"
                .formatted(column("\"int\""), expect));

    assertThat(run.output()).hasSize(2).last().isEqualTo("0 passed, 1 failed");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "TYPE_NULL | [\"int\",\"string\"] | TYPE_UNION instead of TYPE_NULL",
        "TYPE_UNION | \"int\" | not refused",
        "TYPE_NESTED | {\"type\":\"array\",\"items\":\"int\"} | no code TYPE_NESTED",
        "FORMAT_V3_REQUIRED | {\"type\":\"long\",\"logicalType\":\"timestamp-micros\"} | not refused"
      })
  void aWrongRejectionFails(String code, String type, String why) throws IOException {
    Run run =
        run(
            "{\"id\": \"refusal\", \"avro\": %s, \"refused\": \"%s\"}"
                .formatted(column(type), code));

    assertThat(run.output()).hasSize(2).last().isEqualTo("0 passed, 1 failed");
    assertThat(run.output().get(0)).startsWith("FAIL refusal: ").contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"array\",\"items\":\"int\"} | [1] | {\"a\":1} | a list is needed",
        "{\"type\":\"array\",\"items\":\"int\"} | [1] | [1,\"x\"] | at [1]: \"x\"",
        "{\"type\":\"map\",\"values\":\"int\"} | {\"a\":1} | [1] | an object is needed",
        "{\"type\":\"map\",\"values\":\"int\"} | {} | {\"a\":true} | at {a}: true",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}"
            + " | {\"a\":1} | {\"a\":1,\"b\":2} | no such field: b",
        "{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"}]}"
            + " | {\"a\":1} | {\"a\":1.5} | at .a: 1.5"
      })
  void aNestedValueOfTheWrongTypeIsReportedWithItsPath(
      String type, String value, String wrong, String why) throws IOException {
    Run run =
        run(
            """
            {"id": "right", "avro": %1$s, "rows": [{"v": %2$s}]},
            {"id": "wrong", "avro": %1$s, "rows": [{"v": %3$s}]}
            """
                .formatted(column(type), value, wrong));

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 1 failed");
    assertThat(run.output().get(0)).startsWith("FAIL wrong: ").contains(why);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"avro\": \"int\", \"rows\": []}",
        "{\"id\": \"\", \"avro\": \"int\", \"rows\": []}",
        "{\"id\": \"x\", \"rows\": []}",
        "{\"id\": \"x\", \"avro\": %s}",
        "{\"id\": \"x\", \"avro\": %s, \"rows\": [], \"refused\": \"DEPTH\"}",
        "{\"id\": \"x\", \"avro\": %s, \"rows\": [], \"expects\": []}",
        "{\"id\": \"x\", \"avro\": %s, \"rows\": {}}",
        "{\"id\": \"x\", \"avro\": %s, \"rows\": [1]}",
        "{\"id\": \"x\", \"avro\": %s, \"rows\": [], \"expect\": null}",
        "{\"id\": \"x\", \"avro\": %s, \"refused\": null}",
        "7"
      })
  void aMalformedCaseFailsAndTheOthersRun(String broken) throws IOException {
    String good = "{\"id\": \"good\", \"avro\": %s, \"rows\": [{\"v\": 1}]}";

    Run run = run((good + ",\n" + broken).replace("%s", column("\"int\"")));

    assertThat(run.output()).hasSize(2).last().isEqualTo("1 passed, 1 failed");
    assertThat(run.output().get(0)).matches("FAIL (x|#2): .+");
  }

  @Test
  void aRepeatedIdFails() throws IOException {
    String one = "{\"id\": \"twin\", \"avro\": %s, \"rows\": []}".formatted(column("\"int\""));

    assertThat(run(one + "," + one).output())
        .containsExactly(
            "FAIL twin: another case of this file has the same id", "1 passed, 1 failed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"schema\": \"contract-types/2\", \"cases\": []}",
        "{\"schema\": \"contract-types/1\"}",
        "{\"schema\": \"contract-types/1\", \"cases\": {}}",
        "{\"schema\": \"contract-types/1\", \"cases\": []",
        "{\"schema\": \"contract-types/1\", \"cases\": []} more",
        "{\"schema\": \"contract-types/1\", \"cases\": [{\"id\": \"a\", \"id\": \"b\"}]}"
      })
  void aFileWithoutCasesIsRejected(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("cases.json"), text);

    Run run = Run.of("contract-types", file);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).contains(file.toString());
  }

  @Test
  void invalidUtf8IsRejected() throws IOException {
    Path file = Files.write(folder.resolve("cases.json"), new byte[] {'"', (byte) 0xff, '"'});

    assertThat(Run.of("contract-types", file).exitCode()).isEqualTo(2);
  }

  @Test
  void anInvalidCommandLineIsRejected() {
    List<Run> runs =
        List.of(
            Run.of(),
            Run.of("contract-types"),
            Run.of("contract-kinds", folder),
            Run.of("contract-types", folder.resolve("absent.json")),
            Run.of("contract-types", folder),
            Run.of("contract-types", folder, "--keep"),
            Run.of("contract-types", folder, "--drop", folder));

    assertThat(runs)
        .allSatisfy(
            run -> {
              assertThat(run.exitCode()).isEqualTo(2);
              assertThat(run.output()).isEmpty();
              assertThat(run.errors()).isNotBlank();
            });
  }

  @Test
  void onlyTheJsonFilesOfAFolderAreRun() throws IOException {
    String one = "{\"id\": \"a\", \"avro\": %s, \"rows\": []}".formatted(column("\"int\""));
    write("1.json", one);
    write("2.json", one);
    Files.writeString(folder.resolve("notes.txt"), "no case");

    assertThat(Run.of("contract-types", folder).output()).containsExactly("2 passed, 0 failed");
  }

  @Test
  void aThousandColumnsPassAndOneColumnTooManyIsRejected() throws IOException {
    Run run =
        run(
            """
            {"id": "thousand", "avro": %s, "rows": [%s]},
            {"id": "too-many", "avro": %s, "refused": "DEPTH"}
            """
                .formatted(
                    columns(1_000),
                    IntStream.range(0, 1_000)
                        .mapToObj(i -> "\"c" + i + "\": " + i)
                        .collect(Collectors.joining(",", "{", "}")),
                    columns(10_001)));

    assertThat(run.output()).containsExactly("2 passed, 0 failed");
  }

  @Test
  void aFailureIsReportedOnOneLine() throws IOException {
    Run run =
        run(
            "{\"id\": \"two\\nlines\", \"avro\": %s, \"rows\": [{\"v\": \"a\\nb\"}]}"
                .formatted(column("\"int\"")));

    assertThat(run.output()).hasSize(2);
    assertThat(run.output().get(0)).startsWith("FAIL two lines: rows[0].v: ");
  }

  private Run run(String cases) throws IOException {
    return Run.of("contract-types", write("cases.json", cases));
  }

  private Path write(String name, String cases) throws IOException {
    return Files.writeString(
        folder.resolve(name), "{\"schema\": \"contract-types/1\", \"cases\": [" + cases + "]}");
  }

  private static String column(String type) {
    return "{\"type\": \"record\", \"name\": \"Row\", \"fields\": [{\"name\": \"v\", \"type\": "
        + type
        + "}]}";
  }

  private static String columns(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"name\": \"c" + i + "\", \"type\": \"int\"}")
        .collect(
            Collectors.joining(
                ",", "{\"type\": \"record\", \"name\": \"Wide\", \"fields\": [", "]}"));
  }

  private static String name(Schema type) {
    if (type.isUnion()) {
      return type.getTypes().stream()
          .map(ContractTypesTest::name)
          .filter(branch -> !branch.equals("null"))
          .collect(Collectors.joining());
    }
    LogicalType logical = type.getLogicalType();
    return type.getType().getName() + (logical == null ? "" : " " + logical.getName());
  }

  static Path ours() {
    try {
      return Path.of(ContractTypesTest.class.getResource("contract-types").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static List<TypeCase> ourCases() throws IOException {
    try (var files = Files.list(ours())) {
      return files.sorted().flatMap(file -> TypeCaseFile.read(file).stream()).toList();
    }
  }
}
