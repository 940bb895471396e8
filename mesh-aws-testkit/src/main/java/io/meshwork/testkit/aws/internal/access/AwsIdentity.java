package io.meshwork.testkit.aws.internal.access;

import java.util.Map;

/**
 * Who makes a call: an administrator, who is a user of an account, or a session of a role.
 *
 * @param account the account, 12 digits
 * @param arn the ARN that STS returns
 * @param principalArn the ARN that policies name: the role's, with its path
 * @param tags the session's tags
 */
public record AwsIdentity(
    String account, String arn, String principalArn, Map<String, String> tags) {
  public AwsIdentity {
    tags = Map.copyOf(tags);
  }

  static AwsIdentity administrator(String account) {
    String arn = "arn:aws:iam::" + account + ":user/administrator";
    return new AwsIdentity(account, arn, arn, Map.of());
  }

  public static AwsIdentity session(String roleArn, String sessionArn, Map<String, String> tags) {
    return new AwsIdentity(IamRoles.account(roleArn), sessionArn, roleArn, tags);
  }

  boolean isAdministrator() {
    return arn.equals(principalArn);
  }
}
