package io.meshwork.publish;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.session.Session;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How good a domain's data are: what the latest accepted publish of each live major of its products
 * came to, all rules counted alike. A publish that was refused changes nothing in it. Immutable, as
 * of when it was asked for.
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
  private static final Set<String> COUNTED = Set.of("ACTIVE", "DEPRECATED");

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

  /** Called by {@code MeshClient.domainQuality}; everybody may ask. */
  public static DomainQuality of(Session session, String domain) {
    String doing = "tell the quality of domain '" + domain + "'";
    session.checkOpen(doing);
    session.catalog().requireDomain(domain, doing);
    List<OfMajor> majors = new ArrayList<>();
    long passed = 0;
    long evaluated = 0;
    for (ProductEntry entry : session.catalog().products(domain)) {
      ProductName product = entry.name();
      for (int major : session.catalog().majors(product)) {
        Optional<QualityEntry> latest =
            isCounted(session, product, major)
                ? QualityHistory.read(session, product, major).newest()
                : Optional.empty();
        if (latest.isPresent()) {
          majors.add(new OfMajor(product, major, latest.get().withoutMeasures()));
          passed += latest.get().rulesPassed();
          evaluated += latest.get().rulesEvaluated();
        }
      }
    }
    return new DomainQuality(
        domain,
        evaluated == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * passed / evaluated),
        passed,
        evaluated,
        majors);
  }

  private static boolean isCounted(Session session, ProductName product, int major) {
    return session
        .ledger()
        .read(Keys.major(product, major))
        .filter(stored -> COUNTED.contains(stored.json().path("state").asText()))
        .isPresent();
  }
}
