package io.meshwork.engine;

import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * Thrown when an engine's commit is rejected. Nothing was committed, and Iceberg deletes the files
 * that it wrote. The message names the product, the files, the rules, and the fix; it contains no
 * field values. Immutable.
 */
public final class CommitVetoedException extends ValidationException {
  private static final long serialVersionUID = 1L;

  private final String product;
  private final ArrayList<String> reasons;

  CommitVetoedException(ProductName product, List<String> reasons, String message) {
    super("%s", message);
    this.product = product.toString();
    this.reasons = new ArrayList<>(reasons);
  }

  /** Returns the product of the table, as {@code domain/product}. */
  public String product() {
    return product;
  }

  /**
   * Returns the reasons: ids of rules, codes with a column such as {@code REQUIRED_NULL:fare}, or
   * changes that engines may not make, such as {@code schema}. Not empty.
   */
  public List<String> reasons() {
    return List.copyOf(reasons);
  }
}
