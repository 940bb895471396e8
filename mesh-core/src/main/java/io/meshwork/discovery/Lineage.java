package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.util.List;

/**
 * The products that a product derives from and that derive from it, as their publishes state it.
 * Immutable.
 *
 * @param product the product in the middle
 * @param nodes the products, by distance and name; the product itself has distance 0
 * @param edges what derives from what, by names
 * @param unreachable the catalogs that could not be read; what they have is missing
 */
public record Lineage(
    ProductName product, List<Node> nodes, List<Edge> edges, List<String> unreachable) {
  /** Accompanies each graph, whether something is hidden from the caller or not. */
  public static final String NOTICE =
      "This shows what the caller may know; other products may be connected.";

  /** Copies the lists. */
  public Lineage {
    nodes = List.copyOf(nodes);
    edges = List.copyOf(edges);
    unreachable = List.copyOf(unreachable);
  }

  /**
   * A question for the lineage of a product, which follows no step before you say how many. Nothing
   * is read before {@link #graph()}. Not thread-safe. {@code MeshClient.lineage(..)} creates it.
   */
  public interface Query {
    /**
     * Follows derivations to the inputs of the product. Default: 0.
     *
     * @param steps how many, from 0
     */
    Query upstream(int steps);

    /**
     * Follows derivations to what derives from the product. Default: 0.
     *
     * @param steps how many, from 0
     */
    Query downstream(int steps);

    /**
     * Returns the products and derivations.
     *
     * @throws io.meshwork.error.NotFoundException if there is no such product
     */
    Lineage graph();
  }

  /**
   * A product of the graph.
   *
   * @param product its name
   * @param distance the number of edges from the product in the middle; negative if it is upstream
   * @param status its status
   * @param owner the contact of its owner
   * @param classification its sensitivity
   */
  public record Node(
      ProductName product,
      int distance,
      Health.Status status,
      String owner,
      Classification classification) {}

  /**
   * A derivation that publishes stated in the last 90 days, or the newest one with rows.
   *
   * @param from the input
   * @param to the product that derives from it
   * @param columns which columns derive from which; empty if that was not stated
   */
  public record Edge(ProductName from, ProductName to, List<ColumnEdge> columns) {
    /** Copies the list. */
    public Edge {
      columns = List.copyOf(columns);
    }
  }

  /**
   * A column that derives from another.
   *
   * @param from the path in the input
   * @param to the path in the product that derives from it
   */
  public record ColumnEdge(String from, String to) {}
}
