package io.meshwork.access;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges whether a grant may be made: its structure, whether it may be shared at all, whether the
 * actor may make it, and whether it fits with what the grantee holds, in this order.
 */
final class GrantRules {
  /** Most filter grants of a principal on a table. */
  private static final int MOST_FILTERS = 100;

  private static final Set<Permission> BESIDES_PARTIAL_SELECT =
      EnumSet.of(
          Permission.ALL,
          Permission.ALTER,
          Permission.DELETE,
          Permission.DESCRIBE,
          Permission.DROP,
          Permission.INSERT);

  private final Estate estate;
  private final Grantee actor;
  private final Grant grant;
  private final Instant at;

  GrantRules(Estate estate, Grantee actor, Grant grant, Instant at) {
    this.estate = estate;
    this.actor = actor;
    this.grant = grant;
    this.at = at;
  }

  Ruling ruling() {
    String code = GrantStructure.fault(estate, grant);
    if (code == null) {
      code = GrantSharing.fault(estate, actor, grant, at);
    }
    if (code == null) {
      code = new GrantAuthority(estate, actor, grant, at).fault();
    }
    return code == null ? besidesOthers() : Ruling.reject(code);
  }

  /** Whether it fits with what the grantee holds, whoever makes it. */
  Ruling besidesOthers() {
    String code = conflict();
    return code == null ? Ruling.ACCEPT : Ruling.reject(code);
  }

  private @Nullable String conflict() {
    Resource on = grant.on();
    TableNode table =
        on.table().isEmpty()
            ? null
            : estate.table(on.account(), on.database().orElseThrow(), on.table().get());
    if (table == null) {
      return null;
    }
    List<HeldGrant> held =
        estate.grants().held(GrantIndex.key(grant.to()), on.account()).on(table).stream()
            .filter(other -> other.activeAt(at))
            .toList();
    boolean list = on instanceof Resource.Columns || on instanceof Resource.ColumnsExcept;
    boolean whole = on instanceof Resource.Table && besidesPartialSelect(grant.permissions());
    for (HeldGrant other : held) {
      if (!other.madeIn(grant.grantor())) {
        continue;
      }
      Set<Permission> permissions = other.grant().permissions();
      boolean listComes = list && other.isOnWholeTable() && besidesPartialSelect(permissions);
      boolean listIsThere =
          whole && other.isColumnList() && permissions.contains(Permission.SELECT);
      if (listComes || listIsThere) {
        return "PARTIAL_SELECT_CONFLICT";
      }
    }
    long filters =
        held.stream().filter(other -> other.grant().on() instanceof Resource.Filtered).count();
    return on instanceof Resource.Filtered && filters >= MOST_FILTERS ? "LIMIT" : null;
  }

  private static boolean besidesPartialSelect(Set<Permission> permissions) {
    return permissions.stream().anyMatch(BESIDES_PARTIAL_SELECT::contains);
  }
}
