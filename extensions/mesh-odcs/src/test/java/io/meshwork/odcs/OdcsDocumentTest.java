package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OdcsDocumentTest {
  private static final String HEAD =
      "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nstatus: active\n";

  @TempDir private Path folder;

  private static OdcsDocument withColumns(String... columns) {
    return OdcsDocument.parse(
        HEAD
            + "schema:\n- name: t\n  properties:\n"
            + String.join("", Arrays.stream(columns).map(c -> "  - " + c + "\n").toList()));
  }

  private static MeshException refusal(String yaml) {
    return catchThrowableOfType(MeshException.class, () -> OdcsDocument.parse(yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "id: y | line 6, column 1, at id: the key is repeated",
        "customProperties: [{property: p, value: {<<: {a: 1}, <<: {b: 1}}}]"
            + "| line 6, column 54, at customProperties[0].value.<<: the key is repeated",
        "name: !!str a | line 6, column 7, at name: it has the tag",
        "name: ! a | line 6, column 7, at name: it has the tag",
        "name: *a | line 6, column 7, at name: the alias refers to an anchor",
        "tags: &a [*a] | line 6, column 11, at tags[0]: the alias refers to an anchor",
        "colour: red | line 6, column 1, at colour: it is not valid ODCS: property 'colour'",
        "tags: [.inf] | line 6, column 8, at tags[0]: it is not valid ODCS: number found",
        "tags: [1] | line 6, column 8, at tags[0]: it is not valid ODCS: integer found",
        "'schema: [{name: t, properties: [{name: a, logicalType: text}]}]'"
            + "| line 6, column 56, at schema[0].properties[0].logicalType: it is not valid ODCS",
        "'name: \"a' | line 7, column 1, at name: it is not YAML",
        "? [a] | line 6, column 3, at the top: a key is a map or a list",
        "name: 1e9999 | line 6, column 7, at name: a number has more than 100 digits",
        "<<: 1 | line 6, column 5, at the top: the merge key names a value that is not a map",
      })
  void anErrorNamesLineColumnAndPath(String line, String message) {
    assertThat(refusal(HEAD + line + "\n")).hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | the document is empty",
        "# nothing | the document is empty",
        "[a] | the document is not a map",
        "'kind: DataContract' | it has no apiVersion",
        "'apiVersion: v2.2.2' | the version 'v2.2.2' is not known",
        "'apiVersion: v3.1.1' | the version 'v3.1.1' is not known",
        "'{apiVersion: v3.1.0, kind: Other}' | the kind is 'Other'",
        "'dataContractSpecification: 1.1.0' | it follows the Data Contract Specification",
        "'{apiVersion: v3.1.0, kind: DataContract}' | required property",
      })
  void aTextThatIsNoContractIsRejected(String yaml, String message) {
    assertThat(refusal(yaml)).hasMessageContaining(message).hasMessageContaining("line 1");
    assertThat(refusal(HEAD + "---\n" + HEAD))
        .hasMessageContaining("line 6, column 1, at the top: a second document starts here");
  }

  @Test
  void deepWideAndRepeatedStructuresAreRejectedByALimit() {
    StringBuilder bomb = new StringBuilder(HEAD + "customProperties:\n- property: a\n  value:\n");
    bomb.append("    l0: &l0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 10; i++) {
      bomb.append("    l" + i + ": &l" + i + " [" + ("*l" + (i - 1) + ", ").repeat(9) + "1]\n");
    }
    String alias = HEAD + "tags: [&a x" + ", *a".repeat(101) + "]\n";
    for (String yaml :
        new String[] {
          bomb.toString(),
          alias,
          "[".repeat(10_000),
          HEAD + "name: " + "[".repeat(10_000) + "]".repeat(10_000),
          "{a: ".repeat(10_000),
          "- ".repeat(10_000) + "x",
          "a: ".repeat(1) + "\n" + " b:\n".repeat(1) + "  - ".repeat(200) + "x",
          HEAD + "tags: [" + "a,".repeat(600_000) + "a]"
        }) {
      MeshException refusal = refusal(yaml);
      assertThat(refusal).as(yaml.substring(0, 40)).isNotNull();
      assertThat(refusal.code())
          .isIn(ErrorCode.LIMIT_EXCEEDED.code(), ErrorCode.CONTRACT_INVALID.code());
      assertThat(refusal).hasMessageContaining("line ");
    }
    assertThat(refusal(alias)).hasMessageContaining("more than 100 aliases");
    assertThat(refusal(bomb.toString())).hasMessageContaining("more than 500000 values");
    String reference = "[{name: a, logicalType: string, relationships: [{to: '";
    assertThat(
            refusal(
                HEAD
                    + "schema: [{name: t, properties: "
                    + reference
                    + "a/".repeat(100_000)
                    + "!'}]}]}]"))
        .isNotNull();
  }

  /** Objects {@code orders} and {@code customers}; the relationship is of one column or several. */
  private static String related(String relationship) {
    return HEAD
        + "schema:\n"
        + "- name: orders\n"
        + "  id: o\n"
        + relationship
        + "  properties:\n"
        + "  - {name: customer, id: c1, logicalType: string}\n"
        + "  - {name: country, id: c2, logicalType: string}\n"
        + "- name: customers\n"
        + "  id: c\n"
        + "  properties:\n"
        + "  - {name: key, id: k, logicalType: string}\n"
        + "  - {name: land, id: l, logicalType: string}\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{from: orders.customer, to: customers.key}" + "| references(customer; shop/clients; key)",
        "{from: '/schema/o/properties/c1', to: '/schema/c/properties/k'}"
            + "| references(customer; shop/clients; key)",
        "{from: [orders.customer, orders.country], to: [customers.key, schema/c/properties/l]}"
            + "| references(customer, country; shop/clients; key, land)",
      })
  void relationshipsToObjectsOfTheDocumentAreRulesOnceTheirProductsAreNamed(
      String relationship, String rule) {
    OdcsDocument document =
        OdcsDocument.parse(related("  relationships: [" + relationship + "]\n"));
    assertThat(document.contract("orders").rules()).isEmpty();
    assertThat(document.report().elements(Outcome.PRESERVED))
        .anyMatch(each -> each.path().equals("schema[0].relationships[0]"));

    OdcsDocument named = document.products(Map.of("customers", ProductName.of("shop/clients")));
    Contract orders = named.contract("orders");
    assertThat(orders.rules()).extracting(Object::toString).containsExactly(rule);
    assertThat(named.report().elements(Outcome.MAPPED))
        .anyMatch(each -> each.path().equals("schema[0].relationships[0]"));

    String export = OdcsExport.of(orders).asYaml();
    assertThat(OdcsDocument.parse(export).contract()).isEqualTo(orders);
    assertThat(export).doesNotContain("engine: meshwork");
  }

  @Test
  void relationshipsToOtherObjectsStayPreserved() {
    String document = related("  relationships: [{from: orders.customer, to: others.key}]\n");
    OdcsDocument read = OdcsDocument.parse(document);

    assertThat(read.products(Map.of("customers", ProductName.of("shop/clients")))).isSameAs(read);
  }

  @Test
  void rolesAndSourcesAreProposals() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + "roles: [{role: analysts, access: read}, {role: admins}]\n"
                + "schema:\n- name: t\n  properties:\n"
                + "  - {name: a, logicalType: string, transformSourceObjects: [x, y]}\n"
                + "  - {name: b, logicalType: string, transformSourceObjects: [y]}\n");

    assertThat(document.roles())
        .containsExactly(
            new OdcsDocument.Role("analysts", "read"), new OdcsDocument.Role("admins", ""));
    assertThat(document.sourceObjects()).containsExactly("x", "y");
  }

  @Test
  void anExportStatesTheLifeOfAVersionAndFreshnessForDatacontractCli() {
    Contract contract =
        OdcsDocument.parse(
                HEAD
                    + "slaProperties: [{property: latency, value: 2, unit: h},"
                    + " {property: el, value: '2020-01-01'}]\n"
                    + "schema:\n- name: t\n  properties:\n  - {name: a, logicalType: string}\n")
            .contract();
    String yaml =
        OdcsExport.of(contract)
            .availableSince(Instant.parse("2026-01-02T03:04:05Z"))
            .supportedUntil(LocalDate.of(2026, 11, 1), LocalDate.of(2026, 12, 31))
            .forDatacontractCli()
            .asYaml();

    assertThat(yaml)
        .contains("2026-01-02T03:04:05Z", "2026-11-01", "2026-12-31", "property: freshness")
        .doesNotContain("2020-01-01");
    assertThat(OdcsDocument.parse(yaml).contract().serviceLevel())
        .isEqualTo(contract.serviceLevel());
    assertThatThrownBy(
            () ->
                OdcsExport.of(contract)
                    .supportedUntil(LocalDate.of(2026, 12, 31), LocalDate.of(2026, 11, 1)))
        .hasMessageContaining("before the end of support");
  }

  @Test
  void propertiesWithOneNameAreNoContractAndStay() {
    OdcsDocument document =
        withColumns("{name: a, logicalType: string}", "{name: a, logicalType: integer}");

    assertThat(document.hasContracts()).isFalse();
    assertThat(document.report().elements(Outcome.REFUSED))
        .anyMatch(each -> each.path().equals("schema[0].properties[1].name"));
    assertThatThrownBy(document::contract).hasMessageContaining("another property has this name");
  }

  @Test
  void textByAliasesIsLimited() {
    StringBuilder bomb = new StringBuilder(HEAD + "tags: [&a '" + "x".repeat(100_000) + "'");
    for (int i = 0; i < 60; i++) {
      bomb.append(", *a");
    }
    assertThat(refusal(bomb.append("]\n").toString()))
        .hasMessageContaining("line 6")
        .hasMessageContaining("at tags[53]")
        .hasMessageContaining("more than 5 MiB of text");
  }

  @Test
  void aCharacterThatYamlOrUtf8DoesNotHaveIsFoundInItsLine() throws IOException {
    assertThat(refusal(HEAD + "name: a\u0007b\n"))
        .hasMessageContaining("line 6, column 8")
        .hasMessageContaining("U+0007");
    Path latin =
        Files.write(
            folder.resolve("l.yaml"),
            (HEAD + "name: caf\u00e9\n").getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> OdcsDocument.read(latin))
        .hasMessageContaining("line 6, column 10, in the text: it is not UTF-8");
  }

  @Test
  void aFileThatIsTooLongNotUtf8OrMissingIsRejected() throws IOException {
    Path large = Files.writeString(folder.resolve("l.yaml"), "#".repeat(YamlReader.MAX_BYTES + 1));
    Path latin = Files.write(folder.resolve("x.yaml"), HEAD.getBytes(StandardCharsets.UTF_16));

    assertThatThrownBy(() -> OdcsDocument.read(large)).hasMessageContaining("longer than 5 MiB");
    assertThatThrownBy(() -> OdcsDocument.read(latin)).hasMessageContaining("it is not UTF-8");
    assertThatThrownBy(() -> OdcsDocument.read(folder.resolve("none.yaml")))
        .isInstanceOfSatisfying(
            MeshException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE.code()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a, logicalType: string} | [\"null\",\"string\"]",
        "{name: a, logicalType: string, required: true} | \"string\"",
        "{name: a, physicalType: uuid, required: true} | {\"type\":\"string\",\"logicalType\":\"uuid\"}",
        "{name: a, logicalType: integer, required: true} | \"long\"",
        "'{name: a, logicalType: integer, logicalTypeOptions: {format: i16}, required: true}' | \"int\"",
        "{name: a, logicalType: integer, physicalType: SMALLINT, required: true} | \"int\"",
        "{name: a, logicalType: number, required: true} | \"double\"",
        "{name: a, logicalType: number, physicalType: real, required: true} | \"double\"",
        "'{name: a, physicalType: \"numeric( 12 , 2)\", required: true}'"
            + "| {\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":12,\"scale\":2}",
        "{name: a, logicalType: date, required: true} | {\"type\":\"int\",\"logicalType\":\"date\"}",
        "{name: a, logicalType: time, required: true}"
            + "| {\"type\":\"long\",\"logicalType\":\"time-micros\"}",
        "{name: a, logicalType: timestamp, required: true}"
            + "| {\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
        "{name: a, logicalType: timestamp, physicalType: datetime, required: true}"
            + "| {\"type\":\"long\",\"logicalType\":\"local-timestamp-micros\"}",
        "'{name: a, logicalType: string, logicalTypeOptions: {format: binary}, required: true}'"
            + "| \"bytes\"",
        "'{name: a, logicalType: object, physicalType: \"map<string,int>\", required: true}'"
            + "| {\"type\":\"map\",\"values\":\"int\"}",
        "'{name: a, logicalType: array, items: {logicalType: string}, required: true}'"
            + "| {\"type\":\"array\",\"items\":\"string\"}",
      })
  void typesAreMapped(String property, String avro) {
    assertThat(withColumns(property).contract().schema().getField("a").schema()).hasToString(avro);
  }

  @Test
  void aPhysicalTypeOverridesALogicalTypeAndTheReportSaysSo() {
    OdcsDocument document = withColumns("{name: a, logicalType: string, physicalType: int}");

    assertThat(document.contract().schema().getField("a").schema().toString()).contains("long");
    assertThat(document.report().toString()).contains("'int' overrides string");
  }

  @Test
  void anAmbiguousTimestampIsAnInstantUnlessTheDocumentIsReadStrictly() throws IOException {
    OdcsDocument lenient = withColumns("{name: a, logicalType: timestamp}");
    Path file = Files.writeString(folder.resolve("t.yaml"), lenient.asYaml());

    assertThat(lenient.report().toString()).contains("read as an instant in UTC");
    assertThatThrownBy(() -> OdcsDocument.readStrictly(file))
        .hasMessageContaining("line ")
        .hasMessageContaining("at schema[0].properties[0]")
        .hasMessageContaining("says whether it has a time zone");
  }

  @Test
  void aNumberWithoutAUnitIsNoTimeAndStrictlyRefused() throws IOException {
    String yaml = HEAD + "slaProperties: [{property: latency, value: 4}]\n";
    yaml += "schema: [{name: t, properties: [{name: a, logicalType: date}]}]\n";
    Path file = Files.writeString(folder.resolve("t.yaml"), yaml);

    assertThat(OdcsDocument.read(file).contract().freshWithin()).isEmpty();
    assertThat(OdcsDocument.read(file).report().elements(Outcome.PRESERVED)).isNotEmpty();
    assertThatThrownBy(() -> OdcsDocument.readStrictly(file))
        .hasMessageContaining("slaProperties[0]");
  }

  @Test
  void whatCannotBeAContractIsRefusedInTheReportAndExportedAsItWas() {
    OdcsDocument document =
        withColumns("{name: a, logicalType: array}", "{name: b, logicalType: object}");

    assertThat(document.hasContracts()).isFalse();
    assertThat(document.report().elements(Outcome.REFUSED)).isNotEmpty();
    assertThatThrownBy(document::contract)
        .hasMessageContaining("schema[0].properties[0]: it is an array without items");
    assertThat(OdcsDocument.parse(document.asYaml()).asYaml()).isEqualTo(document.asYaml());
  }

  @ParameterizedTest
  @ValueSource(strings = {"string", "long", "bytes", "null", "record", "map"})
  void anObjectCanHaveTheNameOfAnAvroType(String name) {
    String yaml =
        HEAD + "schema: [{name: '" + name + "', properties: [{name: a, logicalType: date}]}]\n";
    OdcsDocument document = OdcsDocument.parse(yaml);

    Contract contract = document.contract();

    assertThat(Contract.fromJson(contract.toJson())).isEqualTo(contract);
    assertThat(OdcsDocument.parse(OdcsExport.of(contract).asYaml()).objectNames())
        .containsExactly(name);
  }

  @Test
  void aPartitionByANestedColumnIsReportedAndStrictlyRefused() {
    String record = "{name: w, logicalType: object, properties: [";
    OdcsDocument document =
        withColumns(
            record + "{name: day, logicalType: date, partitioned: true}]}",
            "{name: l, logicalType: array, items: {logicalType: date, partitioned: true}}");

    assertThat(document.partitions()).isEmpty();
    assertThat(document.report().toString())
        .contains("PRESERVED schema[0].properties[0].properties[0].partitioned")
        .contains("PRESERVED schema[0].properties[1].items.partitioned");
    assertThatThrownBy(() -> OdcsDocument.parseStrictly(document.asYaml()))
        .hasMessageContaining("a table is partitioned by columns of the top level only");
  }

  @Test
  void aPartitionWithAnEmptyTransformIsReported() {
    OdcsDocument document =
        withColumns(
            "{name: day, logicalType: date, partitioned: true,"
                + " customProperties: [{property: partitionTransform, value: {}}]}");

    assertThat(document.partitions()).isEmpty();
    assertThat(document.report().toString())
        .contains("the transform of the partition by day is not known");
  }

  @Test
  void aDocumentWithSeveralObjectsHasAContractForEach() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + "schema:\n- {name: a, properties: [{name: x, logicalType: date}]}\n"
                + "- {name: b, properties: [{name: y, logicalType: date}]}\n");

    assertThat(document.objectNames()).containsExactly("a", "b");
    assertThat(document.contract("b").schema().getFields().get(0).name()).isEqualTo("y");
    assertThatThrownBy(document::contract).hasMessageContaining("it has 2 objects: 'a', 'b'");
    assertThatThrownBy(() -> document.contract("c")).hasMessageContaining("no object has the name");
    assertThat(document.divided()).hasSize(2);
    assertThat(document.divided().get(1).objectNames()).containsExactly("b");
    assertThat(OdcsDocument.parse(HEAD).divided()).isEmpty();
  }

  private static final String TWO_OBJECTS =
      HEAD
          + """
          schema:
          - name: a
            properties:
            - {name: at, logicalType: timestamp, logicalTypeOptions: {timezone: true}}
          - name: b
            physicalName: b_v1
            properties:
            - {name: seen, logicalType: timestamp, logicalTypeOptions: {timezone: true}}
          """;

  @Test
  void aLevelOfAnotherObjectIsNotThisOnes() {
    OdcsDocument document =
        OdcsDocument.parse(
            TWO_OBJECTS
                + """
                slaProperties:
                - {property: latency, value: 4, unit: h, element: a.at}
                - {property: latency, value: 2, unit: d, element: b_v1.seen}
                - {property: retention, value: 3, unit: y, element: 'a, b.seen'}
                - {property: frequency, value: 1, unit: d, element: a}
                """);

    ServiceLevel first = document.contract("a").serviceLevel();
    assertThat(first.freshWithin()).contains(Duration.ofHours(4));
    assertThat(first.eventTime()).contains("at");
    assertThat(first.retention()).contains(Period.ofYears(3));
    ServiceLevel second = document.contract("b").serviceLevel();
    assertThat(second.freshWithin()).contains(Duration.ofDays(2));
    assertThat(second.eventTime()).contains("seen");
    assertThat(second.retention()).contains(Period.ofYears(3));
    assertThat(second.frequency()).isEmpty();
    for (OdcsDocument each : document.divided()) {
      Contract alone = each.contract();
      assertThat(alone.serviceLevel())
          .isEqualTo(document.contract(each.objectNames().get(0)).serviceLevel());
      assertThat(OdcsDocument.parse(OdcsExport.of(alone).asYaml()).contract()).isEqualTo(alone);
    }
  }

  @Test
  void theDefaultElementCountsForLevelsWithoutOne() {
    OdcsDocument document =
        OdcsDocument.parse(
            TWO_OBJECTS
                + """
                slaDefaultElement: b.seen
                slaProperties:
                - {property: latency, value: 4, unit: h}
                - {property: retention, value: 3, unit: y, element: a.at}
                """);

    assertThat(document.contract("b").serviceLevel())
        .isEqualTo(ServiceLevel.NONE.freshWithin(Duration.ofHours(4)).eventTime("seen"));
    assertThat(document.contract("a").serviceLevel())
        .isEqualTo(ServiceLevel.NONE.retention(Period.ofYears(3)).eventTime("at"));
  }

  @Test
  void theServerOfTheProductIsWrittenBeforeThoseOfTheDocument() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + """
                schema: [{name: t, properties: [{name: a, logicalType: string}]}]
                servers: [{server: other, type: local, path: ./x.parquet, format: parquet}]
                """);

    String yaml = OdcsExport.of(document.contract()).location("s3://bucket/t").asYaml();
    assertThat(yaml).containsSubsequence("meshwork", "s3://bucket/t", "other", "./x.parquet");
    String moved = OdcsExport.of(OdcsDocument.parse(yaml).contract()).location("/data/t").asYaml();
    assertThat(moved).containsSubsequence("meshwork", "/data/t", "other").doesNotContain("s3://");
    assertThat(OdcsDocument.parse(moved).report().elements(Outcome.PRESERVED))
        .extracting(OdcsReport.Element::path)
        .contains("servers[0]", "servers[1]");
  }

  @Test
  void theReportHasEachElementOnce() {
    OdcsDocument document =
        OdcsDocument.parse(
            TWO_OBJECTS
                + """
                tenant: shop
                description: {purpose: Orders, usage: Any, customProperties: []}
                servers:
                - {server: s, type: local, path: ./x.parquet, format: parquet}
                - {server: t, type: local, path: ./y.parquet, format: parquet}
                roles: [{role: reader}]
                tags: [a, b]
                customProperties: [{property: p, value: 1}]
                slaProperties: [{property: latency, value: 4, unit: h, element: a.at}]
                """);

    assertThat(document.report().elements())
        .extracting(element -> element.outcome() + " " + element.path())
        .doesNotHaveDuplicates()
        .contains(
            "MAPPED apiVersion",
            "MAPPED version",
            "PRESERVED id",
            "MAPPED schema[0]",
            "MAPPED schema[0].properties[0]",
            "MAPPED schema[0].properties[0].logicalTypeOptions",
            "PRESERVED schema[1].physicalName",
            "PRESERVED tenant",
            "MAPPED description.purpose",
            "PRESERVED servers[0]",
            "PRESERVED servers[1]",
            "PRESERVED roles[0]",
            "PRESERVED tags",
            "PRESERVED customProperties[0]",
            "MAPPED slaProperties[0]");
    assertThat(document.report().elements()).extracting(OdcsReport.Element::line).isSorted();
    assertThat(document.report().elements())
        .extracting(OdcsReport.Element::path)
        .doesNotHaveDuplicates();
  }

  @Test
  void checksAreRulesOrAreKeptWithAReason() {
    OdcsDocument document =
        withColumns(
            "{name: a, logicalType: string, required: true, unique: true, quality: ["
                + "{metric: nullValues, mustBeLessThan: 5},"
                + "{metric: missingValues, arguments: {missingValues: ['', null]}, mustBe: 0},"
                + "{metric: invalidValues, arguments: {pattern: 'a|b'}, mustBe: 0, severity: info},"
                + "{type: sql, query: SELECT 1, mustBe: 1},"
                + "{type: custom, engine: soda, implementation: x},"
                + "{type: custom, engine: meshwork, implementation: 'length(a, 1, 3)', id: len},"
                + "{metric: nullValues, mustBeGreaterThan: 5}]}",
            "{name: n, logicalType: integer, logicalTypeOptions:"
                + " {exclusiveMinimum: 0, maximum: 9}}");
    Contract contract = document.contract();

    assertThat(
            contract.rules().stream().map(rule -> rule.id() + " " + rule + " " + rule.severity()))
        .containsExactly(
            "unique.a unique(a) scope table ERROR",
            "notNull.a notNull(a) failing <= 4 rows ERROR",
            "notMissing.a notMissing(a, '') ERROR",
            "matches.a matches(a, '(?s:.*)(?:a|b)(?s:.*)') WARN",
            "len length(a, 1, 3) ERROR",
            "n.range between(n, , 9) ERROR",
            "n.exclusive between(n, 0, ) exclusive ERROR");
    assertThat(document.report().elements(Outcome.NOT_EXECUTED)).hasSize(3);
  }

  @Test
  void aKeyBelowTheTopLevelIsNotEnforcedAndSaidSo() {
    OdcsDocument document =
        withColumns(
            "{name: id, logicalType: string, primaryKey: true}",
            "{name: o, logicalType: object, properties: ["
                + "{name: k, logicalType: string, primaryKey: true, primaryKeyPosition: 1},"
                + "{name: plain, logicalType: string, primaryKey: false}]}",
            "{name: l, logicalType: array, items: {logicalType: string, primaryKey: true}}");

    assertThat(document.contract().primaryKey()).containsExactly("id");
    assertThat(document.report().elements(Outcome.NOT_EXECUTED))
        .extracting(OdcsReport.Element::path)
        .containsExactly(
            "schema[0].properties[1].properties[0].primaryKey",
            "schema[0].properties[2].items.primaryKey");
  }

  @Test
  void aCheckWithAnArgumentOrAUnitThatNoRuleHasIsKeptWithTheReason() {
    OdcsDocument document =
        withColumns(
            "{name: a, logicalType: string, quality: ["
                + "{metric: invalidValues, arguments: {validValues: [x], minLength: 2}, mustBe: 0},"
                + "{metric: nullValues, arguments: {filter: b > 1}, mustBe: 0},"
                + "{metric: nullValues, unit: permille, mustBeLessThan: 5},"
                + "{metric: nullValues, unit: Percent, mustBeLessThan: 5, id: share},"
                + "{metric: nullValues, unit: Rows, mustBeLessThan: 5, id: rows},"
                + "{metric: nullValues, unit: values, mustBe: 0, id: none}]}");

    assertThat(document.contract().rules().stream().map(rule -> rule.id() + " " + rule))
        .containsExactly(
            "share notNull(a) failing <= 4.999999 percent",
            "rows notNull(a) failing <= 4 rows",
            "none notNull(a)");
    assertThat(document.report().elements(Outcome.NOT_EXECUTED))
        .extracting(OdcsReport.Element::note)
        .containsExactly(
            "it has the argument 'minLength', which no rule has",
            "it has the argument 'filter', which no rule has",
            "its unit 'permille' is not known");
  }

  @Test
  void anUnknownClassificationCountsAsConfidential() {
    Contract contract =
        withColumns("{name: a, logicalType: string, classification: 'level 4'}").contract();

    assertThat(contract.classificationOf("a")).isEqualTo(Classification.CONFIDENTIAL);
  }

  @Test
  void aDocumentOf30IsRaisedIfIts31FormIsValid() {
    String earlier = HEAD.replace("v3.1.0", "v3.0.2") + "team: [{username: a, role: owner}]\n";
    String columns = "schema: [{name: t, properties: [{name: a, logicalType: integer, ";
    String bound = "logicalTypeOptions: {minimum: 1, exclusiveMinimum: true}}]}]\n";

    assertThat(OdcsDocument.parse(earlier).asYaml())
        .contains("apiVersion: v3.1.0")
        .contains("team:\n  members: [{username: a, role: owner}]");
    assertThat(OdcsDocument.parse(earlier + columns + bound).asYaml())
        .contains("apiVersion: v3.0.2");
    assertThat(OdcsDocument.parse(earlier + columns + bound).contract().rules().toString())
        .contains("between(a, 1, ) exclusive");
    assertThat(refusal(HEAD + columns + bound)).hasMessageContaining("exclusiveMinimum");
  }

  @Test
  void mergeKeysAndAliasesAreReplacedByWhatTheyMean() {
    OdcsDocument document =
        withColumns("&b {name: a, logicalType: string, required: true}", "{<<: *b, name: c}");

    assertThat(document.contract().schema().getField("c").schema()).hasToString("\"string\"");
  }

  @Test
  void aTermThatOdcsLacksCountsAfterAnotherPartWasEdited() {
    Schema schema =
        SchemaBuilder.record("Trip").namespace("a.b").fields().requiredLong("id").endRecord();
    String yaml = OdcsExport.of(Contract.of(schema)).asYaml();
    OdcsDocument edited = OdcsDocument.parse(yaml.replaceFirst("\"?P30D\"?", "P9D"));

    assertThat(OdcsDocument.parse(yaml).contract().schema().getNamespace()).isEqualTo("a.b");
    assertThat(edited.contract().noticePeriod()).isEqualTo(Period.ofDays(9));
    assertThat(edited.contract().schema().getNamespace()).isEqualTo("a.b");
  }

  @Test
  void aTableOfManyRulesIsReadWithEachRule() {
    StringBuilder yaml = new StringBuilder(HEAD + "schema:\n- name: t\n  properties:\n");
    for (int i = 0; i < 1_000; i++) {
      yaml.append("  - {name: c").append(i).append(", logicalType: string, unique: true}\n");
    }
    yaml.append("  quality: [{type: custom, engine: meshwork, implementation: notNull(none)}]\n");

    OdcsDocument document = OdcsDocument.parse(yaml.toString());

    assertThat(document.contract().rules()).hasSize(1_000);
    assertThat(document.report().elements(OdcsReport.Outcome.NOT_EXECUTED))
        .singleElement()
        .satisfies(each -> assertThat(each.note()).contains("column none does not exist"));
  }

  @Test
  void ofSeveralLevelsWithOneNameTheOneThatWasReadChanges() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + """
                slaProperties:
                  - {property: throughput, value: 9}
                  - {property: freshness, value: 1, unit: d, element: t.at, driver: analytics}
                  - {property: latency, value: 2, unit: d, element: u.at}
                schema:
                  - name: t
                    properties:
                      - {name: at, logicalType: timestamp, physicalType: timestamptz, required: true}
                """);
    Contract contract = document.contract();
    assertThat(contract.serviceLevel().freshWithin()).contains(Duration.ofDays(1));

    String export =
        OdcsExport.of(
                contract.serviceLevel(contract.serviceLevel().freshWithin(Duration.ofHours(12))))
            .asYaml();

    YamlNode levels = Objects.requireNonNull(YamlReader.read(export, "it").get("slaProperties"));
    assertThat(levels.items())
        .extracting(
            level ->
                String.join(
                    " ",
                    level.textOf("property"),
                    level.textOf("value"),
                    level.textOf("unit"),
                    level.textOf("element"),
                    level.textOf("driver")))
        .containsExactly("throughput 9   ", "freshness 12 h t.at analytics", "latency 2 d u.at ");
    assertThat(OdcsDocument.parse(export).contract().serviceLevel().freshWithin())
        .contains(Duration.ofHours(12));
  }

  @Test
  void contactsOnOneChannelDifferByTheirAddresses() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + """
                support:
                  - {channel: mail, url: "mailto:a@b.c", scope: notifications, description: first}
                  - {channel: mail, url: "mailto:d@e.f", scope: announcements, description: second}
                schema: [{name: t, properties: [{name: a, logicalType: string}]}]
                """);
    Contract.Contact[] contacts = document.contract().contacts().toArray(Contract.Contact[]::new);

    YamlNode both = support(document.contract().description("changed"));
    YamlNode second = support(document.contract().contacts(contacts[1]));

    assertThat(both.items())
        .extracting(item -> item.textOf("description"))
        .containsExactly("first", "second");
    assertThat(second.items())
        .extracting(item -> item.textOf("description"))
        .containsExactly("second");
  }

  private static YamlNode support(Contract contract) {
    String export = OdcsExport.of(contract).asYaml();
    return Objects.requireNonNull(YamlReader.read(export, "an export").get("support"));
  }

  @Test
  void separatorsOfUnicodeAreReadAndWritten() {
    String yaml = HEAD + "name: \"\\La\\Pb\\\\L\\L\"\ntenant: \"\\P\"\n";

    OdcsDocument document = OdcsDocument.parse(yaml);

    YamlNode written = YamlReader.read(document.asYaml(), "an export");
    assertThat(written.textOf("name")).isEqualTo("\u2028a\u2029b\\L\u2028");
    assertThat(written.textOf("tenant")).isEqualTo("\u2029");
    assertThat(refusal(HEAD + "name: \"\\L\\q\"\n")).hasMessageContaining("escape character q");
  }

  @Test
  void objectsInObjectsAreCheckedOnceALevel() {
    StringBuilder columns = new StringBuilder(HEAD + "schema:\n- name: t\n  properties:\n");
    StringBuilder elements = new StringBuilder(columns);
    elements.append("  - name: a\n");
    for (int i = 0; i < 40; i++) {
      String indent = "  ".repeat(i + 1);
      columns.append(indent).append("- name: a\n").append(indent).append("  properties:\n");
      elements.append(indent).append("  items:\n").append(indent).append("    name: a\n");
    }

    MeshException column = refusal(columns + "  ".repeat(41) + "- {name: a, colour: red}\n");
    MeshException element = refusal(elements + "  ".repeat(42) + "colour: red\n");

    assertThat(column).hasMessageContaining("properties[0].colour: it is not valid ODCS");
    assertThat(element).hasMessageContaining("items.colour: it is not valid ODCS");
  }

  @Test
  void theOwnerIsTheMemberWithThatRoleOrTheTeam() {
    String members = "{username: a, role: reader}, {username: b, role: Owner}";

    assertThat(OdcsDocument.parse(HEAD + "team: [" + members + "]").owner()).contains("b");
    assertThat(OdcsDocument.parse(HEAD + "team: {name: t, members: [" + members + "]}").owner())
        .contains("b");
    assertThat(OdcsDocument.parse(HEAD + "team: {name: t}").owner()).contains("t");
    assertThat(OdcsDocument.parse(HEAD + "team: [{username: a, role: reader}]").owner()).isEmpty();
    assertThat(OdcsDocument.parse(HEAD).owner()).isEmpty();
  }
}
