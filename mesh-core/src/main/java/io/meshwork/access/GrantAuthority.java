package io.meshwork.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an actor may make a grant: by office, by creation, or by what it may hand on. */
final class GrantAuthority {
  private static final String NOT_GRANTABLE = "NOT_GRANTABLE";

  private final Estate estate;
  private final Standing standing;
  private final Grant grant;
  private final Resource on;

  GrantAuthority(Estate estate, Grantee actor, Grant grant, Instant at) {
    this.estate = estate;
    this.standing = new Standing(estate, actor, grant.on().account(), at);
    this.grant = grant;
    this.on = grant.on();
  }

  /** The code of the first permission that may not be granted; null if all may. */
  @Nullable String fault() {
    if (estate.account(standing.home()).readOnlyAdmins().contains(standing.principal())) {
      return "NOT_AUTHORIZED";
    } else if (standing.isAdminOf(on.account())) {
      return null;
    }
    for (Permission permission : grant.permissions()) {
      String fault = fault(permission);
      if (fault != null) {
        return fault;
      }
    }
    return null;
  }

  private @Nullable String fault(Permission permission) {
    Resource.PolicyType policy = GrantStructure.policyType(on);
    if (policy != null) {
      return new PolicyAuthority(estate, standing, grant, policy).fault(permission);
    }
    LinkNode link = estate.linkNamed(on);
    if (link != null) {
      boolean may =
          link.link().creator().equals(standing.principal())
              || mayHandOn(permission, LinkJudge.pick(link));
      return may ? null : NOT_GRANTABLE;
    } else if (on.table().isPresent()) {
      return onTable(permission);
    } else if (on.database().isPresent()) {
      return onDatabase(permission) ? null : NOT_GRANTABLE;
    }
    Standing.Pick pick =
        held ->
            held.atLarge().stream()
                .filter(other -> AtLargeJudge.covers(other.grant().on(), on))
                .toList();
    return mayHandOn(permission, pick) ? null : NOT_GRANTABLE;
  }

  private boolean onDatabase(Permission permission) {
    DatabaseNode database = estate.database(on.account(), on.database().orElseThrow());
    if (database == null) {
      return false;
    } else if (on instanceof Resource.AllTables) {
      return mayHandOn(permission, held -> held.onAllTables(database));
    }
    return database.isCreator(standing.principal())
        || mayHandOn(permission, DatabaseJudge.any(database));
  }

  /** True if a permission may be handed on by one of some grants, which all are on the resource. */
  private boolean mayHandOn(Permission permission, Standing.Pick pick) {
    for (HeldGrant held : standing.direct(pick)) {
      if (standing.inForce(held) && grantable(held, permission)) {
        return true;
      }
    }
    boolean shared = false;
    for (HeldGrant held : standing.accountLevel(pick)) {
      if (standing.inForce(held)) {
        shared |= has(held.grant().permissions(), permission);
        if (standing.isAdminOf(standing.home()) && grantable(held, permission)) {
          return true;
        }
      }
    }
    return shared && standing.local(pick).stream().anyMatch(held -> grantable(held, permission));
  }

  private static boolean grantable(HeldGrant held, Permission permission) {
    return has(held.grant().grantable(), permission);
  }

  private static boolean has(Set<Permission> some, Permission permission) {
    return some.contains(permission) || some.contains(Permission.ALL);
  }

  private @Nullable String onTable(Permission permission) {
    TableNode table =
        estate.table(on.account(), on.database().orElseThrow(), on.table().orElseThrow());
    if (table == null) {
      return NOT_GRANTABLE;
    } else if (table.isCreator(standing.principal())
        || standing.isAdminOf(table.foreignCreatorAccount())) {
      return null;
    } else if (on instanceof Resource.Filtered filtered && permission != Permission.SELECT) {
      // DESCRIBE and DROP of a filter are on the filter itself, not on the table.
      return mayHandOn(permission, held -> sameFilter(held.on(table), filtered.filter()))
          ? null
          : NOT_GRANTABLE;
    }
    List<HeldGrant> handedOn = new ArrayList<>();
    for (HeldGrant held : standing.direct(TableJudge.any(table))) {
      if (standing.inForce(held)) {
        handedOn.add(held);
      }
    }
    boolean shared = false;
    for (HeldGrant held : standing.accountLevel(TableJudge.any(table))) {
      Gift gift = standing.inForce(held) ? Gift.of(held, table, held.grant().permissions()) : null;
      if (gift != null && gift.gives(permission)) {
        shared = true;
        // What an administrator hands on is capped by the share, so nothing needs to be narrowed.
        if (standing.isAdminOf(standing.home()) && outright(held, table, permission) != null) {
          return null;
        }
      }
    }
    if (shared) {
      handedOn.addAll(standing.local(TableJudge.any(table)));
    }
    List<HeldGrant> sources = new ArrayList<>();
    List<Gift> gifts = new ArrayList<>();
    for (HeldGrant held : handedOn) {
      Gift gift = outright(held, table, permission);
      if (gift != null) {
        sources.add(held);
        gifts.add(gift);
      }
    }
    if (gifts.isEmpty()) {
      return NOT_GRANTABLE;
    }
    return permission == Permission.SELECT
        ? SelectAuthority.fault(on, table, sources, gifts)
        : null;
  }

  private static @Nullable Gift outright(HeldGrant held, TableNode table, Permission permission) {
    Gift gift = Gift.of(held, table, held.grant().grantable());
    return gift != null && gift.givesOutright(permission) ? gift : null;
  }

  private static List<HeldGrant> sameFilter(List<HeldGrant> some, String filter) {
    return some.stream()
        .filter(
            held -> held.grant().on() instanceof Resource.Filtered of && of.filter().equals(filter))
        .toList();
  }
}
