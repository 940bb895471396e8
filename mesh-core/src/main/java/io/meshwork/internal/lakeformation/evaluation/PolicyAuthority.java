package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GranteeGrants;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks whether an actor other than the owner's administrator may grant by tags. */
final class PolicyAuthority {
  private final EvaluationContext context;
  private final String owner;
  private final EvaluationContext.GrantSelector policies;
  private final @Nullable TagExpression expression;

  PolicyAuthority(
      AccessIndex index, EvaluationContext context, Grant grant, Resource.PolicyType type) {
    this.context = context;
    this.owner = grant.on().account();
    this.policies =
        type == Resource.PolicyType.TABLE
            ? GranteeGrants::tablePolicies
            : GranteeGrants::databasePolicies;
    this.expression = index.grants().expression(grant.on());
  }

  @Nullable FindingCode fault(Permission permission) {
    if (context.foreign() && context.isAdminOf(context.home())) {
      return accountFault(permission, expression);
    }
    List<IndexedGrant> some = new ArrayList<>();
    for (IndexedGrant held : context.direct(policies)) {
      if (context.isActive(held)) {
        some.add(held);
      }
    }
    // An option that the account gave counts while the account may pass on that expression.
    for (IndexedGrant held : context.local(policies)) {
      if (accountFault(permission, held.expression()) == null) {
        some.add(held);
      }
    }
    some.removeIf(held -> !grantable(held, permission));
    if (some.stream().anyMatch(held -> has(held, expression))) {
      return null;
    } else if (!context.foreign()
        && everyValue(expression, List.of(Permission.GRANT_WITH_LF_TAG_EXPRESSION), direct())) {
      return null;
    }
    return some.isEmpty() ? FindingCode.NOT_GRANTABLE : FindingCode.EXPRESSION_MISMATCH;
  }

  /**
   * Checks what the recipient's account may grant by an expression: the same expression requires
   * its grant option; another expression requires DESCRIBE on its tags.
   */
  private @Nullable FindingCode accountFault(
      Permission permission, @Nullable TagExpression granted) {
    List<IndexedGrant> identical = new ArrayList<>();
    for (IndexedGrant held : context.accountLevel(policies)) {
      if (has(held, granted) && context.isActive(held)) {
        identical.add(held);
      }
    }
    if (!identical.isEmpty()) {
      return identical.stream().anyMatch(held -> grantable(held, permission))
          ? null
          : FindingCode.NOT_GRANTABLE;
    }
    List<IndexedGrant> tags = direct();
    tags.addAll(context.accountLevel(GranteeGrants::otherGrants));
    tags.removeIf(held -> !context.isActive(held));
    return everyValue(granted, List.of(Permission.DESCRIBE, Permission.ASSOCIATE), tags)
        ? null
        : FindingCode.TAG_DESCRIBE_REQUIRED;
  }

  private List<IndexedGrant> direct() {
    return context.direct(GranteeGrants::otherGrants);
  }

  private static boolean has(IndexedGrant held, @Nullable TagExpression granted) {
    return granted != null && granted.equals(held.expression());
  }

  /** Returns true if for each value of the expression a grant has one of the permissions. */
  private boolean everyValue(
      @Nullable TagExpression granted, List<Permission> anyOf, List<IndexedGrant> tags) {
    if (granted == null) {
      return false;
    }
    for (Map.Entry<String, List<String>> key : granted.values().entrySet()) {
      for (String value : key.getValue()) {
        Resource one = new Resource.TagValues(owner, key.getKey(), List.of(value));
        if (tags.stream()
            .noneMatch(
                held ->
                    CatalogEvaluator.covers(held.grant().on(), one)
                        && anyOf.stream().anyMatch(held.grant().permissions()::contains))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean grantable(IndexedGrant held, Permission permission) {
    Set<Permission> some = held.grant().grantable();
    return some.contains(permission) || some.contains(Permission.ALL);
  }
}
