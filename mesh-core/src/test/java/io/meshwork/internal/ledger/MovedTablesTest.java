package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.registry.Registry.Key;
import org.junit.jupiter.api.Test;

class MovedTablesTest {
  private static final String FLAT =
      "{'publishId':'p','major':1,'mode':'append','rowsAccepted':5,'rowsRemoved':2,"
          + "'snapshotId':'11','sequence':4,'rowsTotal':30}";

  private static final String SEVERAL =
      "{'publishId':'p','mode':'erase','reason':'asked','majors':["
          + "{'major':2,'rowsRemoved':3,'snapshotId':'22','sequence':1,'rowsTotal':7},"
          + "{'major':1,'rowsRemoved':3,'rowsRestored':1}]}";

  private static ObjectNode json(String text) {
    return DocumentJson.parseObject("a test", text.replace('\'', '"'));
  }

  private static VersionedDocument entry(String details) {
    ObjectNode json = DocumentJson.create();
    json.set("details", json(details));
    return new VersionedDocument(new Key("commerce/orders", "log/1"), json, "v");
  }

  @Test
  void anEntryOfOneMajorVersionIsReadAsItIs() {
    JsonNode details = json(FLAT);

    assertThat(MovedTables.of(details)).containsExactly(new MovedTable(details));
    MovedTable only = MovedTables.of(details).get(0);
    assertThat(only.major()).isEqualTo(1);
    assertThat(only.mode()).contains("append");
    assertThat(only.snapshotId()).contains("11");
    assertThat(only.rowsAdded()).isEqualTo(3);
  }

  @Test
  void anEntryOfSeveralMajorVersionsIsReadAsOneOfEachWithTheCommonFields() {
    assertThat(MovedTables.of(json(SEVERAL)))
        .containsExactly(
            new MovedTable(
                json(
                    "{'publishId':'p','mode':'erase','reason':'asked','major':2,'rowsRemoved':3,"
                        + "'snapshotId':'22','sequence':1,'rowsTotal':7}")),
            new MovedTable(
                json(
                    "{'publishId':'p','mode':'erase','reason':'asked','major':1,'rowsRemoved':3,"
                        + "'rowsRestored':1}")));
    assertThat(MovedTables.of(json(SEVERAL)))
        .extracting(MovedTable::rowsAdded)
        .containsExactly(-3L, -2L);
  }

  @Test
  void anEntryThatIsNotAboutAMajorVersionMovesNoTable() {
    assertThat(MovedTables.of(json("{'contractVersion':'1.0.0'}"))).isEmpty();
    assertThat(MovedTables.of(json("{'partition':'commerce/orders','sequence':3}"))).isEmpty();
  }

  @Test
  void onlyATableWithANewSnapshotIsFound() {
    assertThat(MovedTables.find(entry(FLAT), 1)).isPresent();
    assertThat(MovedTables.find(entry(FLAT), 2)).isEmpty();
    assertThat(MovedTables.find(entry(SEVERAL), 2).flatMap(MovedTable::snapshotId)).contains("22");
    assertThat(MovedTables.find(entry(SEVERAL), 1)).isEmpty();
    assertThat(MovedTables.find(entry("{'major':1,'snapshotId':null}"), 1)).isEmpty();
  }

  @Test
  void aReceiptHasOnePartForEachMajorVersion() {
    ObjectNode receipt = json("{'major':2,'scope':'b = 1','also':[{'major':1,'scope':'a = 1'}]}");

    assertThat(MovedTables.inReceipt(receipt, 1).path("scope").asText()).isEqualTo("a = 1");
    assertThat(MovedTables.inReceipt(receipt, 2)).isSameAs(receipt);
    assertThat(MovedTables.inReceipt(json("{'major':1}"), 1)).isEqualTo(json("{'major':1}"));
  }

  @Test
  void thePartsOfALargeReceiptAreReadPacked() {
    ObjectNode receipt = json("{'major':2,'also':[{'major':1}]}");
    ((ObjectNode) receipt.path("also").get(0)).put("text", "x".repeat(PackedPart.MAX_BYTES));
    JsonNode part = receipt.path("also").get(0);

    PackedPart.pack(receipt, MovedTables.ALSO);

    assertThat(receipt.has(MovedTables.ALSO)).isFalse();
    assertThat(MovedTables.inReceipt(receipt, 1)).isEqualTo(part);
  }
}
