package io.meshwork.internal.discovery;

import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.discovery.Lineage.Edge;
import io.meshwork.discovery.Lineage.Fault;
import io.meshwork.discovery.Lineage.Fault.Origin;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.product.ProductName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Finds where the trouble of a product comes from: walks upstream, breadth first, through products
 * that are in trouble or promise nothing. An origin is in trouble, and none of the products that it
 * derives from explains it.
 */
final class FaultSearch {
  private final VisibleGraph graph;
  private final IndexedProduct start;
  private final Map<ProductName, List<ProductName>> paths = new TreeMap<>(VisibleGraph.byText());
  private final Map<ProductName, Health> healths = new HashMap<>();

  private FaultSearch(VisibleGraph graph, IndexedProduct start) {
    this.graph = graph;
    this.start = start;
  }

  static Fault of(VisibleGraph graph, IndexedProduct product) {
    return new FaultSearch(graph, product).fault();
  }

  private Fault fault() {
    ProductName product = start.name();
    List<Origin> origins = new ArrayList<>();
    Deque<ProductName> open = new ArrayDeque<>(List.of(product));
    paths.put(product, List.of(product));
    for (ProductName name = open.poll(); name != null; name = open.poll()) {
      List<ProductName> path = paths.getOrDefault(name, List.of());
      Health health = health(name);
      if (isFaulty(health) && !hasFaultyInput(name)) {
        origins.add(
            new Origin(
                name, health.status(), health.since(), health.problems(), health.contact(), path));
      }
      if (passesOn(health) || name.equals(product)) {
        for (Edge edge : graph.inputs(name)) {
          if (!paths.containsKey(edge.from())) {
            List<ProductName> longer = new ArrayList<>(path);
            longer.add(edge.from());
            paths.put(edge.from(), List.copyOf(longer));
            open.add(edge.from());
          }
        }
      }
    }
    return new Fault(
        product, health(product).status(), origins, graph.mesh().index().unreachable());
  }

  /**
   * True if an input explains the trouble of a product: a broken rule, only one that breaks a rule.
   * Products can be inputs of each other; a product is not an input of itself.
   */
  private boolean hasFaultyInput(ProductName name) {
    boolean breaksRule = breaksRule(health(name));
    Set<ProductName> seen = new HashSet<>(Set.of(name));
    Deque<ProductName> open = new ArrayDeque<>(List.of(name));
    for (ProductName each = open.poll(); each != null; each = open.poll()) {
      for (Edge edge : graph.inputs(each)) {
        if (seen.add(edge.from())) {
          Health health = health(edge.from());
          if ((breaksRule ? breaksRule(health) : isFaulty(health)) && !reaches(name, edge.from())) {
            return true;
          }
          if (passesOn(health)) {
            open.add(edge.from());
          }
        }
      }
    }
    return false;
  }

  /** True if a product is upstream of another, so that both are in one circle. */
  private boolean reaches(ProductName from, ProductName to) {
    Set<ProductName> seen = new HashSet<>(Set.of(to));
    Deque<ProductName> open = new ArrayDeque<>(List.of(to));
    for (ProductName each = open.poll(); each != null; each = open.poll()) {
      for (Edge edge : graph.inputs(each)) {
        if (edge.from().equals(from)) {
          return true;
        }
        if (seen.add(edge.from())) {
          open.add(edge.from());
        }
      }
    }
    return false;
  }

  private Health health(ProductName product) {
    return healths.computeIfAbsent(
        product,
        name ->
            graph
                .mesh()
                .health(name.equals(start.name()) ? start : graph.find(name).orElseThrow()));
  }

  private static boolean isFaulty(Health health) {
    return health.isLate() || breaksRule(health);
  }

  private static boolean breaksRule(Health health) {
    return health.quality().filter(quality -> !quality.brokenRules().isEmpty()).isPresent();
  }

  /** A product that is as fresh as promised does not pass on the trouble of its inputs. */
  private static boolean passesOn(Health health) {
    boolean keepsItsPromise =
        health.status() == Status.QUARANTINING && health.freshness().promised().isPresent();
    return health.status() != Status.FRESH && !keepsItsPromise;
  }
}
