package io.meshwork.portal.internal.site;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Read.WaitingRows.WaitingRow;
import io.meshwork.portal.internal.page.ProductPage.Snippet;
import io.meshwork.portal.internal.page.QuarantineBlock;
import io.meshwork.portal.internal.page.QuarantineBlock.QuarantinedRow;
import io.meshwork.portal.internal.page.QuarantineBlock.RuleCount;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.SampleText;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the rows of a product that wait in its quarantine, for its owner. */
final class QuarantineReader {
  private static final int SAMPLES = 3;

  /** The number of rows that are counted by rule. */
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
      return "; 1,000 are counted by rule";
    }
    return different > 0 && different < waiting
        ? ", of which " + different + " are different: some wait in several versions"
        : "";
  }

  private List<WaitingRow> rows() {
    return client.waitingRows(card.name()).limit(MOST_COUNTED).rows();
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
        waiting.majors().stream().map(String::valueOf).collect(Collectors.joining(", ")),
        waiting.rules(),
        waiting.reason() + waiting.place().map(place -> " (" + place + ")").orElse(""),
        text.ofRow(waiting.row()));
  }

  private List<Snippet> commands(String rule) {
    String where = " \\\n  --where \"rules LIKE '%" + rule + "%'\"";
    return List.of(
        new Snippet("Show them", "mesh quarantine " + card.name() + where),
        new Snippet(
            "Correct and publish them",
            "mesh republish " + card.name() + where + " \\\n  --set COLUMN=VALUE --plan"));
  }
}
