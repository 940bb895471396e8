package io.meshwork.portal.internal.site;

import io.meshwork.card.Health;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.portal.internal.page.ProductPage.Fact;
import io.meshwork.portal.internal.page.ProductPage.FaultRow;
import io.meshwork.portal.internal.page.ProductPage.NowBlock;
import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.Plural;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Creates the block that shows how fresh and sound a product is now. */
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
    health
        .problems()
        .forEach(problem -> facts.add(new Fact("Problem", PageTime.inSentence(problem))));
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

  /** Which rules the newest publish broke, as its receipt says, which only the owner reads. */
  private String broken() {
    List<PublishReceipt> receipts =
        DataReader.known(() -> site.client().publishHistory(health.product()).receipts());
    return receipts.isEmpty()
        ? ""
        : receipts.get(receipts.size() - 1).quality().rules().stream()
            .filter(
                rule ->
                    rule.outcome() == QualityReport.Outcome.FAIL
                        || rule.outcome() == QualityReport.Outcome.NOT_EVALUATED)
            .map(
                rule ->
                    rule.text()
                        + ": "
                        + (rule.failingRows() == 0
                            ? rule.reason()
                            : rule.failingRows() + " of " + Plural.of(rule.evaluatedRows(), "row")))
            .collect(Collectors.joining("; "));
  }

  private void addOwnerFacts(List<Fact> facts) {
    String broken =
        health.isForOwner() && health.status() == Health.Status.VIOLATED ? broken() : "";
    if (!broken.isEmpty()) {
      facts.add(new Fact("Broken", broken));
    }
    if (!health.notified().isEmpty()) {
      facts.add(new Fact("Notified", String.join(", ", health.notified())));
    }
    health
        .lastRefused()
        .filter(refused -> !refused.isLatest(health))
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
