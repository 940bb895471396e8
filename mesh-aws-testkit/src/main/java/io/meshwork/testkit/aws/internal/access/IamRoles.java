package io.meshwork.testkit.aws.internal.access;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The roles of all accounts with their policies, as recorded from requests to IAM. Thread-safe.
 *
 * <p>A role that was never created can be assumed by anyone and may do everything, so that a test
 * needs no IAM. A role that was created has the rights of its policies; a deleted one has none.
 */
public final class IamRoles {
  /** What would change rights in a way that the emulator does not know. */
  private static final Set<String> NOT_EMULATED =
      Set.of(
          "AttachRolePolicy",
          "CreateAccessKey",
          "CreateLoginProfile",
          "CreateUser",
          "PutRolePermissionsBoundary");

  /** Roles by account and name. */
  private final Map<String, Role> roles = new HashMap<>();

  /**
   * A role.
   *
   * @param arn the ARN with its path
   * @param trust who may assume it; null if the role was deleted or made absent
   * @param policies its inline policies by name
   */
  record Role(String arn, @Nullable IamPolicy trust, Map<String, IamPolicy> policies) {
    Role {
      policies = Map.copyOf(policies);
    }
  }

  /** Returns the role that an ARN names by account and name; null if it was never created. */
  synchronized @Nullable Role find(String arn) {
    return roles.get(key(account(arn), arn.substring(arn.lastIndexOf('/') + 1)));
  }

  /**
   * Returns the statements of the roles of an account that decided nothing alone, such as {@code
   * 222222222222/commerce-etl files WriteData}.
   */
  public synchronized List<String> unused(String account, UsedStatements used) {
    List<String> unused = new ArrayList<>();
    roles.forEach(
        (key, role) -> {
          IamPolicy trust = role.trust();
          if (trust != null && account(role.arn()).equals(account)) {
            used.unusedOf(role.arn(), trust).forEach(id -> unused.add(key + " trust " + id));
            role.policies()
                .forEach(
                    (name, policy) ->
                        used.unusedOf(role.arn(), policy)
                            .forEach(id -> unused.add(key + " " + name + " " + id)));
          }
        });
    return unused;
  }

  /** Returns true if a role was created and not deleted. */
  public boolean exists(String arn) {
    Role role = find(arn);
    return role != null && role.trust() != null && role.arn().equals(arn);
  }

  /** Returns the account of an ARN. */
  public static String account(String arn) {
    String[] parts = arn.split(":", 6);
    return parts.length == 6 ? parts[4] : "";
  }

  /** Returns the ARN of a role, which contains its path. */
  public synchronized String arn(String account, String name) {
    Role role = roles.get(key(account, name));
    return role == null ? "arn:aws:iam::" + account + ":role/" + name : role.arn();
  }

  /**
   * Checks that the emulator knows the effect of a request to IAM.
   *
   * @throws NotEmulatedException if not
   */
  public static void check(String operation, Map<String, String> form) {
    if (NOT_EMULATED.contains(operation) || form.containsKey("PermissionsBoundary")) {
      throw new NotEmulatedException(
          "iam:"
              + operation
              + " is not emulated: only roles with inline policies are, without boundaries.");
    }
    switch (operation) {
      case "CreateRole" -> IamPolicy.ofTrust(form.getOrDefault("AssumeRolePolicyDocument", ""));
      case "UpdateAssumeRolePolicy" -> IamPolicy.ofTrust(form.getOrDefault("PolicyDocument", ""));
      case "PutRolePolicy" -> IamPolicy.ofIdentity(form.getOrDefault("PolicyDocument", ""));
      default -> {}
    }
  }

  /** Makes a role absent until it is created, as a deleted one. */
  public synchronized void forget(String account, String name) {
    roles.put(key(account, name), new Role(arn(account, name), null, Map.of()));
  }

  /** Records a request that succeeded. */
  public synchronized void record(String account, String operation, Map<String, String> form) {
    String name = form.getOrDefault("RoleName", "");
    String key = key(account, name);
    Role role = roles.get(key);
    if (operation.equals("CreateRole")) {
      String arn = "arn:aws:iam::" + account + ":role" + form.getOrDefault("Path", "/") + name;
      IamPolicy trust = IamPolicy.ofTrust(form.getOrDefault("AssumeRolePolicyDocument", ""));
      roles.put(key, new Role(arn, trust, Map.of()));
      return;
    }
    if (role == null) {
      return;
    }
    Map<String, IamPolicy> policies = new TreeMap<>(role.policies());
    String document = form.getOrDefault("PolicyDocument", "");
    switch (operation) {
      case "UpdateAssumeRolePolicy" ->
          roles.put(key, new Role(role.arn(), IamPolicy.ofTrust(document), policies));
      case "PutRolePolicy" -> {
        policies.put(form.getOrDefault("PolicyName", ""), IamPolicy.ofIdentity(document));
        roles.put(key, new Role(role.arn(), role.trust(), policies));
      }
      case "DeleteRolePolicy" -> {
        policies.remove(form.getOrDefault("PolicyName", ""));
        roles.put(key, new Role(role.arn(), role.trust(), policies));
      }
      case "DeleteRole" -> roles.put(key, new Role(role.arn(), null, Map.of()));
      default -> {}
    }
  }

  /** Returns the identity policies of a role; null if it was never created. */
  @Nullable List<IamPolicy> policies(String arn) {
    Role role = find(arn);
    return role == null ? null : List.copyOf(role.policies().values());
  }

  private static String key(String account, String name) {
    return account + "/" + name;
  }
}
