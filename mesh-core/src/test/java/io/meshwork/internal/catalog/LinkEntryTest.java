package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkEntryTest {
  private static final Principal LEAD = Principal.of("finance", "lead");
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final LinkName NAME = LinkName.of("shop.orders");
  private static final Key KEY = RegistryKeys.link("finance", NAME);

  private static LinkEntry link() {
    return new LinkEntry(
        "finance", NAME, "commerce", Optional.of(ORDERS), 2, true, LEAD, Optional.empty());
  }

  private static ObjectNode written(LinkEntry link, Optional<LinkEntry> previous) {
    CommitDraft<String> draft = link.write("finance", previous, LEAD);
    return draft.written(KEY).orElseThrow();
  }

  @Test
  void aLinkIsReadAsItWasWritten() {
    ObjectNode json = written(link(), Optional.empty());

    assertThat(json)
        .hasToString(
            "{\"format\":1,\"product\":\"commerce/orders\",\"major\":2,\"following\":true,"
                + "\"account\":\"finance\",\"role\":\"lead\"}");
    LinkEntry read = LinkEntry.of("finance", new VersionedDocument(KEY, json, "1"));
    assertThat(read).usingRecursiveComparison().ignoringFields("stored").isEqualTo(link());
  }

  @Test
  void aLinkThatIsMovedKeepsFieldsOfLaterVersions() {
    ObjectNode json = written(link(), Optional.empty()).put("color", "blue");
    LinkEntry stored = LinkEntry.of("finance", new VersionedDocument(KEY, json, "1"));

    LinkEntry moved = stored.movedTo("sales");

    assertThat(written(moved, Optional.of(stored)))
        .hasToString(
            "{\"format\":1,\"following\":true,\"account\":\"finance\",\"role\":\"lead\","
                + "\"color\":\"blue\",\"domain\":\"sales\"}");
  }
}
