package io.meshwork.portal.internal.site;

import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Rule;
import io.meshwork.discovery.Lineage;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who uses which product, and whose rules refer to it, as the viewer may know. Read once for all
 * pages. Not thread-safe.
 */
final class SiteUses {
  /**
   * A product whose rules refer to another.
   *
   * @param product the product
   * @param columns the columns of the other that the rules name; empty if they count its rows
   */
  record Reference(ProductName product, List<String> columns) {}

  private final Map<ProductName, List<ProductConsumer>> byProduct = new HashMap<>();
  private final Map<String, List<ProductConsumer>> byDomain = new HashMap<>();
  private final SiteReader site;
  private @Nullable Map<ProductName, List<Reference>> references;

  private SiteUses(SiteReader site) {
    this.site = site;
  }

  static SiteUses of(SiteReader site) {
    SiteUses uses = new SiteUses(site);
    for (ProductConsumer use :
        site.reached(() -> site.overview().uses(), List.<ProductConsumer>of())) {
      uses.byProduct.computeIfAbsent(use.product(), first -> new ArrayList<>()).add(use);
      uses.byDomain.computeIfAbsent(use.domain(), first -> new ArrayList<>()).add(use);
    }
    return uses;
  }

  /** Contracts are visible to everyone, and so are the products that their rules name. */
  private void addReferences(ProductName product, Map<ProductName, List<Reference>> all) {
    Map<ProductName, TreeSet<String>> named = new HashMap<>();
    for (Rule rule : site.card(product).contract().rules()) {
      rule.product()
          .filter(input -> !input.equals(product))
          .ifPresent(
              input ->
                  named
                      .computeIfAbsent(input, first -> new TreeSet<>())
                      .addAll(rule.otherColumns()));
    }
    named.forEach(
        (input, columns) ->
            all.computeIfAbsent(input, first -> new ArrayList<>())
                .add(new Reference(product, List.copyOf(columns))));
  }

  /** Returns the uses of a product, by domain. */
  List<ProductConsumer> of(ProductName product) {
    return byProduct.getOrDefault(product, List.of());
  }

  /**
   * Returns the domains that are known to use a product or to derive from it, without its own.
   *
   * @param lineage a lineage that has the products that derive from it
   */
  List<String> domains(ProductName product, Lineage lineage) {
    return Stream.concat(
            of(product).stream()
                .filter(use -> use.kind() != ProductConsumer.Kind.LINK)
                .map(ProductConsumer::domain),
            lineage.edges().stream()
                .filter(edge -> edge.from().equals(product))
                .map(edge -> edge.to().domain()))
        .filter(domain -> !domain.equals(product.domain()))
        .distinct()
        .sorted()
        .toList();
  }

  List<ProductConsumer> by(String domain) {
    return byDomain.getOrDefault(domain, List.of());
  }

  /** Returns the products whose rules refer to a product, by name. Reads the cards of all. */
  List<Reference> references(ProductName product) {
    Map<ProductName, List<Reference>> cached = references;
    if (cached == null) {
      cached = new HashMap<>();
      for (ProductName each : site.products()) {
        addReferences(each, cached);
      }
      references = cached;
    }
    return cached.getOrDefault(product, List.of());
  }
}
