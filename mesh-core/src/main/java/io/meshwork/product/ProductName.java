package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * A product's name, {@code domain/product}, unique in a mesh. It is a {@link CharSequence} so that
 * every verb takes it or a plain string. Immutable.
 *
 * @param domain the owning domain, of the grammar of {@link Names}
 * @param product the product's name in its domain, of the same grammar
 */
public record ProductName(String domain, String product) implements CharSequence {
  /** Checks both parts. */
  public ProductName {
    Names.check("domain", domain);
    Names.check("product", product);
  }

  /**
   * Parses {@code domain/product}.
   *
   * @throws InvalidRequestException if it is null or blank, has no single slash, or a part breaks
   *     the grammar of {@link Names}
   */
  public static ProductName of(@Nullable CharSequence text) {
    if (text instanceof ProductName name) {
      return name;
    }
    if (text == null || text.toString().isBlank()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot name a product: argument 'product' is "
              + (text == null ? "null" : "blank")
              + ". Give it as domain/product, such as commerce/orders.");
    }
    String name = text.toString();
    int slash = name.indexOf('/');
    if (slash < 0 || slash != name.lastIndexOf('/')) {
      throw new InvalidRequestException(
          ErrorCode.NAME_INVALID,
          "Cannot name a product '"
              + Names.shown(name)
              + "': a product is written domain/product with one slash, such as commerce/orders.");
    }
    return new ProductName(name.substring(0, slash), name.substring(slash + 1));
  }

  @Override
  public int length() {
    return toString().length();
  }

  @Override
  public char charAt(int index) {
    return toString().charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return toString().subSequence(start, end);
  }

  @Override
  public String toString() {
    return domain + "/" + product;
  }
}
