package io.meshwork.sharing;

import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.rights.GrantTarget;
import io.meshwork.internal.rights.RightsWorld;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.runtime.Arguments;
import io.meshwork.product.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To whom, what, how long and why. What belongs to a {@link GrantOperation}; nothing outside this
 * package can use it.
 *
 * @param <G> the operation
 */
public final class GrantTerms<G> {
  /** A name that Lake Formation gives a meaning of its own. */
  private static final String RESERVED = "IAM_ALLOWED_PRINCIPALS";

  private final G verb;
  private final List<Grantee> grantees = new ArrayList<>();
  private Set<Permission> permissions = Set.of();
  private boolean grantOption;
  private boolean evenIfSensitive;
  private @Nullable Instant until;
  private @Nullable String because;
  private @Nullable String request;

  GrantTerms(G verb) {
    this.verb = verb;
  }

  G to(Principal... principals) {
    Arguments.all("to", principals).forEach(each -> grantees.add(Grantee.of(each)));
    return verb;
  }

  G toAccounts(String... accounts) {
    for (String account : Arguments.all("toAccounts", accounts)) {
      grantees.add(Grantee.account(checked(account)));
    }
    return verb;
  }

  G toEveryRoleOf(String account) {
    grantees.add(Grantee.principalsOf(checked(account)));
    return verb;
  }

  G toMesh() {
    grantees.add(Grantee.of("arn:aws:organizations:::organization/" + RightsWorld.ORGANIZATION));
    return verb;
  }

  static String checked(String account) {
    Principal.of(account, "any");
    if (account.equals(RESERVED)) {
      throw Arguments.refused("account", "is '" + RESERVED + "'", "Name an account of the mesh.");
    }
    return account;
  }

  G allowing(Permission... some) {
    permissions = EnumSet.noneOf(Permission.class);
    permissions.addAll(Arguments.all("allowing", some));
    if (permissions.isEmpty()) {
      throw Arguments.refused("allowing", "is empty", "Name a permission, such as SELECT.");
    }
    return verb;
  }

  G withGrantOption() {
    grantOption = true;
    return verb;
  }

  G evenIfSensitive() {
    evenIfSensitive = true;
    return verb;
  }

  boolean isEvenIfSensitive() {
    return evenIfSensitive;
  }

  /** How many are meant. */
  int count() {
    return (int) grantees.stream().distinct().count();
  }

  G until(Instant end) {
    until = Arguments.given("until", end);
    return verb;
  }

  G because(String text) {
    because = Arguments.text("because", text);
    return verb;
  }

  G forRequest(String id) {
    request = Arguments.text("forRequest", id);
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
  void requireNoRequest(String doing, String why) {
    if (request != null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
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
  void check(String doing, Instant now) {
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
              + doing
              + ": "
              + String.join(" and ", gaps)
              + " was not said. Nothing was changed. Say to whom and why; the reason is kept with"
              + " the grant.");
    }
    if (until != null && !now.isBefore(until)) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot "
              + doing
              + " until "
              + until
              + ": it is "
              + now
              + " already. Nothing was changed. Name a later instant; it is no longer part of the"
              + " grant.");
    }
  }

  /** A grant of DESCRIBE to each grantee, whatever else is allowed. */
  List<StoredGrant> describing(Sharer sharer, GrantTarget on) {
    return grants(sharer, on, Set.of(Permission.DESCRIBE), List.of(), List.of(), Optional.empty());
  }

  /**
   * A grant to each grantee.
   *
   * @param unlessSaid what is allowed where {@code allowing} did not say
   */
  List<StoredGrant> grantsAllowing(
      Sharer sharer,
      GrantTarget on,
      Set<Permission> unlessSaid,
      List<String> columns,
      List<String> exceptColumns,
      Optional<String> rows) {
    return grants(
        sharer, on, permissions.isEmpty() ? unlessSaid : permissions, columns, exceptColumns, rows);
  }

  private List<StoredGrant> grants(
      Sharer sharer,
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
