package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.OdpsDocument.Port;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents of ODPS that describe the products of contracts. */
class OdpsDocumentTest {
  private static final String PRODUCT =
      """
      # The product of the sales team.
      apiVersion: v1.1.0
      kind: DataProduct
      id: fbe8d147-28db-4f1d-bedf-a3fe9f458427
      name: orders
      version: 3.4.0
      status: proposed
      domain: sales
      tenant: shop
      synonyms: [{synonym: purchases}]
      context: {instructions: Amounts are in euro.}
      tags: [retail, "tier=gold"]
      description: {purpose: All orders, limitations: No returns, usage: Reports}
      customProperties:
        - {property: costCenter, value: 4711, vendor: acme}
      inputPorts:
        - {name: payments, version: 1.0.0, contractId: dbb7b1eb, customProperties: [{property: a, value: {b: 1}}]}
      outputPorts:
        - name: table
          description: One row per order
          type: tables
          version: 2.0.0
          contractId: c-orders
          sbom: [{type: external, url: https://example.com/sbom}]
          inputContracts: [{id: dbb7b1eb, version: 1.0.0}]
        - {name: stream, version: 1.0.0, contractId: c-stream}
      managementPorts:
        - {name: control, content: discoverability, type: rest, url: https://example.com/control}
      support:
        - {channel: "#sales", url: https://chat.example.com/sales, scope: interactive, tool: slack}
      team:
        name: sales-data
        members: [{username: ann@example.com, role: owner, dateIn: 2025-01-01}]
      productCreatedTs: 2025-01-01T00:00:00Z
      """;

  @TempDir private Path folder;

