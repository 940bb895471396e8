package io.meshwork.portal;

import io.meshwork.card.Health;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.portal.ProductPage.Fact;
import io.meshwork.portal.ProductPage.FaultRow;
import io.meshwork.portal.ProductPage.NowBlock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Makes the block that shows how fresh and sound a product is now. */
final class HealthBlock {
  private static final int MOST_POINTS = 60;

  private final SiteReader site;
  private final Health health;
  private final List<QualityEntry> oldestFirst;

  HealthBlock(SiteReader site, Health health, List<QualityEntry> newestFirst) {
    this.site = site;
    this.health = health;
    List<QualityEntry> entries =
        new ArrayList<>(newestFirst.subList(0, Math.min(MOST_POINTS, newestFirst.size())));
    Collections.reverse(entries);
    this.oldestFirst = entries;
  }

  NowBlock block() {
    Health.Freshness freshness = health.freshness();
    List<Fact> facts = new ArrayList<>();
    if (health.isLate()) {
      facts.add(new Fact("Late by", PageTime.text(health.freshness().lateBy())));
    }
    freshness.dataTime().ifPresent(at -> facts.add(new Fact("Newest row", PageTime.of(at).text())));
    freshness
        .completeUpTo()
        .ifPresent(at -> facts.add(new Fact("Complete", "up to " + PageTime.of(at).text())));
    health
        .quality()
        .ifPresentOrElse(
            quality ->
                facts.add(
                    new Fact(
                        "Quality",
                        quality.rowsText()
                            + "; score "
                            + score(quality)
                            + ", the share of the offered rows that were accepted; "
                            + quality.rulesPassed()
                            + " of "
                            + Plural.of(quality.rulesEvaluated(), "rule")
                            + " passed")),
            () -> {
              if (freshness.updated().isPresent()) {
                facts.add(new Fact("Quality", "for those who read all rows"));
              }
            });
    if (health.rowsWaiting().orElse(0) > 0) {
      facts.add(
          new Fact(
              "In quarantine",
              Plural.of(health.rowsWaiting().getAsLong(), "row")
                  + " waiting"
                  + health
                      .waitingSince()
                      .map(since -> " since " + PageTime.of(since).text())
                      .orElse("")));
    }
    addOwnerFacts(facts);
    return new NowBlock(
        freshness.updated().map(updated -> PageTime.ago(updated, site.now())),
        facts,
        sparklines(),
        faults());
  }

  private static String score(QualityEntry quality) {
    return quality.rowsOffered() == 0
        ? "of no rows"
        : QualityReport.shareText(quality.rowsAccepted(), quality.rowsOffered());
  }

  private void addOwnerFacts(List<Fact> facts) {
    if (!health.notified().isEmpty()) {
      facts.add(new Fact("Notified", String.join(", ", health.notified())));
    }
    health
        .lastRefused()
        .ifPresent(
            refused ->
                facts.add(
                    new Fact(
                        "Last refused",
                        PageTime.ago(refused.at(), site.now()).text()
                            + ": "
                            + String.join(", ", refused.rules())
                            + " failed in "
                            + Plural.of(refused.failed(), "row"))));
  }

  private List<Sparkline> sparklines() {
    List<Sparkline> charts = new ArrayList<>();
    List<Double> ages = ages();
    if (!ages.isEmpty()) {
      charts.add(
          Sparkline.of(
              "Age",
              ages,
              PageTime.text(Duration.ofMinutes(ages.get(ages.size() - 1).longValue()))));
    }
    if (!oldestFirst.isEmpty()) {
      List<Double> rows = oldestFirst.stream().map(entry -> (double) entry.rowsAccepted()).toList();
      charts.add(
          Sparkline.of(
              "Rows", rows, String.format(Locale.ROOT, "%,.0f", rows.get(rows.size() - 1))));
      List<QualityEntry> scored =
          oldestFirst.stream().filter(entry -> entry.qualityScore().isPresent()).toList();
      if (!scored.isEmpty()) {
        charts.add(
            Sparkline.of(
                "Score",
                scored.stream().map(entry -> entry.qualityScore().getAsDouble()).toList(),
                score(scored.get(scored.size() - 1))));
      }
    }
    return charts;
  }

  /**
   * The age that the rows had when each update came, and the age that they have now, in minutes.
   */
  private List<Double> ages() {
    List<Instant> updates = health.freshness().updates();
    List<Double> ages = new ArrayList<>();
    for (int i = 0; i < updates.size(); i++) {
      Instant next = i + 1 < updates.size() ? updates.get(i + 1) : site.now();
      ages.add((double) Duration.between(updates.get(i), next).toMinutes());
    }
    return ages;
  }

  private List<FaultRow> faults() {
    if (!StatusBadge.of(health.status()).isTrouble()) {
      return List.of();
    }
    return site.overview().faultOf(health.product()).origins().stream()
        .filter(origin -> !origin.product().equals(health.product()))
        .map(
            origin ->
                new FaultRow(
                    ProductAddress.of(origin.product()),
                    StatusBadge.of(origin.status()),
                    ContactLink.of(origin.contact())))
        .toList();
  }
}
