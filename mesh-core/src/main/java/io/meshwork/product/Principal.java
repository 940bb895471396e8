package io.meshwork.product;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import java.util.regex.Pattern;

/**
 * A role in an account, which acts on a mesh. An embedded mesh does not authenticate it, so it is
 * not a security boundary there. Immutable.
 *
 * @param account the account; in an embedded mesh each domain has an account of its name
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
   * Returns a role in an account.
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

  private static void check(String part, String text) {
    if (text == null || !LEGAL.matcher(text).matches()) {
      throw Failure.of(MeshAction.of(Verb.ACT, "this principal"))
          .because(
              "its "
                  + part
                  + " is "
                  + (text == null
                      ? "null"
                      : text.isBlank()
                          ? "blank"
                          : "'" + NameGrammar.quoted(text) + "', which is not valid"))
          .fix(
              "Use 1 to 128 letters, digits, or any of . _ @ = + , - and start with a letter or digit.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }
}
