package io.meshwork.internal.rollout.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The documents of offers and answers. */
class RolloutEntriesTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");
  private static final LocalDate DATE = LocalDate.parse("2026-12-20");

  @Test
  void offersAreReadAsTheyWereWritten() {
    OfferEntry entry =
        new OfferEntry(
            3,
            "finance/revenue",
            List.of(
                new OfferEntry.Offer(1, DATE, NOW, "commerce/etl"),
                new OfferEntry.Offer(2, DATE.plusDays(9), NOW.plusSeconds(5), "commerce/lead")));
    OfferEntry plain = new OfferEntry(3, "finance/@", entry.offers());

    for (OfferEntry each : List.of(entry, plain, plain.offered(DATE, NOW, "commerce/lead"))) {
      assertThat(OfferEntry.of(stored(each.toDocument(Optional.empty())))).isEqualTo(each);
    }
  }

  @Test
  void offersOfEarlierVersionsStayReadable() {
    OfferEntry entry =
        new OfferEntry(3, "finance/@", List.of(new OfferEntry.Offer(1, DATE, NOW, "commerce/etl")));
    ObjectNode json = entry.toDocument(Optional.empty()).put("forcedAt", NOW.toString());
    json.putObject("dormancy").put("because", "Gone").put("at", NOW.toString());

    assertThat(OfferEntry.of(stored(json))).isEqualTo(entry);
    assertThat(entry.toDocument(Optional.of(stored(json)))).isEqualTo(json);
  }

  @Test
  void answersAreReadAsTheyWereWritten() {
    ConsumerAnswers entry =
        new ConsumerAnswers(
            ORDERS,
            3,
            "revenue",
            List.of(
                new ConsumerAnswers.Reply(
                    1, "SEEN", Optional.empty(), Optional.empty(), NOW, "finance/etl"),
                new ConsumerAnswers.Reply(
                    1,
                    "COUNTERED",
                    Optional.of(DATE.plusDays(30)),
                    Optional.of("Year end"),
                    NOW,
                    "finance/etl")),
            Optional.of(NOW));
    ConsumerAnswers silent = new ConsumerAnswers(ORDERS, 3, "@", List.of(), Optional.empty());

    for (ConsumerAnswers each : List.of(entry, silent)) {
      assertThat(ConsumerAnswers.of(stored(each.toDocument(Optional.empty())))).isEqualTo(each);
    }
  }

  private static VersionedDocument stored(ObjectNode json) {
    return new VersionedDocument(new Key("commerce/orders", "rollout/3"), json, "1");
  }
}
