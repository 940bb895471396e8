package io.meshwork.aws;

/** Texts of policies. */
public final class Policies {
  private Policies() {}

  /** Returns an identity policy that allows one action. */
  public static String allow(String action, String resource) {
    return policy(
        """
        {"Effect":"Allow","Action":"%s","Resource":"%s"}\
        """
            .formatted(action, resource));
  }

  /** Returns a trust policy for all principals of an account. */
  public static String trust(String account) {
    return policy(
        """
        {"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::%s:root"},"Action":"sts:AssumeRole"}\
        """
            .formatted(account));
  }

  public static String policy(String... statements) {
    return "{\"Version\":\"2012-10-17\",\"Statement\":[" + String.join(",", statements) + "]}";
  }
}
