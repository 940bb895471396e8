package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.regex.Pattern;

/**
 * Who acts: a role in an account. In an embedded mesh the caller states it and is believed, so it
 * is no security boundary. Immutable.
 *
 * @param account the account; in an embedded mesh each domain has one of its name
 * @param role the role in that account
 */
public record Principal(String account, String role) {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@=+,-]{0,127}");

  /** Checks both parts. */
  public Principal {
    check("account", account);
    check("role", role);
  }

  /**
   * A role in an account.
   *
   * @throws InvalidRequestException if a part does not match {@code
   *     [A-Za-z0-9][A-Za-z0-9._@=+,-]{0,127}}
   */
  public static Principal of(String account, String role) {
    return new Principal(account, role);
  }

  @Override
  public String toString() {
    return account + "/" + role;
  }

  private static void check(String what, String text) {
    if (text == null || !LEGAL.matcher(text).matches()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot act as this principal: its "
              + what
              + " is "
              + (text == null
                  ? "null"
                  : text.isBlank() ? "blank" : "'" + Names.shown(text) + "', which is not legal")
              + ". Give 1 to 128 letters, digits or any of . _ @ = + , - and begin with a letter or"
              + " digit.");
    }
  }
}
