package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.discovery.DomainCard.Criterion;
import io.meshwork.discovery.DomainCard.Practice;
import io.meshwork.internal.grants.RequestDocuments.AnswerTime;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.product.Domain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The checklist of a domain. Immutable.
 *
 * @param products its products that were not retired
 * @param health their health, as the caller sees it
 */
record DomainMaturity(Domain domain, List<IndexedProduct> products, List<Health> health) {
  /** How far back requests count. */
  static final Duration COUNTED = Duration.ofDays(90);

  private static final Duration ANSWER = Duration.ofDays(3);

  /**
   * The checklist.
   *
   * @param answers the answers to requests, for a caller that acts for the domain; null for others
   */
  List<Criterion> criteria(@Nullable List<AnswerTime> answers, Instant now) {
    List<Criterion> criteria = new ArrayList<>(criteria());
    if (answers != null) {
      List<AnswerTime> due =
          answers.stream()
              .filter(
                  each ->
                      each.answeredAt().isPresent() || each.askedAt().plus(ANSWER).isBefore(now))
              .toList();
      criteria.add(
          new Criterion(
              Practice.REQUESTS_ANSWERED,
              (int) due.stream().filter(DomainMaturity::isInTime).count(),
              due.size()));
      List<IndexedProduct> published =
          products.stream()
              .filter(
                  product ->
                      product
                          .activity()
                          .filter(activity -> activity.snapshot().isPresent())
                          .isPresent())
              .toList();
      criteria.add(
          new Criterion(
              Practice.INPUTS_DECLARED,
              (int)
                  published.stream()
                      .filter(
                          product -> !product.activity().orElseThrow().inputs().at(now).isEmpty())
                      .count(),
              published.size()));
    }
    return criteria;
  }

  private static boolean isInTime(AnswerTime each) {
    return each.answeredAt().filter(at -> !at.isAfter(each.askedAt().plus(ANSWER))).isPresent();
  }

  /** What everyone may know. */
  private List<Criterion> criteria() {
    List<Criterion> criteria = new ArrayList<>();
    criteria.add(count(Practice.DESCRIPTIONS, DomainMaturity::isDescribed));
    criteria.add(count(Practice.KEYS, product -> product.indexEntry().terms().hasKey()));
    criteria.add(count(Practice.RULES, product -> product.indexEntry().terms().rules() > 0));
    criteria.add(
        count(
            Practice.FRESHNESS_PROMISED,
            product -> product.indexEntry().terms().freshWithin().isPresent()));
    List<Health.Freshness> promises =
        health.stream()
            .map(Health::freshness)
            .filter(freshness -> freshness.promised().isPresent())
            .toList();
    criteria.add(
        new Criterion(
            Practice.FRESHNESS_KEPT,
            (int)
                promises.stream()
                    .filter(
                        freshness ->
                            freshness.daysObserved() > 0
                                && freshness.daysKept() == freshness.daysObserved())
                    .count(),
            promises.size()));
    boolean steward = !domain.steward().isEmpty() && !domain.steward().equals(domain.owner());
    criteria.add(new Criterion(Practice.STEWARD, steward ? 1 : 0, 1));
    return criteria;
  }

  private Criterion count(Practice practice, Predicate<IndexedProduct> condition) {
    return new Criterion(
        practice, (int) products.stream().filter(condition).count(), products.size());
  }

  private static boolean isDescribed(IndexedProduct product) {
    return !product.entry().description().isBlank()
        && product.indexEntry().columns().stream()
            .noneMatch(column -> column.description().isBlank());
  }
}
