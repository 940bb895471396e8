package io.meshwork.testkit.aws.internal.access;

import io.meshwork.testkit.aws.internal.access.IamStatement.PrincipalMatch;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates policies as IAM does: an explicit denial wins; within an account, the identity's or the
 * resource's policy has to allow an action; across accounts, both. Thread-safe.
 */
public final class AwsPermissions {
  private static final String DENIED_BY_IDENTITY =
      "with an explicit deny in an identity-based policy";
  private static final String DENIED_BY_RESOURCE =
      "with an explicit deny in a resource-based policy";
  private static final String DENIED_BY_ORGANIZATION =
      "with an explicit deny in a service control policy";
  private static final String NOT_ALLOWED_BY_IDENTITY =
      "because no identity-based policy allows the action";
  private static final String NOT_ALLOWED_BY_RESOURCE =
      "because no resource-based policy allows the action";

  private final IamRoles roles;
  private final AccountOrganizations organizations;
  private final Set<PermittedAction> permitted = ConcurrentHashMap.newKeySet();
  private final UsedStatements used = new UsedStatements();

  /**
   * An action that the policies of a role allowed.
   *
   * @param role the ARN of the role
   * @param action the action with the condition keys of its caller
   */
  public record PermittedAction(String role, IamAction action) {}

  public AwsPermissions(IamRoles roles, AccountOrganizations organizations) {
    this.roles = roles;
    this.organizations = organizations;
  }

  /** Returns what the policies of roles allowed since the last {@link #forget}. */
  public Set<PermittedAction> permitted() {
    return Set.copyOf(permitted);
  }

  /** Returns which statements decided requests since the last {@link #forget}. */
  public UsedStatements used() {
    return used;
  }

  /** Forgets what was allowed. */
  public void forget() {
    permitted.clear();
    used.forget();
  }

  /** Returns why a caller may not act in its own account; null if it may. */
  public @Nullable String denial(AwsIdentity caller, IamAction action) {
    return denial(caller, action, caller.account(), null);
  }

  /**
   * Returns why a caller may not act on a resource; null if it may.
   *
   * @param owner the account of the resource
   * @param policy the policy of the resource, or null
   */
  public @Nullable String denial(
      AwsIdentity caller, IamAction action, String owner, @Nullable IamPolicy policy) {
    boolean isOwn = owner.equals(caller.account());
    IamAction completed = withOrganization(caller, action.with("aws:ResourceAccount", owner));
    if (organizations.deny(caller.account(), completed)) {
      return text(caller, action, DENIED_BY_ORGANIZATION);
    }
    if (policy != null && policy.denies(completed, caller)) {
      used.add(UsedStatements.OF_A_RESOURCE, policy.about(completed, caller, true));
      return text(caller, action, DENIED_BY_RESOURCE);
    }
    PrincipalMatch named = policy == null ? PrincipalMatch.NOT : policy.allows(completed, caller);
    if (!isOwn && named == PrincipalMatch.NOT) {
      return text(caller, action, NOT_ALLOWED_BY_RESOURCE);
    }
    if (!isOwn && policy != null) {
      used.add(UsedStatements.OF_A_RESOURCE, policy.about(completed, caller, false));
    }
    return denialByIdentity(caller, completed, isOwn && named == PrincipalMatch.PRINCIPAL);
  }

  /** Returns an action with the condition keys of its caller, and of the caller's organization. */
  private IamAction withOrganization(AwsIdentity caller, IamAction action) {
    return action
        .by(caller)
        .with("aws:PrincipalOrgID", organizations.idOf(caller.account()).orElse(null));
  }

  /** Returns why a caller may not assume a role; null if it may, or if the role was not created. */
  public @Nullable String denialOfRole(AwsIdentity caller, IamAction action, String roleArn) {
    IamRoles.Role role = roles.find(roleArn);
    if (role == null) {
      return null;
    }
    IamPolicy trust = role.trust();
    if (trust == null || !role.arn().equals(roleArn)) {
      return text(caller, action, "because the role does not exist");
    }
    IamAction completed = withOrganization(caller, action);
    if (organizations.deny(caller.account(), completed)) {
      return text(caller, action, DENIED_BY_ORGANIZATION);
    }
    PrincipalMatch named = trust.allows(completed, caller);
    if (named == PrincipalMatch.NOT || trust.denies(completed, caller)) {
      return text(caller, action, "because the trust policy of the role does not allow the action");
    }
    used.add(roleArn, trust.about(completed, caller, false));
    boolean isOwn = caller.account().equals(IamRoles.account(roleArn));
    return denialByIdentity(caller, action, isOwn && named == PrincipalMatch.PRINCIPAL);
  }

  /** Returns why a service may not assume a role; null if it may, or the role was not created. */
  public @Nullable String denialOfService(String roleArn) {
    IamRoles.Role role = roles.find(roleArn);
    if (role == null) {
      return null;
    }
    IamAction action = IamAction.of("sts:AssumeRole", roleArn);
    IamPolicy trust = role.trust();
    List<IamStatement> allowing =
        trust == null
            ? List.of()
            : trust.allowing(action).stream().filter(IamStatement::isForServices).toList();
    used.add(roleArn, allowing);
    return allowing.isEmpty() ? "Lake Formation cannot assume the role " + roleArn : null;
  }

  /**
   * Returns why the policies of a caller do not permit an action; null if they do.
   *
   * @param isAllowed true if the resource already allows it, so that only a denial counts
   */
  private @Nullable String denialByIdentity(
      AwsIdentity caller, IamAction action, boolean isAllowed) {
    List<IamPolicy> policies =
        caller.isAdministrator() ? null : roles.policies(caller.principalArn());
    if (policies == null) {
      return null;
    }
    IamAction completed = withOrganization(caller, action);
    if (policies.stream().anyMatch(policy -> policy.denies(completed))) {
      return text(caller, action, DENIED_BY_IDENTITY);
    }
    if (policies.stream().anyMatch(policy -> policy.allows(completed))) {
      permitted.add(new PermittedAction(caller.principalArn(), completed));
      if (!isAllowed) {
        used.add(
            caller.principalArn(),
            policies.stream().flatMap(policy -> policy.allowing(completed).stream()).toList());
      }
      return null;
    }
    return isAllowed ? null : text(caller, action, NOT_ALLOWED_BY_IDENTITY);
  }

  /** Returns true if policies restrict what a caller may do in its own account. */
  public boolean isRestricted(AwsIdentity caller) {
    return organizations.restrict(caller.account())
        || (!caller.isAdministrator() && roles.policies(caller.principalArn()) != null);
  }

  private static String text(AwsIdentity caller, IamAction action, String reason) {
    return "User: "
        + caller.arn()
        + " is not authorized to perform: "
        + action.name()
        + (action.resource() == null ? "" : " on resource: " + action.resource())
        + " "
        + reason;
  }
}
