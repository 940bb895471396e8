package io.meshwork.internal.discovery;

import io.meshwork.discovery.Lineage.Edge;
import io.meshwork.discovery.Lineage.Impact;
import io.meshwork.discovery.Lineage.Impact.AffectedItem;
import io.meshwork.discovery.Lineage.Impact.Evidence;
import io.meshwork.discovery.Lineage.Impact.Kind;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds what a change of columns affects: products that derive from them, step by step, and at each
 * step who reads them. A product that is only possibly affected is not followed.
 */
final class ImpactSearch {
  private static final Comparator<AffectedItem> ORDER =
      Comparator.comparingInt(AffectedItem::steps)
          .thenComparing(AffectedItem::kind)
          .thenComparing(AffectedItem::name)
          .thenComparing(affected -> affected.path().toString());

  private final VisibleGraph graph;
  private final VisibleUses uses;
  private final Map<ProductName, ColumnSet> columns = new TreeMap<>(VisibleGraph.byText());
  private final Map<ProductName, List<ProductName>> paths = new TreeMap<>(VisibleGraph.byText());
  private final Map<String, AffectedItem> affectedItems = new TreeMap<>();

  private ImpactSearch(VisibleGraph graph, VisibleUses uses) {
    this.graph = graph;
    this.uses = uses;
  }

  static Impact of(
      VisibleGraph graph, VisibleUses uses, ProductName product, List<String> changed) {
    return new ImpactSearch(graph, uses).impact(product, changed);
  }

  private Impact impact(ProductName product, List<String> changed) {
    follow(product, ColumnSet.of(changed));
    List<ProductName> reached = new ArrayList<>(paths.keySet());
    reached.sort(
        Comparator.comparingInt((ProductName name) -> path(name).size())
            .thenComparing(ProductName::toString));
    for (ProductName name : reached) {
      if (!name.equals(product)) {
        graph.find(name).ifPresent(this::addProduct);
      }
    }
    for (ProductName name : reached) {
      uses.of(name).forEach(use -> addUse(name, use));
    }
    return new Impact(
        product,
        changed,
        affectedItems.values().stream().sorted(ORDER).toList(),
        uses.unreachable());
  }

  private List<ProductName> path(ProductName product) {
    return paths.getOrDefault(product, List.of(product));
  }

  /** A product is followed again if more of its columns turn out to be affected. */
  private void follow(ProductName start, ColumnSet changed) {
    columns.put(start, changed);
    paths.put(start, List.of(start));
    Deque<ProductName> open = new ArrayDeque<>(List.of(start));
    for (ProductName from = open.poll(); from != null; from = open.poll()) {
      for (Edge edge : graph.outputs(from)) {
        ColumnSet derived = columns.getOrDefault(from, ColumnSet.ALL).through(edge);
        ColumnSet earlier = columns.get(edge.to());
        ColumnSet together = earlier == null ? derived : earlier.with(derived);
        if (!derived.isEmpty() && !together.equals(earlier)) {
          columns.put(edge.to(), together);
          paths.putIfAbsent(edge.to(), longer(path(from), edge.to()));
          open.add(edge.to());
        }
      }
    }
  }

  private static List<ProductName> longer(List<ProductName> path, ProductName next) {
    List<ProductName> longer = new ArrayList<>(path);
    longer.add(next);
    return List.copyOf(longer);
  }

  private void addProduct(IndexedProduct product) {
    List<ProductName> path = path(product.name());
    affectedItems.put(
        product.name().toString(),
        new AffectedItem(
            Kind.PRODUCT,
            product.name().toString(),
            path.size() - 1,
            product.owner(),
            path,
            List.copyOf(columns.getOrDefault(product.name(), ColumnSet.ALL).names()),
            Evidence.DECLARED));
  }

  private void addUse(ProductName product, VisibleUses.KnownUse use) {
    ColumnSet affected = columns.getOrDefault(product, ColumnSet.ALL);
    List<ProductName> path = path(product);
    if (use.details().isEmpty()) {
      add(
          new AffectedItem(
              Kind.DOMAIN,
              use.domain(),
              path.size(),
              use.contact(),
              path,
              List.of(),
              Evidence.POSSIBLE));
    } else {
      ConsumerUse consumer = use.details().get();
      if (!affected.touchesAny(consumer.columns())) {
        return;
      }
      Instant recent = graph.mesh().now().minus(UsageEntry.RECENT);
      add(
          new AffectedItem(
              consumer.subscription().isPresent() ? Kind.SUBSCRIPTION : Kind.DOMAIN,
              consumer.domain() + consumer.subscriptionName().map(name -> "/" + name).orElse(""),
              path.size(),
              consumer.contact(),
              path,
              affected.among(consumer.columns()),
              consumer.isReadSince(recent) ? Evidence.READ : Evidence.POSSIBLE));
    }
    addSilentProducts(use.domain(), path);
  }

  /** The products of a reader that state no inputs may derive from what it reads. */
  private void addSilentProducts(String domain, List<ProductName> path) {
    for (IndexedProduct candidate : graph.products()) {
      if (candidate.name().domain().equals(domain)
          && !paths.containsKey(candidate.name())
          && isKnownToBeSilent(candidate)) {
        affectedItems.putIfAbsent(
            candidate.name().toString(),
            new AffectedItem(
                Kind.PRODUCT,
                candidate.name().toString(),
                path.size(),
                candidate.owner(),
                longer(path, candidate.name()),
                List.of(),
                Evidence.POSSIBLE));
      }
    }
  }

  private boolean isKnownToBeSilent(IndexedProduct product) {
    return (VisibleMesh.isCommonKnowledge(product) || graph.mesh().owns(product))
        && graph.inputs(product.name()).isEmpty()
        && product.activity().filter(activity -> activity.snapshot().isPresent()).isPresent();
  }

  private void add(AffectedItem affected) {
    affectedItems.merge(affected.name() + " of " + affected.path(), affected, ImpactSearch::merged);
  }

  /** A reader of several major versions: the stronger evidence, and the columns of all. */
  private static AffectedItem merged(AffectedItem one, AffectedItem other) {
    SortedSet<String> columns = new TreeSet<>();
    if (!one.columns().isEmpty() && !other.columns().isEmpty()) {
      columns.addAll(one.columns());
      columns.addAll(other.columns());
    }
    return new AffectedItem(
        one.kind(),
        one.name(),
        one.steps(),
        one.contact(),
        one.path(),
        List.copyOf(columns),
        one.evidence().compareTo(other.evidence()) <= 0 ? one.evidence() : other.evidence());
  }
}
