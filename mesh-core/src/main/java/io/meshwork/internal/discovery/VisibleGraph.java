package io.meshwork.internal.discovery;

import io.meshwork.discovery.Lineage.ColumnEdge;
import io.meshwork.discovery.Lineage.Edge;
import io.meshwork.internal.index.DeclaredInputs.DeclaredInput;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a caller may know of the products, their declared inputs, and their uses. Every question
 * about lineage is answered from this graph only, so that no answer depends on what is hidden.
 * Immutable.
 */
final class VisibleGraph {
  private final VisibleMesh mesh;
  private final Map<ProductName, IndexedProduct> products = new TreeMap<>(byText());
  private final Map<ProductName, List<Edge>> inputs = new TreeMap<>(byText());
  private final Map<ProductName, List<Edge>> outputs = new TreeMap<>(byText());

  private VisibleGraph(VisibleMesh mesh) {
    this.mesh = mesh;
    mesh.index().products().forEach(product -> products.put(product.name(), product));
    products.values().forEach(this::addInputs);
  }

  static Comparator<ProductName> byText() {
    return Comparator.comparing(ProductName::toString);
  }

  static VisibleGraph of(ClientSession session) {
    return new VisibleGraph(VisibleMesh.of(session));
  }

  private void addInputs(IndexedProduct product) {
    Map<ProductName, Optional<Map<ColumnEdge, Boolean>>> stated = new TreeMap<>(byText());
    for (DeclaredInput input :
        product
            .activity()
            .map(ProductActivity::inputs)
            .map(all -> all.at(mesh.now()))
            .orElse(List.of())) {
      IndexedProduct from = products.get(input.major().product());
      boolean itself = input.major().product().equals(product.name()); // a republish, a back-fill
      if (from != null && !itself && isVisible(from, input.major().major(), product)) {
        stated.merge(from.name(), columns(input), VisibleGraph::together);
      }
    }
    stated.forEach(
        (from, columns) ->
            add(
                new Edge(
                    from,
                    product.name(),
                    columns.map(pairs -> List.copyOf(pairs.keySet())).orElse(List.of()))));
  }

  private void add(Edge edge) {
    inputs.computeIfAbsent(edge.to(), first -> new ArrayList<>()).add(edge);
    outputs.computeIfAbsent(edge.from(), first -> new ArrayList<>()).add(edge);
  }

  /** Everyone may know an edge between products at most INTERNAL; others only its two ends. */
  private boolean isVisible(IndexedProduct from, int major, IndexedProduct to) {
    return (VisibleMesh.isCommonKnowledge(from, major) && VisibleMesh.isCommonKnowledge(to))
        || mesh.owns(from)
        || mesh.owns(to);
  }

  /** The pairs of columns, in order; empty if a publish stated none. */
  private static Optional<Map<ColumnEdge, Boolean>> columns(DeclaredInput input) {
    Map<ColumnEdge, Boolean> pairs = new LinkedHashMap<>();
    for (String pair : input.columns()) {
      int end = pair.indexOf('=');
      pairs.put(new ColumnEdge(pair.substring(end + 1), pair.substring(0, Math.max(0, end))), true);
    }
    return pairs.isEmpty() ? Optional.empty() : Optional.of(pairs);
  }

  private static Optional<Map<ColumnEdge, Boolean>> together(
      Optional<Map<ColumnEdge, Boolean>> one, Optional<Map<ColumnEdge, Boolean>> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return Optional.empty();
    }
    Map<ColumnEdge, Boolean> all = new LinkedHashMap<>(one.get());
    all.putAll(other.get());
    return Optional.of(all);
  }

  VisibleMesh mesh() {
    return mesh;
  }

  Optional<IndexedProduct> find(ProductName product) {
    return Optional.ofNullable(products.get(product));
  }

  /** All products, by name. */
  List<IndexedProduct> products() {
    return List.copyOf(products.values());
  }

  /** What a product derives from. */
  List<Edge> inputs(ProductName product) {
    return inputs.getOrDefault(product, List.of());
  }

  /** What derives from a product. */
  List<Edge> outputs(ProductName product) {
    return outputs.getOrDefault(product, List.of());
  }
}
