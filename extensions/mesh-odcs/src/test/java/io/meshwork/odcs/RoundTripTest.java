package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Publish.FileFormat;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is exported is read as the same contract, and what is read is exported as it was. */
class RoundTripTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final int CASES =
      Integer.getInteger("mesh.odcs.cases", Boolean.getBoolean("mesh.tests.sampled") ? 40 : 300);

  @Test
  void anExportIsReadAsTheSameContract() {
    for (long seed = 0; seed < CASES; seed++) {
      Contract contract = new RandomTerms(new Random(seed)).contract();
      String yaml =
          OdcsExport.of(contract)
              .product(ProductName.of("commerce/orders"))
              .version(ContractVersion.parse("1.2.0"))
              .status("active")
              .asYaml();

      assertThat(OdcsValidator.isValid(YamlReader.read(yaml, "an export"), "v3.1.0"))
          .as("seed %d is valid%n%s", seed, yaml)
          .isTrue();
      assertThat(OdcsDocument.parse(yaml).contract())
          .as("seed %d%n%s", seed, yaml)
          .isEqualTo(contract);
    }
  }

  @Test
  void aDocumentIsExportedAsItWasAndSoIsItsContractFromAMesh() {
    for (long seed = 0; seed < CASES; seed++) {
      String yaml = new RandomDocument(new Random(seed)).yaml();
      YamlNode read = YamlReader.read(yaml, "a document");
      assertThat(OdcsValidator.isValid(read, "v3.1.0"))
          .as("seed %d is valid%n%s", seed, yaml)
          .isTrue();
      for (OdcsDocument part : OdcsDocument.parse(yaml).divided()) {
        Contract stored = Contract.fromStoredJson(part.contract().toJson());

        String export = OdcsExport.of(stored).asYaml();

        assertThat(part.asYaml()).as("seed %d%n%s", seed, yaml).isNotEmpty();
        YamlNode expected = YamlReader.read(part.asYaml(), "a document");
        assertThat(YamlReader.read(export, "an export").sameAs(expected))
            .as("seed %d%n%s%n%s", seed, yaml, export)
            .isTrue();
        assertThat(OdcsDocument.parse(export).contract()).as("seed %d", seed).isEqualTo(stored);
      }
    }
  }

  @Test
  void whatChangedIsWrittenIntoTheDocumentAndTheRestStays() {
    for (long seed = 0; seed < CASES; seed++) {
      String yaml = new RandomDocument(new Random(seed)).yaml();
      OdcsDocument document = OdcsDocument.parse(yaml).divided().get(0);
      Contract before = document.contract();
      Contract after = before.description("changed").onViolation(before.onViolation());
      if (!before.rules().isEmpty()) {
        after = after.removeRule(before.rules().get(0).id());
      }
      after = after.require(Rule.rowCount(7, 70).id("added"));

      String export = OdcsExport.of(after).asYaml();

      Contract read = OdcsDocument.parse(export).contract();
      assertThat(ContractTree.without(read))
          .as("seed %d%n%s%n%s", seed, yaml, export)
          .isEqualTo(ContractTree.without(after));
      assertThat(OdcsValidator.isValid(YamlReader.read(export, "an export"), "v3.1.0")).isTrue();
      assertThat(export).contains("anUnknownTerm").contains("changed");
    }
  }

  @Test
  void theHeaderOfAnExportIsSetByItsCaller() {
    Contract contract = new RandomTerms(new Random(1)).contract();
    String column = contract.schema().getFields().get(0).name();

    OdcsDocument read =
        OdcsDocument.parse(
            OdcsExport.of(contract)
                .product(ProductName.of("commerce/orders"))
                .version(ContractVersion.parse("2.1.0"))
                .status("DEPRECATED")
                .partitionBy(Partition.bucket(column, 8))
                .asYaml());

    assertThat(read.product()).contains(ProductName.of("commerce/orders"));
    assertThat(read.version()).isEqualTo("2.1.0");
    assertThat(read.status()).isEqualTo("deprecated");
    assertThat(read.partitions()).containsExactly(Partition.bucket(column, 8));
    assertThat(read.contract()).isEqualTo(contract);
  }

  @Test
  void severalPartitionsOfOneColumnStayInTheirOrder() {
    Contract contract = new RandomTerms(new Random(1)).contract();
    String first = contract.schema().getFields().get(0).name();
    String second = contract.schema().getFields().get(1).name();
    Partition[] partitions = {
      Partition.bucket(first, 8), Partition.identity(second), Partition.truncate(first, 3)
    };

    OdcsDocument read =
        OdcsDocument.parse(OdcsExport.of(contract).partitionBy(partitions).asYaml());

    assertThat(read.partitions()).containsExactly(partitions);
    Contract stored = Contract.fromStoredJson(read.contract().toJson());
    String fewer = OdcsExport.of(stored).partitionBy(partitions[2]).asYaml();
    assertThat(OdcsDocument.parse(fewer).partitions()).containsExactly(partitions[2]);
    String again =
        OdcsExport.of(OdcsDocument.parse(fewer).contract()).partitionBy(partitions).asYaml();
    assertThat(OdcsDocument.parse(again).partitions()).containsExactly(partitions);
  }

  @Test
  void aDocumentKeepsItsNameVersionIdAndStatusInAMesh() {
    for (long seed = 0; seed < 20; seed++) {
      OdcsDocument document =
          OdcsDocument.parse(new RandomDocument(new Random(seed)).yaml()).divided().get(0);

      OdcsDocument active = exported(document, MajorVersion.State.ACTIVE);
      OdcsDocument closing = exported(document, MajorVersion.State.CLOSING);

      assertThat(active.asYaml()).as("seed %d", seed).isEqualTo(document.asYaml());
      assertThat(closing.version()).isEqualTo(document.version());
      assertThat(closing.status()).isEqualTo("deprecated");
    }
  }

  @Test
  void aContractWithoutADocumentOfItsOwnHasTheNameVersionAndStatusOfTheProduct() {
    String proposal =
        ContractProposal.fromCsv(
                new ByteArrayInputStream("a,b\n1,x\n".getBytes(StandardCharsets.UTF_8)),
                FileFormat.csv())
            .asYaml();
    Contract proposed = OdcsDocument.parse(proposal).contract();
    for (Contract contract : List.of(proposed, new RandomTerms(new Random(1)).contract())) {
      OdcsDocument export =
          OdcsDocument.parse(
              OdcsExport.of(ORDERS, version(contract, MajorVersion.State.ACTIVE)).asYaml());

      assertThat(export.product()).contains(ORDERS);
      assertThat(export.version()).isEqualTo("1.4.2");
      assertThat(export.status()).isEqualTo("active");
    }
  }

  private static OdcsDocument exported(OdcsDocument document, MajorVersion.State state) {
    Contract stored = Contract.fromStoredJson(document.contract().toJson());
    Partition[] partitions = document.partitions().toArray(new Partition[0]);
    return OdcsDocument.parse(OdcsExport.of(ORDERS, version(stored, state, partitions)).asYaml());
  }

  private static ProductCard.Version version(
      Contract contract, MajorVersion.State state, Partition... partitions) {
    return new ProductCard.Version(
        ContractVersion.parse("1.4.2"), state, contract, List.of(partitions), Optional.empty());
  }
}
