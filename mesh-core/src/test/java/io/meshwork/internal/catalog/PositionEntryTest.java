package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.catalog.PositionEntry.FormerPosition;
import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PositionEntryTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration GRACE = Duration.ofHours(24);

  private static Place place(int major, long sequence) {
    return new Place(major, Optional.of("" + sequence), sequence, Optional.of(NOON));
  }

  private static PositionEntry delivered(PositionEntry entry, Place end, Instant at) {
    return entry.withPending(
        Optional.of(
            new PendingBatch(
                "id-" + end.sequence(),
                "ADDED",
                end,
                Optional.empty(),
                new View("all", Optional.empty()))),
        at);
  }

  private static PositionEntry acknowledged(PositionEntry entry, Instant at) {
    PendingBatch batch = entry.pending().orElseThrow();
    return entry.withAcked(batch, at, GRACE);
  }

  private static PositionEntry readAgain(PositionEntry entry) {
    ObjectNode json = entry.toDocument(Optional.empty());
    return PositionEntry.of(
        new VersionedDocument(RegistryKeys.position("finance", ORDERS, "totals"), json, "1"));
  }

  @Test
  void aFormerPositionRequiresItsSnapshotsForADay() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", Place.start(1), NOON);
    entry = acknowledged(delivered(entry, place(1, 5), NOON), NOON.plusSeconds(1));

    assertThat(entry.place().sequence()).isEqualTo(5);
    assertThat(readAgain(entry)).isEqualTo(entry);
    assertThat(entry.requiredAfter(1, NOON.plus(GRACE))).hasValue(0);
    assertThat(entry.requiredAfter(1, NOON.plus(GRACE).plus(Duration.ofHours(1)))).hasValue(5);
    assertThat(entry.requiredAfter(2, NOON)).isEmpty();

    Instant later = NOON.plus(Duration.ofDays(2));
    PositionEntry next = acknowledged(delivered(entry, place(1, 8), later), later);
    assertThat(next.former()).as("former positions that have not ended").hasSize(1);
    assertThat(next.requiredAfter(1, later)).hasValue(5);
  }

  @Test
  void theViewOfABatchAndTheRightsOfItsReaderAreStored() {
    PendingBatch batch =
        new PendingBatch(
            "id",
            "ADDED",
            place(1, 2),
            Optional.empty(),
            new View("some", Optional.of("shop = 'a'")));
    PositionEntry entry =
        PositionEntry.first(ORDERS, "totals", Place.start(1), NOON)
            .withTurn(NOON, GRACE)
            .withPending(Optional.of(batch), NOON);

    assertThat(readAgain(entry)).isEqualTo(entry);
    PositionEntry next = readAgain(acknowledged(entry, NOON));
    assertThat(next.rights()).contains("some");
    assertThat(next.turns()).isEqualTo(1);
  }

  @Test
  void aDeliveredBatchKeepsItsSnapshotsAfterTheRightsChanged() {
    PositionEntry entry =
        delivered(PositionEntry.first(ORDERS, "t", place(1, 5), NOON), place(1, 5), NOON);

    PositionEntry changed = delivered(entry.withTurn(NOON, GRACE), place(1, 7), NOON);

    assertThat(changed.requiredAfter(1, NOON.plus(GRACE))).hasValue(4);
    assertThat(changed.requiredAfter(1, NOON.plus(GRACE).plus(Duration.ofHours(1)))).hasValue(5);
  }

  @Test
  void aPositionWithoutADeliveredBatchHasNoFormerPositions() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", place(1, 3), NOON);

    assertThat(entry.toDocument(Optional.empty()).has("former")).isFalse();
    assertThat(readAgain(entry).former()).isEmpty();
    assertThat(readAgain(entry).requiredAfter(1, NOON)).hasValue(3);
  }

  @Test
  void oneFormerPositionIsKeptPerHour() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", Place.start(1), NOON);
    for (int minute = 1; minute <= 3_000; minute++) {
      Instant now = NOON.plus(Duration.ofMinutes(minute));
      entry = acknowledged(delivered(entry, place(1, minute), now), now);
      assertThat(entry.former()).hasSizeLessThanOrEqualTo(26);
      assertThat(entry.requiredAfter(1, now).orElseThrow())
          .as("minute %s", minute)
          .isBetween(Math.max(0L, minute - 1_501), Math.max(0L, minute - 1_440));
    }
  }

  @Test
  void aSeekToAnotherMajorKeepsTheFormerPosition() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", place(1, 3), NOON);
    PositionEntry moved = delivered(entry, place(1, 9), NOON).withSeek(Place.start(2), NOON, GRACE);

    assertThat(moved.seeks()).isEqualTo(1);
    assertThat(moved.acked()).isEmpty();
    assertThat(moved.requiredAfter(1, NOON)).hasValue(3);
    assertThat(moved.requiredAfter(2, NOON)).hasValue(0);
    assertThat(moved.former())
        .containsExactly(new FormerPosition(1, 3, NOON.plus(Duration.ofHours(25))));
    assertThat(entry.withSeek(place(1, 9), NOON, GRACE).former())
        .as("no delivered batch")
        .isEmpty();
  }

  @Test
  void aBatchThatEndsBeforeItsPositionAfterARollbackRequiresItsSnapshot() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", place(1, 7), NOON);
    PositionEntry back = acknowledged(delivered(entry, place(1, 4), NOON), NOON);

    assertThat(back.requiredAfter(1, NOON)).hasValue(3);
  }

  @Test
  void aDeliveredBatchRequiresItsSnapshotsWhereverItBegins() {
    PositionEntry entry = PositionEntry.first(ORDERS, "totals", place(1, 7), NOON);
    Instant later = NOON.plus(Duration.ofDays(10));

    PositionEntry inOtherMajor = delivered(entry, place(2, 5), NOON);
    assertThat(inOtherMajor.requiredAfter(1, later)).hasValue(7);
    assertThat(inOtherMajor.requiredAfter(2, later)).hasValue(4);
    assertThat(delivered(entry, place(1, 4), NOON).requiredAfter(1, later)).hasValue(3);
    assertThat(delivered(entry, place(1, 9), NOON).requiredAfter(1, later)).hasValue(7);
  }
}
