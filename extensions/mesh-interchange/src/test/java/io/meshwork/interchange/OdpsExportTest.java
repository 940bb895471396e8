package io.meshwork.interchange;

import static io.meshwork.interchange.ExportedMesh.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.error.NotFoundException;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsExport;
import io.meshwork.odcs.OdpsDocument;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Products as documents of ODPS. */
class OdpsExportTest {
  @TempDir Path folder;
  private ExportedMesh shop;

  @BeforeEach
  void open() {
    shop = new ExportedMesh(folder.resolve("mesh"));
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void aProductIsValidByTheOfficialSchema() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();

    for (String product : new String[] {"commerce/orders", "finance/revenue-by-city"}) {
      JsonNode document = document(shop.finance, product);
      assertThat(OfficialSchemas.faultsOfProduct(document)).as(document.toPrettyString()).isEmpty();
      assertThat(document.path("apiVersion").asText()).isEqualTo("v1.1.0");
      JsonNode previous = tree(OdpsExport.of(shop.finance, product).apiVersion("1.0.0").asYaml());
      assertThat(previous.path("apiVersion").asText()).isEqualTo("v1.0.0");
      assertThat(OfficialSchemas.faultsOfProduct(previous)).isEmpty();
    }
    assertThatThrownBy(() -> OdpsExport.of(shop.finance, "commerce/orders").apiVersion("2.0.0"))
        .hasMessageContaining("Use 1.1.0 or 1.0.0.");
  }

  @Test
  void contextAndSynonymsOfTheContractAreThoseOfItsPort() {
    String yaml =
        """
        apiVersion: v3.2.0
        kind: DataContract
        id: rates
        version: 1.0.0
        context: {instructions: In euro., verifiedStatements: [{question: When?, answer: Daily.}]}
        schema:
          - name: rates
            synonyms: [{synonym: prices}]
            context:
              instructions: One row a day.
              verifiedStatements: [{question: When?, answer: Hourly.}]
              constraints: [{constraint: Do not extrapolate.}]
            properties: [{name: day, logicalType: date}]
        """;
    shop.commerce
        .defineProduct("commerce/rates")
        .contract(OdcsDocument.parse(yaml).contract())
        .commit();

    JsonNode document = document(shop.commerce, "commerce/rates");
    JsonNode port = document.at("/outputPorts/0");

    assertThat(OfficialSchemas.faultsOfProduct(document)).isEmpty();
    assertThat(port.at("/synonyms/0/synonym").asText()).isEqualTo("prices");
    assertThat(port.at("/context/instructions").asText()).isEqualTo("In euro.\nOne row a day.");
    assertThat(port.at("/context/verifiedStatements")).hasSize(1);
    assertThat(port.at("/context/verifiedStatements/0/answer").asText()).isEqualTo("Hourly.");
    assertThat(port.at("/context/constraints")).hasSize(1);
    JsonNode previous =
        tree(OdpsExport.of(shop.commerce, "commerce/rates").apiVersion("v1.0.0").asYaml());
    assertThat(OfficialSchemas.faultsOfProduct(previous)).isEmpty();
    assertThat(previous.at("/outputPorts/0").has("context")).isFalse();
  }

  @Test
  void aDocumentThatDescribedTheProductIsWrittenAgain() {
    String yaml =
        """
        # Rates of the desk.
        apiVersion: v1.1.0
        kind: DataProduct
        id: a1b2
        name: Rates
        version: "7"
        status: active
        tags: [market]
        inputPorts:
          - {name: feed, contractId: f-1, id: in, deprecated: true}
        outputPorts:
          - {name: table, version: 1.0.0, contractId: c-1, sbom: [{type: external}]}
        managementPorts: [{name: control, content: control}]
        team: {name: desk}
        customProperties: [{property: desk, value: [1, 2], vendor: acme}]
        """;
    OdpsDocument document = OdpsDocument.parse(yaml);
    Contract contract =
        document.describe(
            Contract.of(shop.commerce.describe("commerce/orders").contract().schema()));
    shop.commerce.defineProduct("commerce/rates").contract(contract).commit();

    String export = OdpsExport.of(shop.commerce, "commerce/rates").asYaml();

    JsonNode tree = tree(export);
    assertThat(OfficialSchemas.faultsOfProduct(tree)).isEmpty();
    assertThat(export).startsWith("# Rates of the desk.");
    tree(yaml)
        .properties()
        .forEach(
            entry -> {
              JsonNode now = tree.path(entry.getKey());
              if (entry.getValue().isArray()) {
                assertThat(now).containsAll(entry.getValue());
              } else {
                assertThat(now).isEqualTo(entry.getValue());
              }
            });
    assertThat(tree.at("/outputPorts/1/type").asText()).isEqualTo("iceberg");
    assertThat(tree.path("tags")).hasSize(2);
    assertThat(OdpsDocument.parse(export).asYaml(export)).isEqualTo(export);
    JsonNode previous =
        tree(OdpsExport.of(shop.commerce, "commerce/rates").apiVersion("1.0.0").asYaml());
    assertThat(previous.at("/inputPorts/0").has("deprecated")).isFalse();
    assertThat(shop.commerce.search("market").results().hits())
        .anyMatch(hit -> hit.toString().contains("rates"));
  }

