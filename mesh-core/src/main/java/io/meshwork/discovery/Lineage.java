package io.meshwork.discovery;

import io.meshwork.card.Health;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
     * @throws io.meshwork.error.NotFoundException if the product does not exist
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

  /**
   * Where the trouble of a product comes from: the nearest products upstream that are late or in
   * violation and have no such input themselves, or the product itself. A rule that is broken is
   * never the fault of an input that is only late. Immutable. {@link Lineage#NOTICE} applies.
   *
   * @param product the product that was asked about
   * @param status its status
   * @param origins the suspected origins, nearest first; empty if the product is in no trouble and
   *     nothing upstream is
   * @param unreachable the catalogs that could not be read; what they have is missing
   */
  public record Fault(
      ProductName product, Health.Status status, List<Origin> origins, List<String> unreachable) {
    public Fault {
      origins = List.copyOf(origins);
      unreachable = List.copyOf(unreachable);
    }

    /**
     * A suspected origin.
     *
     * @param product the product
     * @param status its status
     * @param since when that is the case; empty if that is unknown
     * @param problems what is wrong, each in a sentence, as {@code Health.problems()}
     * @param contact whom to ask
     * @param path the products from the requested one to the origin
     */
    public record Origin(
        ProductName product,
        Health.Status status,
        Optional<Instant> since,
        List<String> problems,
        String contact,
        List<ProductName> path) {
      public Origin {
        problems = List.copyOf(problems);
        path = List.copyOf(path);
      }
    }
  }

  /**
   * Who must know when a product or some of its columns change. Immutable. {@link Lineage#NOTICE}
   * applies.
   *
   * @param product the product that changes
   * @param columns the columns that change; empty for all
   * @param affected the products and consumers, by number of steps and name
   * @param unreachable the catalogs that could not be read; what they have is missing
   */
  public record Impact(
      ProductName product,
      List<String> columns,
      List<AffectedItem> affected,
      List<String> unreachable) {
    public Impact {
      columns = List.copyOf(columns);
      affected = List.copyOf(affected);
      unreachable = List.copyOf(unreachable);
    }

    /** What is affected. */
    public enum Kind {
      /** A product. */
      PRODUCT,
      /** A subscription. */
      SUBSCRIPTION,
      /** The reads of a domain. */
      DOMAIN
    }

    /** How it is known. */
    public enum Evidence {
      /** A publish states it as its input. */
      DECLARED,
      /** It read a column that changes in the last 90 days. */
      READ,
      /**
       * It may be affected: it may read, or its domain reads and publishes without saying from
       * what.
       */
      POSSIBLE
    }

    /**
     * What is affected.
     *
     * @param kind the kind
     * @param name the product, {@code domain/subscription}, or the domain
     * @param steps the number of steps from the product that changes, from 1
     * @param contact whom to tell; the owner of the product or the domain where the caller may not
     *     know the subscription's
     * @param path the products on the way, first the product that changes
     * @param columns the columns that are affected, of the product itself or as read; empty for
     *     all, and where the caller may not know them
     * @param evidence how it is known
     */
    public record AffectedItem(
        Kind kind,
        String name,
        int steps,
        String contact,
        List<ProductName> path,
        List<String> columns,
        Evidence evidence) {
      public AffectedItem {
        path = List.copyOf(path);
        columns = List.copyOf(columns);
      }
    }
  }
}
