package io.meshwork.internal.discovery;

import io.meshwork.card.ProductConsumer;
import io.meshwork.discovery.CopiesSpared;
import io.meshwork.discovery.Fault;
import io.meshwork.discovery.Lineage;
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

/** Answers from one read of the index. Thread-safe. */
final class IndexedOverview implements MeshOverview {
  private final ClientSession session;
  private final VisibleGraph graph;
  private @Nullable KnownUses uses;

  IndexedOverview(ClientSession session, VisibleGraph graph) {
    this.session = session;
    this.graph = graph;
  }

  @Override
  public List<String> domains() {
    return graph.mesh().index().domains().stream()
        .map(index -> index.domain().domain().name())
        .toList();
  }

  @Override
  public MeshHealth health() {
    return graph.mesh().meshHealth();
  }

  @Override
  public Lineage lineage(CharSequence product, int up, int down) {
    IndexedProduct found = find(product, MeshAction.of(Verb.SHOW, "the lineage of"));
    return LineageWalk.of(
        graph,
        found.name(),
        DiscoveryOperations.steps("up", up),
        DiscoveryOperations.steps("down", down));
  }

  @Override
  public Fault faultOf(CharSequence product) {
    return FaultSearch.of(graph, find(product, MeshAction.of(Verb.SHOW, "the fault of")));
  }

  /** A product that is missing here is missing in the mesh too, or cannot be read. */
  private IndexedProduct find(CharSequence name, MeshAction showing) {
    ProductName product = ResolvedProduct.forConsumer(session, name, showing).product();
    return graph
        .find(product)
        .orElseGet(() -> DomainIndex.of(session, product, showing.on(product)));
  }

  @Override
  public List<ProductConsumer> uses() {
    KnownUses known = known();
    return known.all().stream().map(use -> known.consumer(session, use)).toList();
  }

  @Override
  public CopiesSpared copiesSpared() {
    return SparedCopies.of(graph.mesh(), known());
  }

  private synchronized KnownUses known() {
    KnownUses known = uses;
    if (known == null) {
      known = KnownUses.withLinks(session, graph.mesh());
      uses = known;
    }
    return known;
  }
}
