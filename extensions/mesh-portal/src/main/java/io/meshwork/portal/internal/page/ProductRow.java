package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.plot.SmallPlot;
import io.meshwork.portal.internal.text.PageTime;
import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.Optional;

/**
 * A product in a list.
 *
 * @param product the product
 * @param description what it is; empty if there is none
 * @param status its status
 * @param updated when it was updated; empty before the first publish
 * @param ages how old it was over its last publishes
 * @param classification its sensitivity, in lower case
 * @param guarded true if it is more sensitive than INTERNAL
 * @param owner the contact of its owner
 * @param tags its tags, as one text
 */
public record ProductRow(
    ProductAddress product,
    String description,
    StatusBadge status,
    Optional<PageTime> updated,
    SmallPlot ages,
    String classification,
    boolean guarded,
    String owner,
    String tags) {
  private static final int LONGEST_LINE = 30;

  /** Returns the class that keeps a short contact on one line. */
  String ownerFit() {
    return owner.length() <= LONGEST_LINE ? "keep" : "";
  }
}
