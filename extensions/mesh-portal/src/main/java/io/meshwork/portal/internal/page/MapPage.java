package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The whole mesh: its domains with their products, and how rows flow between domains.
 *
 * @param frame the frame
 * @param domains the domains
 * @param flows from which domain rows flow to which
 * @param notice what the picture does not show
 */
public record MapPage(PageFrame frame, List<DomainNode> domains, List<Flow> flows, String notice) {
  public MapPage {
    domains = List.copyOf(domains);
    flows = List.copyOf(flows);
  }

  /** Returns the statuses that its products have. */
  Set<StatusBadge> statuses() {
    return domains.stream()
        .flatMap(domain -> domain.products().stream())
        .map(ProductNode::status)
        .collect(Collectors.toSet());
  }

  MapDrawing drawing() {
    return MapDrawing.of(domains, flows);
  }

  /**
   * A domain.
   *
   * @param name its name
   * @param counts how many of its products have which status, worst first
   * @param products its products, worst first
   */
  public record DomainNode(
      String name, List<IndexPage.StatusCount> counts, List<ProductNode> products) {
    public DomainNode {
      counts = List.copyOf(counts);
      products = List.copyOf(products);
    }

    String page() {
      return ProductAddress.domainPage(name);
    }
  }

  /**
   * A product.
   *
   * @param product the product
   * @param status its status
   */
  public record ProductNode(ProductAddress product, StatusBadge status) {}

  /**
   * Rows of one domain that became rows of another.
   *
   * @param from the domain that was read
   * @param to the domain that published
   * @param edges how many products of the one became which of the other
   */
  public record Flow(String from, String to, int edges) {}
}
