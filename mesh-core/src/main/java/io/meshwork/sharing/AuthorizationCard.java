package io.meshwork.sharing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Grantee;
import io.meshwork.access.Permission;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.Scope;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.session.Target;
import io.meshwork.product.Names;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody may grant for the owner of some data, as people see it. Immutable.
 *
 * @param id the same for the same authorization, whatever its end and reason
 * @param on such as {@code commerce/orders}, {@code all of commerce}, or {@code table of commerce
 *     where sensitivity in (public)}
 * @param executors who may, such as {@code central/steward} or {@code account central}
 * @param consumers to whom they may grant it; none means anybody
 * @param permissions what they may allow, in alphabetical order
 * @param grantOption true if they may let grantees hand it on
 * @param columns the columns, if only some are meant; else none
 * @param exceptColumns the columns left out, if all but some are meant; else none
 * @param rows the condition on rows; empty means all. It may hold values: not for logs
 * @param request the only request for which it may be used
 * @param delegating true if the executors may authorize others within it
 * @param under the authorization by which somebody else than the owner gave it
 * @param until the first instant at which neither it nor what is granted by it holds
 * @param because why it was given
 * @param authorizedBy the principal of the owner that answers for it
 * @param givenBy the principal that wrote it
 */
public record AuthorizationCard(
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
    String givenBy) {
  /** Copies the lists. */
  public AuthorizationCard {
    executors = List.copyOf(executors);
    consumers = List.copyOf(consumers);
    permissions = List.copyOf(permissions);
    columns = List.copyOf(columns);
    exceptColumns = List.copyOf(exceptColumns);
  }

  /** Called by {@code MeshClient.authorizations}: what the caller's domain gave. */
  public static List<AuthorizationCard> all(Session session) {
    String doing = "list authorizations";
    session.checkOpen(doing);
    String own = session.admission().ownDomain(doing).domain();
    return writtenBy(session, session.rights().documents(), own).values().stream()
        .map(AuthorizationCard::of)
        .toList();
  }

  /** Called by {@code MeshClient.authorizations}: on one product, or on a domain as a whole. */
  public static List<AuthorizationCard> on(Session session, CharSequence productOrDomain) {
    Target.refuseLink(session, productOrDomain, "list authorizations on");
    Place place = Place.of(productOrDomain);
    String doing = "list authorizations on " + place.name();
    session.checkOpen(doing);
    DomainEntry owner = session.catalog().requireDomain(place.domain(), doing);
    place.product().ifPresent(product -> session.catalog().requireProduct(product, doing));
    boolean owns = owner.domain().accounts().contains(session.principal().account());
    return place.authorizations(session.rights().documents()).values().stream()
        .filter(each -> owns || each.names(session.principal()))
        .map(AuthorizationCard::of)
        .toList();
  }

  /** All that lies in a domain and in its products, each with its document. */
  static Map<Stored, StoredAuthorization> writtenBy(
      Session session, RightsDocuments documents, String domain) {
    Map<Stored, StoredAuthorization> all = new LinkedHashMap<>(documents.authorizations(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      all.putAll(documents.authorizations(product.name()));
    }
    return all;
  }

  /**
   * A product, or a domain as a whole.
   *
   * @param product empty for the domain
   */
  record Place(String domain, Optional<ProductName> product) {
    static Place of(CharSequence productOrDomain) {
      String text = productOrDomain.toString();
      if (text.indexOf('/') < 0) {
        return new Place(Names.check("domain", text), Optional.empty());
      }
      ProductName product = ProductName.of(text);
      return new Place(product.domain(), Optional.of(product));
    }

    String name() {
      return product.map(ProductName::toString).orElse(domain);
    }

    String partition() {
      return product.map(Keys::partition).orElseGet(() -> Keys.partition(domain));
    }

    Map<Stored, StoredAuthorization> authorizations(RightsDocuments documents) {
      return product.isPresent()
          ? documents.authorizations(product.get())
          : documents.authorizations(domain);
    }
  }

  static AuthorizationCard of(StoredAuthorization given) {
    Scope scope = given.scope();
    return new AuthorizationCard(
        given.id(),
        scope.on().toString(),
        given.executors().stream().map(Shown::grantee).toList(),
        scope.to().stream().map(Shown::grantee).toList(),
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
    Scope scope = given.scope();
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
    scope.rows().ifPresent(rows -> json.put("rowsHash", Keys.sha256(rows)));
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
        + Shown.permissions(permissions)
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
