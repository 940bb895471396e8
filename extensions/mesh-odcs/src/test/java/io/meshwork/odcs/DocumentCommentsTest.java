package io.meshwork.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.odcs.internal.document.YamlWriter;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people wrote around a document stays: its comments, its order, its blank lines. */
class DocumentCommentsTest {
  private static final String DOCUMENT =
      """
      # Orders of the shop.
      # Ask before you change it.

      apiVersion: v3.1.0
      kind: DataContract
      version: 2.0.0 # since the move
      id: orders
      status: active

      schema: # one table
        # the table
        - name: orders
          # what it is for
          description: All orders
          properties:
            # the key
            - name: order_id
              required: true # always
              logicalType: string
              primaryKey: true

            - {name: amount, logicalType: number} # in euro
            # who bought
            - name: customer
              quality:
                # agreed with sales
                - metric: nullValues # none
                  mustBe: 0
              logicalType: string
      tags: [shop, orders] # for the catalog
      description:
        purpose: |
          Text # no comment

          More text
      # the end
      """;

  @Test
  void aDocumentThatDidNotChangeIsWrittenCharacterForCharacter() {
    Contract stored = Contract.fromStoredJson(OdcsDocument.parse(DOCUMENT).contract().toJson());

    assertThat(OdcsExport.of(stored).asYaml()).isEqualTo(DOCUMENT);
    assertThat(OdcsDocument.parse(DOCUMENT).asYaml()).isEqualTo(DOCUMENT);
  }

  @Test
  void aChangeTouchesOnlyItsOwnLines() {
    Contract contract = OdcsDocument.parse(DOCUMENT).contract();

    Contract changed = contract.limitations("Of this year").require(Rule.notNull("amount"));
    String export = OdcsExport.of(changed).asYaml();

    assertThat(export.lines())
        .containsSubsequence(DOCUMENT.lines().filter(line -> !line.contains("in euro")).toList());
    assertThat(export).contains("limitations: \"Of this year\"", "# in euro", "metric: nullValues");
    assertThat(OdcsDocument.parse(export).contract().rules()).isEqualTo(changed.rules());
  }

  @Test
  void aNewVersionTouchesItsOwnLineOnly() {
    Contract contract = OdcsDocument.parse(DOCUMENT).contract();

    String export =
        OdcsExport.of(contract).version(ContractVersion.parse("2.1.0")).status("active").asYaml();

    assertThat(export).isEqualTo(DOCUMENT.replace("2.0.0", "2.1.0"));
    assertThat(OdcsExport.of(contract).product(ProductName.of("shop/orders")).asYaml())
        .contains("id: orders", "name: shop/orders", "version: 2.0.0 # since the move");
  }

  @Test
  void aRuleThatIsRemovedTakesItsCommentWithIt() {
    Contract contract = OdcsDocument.parse(DOCUMENT).contract();

    String export = OdcsExport.of(contract.removeRule(contract.rules().get(0).id())).asYaml();

    assertThat(export).doesNotContain("agreed with sales").contains("# who bought", "# the end");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list:\n  - > # folded\n    text\n\n    more\n  - |- # kept\n    x\n    y\n",
        "list:\n  - # after the hyphen\n    a: 1\n  - b # here\n",
        "list:\n  - a: # of the key\n      b: 1\n    c: 2\n",
        "text: |-\n  - # no comment\n    x\nother: 1 # one\n",
        "map: # of the map\n  # above\n\n  # below\n  a: [1, 2, # two\n    3]\n",
        "list:\n  -\n  - a # one\n  # two\n  - {b: 1} # three\n",
        "a: 'x # y' # z\n# last\n",
      })
  void commentsAtUnusualPlacesLoseNoData(String text) {
    String written = YamlWriter.of(YamlReader.read(text, "a text"));

    assertThat(YamlReader.read(written, "a text").sameAs(YamlReader.read(text, "a text"))).isTrue();
    assertThat(YamlWriter.of(YamlReader.read(written, "a text"))).isEqualTo(written);
    assertThat(written.lines().filter(line -> line.contains("#")))
        .hasSameSizeAs(text.lines().filter(line -> line.contains("#")).toList());
  }
}
