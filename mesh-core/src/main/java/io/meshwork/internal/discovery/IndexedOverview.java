package io.meshwork.internal.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.discovery.AvoidedCopies;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.MeshHealth;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.index.DomainIndex;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.ProductName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers from one read of the index. Reads it again if the caller acts for another domain since
 * then, because what it may know depends on that. Thread-safe.
 */
final class IndexedOverview implements MeshOverview {
  private final ClientSession session;
  private VisibleGraph graph;
  private @Nullable VisibleUses uses;

  IndexedOverview(ClientSession session, VisibleGraph graph) {
    this.session = session;
    this.graph = graph;
  }

  @Override
  public List<String> domains() {
    return graph().mesh().index().domains().stream()
        .map(index -> index.domain().domain().name())
        .toList();
  }

  @Override
  public MeshHealth health() {
    return graph().mesh().meshHealth();
  }

  @Override
  public Lineage.Query lineage(CharSequence product) {
    return new LineageQuery(
        () -> {
          VisibleGraph now = graph();
          IndexedProduct indexed = find(now, product, MeshAction.of(Verb.SHOW, "the lineage of"));
          return new LineageQuery.Start(now, indexed.name());
        });
  }

  @Override
  public Fault faultOf(CharSequence product) {
    VisibleGraph now = graph();
    return FaultSearch.of(now, find(now, product, MeshAction.of(Verb.SHOW, "the fault of")));
  }

  /** A product that is missing here is missing in the mesh too, or cannot be read. */
  private IndexedProduct find(VisibleGraph now, CharSequence name, MeshAction showing) {
    ProductName product = ResolvedProduct.forConsumer(session, name, showing).product();
    return now.find(product).orElseGet(() -> DomainIndex.of(session, product, showing.on(product)));
  }

  @Override
  public List<ProductConsumer> uses() {
    VisibleUses visible = uses(graph().mesh());
    return visible.all().stream().map(use -> visible.consumer(session, use)).toList();
  }

  @Override
  public AvoidedCopies avoidedCopies() {
    VisibleMesh now = graph().mesh();
    return CopyCount.of(now, uses(now));
  }

  private synchronized VisibleGraph graph() {
    if (!VisibleMesh.ownDomain(session).equals(graph.mesh().ownDomain())) {
      graph = VisibleGraph.of(session);
    }
    return graph;
  }

  private synchronized VisibleUses uses(VisibleMesh now) {
    VisibleUses cached = uses;
    if (cached == null || !cached.mesh().ownDomain().equals(now.ownDomain())) {
      cached = VisibleUses.withLinks(session, now);
      uses = cached;
    }
    return cached;
  }
}
