package io.meshwork.internal.explain;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AuthorizationCard;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.rights.AccessFormatter;
import io.meshwork.internal.rights.GrantScope;
import io.meshwork.internal.rights.StoredAuthorization;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** An authorization as its card. */
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
    String givenBy)
    implements AuthorizationCard {
  /** Copies the lists. */
  public AuthorizationRecord {
    executors = List.copyOf(executors);
    consumers = List.copyOf(consumers);
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  static AuthorizationRecord of(StoredAuthorization given) {
    GrantScope scope = given.scope();
    return new AuthorizationRecord(
        given.id(),
        scope.on().toString(),
        given.executors().stream().map(AccessFormatter::grantee).toList(),
        scope.to().stream().map(AccessFormatter::grantee).toList(),
        scope.permissions().stream().sorted().toList(),
        scope.grantOption(),
        scope.columns(),
        scope.exceptColumns(),
        scope.rows(),
        given.request(),
        given.delegating(),
        given.under(),
        scope.until(),
        given.because(),
        given.authorizedBy(),
        given.givenBy());
  }

  /** As log entries tell of it: instead of the condition on rows its hash. */
  static void log(ArrayNode array, StoredAuthorization given) {
    GrantScope scope = given.scope();
    ObjectNode json = array.addObject().put("id", given.id()).put("on", scope.on().toString());
    given.executors().stream().map(Grantee::id).forEach(json.putArray("executors")::add);
    if (!scope.to().isEmpty()) {
      scope.to().stream().map(Grantee::id).forEach(json.putArray("consumers")::add);
    }
    ArrayNode permissions = json.putArray("permissions");
    scope.permissions().stream().sorted().forEach(each -> permissions.add(each.name()));
    json.put("grantOption", scope.grantOption());
    if (!scope.columns().isEmpty()) {
      scope.columns().forEach(json.putArray("columns")::add);
    }
    if (!scope.exceptColumns().isEmpty()) {
      scope.exceptColumns().forEach(json.putArray("exceptColumns")::add);
    }
    scope.rows().ifPresent(rows -> json.put("rowsHash", RegistryKeys.sha256(rows)));
    given.request().ifPresent(request -> json.put("request", request));
    json.put("delegating", given.delegating());
    given.under().ifPresent(under -> json.put("under", under));
    scope.until().ifPresent(end -> json.put("until", end.toString()));
    json.put("because", given.because()).put("authorizedBy", given.authorizedBy());
  }

  /** The authorization in a line, without its condition on rows. */
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
        + (consumers.isEmpty() ? "anybody" : String.join(", ", consumers))
        + (grantOption ? " with grant option" : "")
        + request.map(each -> " for request " + each).orElse("")
        + (delegating ? ", and authorize others to" : "")
        + until.map(end -> " until " + end).orElse("");
  }
}
