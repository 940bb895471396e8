package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Documents of 3.2.0 are read, kept, and written; as 3.1.0, they lose nothing. */
class NewestVersionTest {
  private static final String HEAD =
      "apiVersion: v3.2.0\nkind: DataContract\nid: x\nversion: 1.0.0\n"
          + "schema:\n- name: t\n  properties:\n";

  record Labels(String id, Map<String, List<Integer>> counts) {}

  private static OdcsDocument example(String name) throws URISyntaxException {
    return OdcsDocument.read(
        Path.of(
            Objects.requireNonNull(
                    NewestVersionTest.class.getResource("/odcs/3.2/" + name + ".odcs.yaml"))
                .toURI()));
  }

  private static YamlNode tree(String yaml) {
    return YamlReader.read(yaml, "a text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "devices-map",
        "documents-vector",
        "orders-enum-deprecated",
        "platforms-variables",
        "revenue-semantics",
        "shipments-references"
      })
  void aDocumentIsWrittenAsItWasAlsoBy31(String name) throws URISyntaxException {
    OdcsDocument document = example(name);

    assertThat(OdcsValidator.isValid(tree(document.asYaml()), "v3.2.0")).isTrue();
    for (OdcsDocument part : document.divided()) {
      YamlNode original = tree(part.asYaml());
      YamlNode previous = OdcsVersion.V3_1_0.written(original);
      assertThat(OdcsValidator.isValid(previous, "v3.1.0")).isTrue();
      assertThat(RestoredVersion.of(previous).sameAs(original)).isTrue();
      if (part.hasContracts()) {
        Contract stored = Contract.fromStoredJson(part.contract().toJson());
        OdcsExport export = OdcsExport.of(stored);
        assertThat(tree(export.asYaml()).sameAs(original)).isTrue();
        String as31 = export.apiVersion("3.1.0").asYaml();
        assertThat(as31).contains("apiVersion: v3.1.0");
        Contract read = OdcsDocument.parse(as31).contract();
        assertThat(ContractTree.without(read)).isEqualTo(ContractTree.without(stored));
        assertThat(tree(OdcsExport.of(read).asYaml()).sameAs(original)).isTrue();
        assertThat(OdcsDocument.parse(export.apiVersion("v3.2.0").asYaml()).contract())
            .isEqualTo(stored);
      }
    }
  }

