package io.meshwork.testkit.aws.internal.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The organizations of accounts, whose members share resources without invitations, with their
 * units and service control policies. Thread-safe.
 */
public final class AccountOrganizations {
  private static final String PREFIX = "arn:aws:organizations::";

  private final Map<String, String> organizations = new HashMap<>();

  /** The parents of units by ID, and the IDs of the units of accounts. */
  private final Map<String, String> parents = new HashMap<>();

  /** The IDs of units by the management account and the name. */
  private final Map<String, String> units = new HashMap<>();

  private final Map<String, ControlPolicy> policies = new HashMap<>();

  /** A service control policy with the IDs of roots, units, and accounts to which it applies. */
  private record ControlPolicy(String organization, IamPolicy policy, List<String> targets) {
    ControlPolicy {
      targets = List.copyOf(targets);
    }
  }

  /** Makes accounts the members of the organization of a management account; returns its ARN. */
  public synchronized String join(String management, List<String> members) {
    String arn = PREFIX + management + ":organization/o-" + management.substring(2);
    organizations.put(AwsAccounts.checked(management), arn);
    members.forEach(member -> organizations.put(AwsAccounts.checked(member), arn));
    return arn;
  }

  /** Returns the ARN of an account's organization; null if it has none. */
  public synchronized @Nullable String of(String account) {
    return organizations.get(account);
  }

  /** Returns the ID of an account's organization, such as {@code o-1111111111}. */
  public Optional<String> idOf(String account) {
    return Optional.ofNullable(of(account)).map(arn -> arn.substring(arn.lastIndexOf('/') + 1));
  }

  public boolean haveSame(String one, String other) {
    String organization = of(one);
    return organization != null && organization.equals(of(other));
  }

  public static boolean isOrganization(String principal) {
    return principal.startsWith(PREFIX);
  }

  /** Returns true if an account manages an organization. */
  public boolean isManagement(String account) {
    String organization = of(account);
    return organization != null && IamRoles.account(organization).equals(account);
  }

  public synchronized void addUnit(String management, String id, String name, String parent) {
    if (units.putIfAbsent(management + " " + name, id) != null) {
      throw new AwsErrorException(
          "DuplicateOrganizationalUnitException", "There is a unit of this name: " + name);
    }
    parents.put(id, parent);
  }

  /** Removes a unit, which must not have accounts. */
  public synchronized void removeUnit(String management, String id, String name) {
    if (parents.containsValue(id)) {
      throw new AwsErrorException("OrganizationalUnitNotEmptyException", id);
    }
    units.remove(management + " " + name);
    parents.remove(id);
  }

  /**
   * Moves an account to a unit of its organization.
   *
   * @throws IllegalArgumentException if its organization has no unit of this name
   */
  public synchronized void move(String account, String unit) {
    String organization = of(AwsAccounts.checked(account));
    String id =
        organization == null ? null : units.get(IamRoles.account(organization) + " " + unit);
    if (id == null) {
      throw new IllegalArgumentException(
          "The organization of " + account + " has no unit '" + unit + "'");
    }
    parents.put(account, id);
  }

  /** Sets a service control policy of the organization of a management account. */
  public synchronized void setPolicy(
      String management, String name, String document, List<String> targets) {
    for (String target : targets) {
      if (target.startsWith("ou-") && !parents.containsKey(target)) {
        throw new AwsErrorException("TargetNotFoundException", target);
      }
    }
    policies.put(
        management + " " + name,
        new ControlPolicy(String.valueOf(of(management)), IamPolicy.ofIdentity(document), targets));
  }

  public synchronized void removePolicy(String management, String name) {
    policies.remove(management + " " + name);
  }

  /** Returns true if service control policies apply to an account. */
  synchronized boolean restrict(String account) {
    return policies.values().stream().anyMatch(policy -> appliesTo(policy, account));
  }

  /**
   * Returns true if a service control policy denies an action to the principals of an account. None
   * binds the management account.
   */
  synchronized boolean deny(String account, IamAction action) {
    return policies.values().stream()
        .anyMatch(policy -> appliesTo(policy, account) && policy.policy().denies(action));
  }

  private boolean appliesTo(ControlPolicy policy, String account) {
    if (!policy.organization().equals(of(account)) || isManagement(account)) {
      return false;
    }
    if (policy.targets().stream().anyMatch(target -> target.startsWith("r-"))) {
      return true;
    }
    String target = account;
    while (target != null && !policy.targets().contains(target)) {
      target = parents.get(target);
    }
    return target != null;
  }
}
