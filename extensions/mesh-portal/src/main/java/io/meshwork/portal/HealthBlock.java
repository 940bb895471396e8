package io.meshwork.portal;

import io.meshwork.card.Health;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.portal.ProductPage.Fact;
import io.meshwork.portal.ProductPage.FaultRow;
import io.meshwork.portal.ProductPage.NowBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the block that shows how fresh and sound a product is now. */
final class HealthBlock {
  private final SiteReader site;
  private final Health health;

  HealthBlock(SiteReader site, Health health) {
    this.site = site;
    this.health = health;
  }

  NowBlock block() {
    Health.Freshness freshness = health.freshness();
    List<Fact> facts = new ArrayList<>();
    List<FaultRow> faults = faults();
    health.problems().forEach(problem -> facts.add(new Fact("Problem", problem)));
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
                        String.format(
                                Locale.ROOT,
                                "%,d of %,d rows accepted",
                                quality.rowsAccepted(),
                                quality.rowsOffered())
                            + score(quality)
                            + rules(quality))),
            () -> {
              if (freshness.updated().isPresent()) {
                facts.add(new Fact("Quality", "You may not see this"));
              }
            });
    addOwnerFacts(facts);
    return new NowBlock(
        freshness.updated().map(updated -> PageTime.ago(updated, site.now())), facts, faults);
  }

  private static String rules(QualityEntry quality) {
    return quality.rulesEvaluated() == 0
        ? ""
        : "; "
            + quality.rulesPassed()
            + " of "
            + Plural.of(quality.rulesEvaluated(), "rule")
            + " passed";
  }

  private static String score(QualityEntry quality) {
    return quality.rowsOffered() == 0
        ? ""
        : " (" + QualityReport.shareText(quality.rowsAccepted(), quality.rowsOffered()) + ")";
  }

  private void addOwnerFacts(List<Fact> facts) {
    if (!health.notified().isEmpty()) {
      facts.add(new Fact("Notified", String.join(", ", health.notified())));
    }
    health
        .lastRefused()
        .filter(
            refused -> health.problems().stream().noneMatch(it -> it.endsWith(refused.reason())))
        .ifPresent(
            refused ->
                facts.add(
                    new Fact(
                        "Rejected",
                        PageTime.ago(refused.at(), site.now()).text() + ": " + refused.reason())));
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
