package io.meshwork.portal;

import java.util.List;

/**
 * All products with the words by which people find them.
 *
 * @param frame the frame
 * @param products the products, by name
 */
record SearchPage(PageFrame frame, List<FoundRow> products) {
  SearchPage {
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
  record FoundRow(
      ProductAddress product,
      StatusBadge status,
      String description,
      String owner,
      String tags,
      String columns) {}
}
