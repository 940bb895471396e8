package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ContactLink;
import io.meshwork.portal.internal.text.ProductAddress;
import java.util.List;

/**
 * The page of a domain: its products, how mature it is, and what it uses.
 *
 * @param frame the frame
 * @param name its name
 * @param description what it is; empty if there is none
 * @param owner the contact of its owner
 * @param steward the contact of its steward
 * @param tags its tags, as {@code key=value}
 * @param products its products
 * @param maturity the checklist
 * @param uses the products of other domains that it uses and the viewer may know of
 */
public record DomainPage(
    PageFrame frame,
    String name,
    String description,
    ContactLink owner,
    ContactLink steward,
    List<String> tags,
    List<ProductRow> products,
    List<CheckRow> maturity,
    List<UseRow> uses) {
  public DomainPage {
    tags = List.copyOf(tags);
    products = List.copyOf(products);
    maturity = List.copyOf(maturity);
    uses = List.copyOf(uses);
  }

  /**
   * A line of the checklist.
   *
   * @param label what is done
   * @param met true if all do it
   * @param figure how many of how many
   */
  public record CheckRow(String label, boolean met, String figure) {}

  /**
   * A product that the domain uses.
   *
   * @param product the product
   * @param how how it is used
   * @param lastUsed when it last was, in words
   */
  public record UseRow(ProductAddress product, String how, String lastUsed) {}
}
