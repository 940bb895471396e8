package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductCard.OwnRequest;
import io.meshwork.card.ProductConsumer;
import io.meshwork.discovery.AvoidedCopies;
import io.meshwork.discovery.ContractHistory;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.discovery.Search;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.card.ProductDescriptions;
import io.meshwork.internal.card.ProductDescriptions.CardDetails;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.grants.AccessRequests;
import io.meshwork.internal.grants.RequestDocuments;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.DomainIndex.MeshIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductIndexEntry.IndexedColumn;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.MirroredLinks;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers the questions of a client about products and domains. Stateless. */
public final class DiscoveryOperations {
  private DiscoveryOperations() {}

  public static Search search(ClientSession session, String text) {
    return new ProductSearch(session, text);
  }

  /** Returns the health of all products. */
  public static MeshHealth health(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "the health of the mesh"));
    return VisibleMesh.of(session).meshHealth();
  }

  /** Returns the health of the products of a domain, as its owner sees it. */
  public static List<Health> ownHealth(ClientSession session, DomainEntry domain) {
    MeshIndex index = new MeshIndex(List.of(DomainIndex.of(session, domain)), List.of());
    return owner(session, index, domain).health(index.products());
  }

  /** Returns the bytes of a domain that others did not copy, as its owner sees them. */
  public static AvoidedCopies ownAvoidedCopies(ClientSession session, DomainEntry domain) {
    VisibleMesh mesh = owner(session, DomainIndex.ofMesh(session), domain);
    return CopyCount.of(mesh, VisibleUses.of(session, mesh));
  }

  private static VisibleMesh owner(ClientSession session, MeshIndex index, DomainEntry domain) {
    return new VisibleMesh(
        index, Optional.of(domain.domain().name()), session, session.runtime().clock().instant());
  }

  /** Returns the health of a product in its current major version, or in a link's. */
  public static Health health(ClientSession session, @Nullable CharSequence name) {
    MeshAction showing = MeshAction.of(Verb.SHOW, "the health of");
    ResolvedProduct resolved = ResolvedProduct.forConsumer(session, name, showing);
    MeshAction action = showing.on(resolved.product());
    session.checkOpen(action);
    return health(session, DomainIndex.of(session, resolved, action), action);
  }

  private static Health health(ClientSession session, IndexedProduct product, MeshAction action) {
    VersionEntry version =
        session
            .catalog()
            .requireFor(Use.DESCRIBE, product.name(), product.indexEntry().major(), action);
    Health health =
        new HealthCheck(
                product,
                seesRows(session, product, version),
                ProductDescriptions.suspension(session, product.entry(), version),
                session.runtime().clock().instant())
            .health();
    return VisibleMesh.ownDomain(session).equals(Optional.of(product.name().domain()))
        ? OwnerHealth.of(session, product, health)
        : health;
  }

  private static boolean seesRows(
      ClientSession session, IndexedProduct product, VersionEntry version) {
    return session
        .authorizer()
        .uncounted()
        .findPermissionNow(product.entry(), version)
        .filter(DataPermission::isAll)
        .isPresent();
  }

  /** Returns the description of a domain. */
  public static DomainCard describeDomain(ClientSession session, String domain) {
    MeshAction action = MeshAction.of(Verb.DESCRIBE, "domain '" + domain + "'");
    session.checkOpen(action);
    DomainIndex index = DomainIndex.of(session, session.catalog().requireDomain(domain, action));
    VisibleMesh mesh = VisibleMesh.of(session, new MeshIndex(List.of(index), List.of()));
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
        new DomainMaturity(index.domain().domain(), products, health)
            .criteria(
                mesh.ownDomain().equals(Optional.of(domain))
                    ? new RequestDocuments(session.ledger(), session.catalog())
                        .answerTimes(domain, mesh.now().minus(DomainMaturity.COUNTED))
                    : null,
                mesh.now()));
  }

  /** Returns the contract versions of a product. */
  public static ContractHistory contractHistory(
      ClientSession session, @Nullable CharSequence name) {
    MeshAction action = MeshAction.of(Verb.SHOW, "the contract history of");
    return ContractVersions.of(session, required(session, name, action));
  }

  /** Returns what a domain uses. */
  public static List<ProductConsumer> uses(ClientSession session, String domain) {
    MeshAction action = MeshAction.of(Verb.LIST, "uses of domain '" + domain + "'");
    session.checkOpen(action);
    session.catalog().requireDomain(domain, action);
    VisibleMesh mesh = VisibleMesh.of(session);
    VisibleUses uses =
        VisibleUses.withLinks(
            session,
            mesh,
            mesh.index().domains().stream()
                .filter(each -> each.domain().domain().name().equals(domain))
                .toList());
    return uses.all().stream().map(use -> uses.consumer(session, use)).toList();
  }

  /**
   * Returns the consumers of a product: all of them for the owner; for others their own domain's,
   * and of a product at most INTERNAL the names of the domains that use it.
   */
  public static List<ProductConsumer> consumers(
      ClientSession session, @Nullable CharSequence name) {
    MeshAction action = MeshAction.of(Verb.LIST, "consumers of");
    ProductName product = required(session, name, action);
    Optional<String> own = VisibleMesh.ownDomain(session);
    List<ProductConsumer> consumers = new ArrayList<>();
    if (own.isPresent()) {
      consumers.addAll(SubscriberList.consumers(session, product));
    }
    if (!own.equals(Optional.of(product.domain()))) {
      VisibleUses uses = VisibleUses.of(session, VisibleMesh.of(session));
      uses.of(product).stream()
          .filter(use -> use.details().isEmpty())
          .map(use -> uses.consumer(session, use))
          .forEach(consumers::add);
    }
    return List.copyOf(consumers);
  }

  /** Reads the mesh once, for many questions. */
  public static MeshOverview overview(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "an overview of the mesh"));
    return new IndexedOverview(session, VisibleGraph.of(session));
  }

  /** Returns what a product derives from, and what derives from it. */
  public static Lineage.Query lineage(ClientSession session, @Nullable CharSequence name) {
    return new LineageQuery(
        () -> {
          ProductName product = required(session, name, MeshAction.of(Verb.SHOW, "the lineage of"));
          return new LineageQuery.Start(VisibleGraph.of(session), product);
        });
  }

  /** Returns what a change of columns affects; of all columns if none are named. */
  public static Impact impactOf(
      ClientSession session, @Nullable CharSequence name, List<String> columns) {
    MeshAction showing = MeshAction.of(Verb.SHOW, "the impact of");
    ProductName product = required(session, name, showing);
    VisibleGraph graph = VisibleGraph.of(session);
    IndexedProduct indexed = indexed(session, graph, product);
    List<String> columnNames =
        indexed.indexEntry().columns().stream().map(IndexedColumn::name).toList();
    for (String column : columns) {
      if (!columnNames.contains(ColumnSet.topLevel(column))) {
        throw Failure.of(showing.on(product))
            .because(
                "it has no column "
                    + RenamedColumns.in(session, product, indexed.indexEntry().major(), showing)
                        .described(column))
            .fix("Its columns are " + String.join(", ", columnNames) + ".")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
    return ImpactSearch.of(graph, VisibleUses.of(session, graph.mesh()), product, columns);
  }

  /** Returns where the trouble of a product comes from. */
  public static Fault faultOf(ClientSession session, @Nullable CharSequence name) {
    ProductName product = required(session, name, MeshAction.of(Verb.SHOW, "the fault of"));
    VisibleGraph graph = VisibleGraph.of(session);
    return FaultSearch.of(graph, indexed(session, graph, product));
  }

  /** Returns the copies that readers of the caller's products did not make. */
  public static AvoidedCopies avoidedCopies(ClientSession session) {
    session.checkOpen(MeshAction.of(Verb.SHOW, "the copies that readers avoided"));
    VisibleMesh mesh = VisibleMesh.of(session);
    return CopyCount.of(mesh, VisibleUses.of(session, mesh));
  }

  private static IndexedProduct indexed(
      ClientSession session, VisibleGraph graph, ProductName product) {
    return graph
        .find(product)
        .orElseGet(() -> DomainIndex.of(session, product, MeshAction.of(Verb.DESCRIBE, product)));
  }

  private static ProductName required(
      ClientSession session, @Nullable CharSequence name, MeshAction showing) {
    ProductName product = ResolvedProduct.forConsumer(session, name, showing).product();
    MeshAction action = showing.on(product);
    session.checkOpen(action);
    return session.catalog().requireProduct(product, action).name();
  }

  /** Returns a card with tags, health, and the caller's request. */
  public static ProductCard withDetails(
      ClientSession session, ProductCard card, ResolvedProduct described) {
    ProductName product = card.name();
    MeshAction action = MeshAction.of(Verb.DESCRIBE, product);
    IndexedProduct indexed = DomainIndex.of(session, described, action);
    Map<String, String> tags = new TreeMap<>(DomainIndex.tags(session, product.domain()));
    tags.putAll(indexed.indexEntry().tags());
    Health health = health(session, indexed, action);
    return ProductDescriptions.withDetails(
        ProductDescriptions.withQuality(card, health::quality),
        new CardDetails(
            tags,
            Optional.of(health),
            new AccessRequests(session)
                .newest(product, action)
                .map(
                    request ->
                        new OwnRequest(
                            request.id(),
                            request.revision(),
                            request.state().name(),
                            request.askedAt())),
            MirroredLinks.to(session, product)));
  }
}
