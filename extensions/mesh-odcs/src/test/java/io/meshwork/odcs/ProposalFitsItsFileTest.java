package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish.PublishPlan;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract that is proposed for a file accepts the file, and no row breaks its rules. */
class ProposalFitsItsFileTest {
  private static final int FILES = 20;

  private static final List<List<String>> CELLS =
      List.of(
          List.of("1", "2", "-0", "0"),
          List.of("9223372036854775808", "-1", "123456789012345678901234567890"),
          List.of("9007199254740993", "1e+3", "1"),
          List.of("0.12345678901234567890123", "99999999999999999999.99", "0.5", ".5"),
          List.of("1e400", "1e+400", "1e1", "-1e-400", "12E5"),
          List.of("9".repeat(39), "1.5", "9".repeat(90)),
          List.of("9".repeat(41), "1", "0." + "9".repeat(41)),
          List.of("true", "TRUE", "False"),
          List.of("2026-02-28", "2026-02-30", "0001-01-01"),
          List.of("08:30:00", "08:30:00.123456", "24:00:00"),
          List.of("2026-01-31T10:00:00Z", "2026-01-31 10:00+05:30"),
          List.of("2026-01-31T10:00", "2026-01-31 10:00:00.5"),
          List.of("123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174001"),
          List.of("00501", "10115", "5"),
          List.of("x", "\"\"", "Zürich", "NaN"),
          List.of(""));

