package io.meshwork.cli.internal.product;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.StatusText;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The description of a product as text: six lines, what is wrong, then its columns. */
final class ProductText {
  /** The period of a kept promise, if the known publishes cover it. */
  private static final int KEPT_DAYS = 30;

  private ProductText() {}

  static List<String> lines(ProductFacts facts, String mesh) {
    ProductCard card = facts.card();
    List<String> lines = new ArrayList<>();
    lines.add(
        card.name()
            + " "
            + card.versions().get(0).version()
            + "  "
            + StatusText.of(facts.health().status())
            + "  as "
            + facts.caller()
            + " on "
            + mesh);
    lines.add("what     " + what(facts));
    lines.add("who      " + who(facts));
    information(lines, card.contract());
    if (!card.namesInGlue().isEmpty()) {
      lines.add("glue     " + String.join(", ", card.namesInGlue()));
    }
    lines.add("schema   " + schema(facts));
    lines.add("promise  " + promise(card.contract(), facts));
    lines.add("now      " + now(facts.health()));
    lines.add("quality  " + quality(facts.health()));
    HealthDocument.problems(facts.health()).forEach(problem -> lines.add("problem  " + problem));
    lines.add("");
    TextTable columns = new TextTable("COLUMN", "TYPE", "CLASSIFICATION", "DESCRIPTION");
    for (ProductCard.Column column : card.columns()) {
      columns.row(
          column.name(),
          column.type() + (column.nullable() ? "" : ", required"),
          column.classification(),
          column.description());
    }
    lines.addAll(columns.lines("No columns."));
    return lines;
  }

  private static void information(List<String> lines, Contract contract) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("usage    ", contract.usage());
    texts.put("limits   ", contract.limitations());
    texts.put("source   ", contract.repository());
    texts.values().removeIf(String::isBlank);
    texts.forEach((name, text) -> lines.add(name + text.replace('\n', ' ')));
  }

  private static String what(ProductFacts facts) {
    StringBuilder text = new StringBuilder(facts.card().description());
    text.append(text.isEmpty() ? "" : "; ").append(facts.card().classification());
    for (Map.Entry<String, String> tag : new TreeMap<>(facts.tags()).entrySet()) {
      text.append(", ").append(tag.getKey()).append('=').append(tag.getValue());
    }
    facts.card().end().ifPresent(end -> text.append("; ends after ").append(end.retireAfter()));
    for (ProductCard.Version version : facts.card().versions()) {
      version
          .suspension()
          .ifPresent(
              reads ->
                  text.append("; reads of v")
                      .append(version.version().major())
                      .append(" suspended since ")
                      .append(reads.since()));
    }
    return text.toString();
  }

  private static String who(ProductFacts facts) {
    String reads =
        "you read "
            + facts.readableColumns()
            + " of "
            + Count.of(facts.card().columns().size(), "column");
    return facts.card().owner()
        + "; "
        + reads
        + facts
            .card()
            .ownRequest()
            .map(request -> "; your request " + request.id() + " is " + request.state())
            .orElse("")
        + (facts.ask().isEmpty() ? "" : "; ask: " + facts.ask());
  }

  private static String schema(ProductFacts facts) {
    List<String> key = facts.card().contract().primaryKey();
    return Count.of(facts.card().columns().size(), "column")
        + (key.isEmpty() ? ", no key" : ", key " + String.join(", ", key))
        + "; "
        + Count.of(facts.changesInAYear(), "change")
        + " in 12 months, "
        + (facts.breakingInAYear() == 0 ? "none" : facts.breakingInAYear())
        + " breaking";
  }

  private static String freshnessText(Health.Freshness freshness) {
    long days = freshness.daysObserved();
    return days == 0
        ? "no day is known yet"
        : "kept "
            + freshness.daysKept()
            + " of "
            + Count.of(days, days < KEPT_DAYS ? "known day" : "day");
  }

  private static String promise(Contract contract, ProductFacts facts) {
    Health.Freshness freshness = facts.health().freshness();
    String fresh =
        contract
            .freshWithin()
            .map(
                within ->
                    "fresh within " + StatusText.of(within) + " (" + freshnessText(freshness) + ")")
            .orElse("no freshness");
    return fresh
        + ", notice "
        + StatusText.of(contract.noticePeriod())
        + ", "
        + Count.of(contract.rules().size(), "rule")
        + levels(contract.serviceLevel(), facts);
  }

  private static String levels(ServiceLevel level, ProductFacts facts) {
    return level
            .availability()
            .map(share -> ", available " + share.toPlainString() + " %" + observed(facts.health()))
            .orElse("")
        + level
            .frequency()
            .map(
                every -> {
                  Duration overdue = facts.health().freshness().overdueBy(every, facts.now());
                  return ", every "
                      + StatusText.of(every)
                      + (overdue.isZero() ? "" : " (overdue by " + StatusText.of(overdue) + ")");
                })
            .orElse("");
  }

  /** What the owner sees of the availability of this month. */
  private static String observed(Health health) {
    return health.availability().stream()
        .limit(1)
        .map(
            month ->
                " ("
                    + (month.percent().isPresent()
                        ? String.format(
                            Locale.ROOT,
                            "%.2f %% of the %d minutes observed this month",
                            month.percent().getAsDouble(),
                            month.opened() + month.failed())
                        : "not observed this month")
                    + ")")
        .findFirst()
        .orElse("");
  }

  private static String now(Health health) {
    if (health.status() == Health.Status.UNKNOWN) {
      return "unknown, because its state cannot be read; see mesh doctor";
    }
    List<String> parts = new ArrayList<>();
    parts.add(health.freshness().age().map(age -> StatusText.of(age) + " old").orElse("no rows"));
    health.freshness().completeUpTo().ifPresent(time -> parts.add("complete up to " + time));
    if (health.freshness().age().isPresent() && health.rows().isPresent()) {
      parts.add(RowCount.of(health.rows().getAsLong()));
    }
    if (health.freshness().age().isPresent() && health.bytes().isPresent()) {
      parts.add(health.bytes().getAsLong() + " bytes");
    }
    health.freshness().updated().ifPresent(at -> parts.add("last publish of rows " + at));
    return String.join("; ", parts);
  }

  /** The rows of the newest publish. */
  private static String quality(Health health) {
    if (health.status() == Health.Status.UNKNOWN) {
      return "unknown";
    }
    return health
        .quality()
        .map(
            quality ->
                "newest publish: "
                    + quality.rowsText()
                    + "; "
                    + quality.rulesPassed()
                    + " of "
                    + Count.of(quality.rulesEvaluated(), "rule")
                    + " passed")
        .orElse(
            health.freshness().updated().isEmpty()
                ? "nothing is published yet"
                : "for those who read all rows");
  }
}