  private static Contract contract(String id) {
    return OdcsDocument.parse(
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: %s
            version: 1.0.0
            status: active
            schema: [{name: orders, properties: [{name: id, logicalType: integer}]}]
            """
                .formatted(id))
        .contract();
  }

  @Test
  void aDocumentDescribesTheProductOfAContractAndIsKept() {
    OdpsDocument document = OdpsDocument.parse(PRODUCT);

    Contract described = document.describe(contract("c-orders"));

    assertThat(described.description()).isEqualTo("All orders");
    assertThat(described.usage()).isEqualTo("Reports");
    assertThat(described.limitations()).isEqualTo("No returns");
    assertThat(described.contacts())
        .extracting(Contract.Contact::channel, Contract.Contact::address)
        .containsExactly(tuple("#sales", "https://chat.example.com/sales"));
    assertThat(document.product()).contains(ProductName.of("sales/orders"));
    assertThat(document.owner()).contains("ann@example.com");
    assertThat(document.inputPorts()).containsExactly(new Port("payments", "1.0.0", "dbb7b1eb"));
    assertThat(document.outputPorts()).extracting(Port::name).containsExactly("table", "stream");
    Contract stored = Contract.fromStoredJson(described.toJson());
    assertThat(OdpsDocument.of(stored).orElseThrow().asYaml()).isEqualTo(document.asYaml());
    assertThat(document.asYaml()).startsWith("# The product of the sales team.");
    assertThat(OdcsExport.of(stored).asYaml()).contains("All orders").doesNotContain("c-stream");
    assertThat(OdpsDocument.of(contract("c-orders"))).isEmpty();
  }

  @Test
  void theReportSaysWhatBecomesOfEachElement() {
    OdcsReport report = OdpsDocument.parse(PRODUCT).report(contract("c-orders"));

    assertThat(paths(report, Outcome.MAPPED))
        .contains(
            "name",
            "domain",
            "team",
            "support[0]",
            "outputPorts[0]",
            "description.purpose",
            "description.usage",
            "description.limitations");
    assertThat(paths(report, Outcome.PRESERVED))
        .contains(
            "id",
            "version",
            "status",
            "tenant",
            "tags",
            "inputPorts[0]",
            "outputPorts[1]",
            "managementPorts[0]",
            "customProperties[0]",
            "productCreatedTs");
    assertThat(paths(report, Outcome.REFUSED)).isEmpty();
  }

  private static List<String> paths(OdcsReport report, Outcome outcome) {
    return report.elements(outcome).stream().map(OdcsReport.Element::path).toList();
  }

  @Test
  void aSearchFindsWhatTheDocumentSays() {
    List<String> texts = new ArrayList<>();
    ContractTree.of(OdpsDocument.parse(PRODUCT).describe(contract("c-orders")))
        .at("/extensions/searchTerms")
        .forEach(term -> texts.add(term.get("text").asText()));

    assertThat(texts)
        .contains(
            "purchases",
            "retail",
            "tier=gold",
            "Amounts are in euro.",
            "One row per order",
            "payments",
            "control",
            "costCenter=4711");
  }

  @Test
  void whatAMeshKnowsIsAddedAndNothingIsLost() {
    OdpsDocument document = OdpsDocument.parse(PRODUCT);
    String known =
        """
        apiVersion: v1.1.0
        kind: DataProduct
        id: sales/orders
        name: orders
        version: 1.0.3
        status: deprecated
        deprecated: true
        tags: [retail, classification=internal]
        description: {purpose: Other}
        inputPorts: [{name: sales/customers, version: 1.0.0, contractId: c-customers}]
        outputPorts: [{name: orders, type: iceberg, version: 1.0.3, contractId: c-orders}]
        support: [{channel: owner, url: "mailto:ann@example.com"}]
        """;

    String merged = document.asYaml(known);

    JsonNode tree = YamlReader.read(merged, "merged").json();
    assertThat(tree.path("id").asText()).isEqualTo("fbe8d147-28db-4f1d-bedf-a3fe9f458427");
    assertThat(tree.path("version").asText()).isEqualTo("3.4.0");
    assertThat(tree.path("status").asText()).isEqualTo("deprecated");
    assertThat(tree.at("/description/purpose").asText()).isEqualTo("All orders");
    assertThat(tree.path("tags")).hasSize(3);
    assertThat(tree.path("inputPorts")).hasSize(2);
    assertThat(tree.path("outputPorts")).hasSize(2);
    assertThat(tree.at("/outputPorts/0/sbom/0/url").asText()).isEqualTo("https://example.com/sbom");
    assertThat(tree.path("support")).hasSize(2);
    assertThat(OdpsDocument.parse(merged).asYaml(known)).isEqualTo(merged);
    String earlier =
        document.asYaml(known.replace("v1.1.0", "v1.0.0").replace("deprecated: true", ""));
    assertThat(earlier).contains("apiVersion: v1.0.0", "inputContracts", "dbb7b1eb");
    assertThat(earlier).doesNotContain("synonym", "vendor", "context");
  }

  @Test
  void aStrictReaderRefusesAContractThatNoPortNames() throws IOException {
    Path file = Files.writeString(folder.resolve("orders.odps.yaml"), PRODUCT);

    assertThatThrownBy(() -> OdpsDocument.readStrictly(file).describe(contract("c-other")))
        .hasMessageContaining("orders.odps.yaml")
        .hasMessageContaining("no output port names the contract 'c-other', but 'c-orders'");
    assertThat(OdpsDocument.read(file).report(contract("c-other")).toString())
        .contains("PRESERVED outputPorts[0] (line 19): it names another contract");
    assertThat(OdpsDocument.readStrictly(file).describe(contract("c-stream"))).isNotNull();
  }

  @Test
  void whatIsNotOdpsIsRefusedWithItsPlace() {
    assertThatThrownBy(() -> OdpsDocument.parse(PRODUCT + "owner: ann\n"))
        .hasMessageContaining("owner")
        .hasMessageContaining("it is not valid ODPS");
    assertThatThrownBy(() -> OdpsDocument.parse("apiVersion: v3.1.0\nkind: DataContract\n"))
        .hasMessageContaining("it is not a document of the kind DataProduct");
    assertThatThrownBy(() -> OdpsDocument.parse(PRODUCT.replace("v1.1.0", "v9.0.0")))
        .hasMessageContaining("Use one of v1.0.0, v1.1.0.");
    assertThatThrownBy(() -> OdpsDocument.parse("a: [")).hasMessageContaining("ODPS document");
  }
}
