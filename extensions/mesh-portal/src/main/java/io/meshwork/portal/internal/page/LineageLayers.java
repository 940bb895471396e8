package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Orders the nodes of a graph in layers by their signed distance, so that few edges cross: each
 * sweep sorts a layer by the mean position of the neighbours in the layer before it, first to the
 * right and then to the left. The same graph always gets the same order.
 */
final class LineageLayers {
  private static final int SWEEPS = 4;

  private final TreeMap<Integer, List<LineageGraph.Node>> layers = new TreeMap<>();
  private final Map<ProductAddress, List<ProductAddress>> neighbours = new HashMap<>();
  private final Map<ProductAddress, Double> position = new HashMap<>();

  private LineageLayers(List<LineageGraph.Node> nodes, List<LineageGraph.Edge> edges) {
    nodes.stream()
        .sorted(Comparator.comparing(node -> node.product().toString()))
        .forEach(
            node -> layers.computeIfAbsent(node.distance(), layer -> new ArrayList<>()).add(node));
    for (LineageGraph.Edge edge : edges) {
      neighbours.computeIfAbsent(edge.from(), from -> new ArrayList<>()).add(edge.to());
      neighbours.computeIfAbsent(edge.to(), to -> new ArrayList<>()).add(edge.from());
    }
    layers.values().forEach(this::number);
  }

  /** Returns the layers from left to right, each from top to bottom. */
  static List<List<LineageGraph.Node>> of(
      List<LineageGraph.Node> nodes, List<LineageGraph.Edge> edges) {
    LineageLayers ordered = new LineageLayers(nodes, edges);
    List<Integer> distances = List.copyOf(ordered.layers.keySet());
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (int i = 1; i < distances.size(); i++) {
        ordered.sort(distances.get(i), distances.get(i - 1));
      }
      for (int i = distances.size() - 2; i >= 0; i--) {
        ordered.sort(distances.get(i), distances.get(i + 1));
      }
    }
    return ordered.layers.values().stream().map(List::copyOf).toList();
  }

  private void sort(int distance, int fixed) {
    List<LineageGraph.Node> layer = layers.getOrDefault(distance, List.of());
    Map<ProductAddress, Double> wanted = new HashMap<>();
    for (LineageGraph.Node node : layer) {
      List<ProductAddress> beside = new ArrayList<>();
      for (LineageGraph.Node neighbor : layers.getOrDefault(fixed, List.of())) {
        if (neighbours.getOrDefault(node.product(), List.of()).contains(neighbor.product())) {
          beside.add(neighbor.product());
        }
      }
      wanted.put(
          node.product(),
          beside.stream()
              .mapToDouble(product -> position.getOrDefault(product, 0.0))
              .average()
              .orElse(position.getOrDefault(node.product(), 0.0)));
    }
    layer.sort(
        Comparator.<LineageGraph.Node>comparingDouble(
                node -> wanted.getOrDefault(node.product(), 0.0))
            .thenComparing(node -> node.product().toString()));
    number(layer);
  }

  /** Positions count from the middle of a layer, so that layers can be compared. */
  private void number(List<LineageGraph.Node> layer) {
    for (int i = 0; i < layer.size(); i++) {
      position.put(layer.get(i).product(), i - (layer.size() - 1) / 2.0);
    }
  }
}
