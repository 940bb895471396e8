package io.meshwork.internal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.delivery.LatenessRecipients.Recipient;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents that name the recipients of notices stay small when a product has thousands. */
class NotifiedRecipientsTest {
  private static final int CONSUMERS = 6_000;
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

  private static VersionedDocument stored(ObjectNode json) {
    assertThat(PackedPart.bytes(json)).isLessThan(PackedPart.MAX_BYTES);
    return new VersionedDocument(new Key("commerce/orders", "a"), json, "v");
  }

  @Test
  void anEventWithThousandsOfNoticesIsHandedOverOneByOne() {
    List<String> notices =
        IntStream.range(0, CONSUMERS)
            .mapToObj(i -> "commerce/orders/17/announced.finance.subscription_of_a_report_" + i)
            .toList();
    NoticeCursor cursor = NoticeCursor.startingAfter(16);
    for (String notice : notices) {
      cursor = cursor.delivered(notice);
    }

    NoticeCursor read = NoticeCursor.of(stored(cursor.toDocument()));

    assertThat(read.handedOver()).isEqualTo(notices);
    assertThat(NoticeCursor.of(stored(NoticeCursor.startingAfter(1).toDocument())).handedOver())
        .isEmpty();
  }

  @Test
  void anEpisodeKeepsThousandsOfSubscribersThatWereNotified() {
    List<Recipient> recipients =
        IntStream.range(0, CONSUMERS)
            .mapToObj(
                i ->
                    new Recipient(
                        "subscriber.finance.report_" + i,
                        "team" + i + "@example.org",
                        "'report_" + i + "' of finance subscribes to it",
                        true))
            .toList();
    StoredEpisode episode =
        new StoredEpisode(
            NOON,
            List.of(),
            NOON,
            Optional.of(recipients),
            Optional.of(new StoredEpisode.Previous(NOON.minusSeconds(9), recipients)),
            false,
            false,
            Optional.empty());

    assertThat(StoredEpisode.of(stored(episode.json()))).isEqualTo(episode);
  }
}
