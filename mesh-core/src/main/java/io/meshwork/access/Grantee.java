package io.meshwork.access;

import io.meshwork.internal.runtime.Arguments;
import io.meshwork.product.Principal;
import java.util.Optional;

/**
 * Whom a grant is for. The texts are Lake Formation's; they are compared with case. Immutable.
 *
 * @param kind what the text means
 * @param id the text, such as {@code arn:aws:iam::111111111111:role/analyst} or {@code
 *     111111111111}
 */
public record Grantee(Kind kind, String id) {
  /** The group that leaves a resource to IAM alone, as long as it holds ALL on it. */
  public static final Grantee IAM_ALLOWED_PRINCIPALS =
      new Grantee(Kind.IAM_ALLOWED_PRINCIPALS, "IAM_ALLOWED_PRINCIPALS");

  private static final String ORGANIZATION = ":organization/";
  private static final String UNIT = ":ou/";
  private static final String EVERYBODY = ":IAMPrincipals";

  /** What a grantee is. */
  public enum Kind {
    /** One role, user or group, by its ARN. */
    PRINCIPAL,
    /** An account, which hands on by grants of its own. */
    ACCOUNT,
    /** All accounts of an organization. */
    ORGANIZATION,
    /** All accounts of a unit of an organization. */
    UNIT,
    /** Every principal of one account. */
    ACCOUNT_PRINCIPALS,
    /** Whoever IAM lets through. */
    IAM_ALLOWED_PRINCIPALS
  }

  /** Checks that both are given. */
  public Grantee {
    Arguments.given("kind", kind);
    Arguments.text("id", id);
  }

  /**
   * Reads a grantee as Lake Formation writes it: an ARN of a principal, of an organization or of a
   * unit; an account, which has no colon; {@code <account>:IAMPrincipals}; {@code
   * IAM_ALLOWED_PRINCIPALS}.
   *
   * @throws io.meshwork.error.InvalidRequestException if the text is null or blank
   */
  public static Grantee of(String text) {
    Arguments.text("text", text);
    if (text.equals(IAM_ALLOWED_PRINCIPALS.id)) {
      return IAM_ALLOWED_PRINCIPALS;
    } else if (text.indexOf(':') < 0) {
      return new Grantee(Kind.ACCOUNT, text);
    } else if (text.endsWith(EVERYBODY) && !text.startsWith("arn:")) {
      return new Grantee(Kind.ACCOUNT_PRINCIPALS, text);
    } else if (text.contains(":organizations:") && text.contains(ORGANIZATION)) {
      return new Grantee(Kind.ORGANIZATION, text);
    } else if (text.contains(":organizations:") && text.contains(UNIT)) {
      return new Grantee(Kind.UNIT, text);
    }
    return new Grantee(Kind.PRINCIPAL, text);
  }

  /** A role of an account, by the ARN that it has or would have. */
  public static Grantee of(Principal role) {
    return of("arn:aws:iam::" + role.account() + ":role/" + role.role());
  }

  /** A whole account. */
  public static Grantee account(String account) {
    return new Grantee(Kind.ACCOUNT, Arguments.text("account", account));
  }

  /** Every principal of an account. */
  public static Grantee principalsOf(String account) {
    return new Grantee(Kind.ACCOUNT_PRINCIPALS, Arguments.text("account", account) + EVERYBODY);
  }

  /** The account that a principal belongs to, or that is meant; empty for organizations. */
  public Optional<String> account() {
    return switch (kind) {
      case ACCOUNT -> Optional.of(id);
      case PRINCIPAL -> Optional.of(accountOf(id)).filter(account -> !account.isEmpty());
      case ACCOUNT_PRINCIPALS -> Optional.of(id.substring(0, id.length() - EVERYBODY.length()));
      case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> Optional.empty();
    };
  }

  /** The account in an ARN: its fifth field; empty if there is none. */
  static String accountOf(String arn) {
    int start = 0;
    for (int field = 0; field < 4; field++) {
      start = arn.indexOf(':', start) + 1;
      if (start == 0) {
        return "";
      }
    }
    int end = arn.indexOf(':', start);
    return end < 0 ? "" : arn.substring(start, end);
  }

  /** The grantee as Lake Formation writes it. */
  @Override
  public String toString() {
    return id;
  }
}
