package io.meshwork.testkit.aws.internal.lake;

import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.util.regex.Pattern;

/** The identifiers of principals that Lake Formation knows. */
public final class LakePrincipals {
  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
  private static final Pattern IAM = Pattern.compile("arn:aws:iam::\\d{12}:(role|user)/.+");
  private static final Pattern ALL_OF_ACCOUNT = Pattern.compile("\\d{12}:IAMPrincipals");

  private LakePrincipals() {}

  /**
   * Checks an identifier.
   *
   * @throws AwsErrorException if Lake Formation rejects it
   */
  public static String checked(String principal) {
    if (principal.startsWith("arn:aws:organizations:") && principal.contains(":ou/")) {
      throw new NotEmulatedException("Grants to organizational units are not emulated.");
    }
    if (principal.startsWith("arn:aws:iam::") && principal.contains(":saml-provider/")) {
      throw new NotEmulatedException("Grants to federated users are not emulated.");
    }
    boolean isKnown =
        principal.equals(LakeCatalog.IAM_GROUP)
            || isAccount(principal)
            || IAM.matcher(principal).matches()
            || ALL_OF_ACCOUNT.matcher(principal).matches()
            || AccountOrganizations.isOrganization(principal);
    if (!isKnown) {
      throw AwsErrorException.invalidInput("Invalid principal: " + principal);
    }
    return principal;
  }

  public static boolean isAccount(String principal) {
    return ACCOUNT.matcher(principal).matches();
  }

  public static boolean isIam(String principal) {
    return IAM.matcher(principal).matches();
  }

  public static boolean isAllOfAccount(String principal) {
    return ALL_OF_ACCOUNT.matcher(principal).matches();
  }

  /** Returns the account of a principal; empty for groups without one and organizations. */
  public static String account(String principal) {
    if (isAccount(principal)) {
      return principal;
    }
    if (isAllOfAccount(principal)) {
      return principal.substring(0, 12);
    }
    return isIam(principal) ? IamRoles.account(principal) : "";
  }
}
