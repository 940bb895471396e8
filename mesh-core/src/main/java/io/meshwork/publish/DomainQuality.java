package io.meshwork.publish;

import io.meshwork.product.ProductName;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The quality of a domain's data: of the latest accepted publish of each active or deprecated major
 * version of its products. All rules count alike. Major versions that the caller cannot read
 * completely are left out, because scores and counts depend on every row and column. A rejected
 * publish changes nothing. Immutable.
 *
 * @param domain the domain's name
 * @param score the share of evaluated rules that passed, in percent; empty if none was evaluated
 * @param rulesPassed the number of rules that passed in these publishes
 * @param rulesEvaluated the number of rules that were evaluated in them
 * @param majors the major versions that were published to, by product and major version
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
   * One major version of a product.
   *
   * @param product the product
   * @param major the major version
   * @param latest its latest accepted publish, without measures
   */
  public record OfMajor(ProductName product, int major, QualityEntry latest) {}
}
