package io.meshwork.internal.grants;

import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grantees, permissions, end and reason of a grant.
 *
 * @param <G> the operation
 */
final class GrantSpec<G> {
  /** A name that Lake Formation gives a meaning of its own. */
  private static final String RESERVED = "IAM_ALLOWED_PRINCIPALS";

  /** What nobody but the owner's accounts can do, granted or not. */
  private static final Set<Permission> OWNERS_ALONE =
      Set.of(Permission.INSERT, Permission.DELETE, Permission.ALTER, Permission.DROP);

  private final G verb;
  private final List<Grantee> grantees = new ArrayList<>();
  private Set<Permission> permissions = Set.of();
  private boolean grantOption;
  private boolean includingSensitive;
  private @Nullable Instant until;
  private @Nullable String because;
  private @Nullable String request;

  GrantSpec(G verb) {
    this.verb = verb;
  }

  G to(Principal... principals) {
    ArgumentChecks.all("to", principals).forEach(each -> grantees.add(Grantee.of(each)));
    return verb;
  }

  G toAccounts(String... accounts) {
    for (String account : ArgumentChecks.all("toAccounts", accounts)) {
      grantees.add(Grantee.account(checked(account)));
    }
    return verb;
  }

  G toEveryRoleOf(String account) {
    grantees.add(Grantee.principalsOf(checked(account)));
    return verb;
  }

  G toMesh() {
    grantees.add(Grantee.of("arn:aws:organizations:::organization/" + PolicySnapshot.ORGANIZATION));
    return verb;
  }

  static String checked(String account) {
    Principal.of(account, "any");
    if (account.equals(RESERVED)) {
      throw ArgumentChecks.refused(
          "account", "is '" + RESERVED + "'", "Name an account of the mesh.");
    }
    return account;
  }

  G allowing(Permission... some) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(ArgumentChecks.all("allowing", some));
    if (permissions.isEmpty()) {
      throw ArgumentChecks.refused("allowing", "is empty", "Name a permission, such as SELECT.");
    }
    return verb;
  }

  G withGrantOption() {
    grantOption = true;
    return verb;
  }

  G includingSensitive() {
    includingSensitive = true;
    return verb;
  }

  boolean isEvenIfSensitive() {
    return includingSensitive;
  }

  /** How many are meant. */
  int count() {
    return (int) grantees.stream().distinct().count();
  }

  G until(Instant end) {
    until = ArgumentChecks.required("until", end);
    return verb;
  }

  G because(String text) {
    because = ArgumentChecks.text("because", text);
    return verb;
  }

  G forRequest(String id) {
    request = ArgumentChecks.text("forRequest", id);
    return verb;
  }

  Optional<String> request() {
    return Optional.ofNullable(request);
  }

  /**
   * Goes on only if no request was said.
   *
   * @param why it cannot be answered so
   */
  void requireNoRequest(MeshAction action, String why) {
    if (request != null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + " for a request: "
              + why
              + " (FOR_REQUEST). Nothing was changed. Whoever acts for the owner says approve(id);"
              + " leave forRequest(..) out of any other grant.");
    }
  }

  /** True if nobody of another account is meant. */
  boolean isWithin(String account) {
    return grantees.stream().allMatch(to -> to.account().filter(account::equals).isPresent());
  }

  Optional<Instant> until() {
    return Optional.ofNullable(until);
  }

  /**
   * All of them, at this time.
   *
   * @throws InvalidRequestException if it was not said to whom or why, or the end is past
   */
  void check(MeshAction action, Instant now) {
    List<String> gaps = new ArrayList<>();
    if (grantees.isEmpty()) {
      gaps.add("to(..)");
    }
    if (because == null) {
      gaps.add("because(..)");
    }
    if (!gaps.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": "
              + String.join(" and ", gaps)
              + " was not said. Nothing was changed. Say to whom and why; the reason is kept with"
              + " the grant.");
    }
    requireEffect(permissions, action);
    if (until != null && !now.isBefore(until)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + " until "
              + until
              + ": it is "
              + now
              + " already. Nothing was changed. Name a later instant; it is no longer part of the"
              + " grant.");
    }
  }

  /**
   * Goes on only with permissions that do something for others than the owner.
   *
   * @throws InvalidRequestException otherwise, naming what does
   */
  static void requireEffect(Set<Permission> permissions, MeshAction action) {
    List<Permission> idle = permissions.stream().filter(OWNERS_ALONE::contains).sorted().toList();
    if (!idle.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + action
              + ": "
              + idle
              + " would have no effect (NO_EFFECT): only the accounts of a domain publish, erase"
              + " and amend its products, whatever is granted. Nothing was changed. Allow SELECT,"
              + " DESCRIBE or ALL; who is to write for the domain becomes one of its accounts with"
              + " registerDomain(..).accounts(..).");
    }
  }

  /** A grant of DESCRIBE to each grantee, whatever else is allowed. */
  List<StoredGrant> describing(Grantor sharer, GrantTarget on) {
    return grants(sharer, on, Set.of(Permission.DESCRIBE), List.of(), List.of(), Optional.empty());
  }

  /**
   * A grant to each grantee.
   *
   * @param unlessSaid what is allowed where {@code allowing} did not say
   */
  List<StoredGrant> grantsAllowing(
      Grantor sharer,
      GrantTarget on,
      Set<Permission> unlessSaid,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows) {
    return grants(
        sharer, on, permissions.isEmpty() ? unlessSaid : permissions, columns, exceptColumns, rows);
  }

  private List<StoredGrant> grants(
      Grantor sharer,
      GrantTarget on,
      Set<Permission> allowed,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows) {
    String by = sharer.principal().toString();
    return grantees.stream()
        .distinct()
        .map(
            to ->
                new StoredGrant(
                    on,
                    to,
                    allowed,
                    grantOption,
                    columns,
                    exceptColumns,
                    rows,
                    until(),
                    because == null ? "" : because,
                    by,
                    by,
                    sharer.handsOnIn()))
        .toList();
  }
}
