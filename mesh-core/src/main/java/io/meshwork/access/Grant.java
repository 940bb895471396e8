package io.meshwork.access;

import io.meshwork.internal.runtime.Arguments;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * A grant as it is stored. Immutable.
 *
 * @param id compared with case
 * @param to whom
 * @param on what
 * @param permissions what is allowed
 * @param grantable those of them that may be handed on
 * @param until the first instant at which it no longer holds; empty if it has no end
 * @param grantor the account in which it was made: the owner's, or that of a recipient who hands on
 */
public record Grant(
    String id,
    Grantee to,
    Resource on,
    Set<Permission> permissions,
    Set<Permission> grantable,
    Optional<Instant> until,
    String grantor) {
  /** Copies the sets. */
  public Grant {
    Arguments.given("id", id);
    Arguments.given("to", to);
    Arguments.given("on", on);
    Arguments.given("until", until);
    Arguments.given("grantor", grantor);
    permissions = ordered(permissions);
    grantable = ordered(grantable);
  }

  /** A grant of the owner, without end and not to be handed on. */
  public static Grant of(String id, Grantee to, Resource on, Permission... permissions) {
    return new Grant(
        id,
        to,
        on,
        Set.copyOf(Arguments.all("permissions", permissions)),
        Set.of(),
        Optional.empty(),
        on.account());
  }

  /** The same, to be handed on. */
  public Grant withGrantOption() {
    return new Grant(id, to, on, permissions, permissions, until, grantor);
  }

  /** The same, until an instant, which is no longer part of it. */
  public Grant until(Instant end) {
    return new Grant(id, to, on, permissions, grantable, Optional.of(end), grantor);
  }

  /** The same, made in another account, which hands on what was shared with it. */
  public Grant madeIn(String account) {
    return new Grant(id, to, on, permissions, grantable, until, account);
  }

  /** The same without some permissions and without the option to hand some on. */
  Grant without(Collection<Permission> taken, Collection<Permission> notHandedOn) {
    Set<Permission> kept = EnumSet.noneOf(Permission.class);
    kept.addAll(permissions);
    kept.removeAll(taken);
    Set<Permission> handedOn = EnumSet.noneOf(Permission.class);
    handedOn.addAll(grantable);
    handedOn.removeAll(taken);
    handedOn.removeAll(notHandedOn);
    return new Grant(id, to, on, kept, handedOn, until, grantor);
  }

  private static Set<Permission> ordered(Set<Permission> some) {
    Set<Permission> copy = EnumSet.noneOf(Permission.class);
    copy.addAll(Arguments.given("permissions", some));
    return Collections.unmodifiableSet(copy);
  }
}
