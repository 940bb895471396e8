package io.meshwork.internal.explain;

import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.Permission;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.StoredAuthorization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The public form of an authorization. Immutable. */
record AuthorizationRecord(
    String id,
    String on,
    List<String> executors,
    List<String> consumers,
    List<Permission> permissions,
    boolean grantOption,
    List<String> columns,
    List<String> exceptColumns,
    Optional<String> rows,
    Optional<String> request,
    boolean delegating,
    Optional<String> under,
    Optional<Instant> until,
    String because,
    String authorizedBy,
    String executedBy)
    implements AuthorizationSummary {
  public AuthorizationRecord {
    executors = List.copyOf(executors);
    consumers = List.copyOf(consumers);
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  static AuthorizationRecord of(StoredAuthorization authorization) {
    GrantScope scope = authorization.scope();
    return new AuthorizationRecord(
        authorization.id(),
        scope.on().toString(),
        authorization.executors().stream().map(AccessFormatter::grantee).toList(),
        scope.to().stream().map(AccessFormatter::grantee).toList(),
        scope.permissions().stream().sorted().toList(),
        scope.grantOption(),
        scope.columns(),
        scope.exceptColumns(),
        scope.rows(),
        authorization.request(),
        authorization.delegating(),
        authorization.under(),
        scope.until(),
        authorization.because(),
        authorization.authorizedBy(),
        authorization.executedBy());
  }

  /** The authorization in one line, without its row filter. */
  @Override
  public String toString() {
    return id
        + " "
        + String.join(", ", executors)
        + " may grant "
        + AccessFormatter.permissions(permissions)
        + " on "
        + on
        + (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
        + (exceptColumns.isEmpty() ? "" : " (all but " + String.join(", ", exceptColumns) + ")")
        + (rows.isEmpty() ? "" : " in some rows")
        + " to "
        + (consumers.isEmpty() ? "any consumer" : String.join(", ", consumers))
        + (grantOption ? " with grant option" : "")
        + request.map(each -> " for request " + each).orElse("")
        + (delegating ? ", and authorize others to" : "")
        + until.map(end -> " until " + end).orElse("");
  }
}
