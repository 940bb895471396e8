package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is exported is read as the same contract, and what is read is exported as it was. */
class RoundTripTest {
  private static final int CASES =
      Integer.getInteger("mesh.odcs.cases", Boolean.getBoolean("mesh.tests.sampled") ? 100 : 300);

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
}
