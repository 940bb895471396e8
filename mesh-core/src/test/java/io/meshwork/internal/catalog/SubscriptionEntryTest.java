package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.card.ProductConsumer.MajorMode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SubscriptionEntryTest {
  private static final SubscriptionEntry ENTRY =
      new SubscriptionEntry(
          2,
          "totals",
          ProductName.of("commerce/orders"),
          "finance",
          new SubscriptionTerms(
              "following",
              3,
              "close the books",
              "team@finance.example",
              OptionalLong.of(500),
              List.of("id", "total.amount"),
              Optional.of("id > 5"),
              List.of(1, 2),
              Optional.of("the audit needs it")),
          Instant.parse("2026-11-20T08:00:00.5Z"),
          Principal.of("222222222222", "analyst"));

  private static VersionedDocument stored(ObjectNode json) {
    return new VersionedDocument(new Registry.Key("finance", "subscription/x"), json, "v1");
  }

  @Test
  void aSubscriptionIsStoredInOneForm() {
    assertThat(DocumentJson.write(ENTRY.toDocument(Optional.empty())))
        .isEqualTo(
            "{\"format\":1,\"generation\":2,\"name\":\"totals\",\"product\":\"commerce/orders\","
                + "\"domain\":\"finance\",\"majorMode\":\"following\",\"major\":3,"
                + "\"purpose\":\"close the books\",\"contact\":\"team@finance.example\","
                + "\"atMost\":500,\"columns\":[\"id\",\"total.amount\"],\"where\":\"id > 5\","
                + "\"readBefore\":[1,2],\"deprecatedBecause\":\"the audit needs it\","
                + "\"registeredAt\":\"2026-11-20T08:00:00.500Z\","
                + "\"by\":\"222222222222/analyst\"}");
  }

  @Test
  void aSubscriptionIsReadAsItWasWrittenAndKeepsUnknownFields() {
    VersionedDocument later = stored(ENTRY.toDocument(Optional.empty()).put("later", 1));

    SubscriptionEntry read = SubscriptionEntry.of(later);

    assertThat(read).isEqualTo(ENTRY);
    assertThat(read.terms().majorMode()).isEqualTo(MajorMode.FOLLOWING);
    assertThat(read.toDocument(Optional.of(later))).isEqualTo(later.json());
    assertThat(SubscriptionEntry.generation(later)).isEqualTo(2);
    assertThat(SubscriptionEntry.major(later)).isEqualTo(3);
  }
}
