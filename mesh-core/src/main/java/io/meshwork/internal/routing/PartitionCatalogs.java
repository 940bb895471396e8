package io.meshwork.internal.routing;

import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.topology.Topology;
import java.util.Optional;

/**
 * Finds the catalog of a partition by its name. {@code d} and {@code d/p} are in the home of domain
 * {@code d}, as is {@code d/@by/<account>}, which executors of that account write for {@code d};
 * {@code c/@<catalog>} is written by domain {@code c} as a consumer of products of that catalog: as
 * a guest, or in its home where consumers have separate partitions; and {@code _mesh/@<catalog>} is
 * the governance partition of that catalog, {@code _mesh/@<catalog>/mirrors} has what its mirrors
 * show. {@code _mesh} is the governance partition of a central mesh; in other topologies it lists
 * the catalogs.
 */
public final class PartitionCatalogs {
  /** The governance partition of the mesh. */
  public static final String MESH = "_mesh";

  private static final String AT = "/@";
  private static final String MIRRORS = "/mirrors";
  private static final String READS = AT + Topology.READS;
  private static final String BY = AT + Topology.BY + "/";

  private PartitionCatalogs() {}

  public static String governance(Topology topology, String catalog) {
    return topology.shape() == Topology.Shape.CENTRAL ? MESH : governance(catalog);
  }

  /** The governance partition of a catalog in a mesh of several. */
  public static String governance(String catalog) {
    return MESH + AT + catalog;
  }

  /** The partition with what mirrors show of a catalog, by its governance partition. */
  public static String mirrors(String governance) {
    return governance + MIRRORS;
  }

  /**
   * The partition in the registry of its catalog, which has the governance partition {@link #MESH}.
   */
  static String inCatalog(String partition) {
    if (!isGovernance(partition)) {
      return partition;
    }
    return partition.endsWith(MIRRORS) ? mirrors(MESH) : MESH;
  }

  /**
   * The partition of a mesh of several catalogs that is this one in the registry of its catalog.
   */
  static String inMesh(String catalog, String partition) {
    return isGovernance(partition)
        ? governance(catalog) + partition.substring(MESH.length())
        : partition;
  }

  /** The partition that a domain writes as a consumer of products of a catalog. */
  public static String consumer(String domain, String catalog) {
    return NameGrammar.storage(domain) + AT + catalog;
  }

  public static String consumerOf(String governance, String domain) {
    return consumer(domain, named(governance).orElseThrow());
  }

  /** The partition with the log of reads and denials of a domain, in the domain's home. */
  public static String reads(String domain) {
    return domain + READS;
  }

  /** True if it is the partition of a log of reads and denials. */
  public static boolean isReads(String partition) {
    return partition.endsWith(READS);
  }

  /**
   * The partition that executors of an account write for a domain, in the domain's home.
   *
   * @param account unchanged: accounts that differ only by a hyphen are different
   */
  public static String executor(String domain, String account) {
    return NameGrammar.storage(domain) + BY + account;
  }

  public static boolean isExecutor(String partition) {
    return partition.contains(BY);
  }

  /**
   * True if a domain writes it only as a consumer: as a guest, or separately from its own
   * partition.
   */
  public static boolean isConsumer(String partition) {
    return named(partition).isPresent() && !isGovernance(partition);
  }

  /** True if it is the governance partition of the mesh or of a catalog. */
  public static boolean isGovernance(String partition) {
    return domain(partition).equals(MESH) && !isReads(partition);
  }

  /** True if it is a partition of the mesh as a whole, not of one of its catalogs. */
  static boolean isMeshWide(String partition) {
    return domain(partition).equals(MESH) && named(partition).isEmpty();
  }

  /** The writing domain in storage form. */
  public static String domain(String partition) {
    int slash = partition.indexOf('/');
    return slash < 0 ? partition : partition.substring(0, slash);
  }

  /** The catalog in the partition's name; empty if it follows from the domain. */
  static Optional<String> named(String partition) {
    int at = partition.indexOf(AT);
    if (at < 0 || isReads(partition) || isExecutor(partition)) {
      return Optional.empty();
    }
    int end = partition.indexOf('/', at + AT.length());
    return Optional.of(
        end < 0
            ? partition.substring(at + AT.length())
            : partition.substring(at + AT.length(), end));
  }

  /** The catalog of a partition; empty if the topology has none, or the partition is mesh-wide. */
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
