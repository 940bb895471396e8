package io.meshwork.internal.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** IDs tell when and by which generator they were made. */
class IdGeneratorTest {
  private static final Instant NOW = Instant.parse("2026-11-20T08:00:00.123456Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);

  @Test
  void eachIdHasTheTagOfItsGenerator() {
    IdGenerator ids = IdGenerator.secure(CLOCK);

    for (String id : List.of(ids.next(), ids.next(NOW.plusSeconds(5)), ids.nextAt(ids.next()))) {
      assertThat(UUID.fromString(id).version()).isEqualTo(7);
      assertThat(UUID.fromString(id).variant()).isEqualTo(2);
      assertThat(id).endsWith(ids.tag());
      assertThat(IdGenerator.tag(id)).contains(ids.tag());
    }
    assertThat(IdGenerator.secure(CLOCK).tag()).isNotEqualTo(ids.tag());
  }

  @Test
  void aMarkedIdKeepsItsTag() {
    IdGenerator ids = IdGenerator.secure(CLOCK);
    String id = ids.next();
    String marked = id.substring(0, 14) + "8" + id.substring(15);

    assertThat(IdGenerator.tag(marked)).contains(ids.tag());
    assertThat(IdGenerator.time(marked)).isEqualTo(IdGenerator.time(id));
  }

  @Test
  void otherTextsHaveNoTag() {
    for (String other :
        List.of("", "x", "00000000-0000-4000-8000-000000000000", "1-1-7000-8000-1")) {
      assertThat(IdGenerator.tag(other)).as(other).isEmpty();
    }
  }

  @Test
  void idsOfOneMillisecondDiffer() {
    IdGenerator ids = IdGenerator.secure(CLOCK);
    Set<String> made = new HashSet<>();

    for (int i = 0; i < 10_000; i++) {
      made.add(ids.next());
    }

    assertThat(made).hasSize(10_000);
  }

  @Test
  void seededGeneratorsRepeatTheirIds() {
    IdGenerator ids = IdGenerator.seeded(CLOCK, 7);
    IdGenerator again = IdGenerator.seeded(CLOCK, 7);

    assertThat(again.tag()).isEqualTo(ids.tag());
    assertThat(again.next()).isEqualTo(ids.next());
    assertThat(IdGenerator.seeded(CLOCK, 8).tag()).isNotEqualTo(ids.tag());
  }

  @Test
  void aGeneratorIsNotYoungerThanItsIds() {
    IdGenerator ids = IdGenerator.secure(CLOCK);

    assertThat(ids.since())
        .isEqualTo(IdGenerator.time(ids.next()).orElseThrow())
        .isBetween(NOW.minus(Duration.ofMillis(1)), NOW);
  }
}
