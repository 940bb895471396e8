package io.meshwork.engine;

import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.exceptions.ValidationException;

/**
 * An engine's commit that was refused, and why. Nothing was committed, and Iceberg deletes what it
 * wrote. The message names product, files, rules and the way out, and no field values. Immutable.
 */
public final class CommitVetoed extends ValidationException {
  private static final long serialVersionUID = 1L;

  private final String product;
  private final ArrayList<String> reasons;

  CommitVetoed(ProductName product, List<String> reasons, String message) {
    super("%s", message);
    this.product = product.toString();
    this.reasons = new ArrayList<>(reasons);
  }

  /** Whose table it was, as {@code domain/product}. */
  public String product() {
    return product;
  }

  /**
   * What stood in the way: ids of rules, codes with a column such as {@code REQUIRED_NULL:fare}, or
   * names of changes that engines may not make, such as {@code schema}. Not empty.
   */
  public List<String> reasons() {
    return List.copyOf(reasons);
  }
}