  @Test
  void aPropertyWithoutATypeIsReadFromItsPartsOrAsString() throws URISyntaxException {
    OdcsDocument shipments = example("shipments-references");
    assertThat(shipments.contract().schema().getField("shipment_no").schema().getType())
        .isEqualTo(Schema.Type.STRING);
    assertThat(shipments.report().elements())
        .filteredOn(each -> each.path().equals("schema[0].properties[0].logicalType"))
        .extracting(OdcsReport.Element::note)
        .containsExactly("it has no logicalType and no physicalType; read as string");

    String document =
        """
        apiVersion: v3.2.0
        kind: DataContract
        id: a
        version: 1.0.0
        status: active
        schema:
          - name: parcels
            properties:
              - {name: grams, physicalType: bigint}
              - {name: place, physicalType: hierarchyid}
              - {name: sender, properties: [{name: town, logicalType: string}]}
              - {name: stops, items: {logicalType: integer}}
        """;
    assertThat(OdcsDocument.parse(document).contract().schema().toString())
        .contains("\"grams\",\"type\":[\"null\",\"long\"]")
        .contains("\"place\",\"type\":[\"null\",\"string\"]")
        .contains("\"name\":\"town\"")
        .contains("\"array\"");
    assertThatThrownBy(() -> OdcsDocument.parseStrictly(document).contract())
        .hasMessageContaining("the physical type 'hierarchyid' is not known");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name: a, logicalType: map, map: {key: {logicalType: date}, value: {logicalType: string}}}"
            + "| schema[0].properties[0].map.key | the keys of an Avro map",
        "{name: a, logicalType: string, enum: [{value: x}, {value: x, label: X}]}"
            + "| schema[0].properties[0].enum[1].value | the value is repeated",
        "{name: a, logicalType: number, enum: [{value: 1}, {value: 1.0}]}"
            + "| schema[0].properties[0].enum[1].value | the value is repeated",
        "{name: a, logicalType: string, enum: [{value: null}]}"
            + "| schema[0].properties[0].enum[0].value | null is not a value",
        "{name: a, logicalType: string, enum: [{value: 017}]}"
            + "| schema[0].properties[0].enum[0].value | it is not of the logical type string",
        "{name: a, logicalType: date, enum: [{value: 2024-13-01}]}"
            + "| schema[0].properties[0].enum[0].value | it is not of the logical type date",
        "{name: a, logicalType: vector} | schema[0].properties[0] | a vector needs dimensions",
        "{name: a, logicalType: number, semanticType: measure}"
            + "| schema[0] | all its properties are measures",
      })
  void whatCannotBeAColumnIsRefusedByItsName(String property, String path, String why) {
    OdcsDocument document = OdcsDocument.parse(HEAD + "  - " + property + "\n");

    assertThat(document.report().elements(Outcome.REFUSED))
        .anySatisfy(
            each -> {
              assertThat(each.path()).isEqualTo(path);
              assertThat(each.note()).contains(why);
            });
    assertThatThrownBy(document::contract)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatHasAMeaningIsMapped() throws URISyntaxException {
    Contract orders = example("orders-enum-deprecated").contract("orders");
    Contract passages = example("documents-vector").contract();

    assertThat(orders.rules().stream().map(rule -> rule.id() + " " + rule))
        .containsExactly(
            "state.enum inSet(state, 'new', 'paid', 'void')",
            "priority.enum inSet(priority, 1, 2, 3)");
    assertThat(passages.rules().stream().map(Rule::toString))
        .containsExactly(
            "length(embedding, 768, 768)",
            "length(fingerprint, 32, 32)",
            "length(sentence_embeddings[], 384, 384)",
            "between(sentence_embeddings[][], -128, 127)");
    assertThat(passages.schema().getField("embedding").schema().getElementType().getType())
        .hasToString("FLOAT");
    OdcsDocument revenue = example("revenue-semantics");
    assertThat(revenue.contract("invoice_lines").schema().getFields().stream().map(f -> f.name()))
        .containsExactly("line_id", "amount", "issued_on");
    assertThat(revenue.report().toString())
        .contains("PRESERVED schema[0].properties[3] (line 58): a measure is calculated")
        .contains("PRESERVED context");
  }

  @Test
  void aMapOfTextsIsAColumnAndItsChecksAreNotExecuted() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + "  - name: a\n    logicalType: map\n    required: true\n    map:\n"
                + "      key: {logicalType: string, logicalTypeOptions: {maxLength: 3}}\n"
                + "      value: {logicalType: map, required: false, map: {key: {logicalType: string},"
                + " value: {logicalType: integer, enum: [{value: 1}]}}}\n");

    assertThat(document.contract().schema().getField("a").schema())
        .hasToString(
            "{\"type\":\"map\",\"values\":[\"null\",{\"type\":\"map\",\"values\":\"long\"}]}");
    assertThat(document.report().elements(Outcome.NOT_EXECUTED))
        .extracting(OdcsReport.Element::path)
        .containsExactly(
            "schema[0].properties[0].map.key.logicalTypeOptions.maxLength",
            "schema[0].properties[0].map.value.map.value.enum");
  }

  @Test
  void aContractIsWrittenWithTheElementsOfTheVersionThatIsNamed() {
    Contract contract = Contract.of(Labels.class);
    OdcsExport export = OdcsExport.of(contract);

    assertThat(export.asYaml())
        .contains("apiVersion: v3.1.0", "map<string,array<int>>")
        .doesNotContain("logicalType: map");
    assertThat(export.apiVersion("3.2.0").asYaml())
        .contains("apiVersion: v3.2.0", "logicalType: map");
    assertThat(OdcsDocument.parse(export.apiVersion("3.2.0").asYaml()).contract().schema())
        .isEqualTo(contract.schema());
    assertThatThrownBy(() -> export.apiVersion("4.0.0"))
        .hasMessageContaining("Use 3.1.0 or 3.2.0.");
  }

  @Test
  void rulesAreWrittenInTheWordsOfOdcsWhereItHasThem() {
    Contract contract =
        Contract.of(Labels.class)
            .require(
                Rule.matches("id", "[A-Z]{3}"),
                Rule.length("id", 3, 5),
                Rule.length("counts", 1, 2).warn());

    String yaml = OdcsExport.of(contract).asYaml();

    assertThat(yaml)
        .contains("pattern: \"^[A-Z]{3}$\"", "minLength: 3", "maxLength: 5")
        .contains("implementation: \"length(counts, 1, 2)\"")
        .doesNotContain("implementation: \"length(id", "implementation: \"matches");
    assertThat(OdcsDocument.parse(yaml).contract()).isEqualTo(contract);
    Contract other = OdcsDocument.parse(yaml.replace("maxLength: 5", "maxLength: 9")).contract();
    assertThat(other.rules().toString()).contains("length(id, 3, 9)");
  }

  @Test
  void anElementOf32CountsInADocumentOf31WhichIsThenWrittenAs32() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD.replace("v3.2.0", "v3.1.0").replace("schema:", "status: active\nschema:")
                + "  - {name: a, logicalType: string, enum: [{value: x}]}\n");

    assertThat(document.contract().rules()).hasToString("[inSet(a, 'x')]");
    assertThat(document.asYaml()).contains("apiVersion: v3.2.0");
  }

  @Test
  void aStatusThatIsAbsentStaysAbsentAndIsADraftOf31() {
    OdcsDocument document =
        OdcsDocument.parse(HEAD + "  - {name: a, logicalType: string, deprecated: true}\n");
    OdcsExport export = OdcsExport.of(document.contract().description("changed"));

    assertThat(document.status()).isEmpty();
    assertThat(export.asYaml()).doesNotContain("status");
    assertThat(export.apiVersion("3.1.0").asYaml()).contains("status: draft");
    assertThat(export.status("active").asYaml()).contains("status: active");
  }

  @Test
  void aDocumentThat31ForbidsIsNotWrittenAs31() {
    OdcsDocument document =
        OdcsDocument.parse(
            HEAD
                + "  - name: a\n    logicalType: string\n    authoritativeDefinitions:\n"
                + "    - {id: 'a:b', type: glossary, url: 'https://example.org'}\n");

    assertThatThrownBy(() -> OdcsExport.of(document.contract()).apiVersion("3.1.0").asYaml())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("authoritativeDefinitions[0].id")
        .hasMessageContaining("Write it as 3.2.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "logicalTypeOptions: {pattern: '${P}'}",
        "enum: [{value: '${V}'}]",
        "enum: [{value: 'x-${V:-a}'}]",
        "quality: [{metric: invalidValues, arguments: {validValues: ['${V}']}, mustBe: 0}]",
        "quality: [{type: custom, engine: meshwork, implementation: \"notInSet(a, '${V}')\"}]"
      })
  void aCheckWithAVariableIsKeptAndNotExecuted(String check) {
    OdcsDocument document =
        OdcsDocument.parse(HEAD + "  - {name: a, logicalType: string, " + check + "}\n");

    assertThat(document.contract().rules()).isEmpty();
    assertThat(document.report().elements(Outcome.NOT_EXECUTED))
        .extracting(OdcsReport.Element::note)
        .containsExactly("it has a variable, which Meshwork does not resolve");
    assertThat(tree(OdcsExport.of(document.contract()).asYaml()).sameAs(tree(document.asYaml())))
        .isTrue();
  }

  @Test
  void aNameInFilesWithAVariableIsNotANameInFiles() {
    OdcsDocument document =
        OdcsDocument.parse(HEAD + "  - {name: a, logicalType: string, physicalName: '${P}_a'}\n");

    assertThat(document.contract().schema().getField("a").getObjectProps()).isEmpty();
    assertThat(document.asYaml()).contains("${P}_a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{id: p, name: b, logicalType: string} | properties[1].id | another item of the list",
        "{name: b, logicalType: string, description: '${1}'} | properties[1].description | a '${'",
        "{name: b, logicalType: string, relationships: [{to: t.c}]}"
            + "| properties[1].relationships[0] | the object t has no property c",
        "{name: b, logicalType: string, relationships: [{to: [u.c, u.d]}]}"
            + "| properties[1].relationships[0] | its two ends have 1 and 2 columns",
        "{name: b, logicalType: string, enum: [{id: e, value: x}, {id: e, value: y}]}"
            + "| properties[1].enum[1].id | another item of the list",
      })
  void whatTheSchemaCannotSayIsReported(String property, String path, String why) {
    OdcsDocument document =
        OdcsDocument.parse(HEAD + "  - {id: p, name: a, logicalType: string}\n  - " + property);

    assertThat(document.report().elements())
        .anySatisfy(
            each -> {
              assertThat(each.path()).isEqualTo("schema[0]." + path);
              assertThat(each.note()).contains(why);
            });
    assertThat(document.contract().schema().getFields()).hasSize(2);
    if (!why.contains("${")) {
      assertThatThrownBy(() -> OdcsDocument.parseStrictly(document.asYaml()))
          .hasMessageContaining(why);
    }
  }

  @Test
  void valuesOfAnEnumHaveTheTypeOfTheirColumn() {
    OdcsDocument document =
        OdcsDocument.parse(HEAD + "  - {name: a, logicalType: date, enum: [{value: 2024-01-02}]}");

    assertThat(document.contract().rules()).hasToString("[inSet(a, 2024-01-02)]");
    assertThat(tree(OdcsExport.of(document.contract()).asYaml()).sameAs(tree(document.asYaml())))
        .isTrue();
  }

  @Test
  void whatADocumentKeepsWithoutAUseIsFoundByASearch() throws URISyntaxException {
    OdcsDocument revenue = example("revenue-semantics");
    assertThat(terms(revenue.contract("invoice_lines")))
        .containsExactly(
            "BUSINESS_NAME : Revenue",
            "BUSINESS_NAME : invoice_lines",
            "SYNONYM : billing lines",
            "SYNONYM : lignes de facture",
            "CONTEXT : Amounts are in euro and exclude tax.",
            "CONTEXT : Do not extrapolate beyond the last closed month.",
            "CONTEXT : One row per line of an issued invoice.",
            "CONTEXT : Which countries are covered? Belgium, France and Luxembourg.",
            "CONTEXT : How often is it refreshed? Every hour.",
            "CONTEXT : What was the revenue of the last closed month?",
            "SYNONYM amount: net amount",
            "SYNONYM amount: netto",
            "MEASURE revenue: revenue",
            "MEASURE issue_month: issue_month");
    assertThat(terms(revenue.contract("countries")))
        .contains("CONTEXT : Reference list, changes about once a year.");
    assertThat(terms(example("orders-enum-deprecated").contract("orders")))
        .contains(
            "VALUE state: New Received, nothing paid yet.",
            "TAG state: revenue",
            "VALUE state: Cancelled",
            "DEFINITION state: glossary https://glossary.example.com/orders/void");
    Contract bare = ContractTree.without(revenue.contract("invoice_lines"));
    assertThat(bare.toJson()).doesNotContain("searchTerms");
  }

  private static List<String> terms(Contract contract) {
    List<String> terms = new ArrayList<>();
    ContractTree.of(contract)
        .at("/extensions/searchTerms")
        .forEach(
            term ->
                terms.add(
                    "%s %s: %s"
                        .formatted(
                            term.get("field").asText(),
                            term.get("column").asText(),
                            term.get("text").asText())));
    return terms;
  }
}
