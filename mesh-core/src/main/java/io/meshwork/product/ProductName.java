package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import org.jspecify.annotations.Nullable;

/**
 * The name of a product, {@code domain/product}, unique in a mesh. It is a {@link CharSequence}, so
 * that every operation accepts it or a string. Immutable.
 *
 * <p>Both parts match {@code [a-z][a-z0-9]*([-_][a-z0-9]+)*}, have at most 63 characters, and are
 * not a device name of Windows. In keys, folders, and tables, hyphens become underscores, so {@code
 * green-trips} and {@code green_trips} cannot both exist.
 *
 * @param domain the owning domain
 * @param product the product in its domain
 */
public record ProductName(String domain, String product) implements CharSequence {
  /** Checks both parts. */
  public ProductName {
    NameGrammar.check("domain", domain);
    NameGrammar.check("product", product);
  }

  /**
   * Parses {@code domain/product}.
   *
   * @throws InvalidRequestException if it is null or blank, does not have one slash, or a part is
   *     not a valid name
   */
  public static ProductName of(@Nullable CharSequence text) {
    if (text instanceof ProductName name) {
      return name;
    }
    if (text == null || text.toString().isBlank()) {
      throw Failure.of(MeshAction.of(Verb.NAME, "a product"))
          .because("argument 'product' is " + (text == null ? "null" : "blank"))
          .fix("Use the form domain/product, such as commerce/orders.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    String name = text.toString();
    int slash = name.indexOf('/');
    if (slash < 0 || slash != name.lastIndexOf('/')) {
      throw Failure.of(MeshAction.of(Verb.NAME, "a product '" + NameGrammar.quoted(name) + "'"))
          .because("it does not have the form domain/product with one slash")
          .fix("Use a name such as commerce/orders.")
          .invalidRequest(ErrorCode.NAME_INVALID);
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
