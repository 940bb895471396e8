package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Rows;
import io.meshwork.error.NotFoundException;
import io.meshwork.portal.internal.page.ProductPage.Snippet;
import io.meshwork.portal.internal.page.QuarantineBlock;
import io.meshwork.portal.internal.page.QuarantineBlock.QuarantinedRow;
import io.meshwork.portal.internal.page.QuarantineBlock.RuleCount;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.SampleText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a product that wait in its quarantine, for its owner. */
final class QuarantineReader {
  private static final int SAMPLES = 3;

  /** The number of rows of each major version that are counted by rule. */
  private static final int MOST_COUNTED = 1_000;

  private final MeshClient client;
  private final ProductCard card;
  private final Health health;
  private final SampleText text;

  QuarantineReader(MeshClient client, ProductCard card, Health health, SampleText text) {
    this.client = client;
    this.card = card;
    this.health = health;
    this.text = text;
  }

  /** Returns the rows that wait; empty if there are none, and for others than the owner. */
  Optional<QuarantineBlock> block() {
    long waiting = health.rowsWaiting().orElse(0);
    if (!health.isForOwner() || waiting == 0) {
      return Optional.empty();
    }
    List<WaitingRow> rows = DataReader.known(this::rows);
    List<RuleCount> rules = counts(rows);
    return Optional.of(
        new QuarantineBlock(
            Plural.of(waiting, "row") + counted(waiting, rows.size()),
            health.waitingSince().map(PageTime::of),
            rules,
            rows.stream().limit(SAMPLES).map(this::sample).toList(),
            commands(rules.isEmpty() ? "RULE" : rules.get(0).rule())));
  }

  private static String counted(long waiting, long different) {
    if (waiting > MOST_COUNTED) {
      return "; the newest 1,000 of each version are counted by rule";
    }
    return different > 0 && different < waiting
        ? ", of which " + different + " are different: some wait in several versions"
        : "";
  }

  /** What identifies a row in the quarantines of all versions to which it was published. */
  private record OfferedRow(@Nullable Object publish, @Nullable Object number) {}

  /** A row with the major versions in whose quarantine it is. */
  private record WaitingRow(Map<String, Object> row, String versions) {
    WaitingRow and(WaitingRow other) {
      return new WaitingRow(row, versions + ", " + other.versions);
    }

    String rules() {
      return String.valueOf(row.get("rules"));
    }
  }

  private List<WaitingRow> rows() {
    Map<OfferedRow, WaitingRow> rows = new LinkedHashMap<>();
    // A rollout may have quarantined rows of the next version, which is not listed yet.
    int newest = card.versions().stream().mapToInt(each -> each.version().major()).max().orElse(0);
    for (int major = newest + 1; major > 0; major--) {
      for (Map<String, Object> row : rows(major)) {
        rows.merge(
            new OfferedRow(row.get("publish"), row.get("row_number")),
            new WaitingRow(row, String.valueOf(major)),
            WaitingRow::and);
      }
    }
    return List.copyOf(rows.values());
  }

  private List<Map<String, Object>> rows(int major) {
    List<Map<String, Object>> all = new ArrayList<>();
    try (Rows<Map<String, Object>> rows =
        client.quarantine(card.name()).majorVersion(major).limit(MOST_COUNTED).asMaps().rows()) {
      rows.forEach(all::add);
    } catch (NotFoundException e) {
      return List.of(); // aborted, purged, or never made
    }
    return all;
  }

  private static List<RuleCount> counts(List<WaitingRow> rows) {
    return rows.stream()
        .flatMap(row -> Stream.of(row.rules().split(",", -1)))
        .collect(Collectors.groupingBy(String::strip, Collectors.counting()))
        .entrySet()
        .stream()
        .map(count -> new RuleCount(count.getKey(), count.getValue()))
        .sorted(Comparator.comparingLong(RuleCount::rows).reversed().thenComparing(RuleCount::rule))
        .toList();
  }

  private QuarantinedRow sample(WaitingRow waiting) {
    return new QuarantinedRow(
        waiting.versions(),
        waiting.rules(),
        String.valueOf(waiting.row().get("reason")),
        text.ofRow(String.valueOf(waiting.row().get("row"))));
  }

  private List<Snippet> commands(String rule) {
    String where = " \\\n  --where \"rules LIKE '%" + rule + "%'\"";
    return List.of(
        new Snippet("Show them", "mesh quarantine " + card.name() + where),
        new Snippet(
            "Correct and publish them",
            "mesh republish " + card.name() + where + " \\\n  --set COLUMN=VALUE --dry-run"));
  }
}
