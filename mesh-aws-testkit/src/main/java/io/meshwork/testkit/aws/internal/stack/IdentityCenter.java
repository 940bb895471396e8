package io.meshwork.testkit.aws.internal.stack;

import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Permission sets, each of which is a role in each account to which groups are assigned. The
 * administrator of the account, who may assume the role, stands for the people. Thread-safe.
 */
final class IdentityCenter {
  private static final String POLICY = "AwsSSOInlinePolicy";

  private final Map<String, PermissionSet> sets = new HashMap<>();
  private final Set<Assignment> assignments = new HashSet<>();

  /** A permission set with its inline policy. */
  private record PermissionSet(String name, String region, String policy) {}

  /** A group that has a permission set in an account. */
  private record Assignment(String set, String account, String group) {}

  /** Sets a permission set, also in the accounts that have its role. */
  synchronized void put(IamRoles roles, String arn, String name, String region, String policy) {
    PermissionSet set = new PermissionSet(name, region, policy);
    sets.put(arn, set);
    assignments.stream()
        .filter(assignment -> assignment.set().equals(arn))
        .forEach(assignment -> putPolicy(roles, set, assignment.account()));
  }

  synchronized void remove(String arn) {
    if (assignments.stream().anyMatch(assignment -> assignment.set().equals(arn))) {
      throw new AwsErrorException("ConflictException", "The permission set has assignments");
    }
    sets.remove(arn);
  }

  synchronized void assign(IamRoles roles, String arn, String account, String group) {
    PermissionSet set = sets.get(arn);
    if (set == null) {
      throw new AwsErrorException("ResourceNotFoundException", arn);
    }
    boolean isFirst = !isAssigned(arn, account);
    assignments.add(new Assignment(arn, account, group));
    if (isFirst) {
      roles.record(
          account,
          "CreateRole",
          Map.of(
              "RoleName",
              role(set, account),
              "Path",
              "/aws-reserved/sso.amazonaws.com/" + set.region() + "/",
              "AssumeRolePolicyDocument",
              """
              {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::%s:root"}, "Action": "sts:AssumeRole"}]}
              """
                  .formatted(account)));
      putPolicy(roles, set, account);
    }
  }

  synchronized void unassign(IamRoles roles, String arn, String account, String group) {
    assignments.remove(new Assignment(arn, account, group));
    PermissionSet set = sets.get(arn);
    if (set != null && !isAssigned(arn, account)) {
      roles.record(account, "DeleteRole", Map.of("RoleName", role(set, account)));
    }
  }

  private boolean isAssigned(String arn, String account) {
    return assignments.stream()
        .anyMatch(
            assignment -> assignment.set().equals(arn) && assignment.account().equals(account));
  }

  private static void putPolicy(IamRoles roles, PermissionSet set, String account) {
    roles.record(
        account,
        "PutRolePolicy",
        Map.of(
            "RoleName", role(set, account), "PolicyName", POLICY, "PolicyDocument", set.policy()));
  }

  /** Returns the name of a role, which ends with 16 digits that are random on AWS. */
  private static String role(PermissionSet set, String account) {
    return "AWSReservedSSO_%s_%016x".formatted(set.name(), Long.parseLong(account));
  }
}
