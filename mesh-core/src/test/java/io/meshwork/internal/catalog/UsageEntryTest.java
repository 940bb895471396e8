package io.meshwork.internal.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The days on which a consumer used a major, and when it counts as gone. */
class UsageEntryTest {
  private static final ProductName ORDERS = ProductName.of("commerce/orders");
  private static final ContractVersion VERSION = ContractVersion.parse("1.0.0");
  private static final LocalDate START = LocalDate.parse("2026-06-01");

  private static Instant noon(int day) {
    return Instant.parse(START.plusDays(day) + "T12:00:00Z");
  }

  /** Uses at noon of these days after the start. */
  private static UsageEntry usedOn(int... days) {
    UsageEntry entry = UsageEntry.first(ORDERS, 1, "totals", "finance/etl", noon(days[0]));
    for (int day : days) {
      entry = entry.used("finance/etl", VERSION, Set.of("id"), noon(day));
    }
    return entry;
  }

  private static ObjectNode json(UsageEntry entry) {
    return entry.toDocument(Optional.empty());
  }

  private static UsageEntry readAgain(ObjectNode json) {
    return UsageEntry.of(
        new VersionedDocument(RegistryKeys.usage("finance", ORDERS, "totals", 1), json, "1"));
  }

  private static List<String> storedDays(UsageEntry entry) {
    return IntStream.range(0, json(entry).path("days").size())
        .mapToObj(i -> json(entry).path("days").path(i).asText())
        .toList();
  }

  @Test
  void aReaderIsRecentFor90DaysAndThe30ForWhichItsDayMayBeOld() {
    UsageEntry entry =
        usedOn(0)
            .used("finance/bi", VERSION, Set.of("id"), noon(60))
            .used("finance/ml", VERSION, Set.of("id"), noon(85));

    assertThat(entry.recentReaders(noon(120)))
        .containsExactly("finance/bi", "finance/etl", "finance/ml");
    assertThat(entry.recentReaders(noon(121))).containsExactly("finance/bi", "finance/ml");
    assertThat(entry.recentReaders(noon(175))).containsExactly("finance/bi", "finance/ml");
    assertThat(entry.recentReaders(noon(176))).as("the last read is too old").isEmpty();
  }

  @Test
  void consecutiveDaysAreStoredAsOneInterval() {
    UsageEntry entry = usedOn(0, 1, 2, 5, 7, 8);

    assertThat(storedDays(entry))
        .containsExactly("2026-06-01/2026-06-03", "2026-06-06", "2026-06-08/2026-06-09");
    assertThat(readAgain(json(entry))).isEqualTo(entry);
  }

  @Test
  void daysBeforeTheLastNinetyAreForgottenAndTheFirstUseIsKept() {
    UsageEntry entry = usedOn(IntStream.rangeClosed(0, 200).toArray());

    assertThat(entry.days().all()).hasSize(91);
    assertThat(entry.days().all().first()).isEqualTo(START.plusDays(110));
    assertThat(storedDays(entry)).hasSize(1);
    assertThat(entry.first()).isEqualTo(noon(0));
    assertThat(entry.at()).isEqualTo(noon(200));
  }

  @Test
  void theQuietPeriodIsTwiceTheLargestGapWithinItsLimits() {
    assertThat(usedOn(0).quietPeriod(noon(0))).isEqualTo(Duration.ofDays(35));
    assertThat(usedOn(0).largestGap(noon(0))).isEmpty();
    assertThat(usedOn(0, 1, 2).quietPeriod(noon(2))).isEqualTo(Duration.ofDays(2));
    assertThat(usedOn(0, 1, 8).quietPeriod(noon(8))).isEqualTo(Duration.ofDays(14));
    assertThat(usedOn(0, 30, 60).quietPeriod(noon(60))).isEqualTo(Duration.ofDays(35));
    assertThat(usedOn(0, 1, 8).largestGap(noon(8))).hasValue(7);
  }

  @Test
  void aGapCountsForNinetyDays() {
    UsageEntry entry = usedOn(0, 10, 11, 12);

    assertThat(entry.quietPeriod(noon(90))).isEqualTo(Duration.ofDays(20));
    assertThat(entry.quietPeriod(noon(91))).isEqualTo(Duration.ofDays(2));
    assertThat(entry.quietPeriod(noon(102))).as("one day").isEqualTo(Duration.ofDays(35));
    assertThat(entry.quietPeriod(noon(103))).as("no day").isEqualTo(Duration.ofDays(35));
  }

  @Test
  void aConsumerIsQuietAfterTheEndOfItsLastDayAndTheQuietPeriod() {
    UsageEntry weekly = usedOn(0, 7, 14);
    Instant end = Instant.parse(START.plusDays(15 + 14) + "T00:00:00Z");

    assertThat(weekly.isQuiet(end.minusMillis(1))).isFalse();
    assertThat(weekly.isQuiet(end)).isTrue();
    assertThat(weekly.used("finance/etl", VERSION, Set.of("id"), end).isQuiet(end)).isFalse();
  }

  @Test
  void theSameUseIsCoveredUntilTheDayEnds() {
    UsageEntry entry = usedOn(3);
    Instant midnight = Instant.parse(START.plusDays(4) + "T00:00:00Z");

    assertThat(entry.covers("finance/etl", VERSION, Set.of("id"), midnight.minusMillis(1)))
        .isTrue();
    assertThat(entry.covers("finance/etl", VERSION, Set.of("id"), midnight)).isFalse();
    assertThat(entry.covers("finance/etl", VERSION, Set.of("id", "note"), noon(3))).isFalse();
    assertThat(entry.covers("finance/etl", ContractVersion.parse("1.1.0"), Set.of("id"), noon(3)))
        .isFalse();
    UsageEntry all = entry.used("finance/etl", VERSION, Set.of(UsageEntry.ALL), noon(3));
    assertThat(all.covers("finance/etl", VERSION, Set.of("any"), noon(3))).isTrue();
    assertThat(all.columnPaths()).isEmpty();
    assertThat(entry.columnPaths()).containsExactly("id");
  }

  @Test
  void anyDaysAreReadBackAndTheirGapIsTheLargest() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      Set<Integer> chosen = new HashSet<>();
      for (int i = 0; i <= random.nextInt(60); i++) {
        chosen.add(random.nextInt(90));
      }
      int[] days = new TreeSet<>(chosen).stream().mapToInt(Integer::intValue).toArray();
      int last = days[days.length - 1];
      UsageEntry entry = usedOn(days);

      assertThat(readAgain(json(entry))).as("seed %s", seed).isEqualTo(entry);
      int largest =
          IntStream.range(1, days.length).map(i -> days[i] - days[i - 1]).max().orElse(-1);
      assertThat(entry.largestGap(noon(last)).orElse(-1))
          .as("seed %s: %s", seed, Arrays.toString(days))
          .isEqualTo(largest);
    }
  }
}
