package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.KeptDays;
import io.meshwork.discovery.DomainCard.Criterion;
import io.meshwork.discovery.DomainCard.Practice;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.product.Domain;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The checklist of a domain. Immutable.
 *
 * @param products its products that were not retired
 * @param health their health, as the caller sees it
 */
record DomainMaturity(Domain domain, List<IndexedProduct> products, List<Health> health) {
  /** What everyone may know. */
  List<Criterion> criteria() {
    List<Criterion> criteria = new ArrayList<>();
    criteria.add(count(Practice.DESCRIPTIONS, DomainMaturity::isDescribed));
    criteria.add(count(Practice.KEYS, product -> product.shape().terms().hasKey()));
    criteria.add(count(Practice.RULES, product -> product.shape().terms().rules() > 0));
    criteria.add(
        count(
            Practice.FRESHNESS_PROMISED,
            product -> product.shape().terms().freshWithin().isPresent()));
    List<KeptDays> promises =
        health.stream()
            .filter(each -> each.freshness().promised().isPresent())
            .map(each -> each.freshness().kept())
            .toList();
    criteria.add(
        new Criterion(
            Practice.FRESHNESS_KEPT,
            (int) promises.stream().filter(days -> days.of() > 0 && days.days() == days.of()).count(),
            promises.size()));
    boolean steward = !domain.steward().isEmpty() && !domain.steward().equals(domain.owner());
    criteria.add(new Criterion(Practice.STEWARD, steward ? 1 : 0, 1));
    return criteria;
  }

  Criterion count(Practice practice, Predicate<IndexedProduct> condition) {
    return new Criterion(
        practice, (int) products.stream().filter(condition).count(), products.size());
  }

  private static boolean isDescribed(IndexedProduct product) {
    return !product.entry().description().isBlank()
        && product.shape().columns().stream().noneMatch(column -> column.description().isBlank());
  }
}