  @Test
  void aDeprecatedVersionIsMarkedAndItsProductStaysActiveUntilItEnds() {
    shop.commerce
        .startRollout("commerce/orders")
        .contract(Contract.of(ExportedMesh.Revenue.class))
        .withoutHistory()
        .because("Totals alone")
        .commit()
        .activate()
        .commit();

    JsonNode document = document(shop.commerce, "commerce/orders");

    assertThat(OfficialSchemas.faultsOfProduct(document)).as(document.toPrettyString()).isEmpty();
    assertThat(document.at("/outputPorts/0/version").asText()).isEqualTo("1.0.0");
    assertThat(document.at("/outputPorts/0/deprecated").booleanValue()).isTrue();
    assertThat(document.at("/outputPorts/1").has("deprecated")).isFalse();
    assertThat(document.path("status").asText()).isEqualTo("active");
    assertThat(document.has("deprecated")).isFalse();

    shop.finance.endProduct(ExportedMesh.REVENUE).because("Nobody reads it").commit();
    shop.finance.productEnd(ExportedMesh.REVENUE).announce().commit();
    JsonNode ending = document(shop.finance, ExportedMesh.REVENUE);

    assertThat(OfficialSchemas.faultsOfProduct(ending)).as(ending.toPrettyString()).isEmpty();
    assertThat(ending.path("status").asText()).isEqualTo("deprecated");
    assertThat(ending.path("deprecated").booleanValue()).isTrue();
  }

  @Test
  void aDocumentThatTheProductHadBeforeItsNextVersionGetsThePortOfThatVersion() {
    String product = "commerce/orders";
    Contract contract = shop.commerce.describe(product).contract();
    OdpsDocument exported = OdpsDocument.parse(OdpsExport.of(shop.commerce, product).asYaml());
    shop.commerce.amendContract(product, exported.describe(contract)).commit();
    shop.commerce
        .startRollout(product)
        .contract(exported.describe(Contract.of(ExportedMesh.Revenue.class)))
        .withoutHistory()
        .because("Totals alone")
        .commit()
        .activate()
        .commit();

    assertThat(versionsOfPorts(product)).containsExactly("1.0.0", "2.0.0");
    shop.commerce.rollout(product).announce().commit();
    shop.commerce.rollout(product).close().commit();
    shop.clock.advance(Duration.ofDays(100));
    shop.commerce.rollout(product).retire().commit();
    assertThat(versionsOfPorts(product)).as("the document still has its port").contains("2.0.0");
  }

  private List<String> versionsOfPorts(String product) {
    return document(shop.commerce, product)
        .path("outputPorts")
        .valueStream()
        .map(port -> port.path("version").asText())
        .toList();
  }

  @Test
  void aFaultIsFoundByTheOfficialSchema() {
    assertThat(OfficialSchemas.faultsOfProduct(OfficialSchemas.JSON.createObjectNode()))
        .anyMatch(fault -> fault.contains("apiVersion"));
  }

  @Test
  void aDocumentSaysWhatAProductIsAndWhoOwnsIt() {
    JsonNode document = document(shop.finance, "commerce/orders");

    assertThat(document.path("id").asText()).isEqualTo("commerce/orders");
    assertThat(document.path("name").asText()).isEqualTo("orders");
    assertThat(document.path("domain").asText()).isEqualTo("commerce");
    assertThat(document.path("version").asText()).isEqualTo("1.0.0");
    assertThat(document.path("status").asText()).isEqualTo("active");
    assertThat(document.at("/description/purpose").asText()).isEqualTo("Orders of the shop");
    assertThat(document.at("/tags/0").asText()).isEqualTo("classification=internal");
    assertThat(document.at("/team/members/0/username").asText()).isEqualTo("orders@example.org");
    assertThat(document.at("/support/0/url").asText()).isEqualTo("mailto:orders@example.org");
  }

