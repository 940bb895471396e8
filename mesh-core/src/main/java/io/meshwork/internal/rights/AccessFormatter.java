package io.meshwork.internal.rights;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.Explanation.Reason;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Formats grantees and reasons of decisions as text. Stateless. */
public final class AccessFormatter {
  /** The grantee that stands for all domains of the mesh. */
  static final String MESH = "the mesh";

  private static final String ROLE = ":role/";

  private AccessFormatter() {}

  /**
   * Returns a string such as {@code finance/analyst}, {@code account finance} or {@code the mesh}.
   */
  public static String grantee(Grantee grantee) {
    String account = grantee.account().orElse("");
    return switch (grantee.kind()) {
      case PRINCIPAL ->
          account + "/" + grantee.id().substring(grantee.id().indexOf(ROLE) + ROLE.length());
      case ACCOUNT -> "account " + account;
      case ACCOUNT_PRINCIPALS -> "every role of account " + account;
      case ORGANIZATION, UNIT, IAM_ALLOWED_PRINCIPALS -> MESH;
    };
  }

  /** Returns the names of permissions in alphabetical order. */
  public static String permissions(Collection<Permission> permissions) {
    return permissions.stream().sorted().map(Permission::name).collect(Collectors.joining(", "));
  }

  /** Returns the grants and tags that give at least one of these columns. */
  public static List<String> reasons(AccessDecision decision, Collection<String> columns) {
    return decision.explanation().reasons().stream()
        .filter(
            reason ->
                reason.grant().isEmpty()
                    || (!reason.id().equals(ReadAccessDiff.REGRANT)
                        && !Collections.disjoint(reason.columns(), columns)))
        .map(AccessFormatter::reason)
        .toList();
  }

  /** Returns the reasons hop by hop: the grants of the owner, then the grants of recipients. */
  public static List<String> path(AccessDecision decision, String owner) {
    Predicate<Reason> isRegrant =
        reason -> reason.grant().filter(grant -> !grant.grantor().equals(owner)).isPresent();
    List<Reason> reasons = decision.explanation().reasons();
    return Stream.concat(
            reasons.stream().filter(isRegrant.negate()).map(AccessFormatter::reason),
            reasons.stream()
                .filter(isRegrant)
                .map(
                    reason ->
                        "passed on by account "
                            + reason.grant().orElseThrow().grantor()
                            + ": "
                            + reason(reason)))
        .toList();
  }

  private static String reason(Reason reason) {
    List<String> tags =
        reason.tags().stream().filter(tag -> !WithheldColumns.isInternalTag(tag)).toList();
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
        + (tags.isEmpty() ? "" : " by " + String.join(", ", tags));
  }
}
