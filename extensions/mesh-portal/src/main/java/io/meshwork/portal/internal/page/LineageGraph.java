package io.meshwork.portal.internal.page;

import io.meshwork.portal.internal.text.ProductAddress;
import io.meshwork.portal.internal.text.StatusBadge;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The products around one, as the portal draws and lists them.
 *
 * @param centre the product
 * @param nodes all of them, the product included
 * @param edges how rows flow between them
 * @param notice what the graph does not show
 */
public record LineageGraph(
    ProductAddress centre, List<Node> nodes, List<Edge> edges, String notice) {
  public LineageGraph {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
  }

  /** Returns the statuses that its products have. */
  Set<StatusBadge> statuses() {
    return nodes.stream().map(Node::status).collect(Collectors.toSet());
  }

  /**
   * A product.
   *
   * @param product the product
   * @param distance the hops to the centre: negative upstream, positive downstream
   * @param status its status
   */
  public record Node(ProductAddress product, int distance, StatusBadge status) {}

  /**
   * Rows of one product that became rows of another.
   *
   * @param from the product that was read
   * @param to the product that was published
   * @param columns which columns become which; empty if that was not stated
   */
  public record Edge(ProductAddress from, ProductAddress to, List<Columns> columns) {
    public Edge {
      columns = List.copyOf(columns);
    }

    /** Returns true if the product is at one end. */
    boolean touches(ProductAddress product) {
      return from.equals(product) || to.equals(product);
    }

    /** Returns the columns of a product at one end that this edge carries. */
    List<String> columnsOf(ProductAddress product) {
      return columns.stream()
          .map(pair -> from.equals(product) ? pair.from() : pair.to())
          .distinct()
          .toList();
    }

    /** Returns the pairs of columns in words. */
    String columnText() {
      return columns.stream()
          .map(
              pair ->
                  pair.from().equals(pair.to())
                      ? pair.from()
                      : pair.from() + " \u2192 " + pair.to())
          .collect(Collectors.joining(", "));
    }
  }

  /**
   * A column that becomes another.
   *
   * @param from the column that is read
   * @param to the column that is published
   */
  public record Columns(String from, String to) {}
}
