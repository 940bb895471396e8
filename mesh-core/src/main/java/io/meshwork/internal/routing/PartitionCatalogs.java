package io.meshwork.internal.routing;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.topology.Topology;
import java.util.Optional;

/**
 * In which catalog a partition lies, by its name: {@code d} and {@code d/p} at home with domain
 * {@code d}, {@code c/@<catalog>} is what domain {@code c} writes as a guest of that catalog, and
 * {@code _mesh/@<catalog>} is the governance of that catalog. {@code _mesh} itself is that of a
 * central mesh; of any other it says which catalogs there are.
 */
public final class PartitionCatalogs {
  /** The partition of governance. */
  public static final String MESH = "_mesh";

  private static final String AT = "/@";
  private static final String READS = AT + Topology.READS;

  private PartitionCatalogs() {}

  /** The governance of one catalog. */
  public static String governance(Topology topology, String catalog) {
    return topology.shape() == Topology.Shape.CENTRAL ? MESH : MESH + AT + catalog;
  }

  /** What a domain writes as a guest of a catalog. */
  public static String guest(String domain, String catalog) {
    return NameGrammar.storage(domain) + AT + catalog;
  }

  /** The same of the catalog whose governance this is. */
  public static String guestOf(String governance, String domain) {
    return guest(domain, named(governance).orElseThrow());
  }

  /** The log of what accounts of a domain read; it lies at the domain's home. */
  public static String reads(String domain) {
    return domain + READS;
  }

  /** True if it is such a log. */
  public static boolean isReads(String partition) {
    return partition.endsWith(READS);
  }

  /** True if it is what a domain writes as a guest. */
  public static boolean isGuest(String partition) {
    return named(partition).isPresent() && !isGovernance(partition);
  }

  /** True if it is the governance of the mesh or of one catalog. */
  public static boolean isGovernance(String partition) {
    return domain(partition).equals(MESH) && !isReads(partition);
  }

  /** True if it is of the mesh as a whole, and of no catalog of several. */
  static boolean isOfMesh(String partition) {
    return domain(partition).equals(MESH) && named(partition).isEmpty();
  }

  /** The writing domain in storage form. */
  public static String domain(String partition) {
    int slash = partition.indexOf('/');
    return slash < 0 ? partition : partition.substring(0, slash);
  }

  /** The catalog that is named by the partition itself; empty if its domain says which it is. */
  static Optional<String> named(String partition) {
    int at = partition.indexOf(AT);
    if (at < 0 || isReads(partition)) {
      return Optional.empty();
    }
    int end = partition.indexOf('/', at + AT.length());
    return Optional.of(
        end < 0
            ? partition.substring(at + AT.length())
            : partition.substring(at + AT.length(), end));
  }

  /** The catalog in which a partition lies; empty if there can be none, or it is the mesh's own. */
  public static Optional<String> catalog(Topology topology, String partition) {
    Optional<String> named = named(partition);
    if (named.isPresent()) {
      return named;
    }
    return domain(partition).equals(MESH)
        ? Optional.empty()
        : topology.findCatalog(domain(partition));
  }
}
