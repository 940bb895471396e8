package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A grant as people see it. Immutable.
 *
 * @param id the same for the same grant, whatever its end and reason
 * @param on such as {@code commerce/orders}, or {@code table of commerce where sensitivity in
 *     (public)}
 * @param to such as {@code finance/analyst} or {@code account finance}
 * @param permissions in alphabetical order
 * @param grantOption true if the grantee may hand it on within its account
 * @param columns the columns, if only some are meant; else none
 * @param exceptColumns the columns left out, if all but some are meant; else none
 * @param rows the condition on rows; empty means all. It may hold values: not for logs
 * @param until the first instant at which it no longer holds; empty if it has no end
 * @param because why it was made
 * @param authorizedBy the principal of the producer, or of the recipient who hands on
 * @param executedBy the principal that wrote it
 * @param handedOn true if a recipient made it within its account
 * @param authorization the authorization by which it was carried out for the owner; empty if the
 *     owner, or a recipient, made it
 */
public record GrantCard(
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
    boolean handedOn,
    Optional<String> authorization) {
  /** Copies the lists. */
  public GrantCard {
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Called by {@code MeshClient.grants}: what the caller's domain granted and handed on. */
  public static List<GrantCard> all(Session session) {
    String doing = "list grants";
    session.checkOpen(doing);
    String own = session.admission().ownDomain(doing).domain();
    return Grants.writtenBy(session, session.rights().documents(), own).values().stream()
        .map(GrantCard::of)
        .toList();
  }

  static GrantCard of(StoredGrant grant) {
    return new GrantCard(
        grant.id(),
        grant.on().toString(),
        Shown.grantee(grant.to()),
        grant.ordered(),
        grant.grantOption(),
        grant.columns(),
        grant.exceptColumns(),
        grant.rows(),
        grant.until(),
        grant.because(),
        grant.authorizedBy(),
        grant.executedBy(),
        grant.handedOnIn().isPresent(),
        grant.authorization());
  }

  /** As log entries tell of it: instead of the condition on rows its hash. */
  static void log(ArrayNode array, StoredGrant grant) {
    ObjectNode json =
        array
            .addObject()
            .put("id", grant.id())
            .put("on", grant.on().toString())
            .put("to", grant.to().id());
    ArrayNode permissions = json.putArray("permissions");
    grant.ordered().forEach(each -> permissions.add(each.name()));
    json.put("grantOption", grant.grantOption());
    if (!grant.columns().isEmpty()) {
      grant.columns().forEach(json.putArray("columns")::add);
    }
    if (!grant.exceptColumns().isEmpty()) {
      grant.exceptColumns().forEach(json.putArray("exceptColumns")::add);
    }
    grant.rows().ifPresent(rows -> json.put("rowsHash", Keys.sha256(rows)));
    grant.until().ifPresent(end -> json.put("until", end.toString()));
    json.put("because", grant.because()).put("authorizedBy", grant.authorizedBy());
    grant.authorization().ifPresent(given -> json.put("authorization", given));
  }

  /** The grant in a line, without its condition on rows. */
  @Override
  public String toString() {
    return id
        + " "
        + Shown.permissions(permissions)
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
                given ->
                    ", carried out by "
                        + executedBy
                        + " as "
                        + authorizedBy
                        + " authorized "
                        + given)
            .orElse("");
  }
}
