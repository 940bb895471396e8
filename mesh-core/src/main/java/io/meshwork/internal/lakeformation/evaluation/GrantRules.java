package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.GrantIndex;
import io.meshwork.internal.lakeformation.index.GrantStructure;
import io.meshwork.internal.lakeformation.index.IndexedGrant;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks whether a grant may be made, in this order: its structure, whether the resource may be
 * shared, whether the actor may make it, and conflicts with other grants of the grantee.
 */
final class GrantRules {
  /** The most filter grants of a principal on a table. */
  private static final int MAX_FILTERS = 100;

  private static final Set<Permission> BESIDES_PARTIAL_SELECT =
      EnumSet.of(
          Permission.ALL,
          Permission.ALTER,
          Permission.DELETE,
          Permission.DESCRIBE,
          Permission.DROP,
          Permission.INSERT);

  private final AccessIndex index;
  private final Grantee actor;
  private final Grant grant;
  private final Instant at;

  GrantRules(AccessIndex index, Grantee actor, Grant grant, Instant at) {
    this.index = index;
    this.actor = actor;
    this.grant = grant;
    this.at = at;
  }

  Optional<FindingCode> evaluate() {
    FindingCode code = GrantStructure.fault(index, grant);
    if (code == null) {
      code = GrantSharing.fault(index, actor, grant, at);
    }
    if (code == null) {
      code = new GrantAuthority(index, actor, grant, at).fault();
    }
    return code == null ? evaluateConflicts() : Optional.of(code);
  }

  /** Checks conflicts with other grants of the grantee, independent of the actor. */
  Optional<FindingCode> evaluateConflicts() {
    return Optional.ofNullable(conflict());
  }

  private @Nullable FindingCode conflict() {
    Resource on = grant.on();
    TableNode table =
        on.table().isEmpty()
            ? null
            : index.table(on.account(), on.database().orElseThrow(), on.table().get());
    if (table == null) {
      return null;
    }
    List<IndexedGrant> held =
        index.grants().grantsOf(GrantIndex.key(grant.to()), on.account()).on(table).stream()
            .filter(existing -> existing.activeAt(at))
            .toList();
    boolean list = on instanceof Resource.Columns || on instanceof Resource.ColumnsExcept;
    boolean whole = on instanceof Resource.Table && besidesPartialSelect(grant.permissions());
    for (IndexedGrant existing : held) {
      if (!existing.madeIn(grant.grantor())) {
        continue;
      }
      Set<Permission> permissions = existing.grant().permissions();
      boolean newListConflicts =
          list && existing.isOnWholeTable() && besidesPartialSelect(permissions);
      boolean existingListConflicts =
          whole && existing.isColumnList() && permissions.contains(Permission.SELECT);
      if (newListConflicts || existingListConflicts) {
        return FindingCode.PARTIAL_SELECT_CONFLICT;
      }
    }
    long filters =
        held.stream()
            .filter(existing -> existing.grant().on() instanceof Resource.FilteredTable)
            .count();
    return on instanceof Resource.FilteredTable && filters >= MAX_FILTERS
        ? FindingCode.TOO_MANY_ROW_GRANTS
        : null;
  }

  private static boolean besidesPartialSelect(Set<Permission> permissions) {
    return permissions.stream().anyMatch(BESIDES_PARTIAL_SELECT::contains);
  }
}
