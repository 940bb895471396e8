package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;

/**
 * All products with the words by which people find them.
 *
 * @param frame the frame
 * @param products the products, by name
 */
public record SearchPage(PageFrame frame, List<FoundRow> products) {
  /** How many characters the page has for the columns of all products together. */
  public static final int MOST_CHARACTERS = 45_000;

  public SearchPage {
    products = List.copyOf(products);
  }

  /**
   * A product.
   *
   * @param product the product
   * @param status its status
   * @param description what it is; empty if there is none
   * @param owner the contact of its owner
   * @param tags its tags, as one text
   * @param columns its columns, as one text
   */
  public record FoundRow(
      ProductAddress product,
      StatusBadge status,
      String description,
      String owner,
      String tags,
      String columns) {}
}
