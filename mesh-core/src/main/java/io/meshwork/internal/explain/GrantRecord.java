package io.meshwork.internal.explain;

import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.StoredGrant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The public form of a grant. Immutable. */
record GrantRecord(
    String id,
    String on,
    String to,
    List<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<Instant> until,
    String because,
    String authorizedBy,
    String executedBy,
    boolean passedOn,
    Optional<String> authorization)
    implements GrantSummary {
  public GrantRecord {
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  static GrantRecord of(StoredGrant grant) {
    return new GrantRecord(
        grant.id(),
        grant.on().toString(),
        AccessFormatter.grantee(grant.to()),
        grant.sortedPermissions(),
        grant.grantOption(),
        grant.columns(),
        grant.exceptColumns(),
        grant.rows(),
        grant.until(),
        grant.because(),
        grant.authorizedBy(),
        grant.executedBy(),
        grant.recipientAccount().isPresent(),
        grant.authorization());
  }

  /** The grant in one line, without its row filter. */
  @Override
  public String toString() {
    return id
        + " "
        + AccessFormatter.permissions(permissions)
        + " on "
        + on
        + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
        + (exceptColumns.isEmpty() ? "" : " (all but " + String.join(", ", exceptColumns) + ")")
        + (rows.isEmpty() ? "" : " in some rows")
        + " to "
        + to
        + (grantOption ? " with grant option" : "")
        + until.map(end -> " until " + end).orElse("")
        + authorization
            .map(
                authorizationId ->
                    ", granted by "
                        + executedBy
                        + " under authorization "
                        + authorizationId
                        + " of "
                        + authorizedBy)
            .orElse("");
  }
}
