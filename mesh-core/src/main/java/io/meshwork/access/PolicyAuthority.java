package io.meshwork.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a grant by tags may be made by somebody who is no administrator of the owner. */
final class PolicyAuthority {
  private final Standing standing;
  private final String owner;
  private final Standing.Pick policies;
  private final @Nullable TagExpression expression;

  PolicyAuthority(Estate estate, Standing standing, Grant grant, Resource.PolicyType type) {
    this.standing = standing;
    this.owner = grant.on().account();
    this.policies =
        type == Resource.PolicyType.TABLE ? Held::tablePolicies : Held::databasePolicies;
    this.expression = estate.grants().expression(grant.on());
  }

  @Nullable String fault(Permission permission) {
    if (standing.foreign() && standing.isAdminOf(standing.home())) {
      return recipientAdmin(permission);
    }
    List<HeldGrant> some = new ArrayList<>();
    for (HeldGrant held : standing.direct(policies)) {
      if (standing.inForce(held)) {
        some.add(held);
      }
    }
    if (standing.foreign()) {
      some.addAll(standing.local(policies));
    }
    some.removeIf(held -> !grantable(held, permission));
    if (some.stream().anyMatch(this::same)) {
      return null;
    } else if (!standing.foreign()
        && everyValue(List.of(Permission.GRANT_WITH_LF_TAG_EXPRESSION), direct())) {
      return null;
    }
    return some.isEmpty() ? "NOT_GRANTABLE" : "EXPRESSION_MISMATCH";
  }

  /** The very expression needs the grant option on it; another one needs that its tags are seen. */
  private @Nullable String recipientAdmin(Permission permission) {
    List<HeldGrant> identical = new ArrayList<>();
    for (HeldGrant held : standing.accountLevel(policies)) {
      if (same(held) && standing.inForce(held)) {
        identical.add(held);
      }
    }
    if (!identical.isEmpty()) {
      return identical.stream().anyMatch(held -> grantable(held, permission))
          ? null
          : "NOT_GRANTABLE";
    }
    List<HeldGrant> tags = direct();
    tags.addAll(standing.accountLevel(Held::atLarge));
    tags.removeIf(held -> !standing.inForce(held));
    return everyValue(List.of(Permission.DESCRIBE, Permission.ASSOCIATE), tags)
        ? null
        : "TAG_DESCRIBE_REQUIRED";
  }

  private List<HeldGrant> direct() {
    return standing.direct(Held::atLarge);
  }

  private boolean same(HeldGrant held) {
    return expression != null && expression.equals(held.expression());
  }

  /** True if for every value of the expression one grant has one of the permissions. */
  private boolean everyValue(List<Permission> anyOf, List<HeldGrant> tags) {
    if (expression == null) {
      return false;
    }
    for (Map.Entry<String, List<String>> key : expression.values().entrySet()) {
      for (String value : key.getValue()) {
        Resource one = new Resource.TagValues(owner, key.getKey(), List.of(value));
        if (tags.stream()
            .noneMatch(
                held ->
                    AtLargeJudge.covers(held.grant().on(), one)
                        && anyOf.stream().anyMatch(held.grant().permissions()::contains))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean grantable(HeldGrant held, Permission permission) {
    Set<Permission> some = held.grant().grantable();
    return some.contains(permission) || some.contains(Permission.ALL);
  }
}
