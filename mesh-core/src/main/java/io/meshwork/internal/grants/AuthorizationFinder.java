package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.explain.AccessSummaries;
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

  /** Returns the authorizations that the caller's domain created. */
  static List<AuthorizationSummary> ofCaller(ClientSession session) {
    MeshAction action = MeshAction.of(Verb.LIST, "authorizations");
    session.checkOpen(action);
    String own = session.authorizer().requireOwnDomain(action).domain();
    return writtenBy(session, session.rights(), own).values().stream()
        .map(AccessSummaries::authorization)
        .toList();
  }

  /** Returns the authorizations on a product and its domain, or on a whole domain. */
  static List<AuthorizationSummary> on(ClientSession session, CharSequence productOrDomain) {
    ResolvedProduct.rejectLink(
        session, productOrDomain, MeshAction.of(Verb.LIST, "authorizations on"));
    ProductOrDomain resource = ProductOrDomain.of(productOrDomain);
    MeshAction action = MeshAction.of(Verb.LIST, "authorizations on " + resource.name());
    session.checkOpen(action);
    DomainEntry owner = session.catalog().requireDomain(resource.domain(), action);
    resource.product().ifPresent(product -> session.catalog().requireProduct(product, action));
    boolean isOwner = owner.domain().accounts().contains(session.principal().account());
    return resource.authorizations(session.rights()).values().stream()
        .filter(each -> isOwner || each.isExecutor(session.principal()))
        .map(AccessSummaries::authorization)
        .toList();
  }

  /** Returns the authorizations on a domain and its products, by document. */
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
