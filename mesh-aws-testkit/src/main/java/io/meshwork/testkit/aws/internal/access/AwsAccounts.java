package io.meshwork.testkit.aws.internal.access;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * To whom an access key belongs: long-lived keys name the account of an administrator; keys of
 * sessions are learned from the replies of STS. Thread-safe.
 */
public final class AwsAccounts {
  /** The account of keys that are not ours, as in moto. */
  private static final String DEFAULT_ACCOUNT = "123456789012";

  private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
  private static final Pattern LONG_LIVED = Pattern.compile("AKIA(\\d{12})MESH");

  private final Map<String, AwsIdentity> sessions = new ConcurrentHashMap<>();

  /** Returns the access key of the administrator of an account, the same in every process. */
  public static String accessKey(String account) {
    return "AKIA" + checked(account) + "MESH";
  }

  public static String secretKey(String account) {
    return "emulated-secret-key-of-account-" + checked(account);
  }

  /** Returns the key under which DynamoDB Local stores all tables of an account. */
  static String tablesKey(String account) {
    return "TABLES" + account;
  }

  /** Records the session that an access key of STS belongs to. */
  public void addSession(String accessKey, AwsIdentity session) {
    sessions.put(accessKey, session);
  }

  public AwsIdentity identity(String accessKey) {
    AwsIdentity session = sessions.get(accessKey);
    if (session != null) {
      return session;
    }
    Matcher administrator = LONG_LIVED.matcher(accessKey);
    return AwsIdentity.administrator(
        administrator.matches() ? administrator.group(1) : DEFAULT_ACCOUNT);
  }

  public static String checked(String account) {
    if (!ACCOUNT.matcher(account).matches()) {
      throw new IllegalArgumentException(
          "An AWS account has 12 digits; the argument is '" + account + "'");
    }
    return account;
  }
}
