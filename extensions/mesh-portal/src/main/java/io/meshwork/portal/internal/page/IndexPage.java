package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;

/**
 * The first page: the health of the mesh, its domains, and its products.
 *
 * @param frame the frame
 * @param counts how many products have which status
 * @param products the products, worst first
 * @param domains the domains
 * @param unreachable the catalogs that could not be read
 * @param pages the paths of all pages of the site
 */
public record IndexPage(
    PageFrame frame,
    List<StatusCount> counts,
    List<ProductRow> products,
    List<DomainRow> domains,
    List<String> unreachable,
    List<String> pages) {
  private static final int MOST_SHOWN = 100;

  public IndexPage {
    pages = List.copyOf(pages);
    counts = List.copyOf(counts);
    products = List.copyOf(products);
    domains = List.copyOf(domains);
    unreachable = List.copyOf(unreachable);
  }

  /** Returns the products that the page shows; the document and the search have all of them. */
  List<ProductRow> shown() {
    return products.subList(0, Math.min(MOST_SHOWN, products.size()));
  }

  /**
   * How many products have a status.
   *
   * @param status the status
   * @param number how many
   */
  public record StatusCount(StatusBadge status, long number) {}

  /**
   * A domain.
   *
   * @param name its name
   * @param description what it is; empty if there is none
   * @param owner the contact of its owner
   * @param products how many products it has
   * @param troubled how many of them are late or in violation
   */
  public record DomainRow(
      String name, String description, ContactLink owner, int products, int troubled) {
    String page() {
      return ProductAddress.domainPage(name);
    }
  }
}
