package io.meshwork.internal.lakeformation;

import io.meshwork.access.Permission;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A grant. Immutable.
 *
 * @param id compared with case
 * @param to the grantee
 * @param on the resource
 * @param permissions the granted permissions
 * @param grantable the permissions with grant option
 * @param until the first instant at which it is no longer active; empty if it does not expire
 * @param grantor the account in which it was made: the owner's or a recipient's
 */
public record Grant(
    String id,
    Grantee to,
    Resource on,
    Set<Permission> permissions,
    Set<Permission> grantable,
    Optional<Instant> until,
    String grantor) {
  public Grant {
    ArgumentChecks.required("id", id);
    ArgumentChecks.required("to", to);
    ArgumentChecks.required("on", on);
    ArgumentChecks.required("until", until);
    ArgumentChecks.required("grantor", grantor);
    permissions = ordered(permissions);
    grantable = ordered(grantable);
  }

  /** Returns a grant by the owner that does not expire and has no grant option. */
  public static Grant of(String id, Grantee to, Resource on, Permission... permissions) {
    return new Grant(
        id,
        to,
        on,
        Set.copyOf(ArgumentChecks.all("permissions", permissions)),
        Set.of(),
        Optional.empty(),
        on.account());
  }

  public Grant withGrantOption() {
    return new Grant(id, to, on, permissions, permissions, until, grantor);
  }

  /** Returns the grant with an end, which is exclusive. */
  public Grant until(Instant end) {
    return new Grant(id, to, on, permissions, grantable, Optional.of(end), grantor);
  }

  /** Returns the grant as made in the account of a recipient. */
  public Grant madeIn(String account) {
    return new Grant(id, to, on, permissions, grantable, until, account);
  }

  /** The grant without some permissions and without the grant option for others. */
  Grant without(Collection<Permission> revoked, Collection<Permission> notPassedOn) {
    Set<Permission> remaining = EnumSet.noneOf(Permission.class);
    remaining.addAll(permissions);
    remaining.removeAll(revoked);
    Set<Permission> passedOn = EnumSet.noneOf(Permission.class);
    passedOn.addAll(grantable);
    passedOn.removeAll(revoked);
    passedOn.removeAll(notPassedOn);
    return new Grant(id, to, on, remaining, passedOn, until, grantor);
  }

  private static Set<Permission> ordered(Set<Permission> some) {
    Set<Permission> copy = EnumSet.noneOf(Permission.class);
    copy.addAll(ArgumentChecks.required("permissions", some));
    return Collections.unmodifiableSet(copy);
  }
}
