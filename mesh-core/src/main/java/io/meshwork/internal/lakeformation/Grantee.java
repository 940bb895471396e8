package io.meshwork.internal.lakeformation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.Optional;

/**
 * The grantee of a grant, in the text form of Lake Formation. Compared with case. Immutable.
 *
 * @param kind the kind of grantee
 * @param id the text, such as {@code arn:aws:iam::111111111111:role/analyst} or {@code
 *     111111111111}
 */
public record Grantee(Kind kind, String id) {
  /** The group that leaves access control of a resource to IAM while it has ALL on it. */
  public static final Grantee IAM_ALLOWED_PRINCIPALS =
      new Grantee(Kind.IAM_ALLOWED_PRINCIPALS, "IAM_ALLOWED_PRINCIPALS");

  private static final String ORGANIZATION = ":organization/";
  private static final String UNIT = ":ou/";
  private static final String ALL_PRINCIPALS = ":IAMPrincipals";

  /** The kind of a grantee. */
  public enum Kind {
    /** One role, user or group, by its ARN. */
    PRINCIPAL,
    /** An account, which grants to its own principals. */
    ACCOUNT,
    /** All accounts of an organization. */
    ORGANIZATION,
    /** All accounts of an organizational unit. */
    UNIT,
    /** Every principal of one account. */
    ACCOUNT_PRINCIPALS,
    /** All principals that IAM allows. */
    IAM_ALLOWED_PRINCIPALS
  }

  /** Checks that both are given. */
  public Grantee {
    ArgumentChecks.required("kind", kind);
    ArgumentChecks.text("id", id);
  }

  /**
   * Parses a grantee as Lake Formation writes it: the ARN of a principal, an organization or an
   * organizational unit; an account id; {@code ACCOUNT:IAMPrincipals}; {@code
   * IAM_ALLOWED_PRINCIPALS}.
   *
   * @throws io.meshwork.error.InvalidRequestException if the text is null or blank
   */
  @JsonCreator
  public static Grantee of(String text) {
    ArgumentChecks.text("text", text);
    if (text.equals(IAM_ALLOWED_PRINCIPALS.id)) {
      return IAM_ALLOWED_PRINCIPALS;
    } else if (text.indexOf(':') < 0) {
      return new Grantee(Kind.ACCOUNT, text);
    } else if (text.endsWith(ALL_PRINCIPALS) && !text.startsWith("arn:")) {
      return new Grantee(Kind.ACCOUNT_PRINCIPALS, text);
    } else if (text.contains(":organizations:") && text.contains(ORGANIZATION)) {
      return new Grantee(Kind.ORGANIZATION, text);
    } else if (text.contains(":organizations:") && text.contains(UNIT)) {
      return new Grantee(Kind.UNIT, text);
    }
    return new Grantee(Kind.PRINCIPAL, text);
  }

  /** Returns a role of an account as the ARN that it has, or would have, in AWS. */
  public static Grantee of(Principal role) {
    return of("arn:aws:iam::" + role.account() + ":role/" + role.role());
  }

  public static Grantee account(String account) {
    return new Grantee(Kind.ACCOUNT, ArgumentChecks.text("account", account));
  }

  public static Grantee principalsOf(String account) {
    return new Grantee(
        Kind.ACCOUNT_PRINCIPALS, ArgumentChecks.text("account", account) + ALL_PRINCIPALS);
  }

  /**
   * Returns the account of a principal, or the account itself; empty for organizations and their
   * units.
   */
  public Optional<String> account() {
    return switch (kind) {
      case ACCOUNT -> Optional.of(id);
      case PRINCIPAL -> Optional.of(accountOf(id)).filter(account -> !account.isEmpty());
      case ACCOUNT_PRINCIPALS ->
          Optional.of(id.substring(0, id.length() - ALL_PRINCIPALS.length()));
      case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> Optional.empty();
    };
  }

  /** The account in an ARN, which is its fifth field; empty if there is none. */
  public static String accountOf(String arn) {
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

  /** The text form of Lake Formation. */
  @JsonValue
  @Override
  public String toString() {
    return id;
  }
}
