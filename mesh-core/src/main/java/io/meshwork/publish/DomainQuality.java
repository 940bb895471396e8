package io.meshwork.publish;

import io.meshwork.product.ProductName;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How good a domain's data are: what the latest accepted publish of each live major of its products
 * came to, all rules counted alike, as far as the caller may read all of them: scores and counts
 * tell of every row and column. A publish that was refused changes nothing in it. Immutable, as of
 * when it was asked for.
 *
 * @param domain whose
 * @param score 100 times rules passed by rules evaluated; empty if none was evaluated
 * @param rulesPassed how many rules held in these publishes
 * @param rulesEvaluated how many were judged in them
 * @param majors the live majors that were published to, by product and major
 */
public record DomainQuality(
    String domain,
    OptionalDouble score,
    long rulesPassed,
    long rulesEvaluated,
    List<OfMajor> majors) {
  /** Copies the list. */
  public DomainQuality {
    majors = List.copyOf(majors);
  }

  /**
   * One live major of a product.
   *
   * @param product which product
   * @param major which major
   * @param latest its latest accepted publish, without what it measured
   */
  public record OfMajor(ProductName product, int major, QualityEntry latest) {}
}