  private static final List<List<String>> VALUES =
      List.of(
          List.of("1", "-7", "0"),
          List.of("9223372036854775808", "1", "123456789012345678901234567890"),
          List.of("9007199254740993", "1.5", "-0.0"),
          List.of("1e400", "1"),
          List.of("9".repeat(39), "9".repeat(400), "0.5"),
          List.of("0." + "1".repeat(450), "2"),
          List.of("1e-00007", "1E5"),
          List.of("true", "false", "1"),
          List.of("\"x\"", "1", "\"1\""),
          List.of("\"2026-02-28\"", "\"2026-02-30\""),
          List.of("\"2026-01-31T10:00:00Z\"", "null"),
          List.of("\"00501\"", "501"),
          List.of("[1, \"a\", null]", "[]", "[{\"b\": 1.50}]"),
          List.of("{\"a\": 1}", "{\"a\": \"x\", \"b\": {}}", "{}"),
          List.of("{\"a\": 1, \"e\": \"\\u00e9\\n\"}", "\"x\"", "[true]"),
          List.of("{\"v\": 1e400}", "{\"v\": [2]}"),
          List.of("null"));

  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;
  private int products;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("d", "etl"));
    owner.registerDomain("d").owner("d@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  /** Defines a product by the proposal, and by its document, and publishes the file to it. */
  private void assertFits(Path file, String what) throws IOException {
    ContractProposal proposal = ContractProposal.from(file);
    Path yaml = Files.writeString(folder.resolve("proposal.yaml"), proposal.asYaml());
    assertFits(file, proposal.contract(), what);
    Contract read = OdcsDocument.read(yaml).contract();
    assertThat(read.schema().getFields())
        .as("%s, as a document", what)
        .isEqualTo(proposal.contract().schema().getFields());
    assertFits(file, read, what + ", as a document");
  }

  private void assertFits(Path file, Contract proposed, String what) {
    String product = "d/p" + products++;
    owner.defineProduct(product).contract(proposed).commit();
    PublishPlan run = owner.publish(product).files(file).plan();
    assertThat(run.quality().failed()).as("%s, contract %s", what, proposed.toJson()).isEmpty();
    assertThat(run.isAccepted()).as("%s, contract %s", what, proposed.toJson()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}|{\"a\":\"x\"}",
        "{\"a\":1e400}|{\"a\":1}",
        "{\"a\":[1,\"x\"]}|{\"a\":[true]}",
        "{\"a\":{\"b\":1}}|{\"a\":[1.50,{\"c\":null}]}",
        "{\"a\":{\"b\":true}}|{\"a\":{\"b\":\"x\"}}",
        "{\"a\":\"2026-01-31T10:00:00.123456789Z\",\"b\":[{\"c\":\"08:30:00.123456789\"}]}"
      })
  void aJsonColumnOfSeveralTypesKeepsTheTextOfEachValue(String lines) throws IOException {
    assertFits(Files.writeString(folder.resolve("mixed.jsonl"), lines.replace('|', '\n')), lines);
  }

  static Stream<Arguments> numbersOfManyDigits() {
    return Stream.of(
            "9".repeat(39),
            "-" + "9".repeat(60),
            "1" + "0".repeat(40),
            "9".repeat(75),
            "9".repeat(30) + "." + "9".repeat(20),
            "0." + "9".repeat(41))
        .flatMap(number -> Stream.of("", "1", "0.5").map(beside -> Arguments.of(number, beside)));
  }

  @ParameterizedTest
  @MethodSource("numbersOfManyDigits")
  void aNumberOfMoreThan38DigitsIsATextIfAllAreWholeAndElseADoubleInCsvAsInJson(
      String number, String beside) throws IOException {
    List<String> values = Stream.of(number, beside).filter(each -> !each.isEmpty()).toList();
    Path csv =
        Files.writeString(
            folder.resolve("many.csv"), "amount\n" + String.join("\n", values) + "\n");
    Path json =
        Files.writeString(
            folder.resolve("many.jsonl"),
            values.stream()
                .map(each -> "{\"amount\":" + each + "}\n")
                .collect(Collectors.joining()));

    for (Path file : List.of(csv, json)) {
      assertThat(ContractProposal.from(file).contract().schema().getField("amount").schema())
          .extracting(Schema::getType)
          .isEqualTo((number + beside).contains(".") ? Schema.Type.DOUBLE : Schema.Type.STRING);
      assertFits(file, values.toString());
    }
  }

  @Test
  void formattedNumbersOfMoreThan38DigitsAreDoubles() throws IOException {
    String lines = "amount;b\n1.234,5;x\n" + "9".repeat(40) + ",5;y\n";
    Path file = Files.writeString(folder.resolve("comma.csv"), lines);

    assertThat(
            ContractProposal.from(file).contract().schema().getField("amount").schema().getType())
        .isEqualTo(Schema.Type.DOUBLE);
    assertFits(file, lines);
  }

  @Test
  void wholeNumbersOfMoreThan38DigitsAreReadAsTheFileHasThemInEachForm() throws IOException {
    String many = "1.234.567.890.123.456.789.012.345.678.901.234.567.890";
    String lines = "amount;id\n1,5;" + many + "\n2,5;12.000\n3,5;" + "9".repeat(60) + "\n";
    Path file = Files.writeString(folder.resolve("comma.csv"), lines);
    assertFits(file, lines);
    owner.publish("d/p0").files(file).commit();

    try (var rows = owner.read("d/p0").asMaps().rows()) {
      assertThat(rows.stream().map(row -> row.get("id")))
          .containsExactly(many, "12.000", "9".repeat(60));
    }
  }

  @Test
  void aFormattedFractionBesideAWholeNumberOfMoreThan38DigitsMakesADouble() throws IOException {
    String lines = "amount;b\n1.234,5;x\n1.234" + ".567".repeat(12) + ";y\n";

    assertFits(Files.writeString(folder.resolve("beside.csv"), lines), lines);
  }

  @Test
  void theTextOfAValueIsAsItIsWritten() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("mixed.jsonl"),
            """
            {"a": 1.50}
            {"a": "x"}
            {"a": {"b": [1e400, "é\\n", null, true], "c": {}}}
            {"a": "1.50"}
            """);
    owner.defineProduct("d/mixed").contract(ContractProposal.from(file).contract()).commit();
    owner.publish("d/mixed").files(file).commit();

    try (var rows = owner.read("d/mixed").asMaps().rows()) {
      assertThat(rows.stream().map(row -> row.get("a")))
          .containsExactly("1.50", "x", "{\"b\":[1e400,\"é\\n\",null,true],\"c\":{}}", "1.50");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.csv|a,b|1e-400,1|1.5,2", "a.jsonl|{\"a\":1e-400}|{\"a\":1.5}"})
  void aNumberThatADoubleWouldMakeZeroStaysAsItIsWritten(String lines) throws IOException {
    String[] parts = lines.split("[|]", 2);
    Path file = Files.writeString(folder.resolve(parts[0]), parts[1].replace('|', '\n'));
    owner.defineProduct("d/tiny").contract(ContractProposal.from(file).contract()).commit();
    owner.publish("d/tiny").files(file).commit();

    try (var rows = owner.read("d/tiny").asMaps().rows()) {
      assertThat(rows.stream().map(row -> row.get("a"))).containsExactly("1e-400", "1.5");
    }
  }

  @Test
  void aNumberAndItsTextAreNoKeyTogether() throws IOException {
    String lines =
        IntStream.range(0, 20)
            .mapToObj(i -> "{\"a\": " + (i % 2 == 0 ? i / 2 : "\"" + i / 2 + "\"") + "}")
            .collect(Collectors.joining("\n"));

    assertFits(Files.writeString(folder.resolve("key.jsonl"), lines), lines);
  }

  @Test
  void theFirstNamesOfAMapCountToo() throws IOException {
    String lines =
        IntStream.range(0, 300)
            .mapToObj(i -> "{\"m\": {\"k" + i + "\": " + (i == 7 ? "\"x\"" : i) + "}}")
            .collect(Collectors.joining("\n"));

    assertFits(Files.writeString(folder.resolve("map.jsonl"), lines), "a map");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# | null",
        "{'a': #, 'b': null} | null | {'b c': {'d': [#]}}",
        "[#] | [null] | null",
        "{'k#': null} | {'k#': #}"
      })
  void theValuesOfAMapCanBeNullAndHaveParts(String values) throws IOException {
    String[] each = values.replace('\'', '"').split(" \\| ");
    String lines =
        IntStream.range(0, 300)
            .mapToObj(i -> "{\"m\": {\"k" + i + "\": " + each[i % each.length] + "}}")
            .map(line -> line.replace("#", "" + line.length()))
            .collect(Collectors.joining("\n"));

    assertFits(Files.writeString(folder.resolve("map.jsonl"), lines), values);
  }

  @Test
  void eachRandomFileFitsItsProposal() throws IOException {
    for (int seed = 0; seed < FILES; seed++) {
      Random random = new Random(52_000 + seed);
      String name = (seed % 2 == 0 ? "c" : "j") + seed + (seed % 2 == 0 ? ".csv" : ".jsonl");
      Path file =
          Files.writeString(folder.resolve(name), seed % 2 == 0 ? csv(random) : json(random));
      assertFits(file, "seed " + seed + ": " + Files.readString(file));
      owner.publish("d/p" + (products - 2)).files(file).commit();
    }
    List<Path> stored;
    try (Stream<Path> all = Files.walk(folder.resolve("mesh"))) {
      stored = all.filter(each -> each.toString().endsWith(".parquet")).sorted().toList();
    }
    assertThat(stored).isNotEmpty();
    for (Path each : stored) {
      assertFits(each, "the data file " + each);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\tname\n\ty\n\tz\n\ty\n",
        "name\t\ny\t\nz\t\ny\t\n",
        "Names of people\n\tname\n\ty\n\tz\n\ty\n"
      })
  void aTabBesideTheOnlyNameIsASeparator(String lines) throws IOException {
    Path file = Files.writeString(folder.resolve("tabs.csv"), lines);
    owner.defineProduct("d/tabs").contract(ContractProposal.from(file).contract()).commit();
    owner.publish("d/tabs").files(file).commit();

    try (var rows = owner.read("d/tabs").asMaps().rows()) {
      assertThat(rows.stream().map(row -> row.get("name"))).containsExactly("y", "z", "y");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\t,b\t", "\ta,\tb", "a,\tb", "a;\tb", "Report\na\t,b\t"})
  void aTabBesideNamesThatAnotherSeparatorDividesIsASpace(String header) throws IOException {
    String separator = header.contains(";") ? ";" : ",";
    Path file =
        Files.writeString(
            folder.resolve("tabs.csv"), header + "\n1,x\n2,y\n".replace(",", separator));
    Schema schema =
        SchemaBuilder.record("R").fields().requiredLong("a").requiredString("b").endRecord();
    owner.defineProduct("d/tabs").contract(Contract.of(schema)).commit();
    owner.publish("d/tabs").files(file).commit();

    try (var rows = owner.read("d/tabs").asMaps().rows()) {
      assertThat(rows.stream().map(row -> row.get("b"))).containsExactly("x", "y");
    }
  }

  /** The bytes of each file are the characters of a text, and each vertical bar ends a line. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.jsonl {'a':1}|{'a':'\\ud800'}|{'a':2}|{'a':3}",
        "a.jsonl {'a':{'b':'\\udc00'}}|{'a':'x'}|{'a':1}|{'a':1}",
        "a.jsonl {'a':{'\\ud800':'x'}}|{'a':'x'}|{'a':1}|{'a':1}",
        "a.jsonl {'a':'x'}|{'a':'\u00ed\u00a0\u0080'}|{'a':'y'}",
        "a.jsonl {'a':'x'}|{'a':'\u00c0\u0080'}|{'a':'y'}",
        "a.jsonl {'a':'x'}|{'a':'\u00f4\u0090\u0080\u0080'}|{'a':'y'}",
        "a.jsonl {'a':1}|{'a':2}\r{'a':3}|{'a':\r4}|x|{'a':5}",
        "a.jsonl \u00ef\u00bb\u00bf{'a':1}\r||\u00c2\u0085|{'a':2}\r|{'a':\r4}|{'a':3}",
        "a.csv a,b|1,x|''|2,y|3,z",
        "a.csv a,b|1,x||2,y|3,z",
        "a.csv Title|1,2026-01-01|2,2026-01-02|3,2026-01-03",
        "a.csv # a|# b||1,2026-01-01|2,2026-01-02|3,2026-01-03",
        "a.csv c0\t;|1|x|id|id|2.5",
        "a.csv Sales of 2026||;Amount|Jan;5|Feb;6",
        "a.csv Sales of 2026|,Amount|Jan,5|Feb,6",
        "a.csv sep=;|Title|1;2026-01-01|2;2026-01-02|3;2026-01-03",
        "a.csv 1,2|3;4|3;4|5;6|7,8",
        "a.csv 1;2;x,y|3;4;z|5,6,7|5,6,7|5,6,7",
        "a.csv a,b|1,x\0y|2,z",
        "a.jsonl {'a':{'':1}}|{'a':{'':2,'b':3}}|{'a':{'b':4}}",
        "a.jsonl {'a':[{' ':1,'b':'x'}]}|{'a':[{}]}",
        "a.jsonl {'a':<60>}|{'a':'x'}|{'a':'y'}",
        "a.jsonl {'a':<63>}|{'a':'x'}|{'a':'y'}",
        "a.jsonl {'a':<64>}|{'a':'x'}|{'a':'y'}",
        "a.jsonl {'a':'x'}|{'a':'y'}|{'a':<64>}",
        "a.json [{'a':<62>},{'a':'x'}]",
        "a.json [{'a':1},2,{'a':3}]",
        "a.json [null,{'a':1},[{'a':'x'}],'{}',{'a':1},{'a':2},{'a':{'b':<3>}}]",
        "a.json [{'a':1,'a':2},{'a':3},|{'a':4}]",
        "a.json [{'a':{'b':'\\ud800'}},{'a':'x'},{'a':'y'}]"
      })
  void aPublishFindsThoseLinesBadThatTheProposalSkips(String text) throws IOException {
    String[] parts = text.split(" ", 2);
    String levels =
        Pattern.compile("<([0-9]+)>")
            .matcher(parts[1])
            .replaceAll(
                depth -> {
                  int count = Integer.parseInt(depth.group(1));
                  return "[".repeat(count) + "]".repeat(count);
                });
    byte[] bytes =
        levels.replace('\'', '"').replace('|', '\n').getBytes(StandardCharsets.ISO_8859_1);
    assertBadLinesAreSkipped(Files.write(folder.resolve(parts[0]), bytes));
  }

  @Test
  void aLongLineOfShortValuesIsSkippedAsAPublishFindsItBad() throws IOException {
    String many = "\u00fc\",\"".repeat(TextRowParser.MAX_LENGTH / 5);
    Path file =
        Files.writeString(
            folder.resolve("a.jsonl"),
            "{\"a\":[\"x\"]}\n{\"a\":[\"" + many + "x\"]}\n{\"a\":[\"y\"]}\n");

    assertBadLinesAreSkipped(file);
  }

  private void assertBadLinesAreSkipped(Path file) throws IOException {
    ContractProposal proposal = ContractProposal.from(file);
    Contract contract = proposal.contract().onViolation(OnViolation.QUARANTINE);
    owner.defineProduct("d/p").contract(contract.maxQuarantineShare(100)).commit();

    QualityReport published = owner.publish("d/p").files(file).plan().quality();

    assertThat(published.rowsAccepted()).isEqualTo(proposal.rows());
    assertThat(published.rowsQuarantined())
        .as("%s", proposal.skipped())
        .isEqualTo(proposal.skippedRows());
  }

  @Test
  void rowsThatShareALineOfAPublishAreNoted() throws IOException {
    Path file = Files.writeString(folder.resolve("mac.jsonl"), "{\"a\":1}\r{\"a\":2}\r");

    assertThat(ContractProposal.from(file).notes())
        .singleElement()
        .asString()
        .startsWith("a line has several objects");
  }

  @Test
  void anObjectWhoseLinesEndOnlyInCarriageReturnsIsInOneLineOfAPublish() throws IOException {
    Path file = Files.writeString(folder.resolve("mac.jsonl"), "{\"a\":\r1}\n{\"a\":2}\n");

    assertThat(ContractProposal.from(file).notes()).isEmpty();
    assertFits(file, "carriage returns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[|{'a':1}|{'a':2}|{'a':3}|]",
        "[1]|{'a':1}|{'a':2}",
        "[|{'a':1},|{'a':2}|{'a':3}|{'a':4}|{'a':5}]",
        "[{'a':1},2,{'a':3},{'a':4}]{'a':5}",
        "[{'a':1},2,{'a':3},{'a':4}",
        "[{'a':'\\ud800'}]"
      })
  void aDamagedArrayIsRefusedAsAPublishRefusesIt(String text) throws IOException {
    Path file =
        Files.writeString(folder.resolve("array.json"), text.replace('\'', '"').replace('|', '\n'));

    assertThatThrownBy(() -> ContractProposal.from(file)).hasMessageContaining("array.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00a0[{'a':1}]", "\u00e9[{'a':1}]", "|\ufeff[{'a':1}]"})
  void aTextBeforeAnArrayIsMalformedAndNotUnreadable(String text) throws IOException {
    Path file =
        Files.writeString(folder.resolve("array.json"), text.replace('\'', '"').replace('|', '\n'));
    Schema schema = SchemaBuilder.record("R").fields().optionalLong("a").endRecord();
    owner.defineProduct("d/p").contract(Contract.of(schema)).commit();

    assertThat(owner.publish("d/p").files(file).plan().rejection().orElseThrow())
        .contains("the line is not valid JSON");
    assertThatThrownBy(() -> ContractProposal.from(file)).hasMessageContaining("not valid JSON");
  }

  private static String csv(Random random) {
    List<List<String>> columns = columns(random, CELLS);
    StringBuilder text = new StringBuilder();
    text.append(
        IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).collect(Collectors.joining(",")));
    for (int row = random.nextInt(30) + 1; row > 0; row--) {
      text.append('\n');
      text.append(columns.stream().map(each -> any(random, each)).collect(Collectors.joining(",")));
    }
    return text.append('\n').toString();
  }

  private static String json(Random random) {
    List<List<String>> columns = columns(random, VALUES);
    StringBuilder text = new StringBuilder();
    for (int row = random.nextInt(30) + 1; row > 0; row--) {
      List<String> members = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        if (random.nextInt(10) > 0) {
          members.add("\"c" + i + "\":" + any(random, columns.get(i)));
        }
      }
      text.append('{').append(String.join(",", members)).append("}\n");
    }
    return text.append("{\"c0\":null}\n").toString();
  }

  /** The values of each column: of one kind, or of two. */
  private static List<List<String>> columns(Random random, List<List<String>> kinds) {
    List<List<String>> columns = new ArrayList<>();
    for (int i = random.nextInt(6) + 2; i > 0; i--) {
      List<String> values = new ArrayList<>(any(random, kinds));
      if (random.nextInt(3) == 0) {
        values.addAll(any(random, kinds));
      }
      columns.add(values);
    }
    return columns;
  }

  private static <T> T any(Random random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
