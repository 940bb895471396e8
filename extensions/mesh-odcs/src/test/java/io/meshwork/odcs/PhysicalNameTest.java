package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A name in a file that no column has is known to each step after its proposal. */
class PhysicalNameTest {
  @TempDir private Path folder;
  private Mesh mesh;
  private MeshClient owner;

  @BeforeEach
  void open() {
    mesh = LocalMesh.open(folder.resolve("mesh"));
    owner = mesh.clientAs(Principal.of("shop", "etl"));
    owner.registerDomain("shop").owner("shop@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private List<Map<String, Object>> published(String product, Contract contract, Path file) {
    owner.defineProduct(product).contract(contract).commit();
    owner.publish(product).files(file).commit();
    try (var rows = owner.read(product).asMaps().rows()) {
      return rows.stream().toList();
    }
  }

  @Test
  void oneFileIsProposedDefinedAndPublished() throws Exception {
    Path csv = file("h.csv", "Order ID,Total (EUR),größe\n1,1.50,x\n2,2.50,y\n");
    Path json = file("h.jsonl", "{\"Order ID\": 1, \"lines\": [{\"x-y\": 2}]}\n");
    for (Path file : List.of(csv, json)) {
      ContractProposal proposal = ContractProposal.from(file);
      Path yaml = file("proposal.yaml", proposal.asYaml());
      Contract compiled = CompiledProposal.contract(proposal, folder);
      OdcsDocument document = OdcsDocument.readStrictly(yaml);
      String product = file.equals(csv) ? "shop/c" : "shop/j";

      assertThat(compiled).isEqualTo(proposal.contract());
      assertThat(published(product, proposal.contract(), file))
          .isEqualTo(published(product + "2", document.contract(), file))
          .allSatisfy(row -> assertThat(row).containsKey("Order_ID"));
      assertThat(proposal.asYaml()).contains("physicalName: \"Order ID\"");
    }
    assertThat(published("shop/t", ContractProposal.from(csv).contract(), csv).get(0).keySet())
        .containsExactlyInAnyOrder("Order_ID", "Total_EUR", "groesse");
  }

  @Test
  void thePhysicalNameOfADocumentIsANameInFilesAndExportedAgain() throws IOException {
    String text =
        """
        apiVersion: v3.1.0
        kind: DataContract
        id: equipment
        version: 1.0.0
        status: active
        schema:
          - name: equipment
            physicalName: equipment_v1
            properties:
              - {name: serial, physicalName: SER_NO, logicalType: integer, required: true}
              - {name: place, physicalName: site, logicalType: string}
              - {name: site, logicalType: string}
        """;
    OdcsDocument document = OdcsDocument.read(file("equipment.yaml", text));
    Contract contract = document.contract();

    assertThat(document.report().elements(Outcome.MAPPED).stream().map(OdcsReport.Element::path))
        .contains("schema[0].properties[0].physicalName");
    assertThat(document.report().elements(Outcome.PRESERVED).stream().map(OdcsReport.Element::path))
        .contains("schema[0].properties[1].physicalName", "schema[0].physicalName");
    assertThat(published("shop/equipment", contract, file("e.csv", "SER_NO,site\n7,x\n")))
        .singleElement()
        .satisfies(row -> assertThat(row).containsEntry("serial", 7L).containsEntry("site", "x"));
    Path exported =
        file(
            "exported.yaml",
            OdcsExport.of(contract).product(ProductName.of("shop/equipment")).asYaml());
    assertThat(OdcsDocument.readStrictly(exported).contract().schema())
        .isEqualTo(contract.schema());
    assertThat(Files.readString(exported)).contains("physicalName: SER_NO");
  }

  @Test
  void aColumnWithoutANameIsNamedByItsFileAndItsPosition() throws Exception {
    Path parquet = folder.resolve("blank.parquet");
    Path nested = folder.resolve("nested.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute("copy (select 1 as a, 2 as \" \") to '" + parquet + "'");
      statement.execute("copy (select [{'x': 1, ' ': 2}] as a) to '" + nested + "'");
    }
    Map<Path, String> files =
        Map.of(
            file("blank.jsonl", "{\"a\": 1, \"\": 2}\n"),
            "its column 2 has no name",
            parquet,
            "its column 2 has no name",
            nested,
            "field 2 of its column 'a[]' has no name");
    files.forEach(
        (file, reason) ->
            assertThatThrownBy(() -> ContractProposal.from(file))
                .isInstanceOf(MeshException.class)
                .hasMessageContainingAll(file.getFileName().toString(), reason, "Name ")
                .hasMessageNotContaining("meshwork.physicalName"));
  }

  @Test
  void aNameInAFileCanBeLongerThanThatOfAColumn() throws Exception {
    String name = "x ".repeat(300).strip();
    Path csv = file("long.csv", name + ",b\n1,2\n");
    ContractProposal proposal = ContractProposal.from(csv);

    assertThat(proposal.contract().schema().getFields().get(0).name()).hasSizeLessThan(256);
    assertThat(
            published(
                "shop/long",
                OdcsDocument.readStrictly(file("long.yaml", proposal.asYaml())).contract(),
                csv))
        .singleElement()
        .satisfies(row -> assertThat(row).containsValue(1L));
  }
}