  @Test
  void anOutputPortNamesTheOdcsDocumentOfItsContract() {
    JsonNode port = document(shop.finance, "commerce/orders").at("/outputPorts/0");

    JsonNode odcs =
        tree(
            OdcsExport.of(shop.commerce.describe("commerce/orders").contract())
                .product(ProductName.of("commerce/orders"))
                .version(ContractVersion.FIRST)
                .asYaml());
    assertThat(port.path("contractId")).isEqualTo(odcs.path("id"));
    assertThat(port.path("version").asText()).isEqualTo("1.0.0");
  }

  @Test
  void statedInputsAndSubscriptionsAreInputPorts() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    shop.commerce
        .defineProduct("commerce/refunds")
        .contract(Contract.of(ExportedMesh.Revenue.class))
        .openToMesh()
        .commit();
    shop.finance
        .subscribe("commerce/refunds")
        .name("refunds")
        .purpose("Revenue without refunds")
        .contact("finance@example.org")
        .commit();

    JsonNode own = document(shop.finance, "finance/revenue-by-city");

    assertThat(own.at("/inputPorts/0/name").asText()).isEqualTo("commerce/orders");
    assertThat(own.at("/inputPorts/0/contractId"))
        .isEqualTo(document(shop.finance, "commerce/orders").at("/outputPorts/0/contractId"));
    assertThat(own.at("/inputPorts/0/customProperties/0/value").asText()).isEqualTo("declared");
    assertThat(own.at("/inputPorts/1/name").asText()).isEqualTo("commerce/refunds");
    assertThat(own.at("/inputPorts/1/customProperties/0/value").asText()).isEqualTo("subscribed");
    assertThat(OfficialSchemas.faultsOfProduct(own)).isEmpty();

    JsonNode seenByOthers =
        document(
            shop.mesh.clientAs(Principal.of("marketing", "analyst")), "finance/revenue-by-city");
    assertThat(seenByOthers.path("inputPorts")).hasSize(1);
  }

  @Test
  void anInputThatIsMoreSensitiveThanInternalIsSeenByTheTwoDomainsOnly() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    shop.commerce
        .amendContract("commerce/orders")
        .contract(
            shop.commerce
                .describe("commerce/orders")
                .contract()
                .classification(Classification.CONFIDENTIAL))
        .commit();
    MeshClient stranger = shop.mesh.clientAs(Principal.of("marketing", "analyst"));

    assertThat(document(stranger, "finance/revenue-by-city").path("inputPorts")).isEmpty();
    assertThat(document(shop.finance, "finance/revenue-by-city").path("inputPorts")).hasSize(1);
  }

  @Test
  void textsOfPeopleStayAsTheyWrote() {
    String text = "no: \"yes\" # 'x' - {a: *b} ✓ é \\ %";
    shop.commerce
        .defineProduct("commerce/odd")
        .description(text)
        .contract(
            Contract.of(ExportedMesh.Revenue.class)
                .usage("no")
                .limitations("2026-11-20")
                .contacts(
                    new Contact(
                        "chat: #orders", "ask at the desk, 2nd floor", ContactScope.INTERACTIVE)))
        .commit();

    JsonNode document = document(shop.commerce, "commerce/odd");

    assertThat(document.at("/description/purpose").asText()).isEqualTo(text);
    assertThat(document.at("/description/usage").asText()).isEqualTo("no");
    assertThat(document.at("/description/limitations").isTextual()).isTrue();
    assertThat(document.at("/support/1/url").asText())
        .isEqualTo("urn:contact:ask%20at%20the%20desk,%202nd%20floor");
    assertThat(OfficialSchemas.faultsOfProduct(document)).isEmpty();
  }

  @Test
  void anUnknownProductIsAnError() {
    assertThatThrownBy(() -> document(shop.commerce, "commerce/order"))
        .isInstanceOf(NotFoundException.class);
  }

  private static JsonNode document(MeshClient client, String product) {
    return tree(OdpsExport.of(client, product).asYaml());
  }

  private static JsonNode tree(String yaml) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    assertThat(root).isInstanceOf(Map.class);
    return OfficialSchemas.JSON.valueToTree(root);
  }
}
