package io.meshwork.internal.grants;

import io.meshwork.access.AuthorizationCard;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.explain.AccessCards;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredAuthorization;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds authorizations. */
final class AuthorizationFinder {
  private AuthorizationFinder() {}

  /** Those that the caller's domain gave. */
  static List<AuthorizationCard> all(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "authorizations");
    session.checkOpen(action);
    String own = session.authorizer().requireOwnDomain(action).domain();
    return writtenBy(session, session.rights(), own).values().stream()
        .map(AccessCards::authorization)
        .toList();
  }

  /** Those on a product, through its domain too, or on a whole domain. */
  static List<AuthorizationCard> on(ClientSession session, CharSequence productOrDomain) {
    ResolvedProduct.rejectLink(
        session, productOrDomain, MeshAction.of(Verb.LIST, "authorizations on"));
    GrantPlace place = GrantPlace.of(productOrDomain);
    MeshAction action = MeshAction.of(Verb.LIST, "authorizations on " + place.name());
    session.checkOpen(action);
    DomainEntry owner = session.catalog().requireDomain(place.domain(), action);
    place.product().ifPresent(product -> session.catalog().requireProduct(product, action));
    boolean owns = owner.domain().accounts().contains(session.principal().account());
    return place.authorizations(session.rights()).values().stream()
        .filter(each -> owns || each.names(session.principal()))
        .map(AccessCards::authorization)
        .toList();
  }

  /** All that lies in a domain and in its products, each with its document. */
  static Map<VersionedDocument, StoredAuthorization> writtenBy(
      ClientSession session, RightsDocuments documents, String domain) {
    Map<VersionedDocument, StoredAuthorization> all =
        new LinkedHashMap<>(documents.authorizations(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      all.putAll(documents.authorizations(product.name()));
    }
    return all;
  }
}
