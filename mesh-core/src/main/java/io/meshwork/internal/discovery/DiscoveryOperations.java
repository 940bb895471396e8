package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.discovery.Search;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.DomainIndex.MeshIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers the questions of a client about products and domains. Stateless. */
public final class DiscoveryOperations {
  private DiscoveryOperations() {}

  /** Creates a search. */
  public static Search search(ClientSession session, String text) {
    return new ProductSearch(session, text);
  }

  /** Returns the health of all products. */
  public static MeshHealth health(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "the health of the mesh"));
    VisibleMesh mesh = VisibleMesh.of(session);
    return new MeshHealth(
        mesh.now(),
        mesh.health(mesh.index().products()).stream().sorted(HealthCheck.WORST_FIRST).toList(),
        mesh.index().unreachable());
  }

  /** Returns the health of a product in its current major version. */
  public static Health health(ClientSession session, @Nullable CharSequence name) {
    MeshAction showing = MeshAction.of(Verb.SHOW, "the health of");
    ProductName product = ResolvedProduct.forConsumer(session, name, showing).product();
    MeshAction action = showing.on(product);
    session.checkOpen(action);
    IndexedProduct indexed = DomainIndex.of(session, product, action);
    return new HealthCheck(
            indexed, seesRows(session, indexed, action), session.runtime().clock().instant())
        .health();
  }

  private static boolean seesRows(
      ClientSession session, IndexedProduct product, MeshAction action) {
    VersionEntry version =
        session
            .catalog()
            .requireFor(Use.DESCRIBE, product.name(), product.shape().major(), action);
    return session
        .authorizer()
        .uncounted()
        .findPermission(product.entry(), version)
        .filter(DataPermission::isAll)
        .isPresent();
  }

  /** Returns the description of a domain. */
  public static DomainCard describeDomain(ClientSession session, String domain) {
    MeshAction action = MeshAction.of(Verb.DESCRIBE, "domain '" + domain + "'");
    session.checkOpen(action);
    DomainIndex index =
        DomainIndex.of(session, session.catalog().requireDomain(domain, action));
    VisibleMesh mesh =
        new VisibleMesh(
            new MeshIndex(List.of(index), List.of()),
            VisibleMesh.ownDomain(session),
            session.runtime().clock().instant());
    List<IndexedProduct> products =
        index.products().stream().filter(product -> !product.isRetired()).toList();
    List<Health> health = mesh.health(products);
    return new DomainCard(
        index.domain().domain().name(),
        index.domain().domain().description(),
        index.domain().domain().owner(),
        index.domain().domain().steward(),
        index.tags(),
        health,
        new DomainMaturity(index.domain().domain(), products, health).criteria());
  }
}
