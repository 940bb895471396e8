package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;

/**
 * Who acts: a role in an account. In an embedded mesh the caller states it and is believed, so it
 * is no security boundary. Immutable.
 *
 * @param account the account; in an embedded mesh each domain has one of its name
 * @param role the role in that account
 */
public record Principal(String account, String role) {
  /** Checks that neither part is blank or holds a slash or a control character. */
  public Principal {
    check("account", account);
    check("role", role);
  }

  /**
   * A role in an account.
   *
   * @throws InvalidRequestException if a part is blank, longer than 128 characters, or holds a
   *     slash or control character
   */
  public static Principal of(String account, String role) {
    return new Principal(account, role);
  }

  @Override
  public String toString() {
    return account + "/" + role;
  }

  private static void check(String what, String text) {
    if (text == null
        || text.isBlank()
        || text.length() > 128
        || text.chars().anyMatch(c -> c == '/' || Character.isISOControl(c))) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot act as this principal: its "
              + what
              + " is "
              + (text == null ? "null" : text.isBlank() ? "blank" : "'" + Names.shown(text) + "'")
              + ". Give 1 to 128 characters without a slash or control characters.");
    }
  }
}
