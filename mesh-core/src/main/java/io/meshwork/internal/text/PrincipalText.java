package io.meshwork.internal.text;

import io.meshwork.product.Principal;

/** Parses the text of a principal, {@code account/role}. Stateless. */
public final class PrincipalText {
  private PrincipalText() {}

  /**
   * Parses a principal as {@link Principal#toString} writes it.
   *
   * @throws IllegalArgumentException if the text has no slash
   * @throws io.meshwork.error.InvalidRequestException if a part is not valid
   */
  public static Principal parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("a principal has the form account/role");
    }
    return Principal.of(text.substring(0, slash), text.substring(slash + 1));
  }
}
