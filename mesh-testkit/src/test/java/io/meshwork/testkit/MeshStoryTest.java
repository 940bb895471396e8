package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.PositionEntry.FormerPosition;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeshStoryTest {
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00Z");

  @Test
  void howManyFormerPositionsAPositionKeepsIsNoDifferenceBetweenHostsWithOtherClocks() {
    FormerPosition first = new FormerPosition(1, 1, NOW.plusSeconds(3_600));
    FormerPosition later = new FormerPosition(1, 2, NOW.plusSeconds(90_000));

    assertThat(position(first, later).withoutFormerPositions())
        .isEqualTo(position(first).withoutFormerPositions())
        .isEqualTo(position());
  }

  private static MeshStory position(FormerPosition... former) {
    PositionEntry entry =
        new PositionEntry(
            ProductName.of("commerce/sales"),
            "copy",
            Place.start(1),
            NOW,
            0,
            Optional.of("batch"),
            Optional.empty(),
            List.of(former),
            Optional.of("rights"),
            0);
    return new MeshStory(List.of("finance · position/copy " + entry.toDocument(Optional.empty())));
  }
}
