package io.meshwork.internal.discovery;

import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Edge;
import io.meshwork.discovery.Lineage.Node;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Walks from a product to products that it derives from and that derive from it. */
final class LineageWalk {
  private static final Comparator<Node> ORDER =
      Comparator.comparingInt(Node::distance).thenComparing(node -> node.product().toString());

  private final VisibleGraph graph;
  private final Map<ProductName, Integer> distances = new TreeMap<>(VisibleGraph.byText());

  private LineageWalk(VisibleGraph graph) {
    this.graph = graph;
  }

  static Lineage of(VisibleGraph graph, ProductName product, int up, int down) {
    LineageWalk walk = new LineageWalk(graph);
    walk.distances.put(product, 0);
    walk.walk(product, up, -1, node -> graph.inputs(node).stream().map(Edge::from).toList());
    walk.walk(product, down, 1, node -> graph.outputs(node).stream().map(Edge::to).toList());
    return walk.lineage(product);
  }

  private void walk(
      ProductName start, int steps, int sign, Function<ProductName, List<ProductName>> next) {
    List<ProductName> open = List.of(start);
    for (int step = 1; step <= steps && !open.isEmpty(); step++) {
      List<ProductName> inputs = new ArrayList<>();
      for (ProductName from : open) {
        for (ProductName to : next.apply(from)) {
          if (distances.putIfAbsent(to, sign * step) == null) {
            inputs.add(to);
          }
        }
      }
      open = inputs;
    }
  }

  private Lineage lineage(ProductName product) {
    List<Node> nodes = new ArrayList<>();
    List<Edge> edges = new ArrayList<>();
    Set<ProductName> names = distances.keySet();
    for (ProductName name : names) {
      graph
          .find(name)
          .ifPresent(indexed -> nodes.add(node(indexed, distances.getOrDefault(name, 0))));
      graph.outputs(name).stream().filter(edge -> names.contains(edge.to())).forEach(edges::add);
    }
    nodes.sort(ORDER);
    return new Lineage(product, nodes, edges, graph.mesh().index().unreachable());
  }

  private Node node(IndexedProduct product, int distance) {
    return new Node(
        product.name(),
        distance,
        graph.mesh().health(product).status(),
        product.owner(),
        product.indexEntry().classification());
  }
}
