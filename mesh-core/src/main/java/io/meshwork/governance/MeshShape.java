package io.meshwork.governance;

import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The shape of a mesh as it stands: which catalogs there are, who lives in them, and what that
 * costs. Immutable.
 *
 * @param topology the shape that it was made with
 * @param catalogs in the order of their names
 * @param cost numbers to compare shapes by
 */
public record MeshShape(Topology topology, List<Home> catalogs, Cost cost) {
  /** Copies the catalogs. */
  public MeshShape {
    catalogs = List.copyOf(catalogs);
  }

  /**
   * A catalog.
   *
   * @param domains whose home it is, by name
   * @param guests domains from other catalogs that consume here, by name
   */
  public record Home(String catalog, List<String> domains, List<String> guests) {
    /** Copies the lists. */
    public Home {
      domains = List.copyOf(domains);
      guests = List.copyOf(guests);
    }
  }

  /**
   * What a shape costs for the mesh as it is.
   *
   * @param catalogs how many there are to be run and backed up
   * @param links links that stand for something in another catalog, which a central mesh needs none
   *     of
   * @param shares grants that reach into another catalog, one for each that they reach
   * @param updatesForATag how many catalogs have to be changed for a tag that all domains are to
   *     have
   * @param auditMustAsk the catalogs whose logs an audit of the whole mesh reads, each with whom to
   *     ask: the owners of its domains
   */
  public record Cost(
      int catalogs, int links, int shares, int updatesForATag, List<String> auditMustAsk) {
    /** Copies the list. */
    public Cost {
      auditMustAsk = List.copyOf(auditMustAsk);
    }

    /** The numbers in one line. */
    @Override
    public String toString() {
      return "catalogs "
          + catalogs
          + ", links across "
          + links
          + ", shares across "
          + shares
          + ", catalogs to update for a tag "
          + updatesForATag
          + ", an audit asks "
          + auditMustAsk.size();
    }
  }

  /** A table of several shapes, one line each, for a person. */
  public static String compared(List<MeshShape> shapes) {
    StringBuilder table =
        new StringBuilder(line("shape", "catalogs", "links", "shares", "for a tag", "audit asks"));
    for (MeshShape shape : shapes) {
      Cost cost = shape.cost();
      table
          .append('\n')
          .append(
              line(
                  shape.topology().shape().name().toLowerCase(Locale.ROOT),
                  Integer.toString(cost.catalogs()),
                  Integer.toString(cost.links()),
                  Integer.toString(cost.shares()),
                  Integer.toString(cost.updatesForATag()),
                  Integer.toString(cost.auditMustAsk().size())));
    }
    return table.toString();
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-10s %8s %6s %7s %10s %11s", (Object[]) cells);
  }

  /** The shape in lines: its catalogs, then what it costs. */
  @Override
  public String toString() {
    return topology
        + "\n"
        + catalogs.stream()
            .map(
                home ->
                    "  "
                        + home.catalog()
                        + "  domains "
                        + home.domains()
                        + (home.guests().isEmpty() ? "" : "  guests " + home.guests()))
            .collect(Collectors.joining("\n"))
        + "\n"
        + cost;
  }
}
