package io.meshwork.sharing;

import io.meshwork.access.AccessDecision;
import io.meshwork.access.Explanation.Reason;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Rights in words. */
final class Shown {
  private static final String ROLE = ":role/";

  private Shown() {}

  /** Such as {@code finance/analyst}, {@code account finance} or {@code the mesh}. */
  static String grantee(Grantee grantee) {
    String account = grantee.account().orElse("");
    return switch (grantee.kind()) {
      case PRINCIPAL ->
          account + "/" + grantee.id().substring(grantee.id().indexOf(ROLE) + ROLE.length());
      case ACCOUNT -> "account " + account;
      case ACCOUNT_PRINCIPALS -> "every role of account " + account;
      case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> "the mesh";
    };
  }

  static String permissions(Collection<Permission> permissions) {
    return permissions.stream().sorted().map(Permission::name).collect(Collectors.joining(", "));
  }

  /** The grants and tags that give one of these columns at least. */
  static List<String> reasons(AccessDecision decision, Collection<String> columns) {
    return decision.explanation().reasons().stream()
        .filter(
            reason ->
                reason.grant().isEmpty()
                    || (!reason.id().equals(Shifts.HANDED_ON)
                        && !Collections.disjoint(reason.columns(), columns)))
        .map(Shown::reason)
        .toList();
  }

  /** The same hop by hop: what the owner gave, and then what was handed on of it. */
  static List<String> path(AccessDecision decision, String owner) {
    Predicate<Reason> handedOn =
        reason -> reason.grant().filter(grant -> !grant.grantor().equals(owner)).isPresent();
    List<Reason> reasons = decision.explanation().reasons();
    return Stream.concat(
            reasons.stream().filter(handedOn.negate()).map(Shown::reason),
            reasons.stream()
                .filter(handedOn)
                .map(
                    reason ->
                        "handed on by account "
                            + reason.grant().orElseThrow().grantor()
                            + ": "
                            + reason(reason)))
        .toList();
  }

  private static String reason(Reason reason) {
    return reason
            .grant()
            .map(
                grant ->
                    "grant "
                        + grant.id()
                        + " of "
                        + permissions(grant.permissions())
                        + " to "
                        + grantee(grant.to()))
            .orElse(reason.id())
        + (reason.tags().isEmpty() ? "" : " by " + String.join(", ", reason.tags()));
  }
}
