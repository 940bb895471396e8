package io.meshwork.portal.internal.site;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.portal.internal.page.PlotFigure;
import io.meshwork.portal.internal.page.PlotFigure.PlotRow;
import io.meshwork.portal.internal.plot.AgePlot;
import io.meshwork.portal.internal.plot.Plot;
import io.meshwork.portal.internal.plot.PublishPlot;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.Plural;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Creates the plots of a product: how old it was, and what each publish brought. */
final class ProductPlots {
  private static final int MOST_PUBLISHES = 30;
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Duration QUARTER = Duration.ofDays(90);
  private static final List<String> ROWS = List.of("Published", "Rows", "Quarantined");
  private static final List<String> QUALITY = List.of("Published", "Score", "Rules passed");

  private final Health health;
  private final ProductCard.Access access;
  private final List<QualityEntry> newestFirst;
  private final Instant now;

  ProductPlots(
      Health health, ProductCard.Access access, List<QualityEntry> newestFirst, Instant now) {
    this.health = health;
    this.access = access;
    this.newestFirst = newestFirst.subList(0, Math.min(MOST_PUBLISHES, newestFirst.size()));
    this.now = now;
  }

  List<PlotFigure> figures() {
    List<Instant> updates = health.freshness().updates();
    boolean isLong = !updates.isEmpty() && updates.get(0).isBefore(now.minus(MONTH));
    return Stream.of(
            Stream.of(freshness("freshness", MONTH), rows(), quality()),
            isLong
                ? Stream.of(freshness("freshness-90-days", QUARTER))
                : Stream.<PlotFigure>empty())
        .flatMap(figures -> figures)
        .toList();
  }

  private PlotFigure freshness(String name, Duration period) {
    Health.Freshness freshness = health.freshness();
    List<Instant> updates = freshness.updates();
    String label = "Age, the last " + period.toDays() + " days";
    List<PlotRow> rows = new ArrayList<>();
    for (int i = updates.size() - 1; i >= 0 && rows.size() < MOST_PUBLISHES; i--) {
      Duration age =
          Duration.between(updates.get(i), i + 1 < updates.size() ? updates.get(i + 1) : now);
      rows.add(
          new PlotRow(
              PageTime.of(updates.get(i)),
              List.of(
                  PageTime.text(age),
                  freshness
                      .promised()
                      .map(limit -> age.compareTo(limit) > 0 ? "no" : "yes")
                      .orElse("\u2013"))));
    }
    String latest = rows.isEmpty() ? "" : rows.get(0).values().get(0);
    return new PlotFigure(
        name,
        label,
        latest,
        rows.isEmpty()
            ? label + ": no publish yet"
            : label
                + ": "
                + Plural.of(updates.size(), "known publish", "known publishes")
                + ", now "
                + latest
                + " old"
                + freshness
                    .promised()
                    .map(limit -> ", promised: at most " + PageTime.text(limit))
                    .orElse(", without a promise"),
        List.of("Published", "Age when the next one came", "In time"),
        rows,
        AgePlot.of(updates, freshness.promised(), period, now, PageTime::text));
  }

  private PlotFigure rows() {
    String label = "Rows of each publish";
    if (newestFirst.isEmpty()) {
      return empty("rows", label, ROWS);
    }
    QualityEntry newest = newestFirst.get(0);
    return new PlotFigure(
        "rows",
        label,
        number(newest.rowsAccepted()),
        label
            + ": "
            + Plural.of(newestFirst.size(), "publish", "publishes")
            + ", the newest with "
            + number(newest.rowsAccepted())
            + " rows and "
            + number(newest.rowsQuarantined())
            + " quarantined",
        ROWS,
        newestFirst.stream()
            .map(
                entry ->
                    new PlotRow(
                        PageTime.of(entry.committedAt()),
                        List.of(number(entry.rowsAccepted()), number(entry.rowsQuarantined()))))
            .toList(),
        PublishPlot.ofRows(publishes()));
  }

  private PlotFigure quality() {
    String label = "Share of the rows that was accepted";
    if (newestFirst.isEmpty()) {
      return empty("quality", label, QUALITY);
    }
    return new PlotFigure(
        "quality",
        label,
        score(newestFirst.get(0)),
        label
            + ": "
            + Plural.of(newestFirst.size(), "publish", "publishes")
            + ", the newest "
            + score(newestFirst.get(0)),
        QUALITY,
        newestFirst.stream()
            .map(
                entry ->
                    new PlotRow(
                        PageTime.of(entry.committedAt()),
                        List.of(
                            score(entry), entry.rulesPassed() + " of " + entry.rulesEvaluated())))
            .toList(),
        PublishPlot.ofScores(publishes()));
  }

  /** Numbers of rows are for those who may read all rows. */
  private PlotFigure empty(String name, String label, List<String> columns) {
    boolean hidden =
        access != ProductCard.Access.READ_ALL && !health.freshness().updates().isEmpty();
    String why = hidden ? "You may not see this" : "No publish yet";
    return new PlotFigure(
        name, label, "", label + ": " + why, columns, List.of(), Plot.without(why));
  }

  private List<PublishPlot.Publish> publishes() {
    List<PublishPlot.Publish> oldestFirst = new ArrayList<>();
    newestFirst.forEach(
        entry ->
            oldestFirst.add(
                new PublishPlot.Publish(
                    entry.committedAt(), entry.rowsAccepted(), entry.rowsQuarantined())));
    Collections.reverse(oldestFirst);
    return oldestFirst;
  }

  private static String score(QualityEntry entry) {
    return entry.rowsOffered() == 0
        ? "no rows"
        : QualityReport.shareText(entry.rowsAccepted(), entry.rowsOffered());
  }

  private static String number(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }
}
