package io.meshwork.governance;

import io.meshwork.access.Grantee;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.session.Session;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

  static MeshShape of(Session session) {
    session.checkOpen("look at the shape of the mesh");
    return new Counting(session).shape();
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

  /** Reads what there is, catalog by catalog. */
  private static final class Counting {
    private final Catalog catalog;
    private final RightsDocuments rights;
    private final List<Home> homes = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();
    private final List<DomainEntry> domains = new ArrayList<>();

    Counting(Session session) {
      this.catalog = session.catalog();
      this.rights = session.rights().documents();
    }

    MeshShape shape() {
      for (String name : catalog.catalogs()) {
        List<DomainEntry> here = catalog.domainsOf(name);
        domains.addAll(here);
        homes.add(
            new Home(
                name,
                here.stream().map(entry -> entry.domain().name()).toList(),
                catalog.guests(name).stream().map(Catalog.Consumer::domain).toList()));
        asked.add(
            name
                + ": "
                + here.stream()
                    .map(entry -> entry.domain().owner())
                    .distinct()
                    .collect(Collectors.joining(", ")));
      }
      int links = 0;
      int shares = 0;
      for (DomainEntry entry : domains) {
        String name = entry.domain().name();
        for (LinkEntry link : catalog.links(name)) {
          links += isElsewhere(name, link.domain()) ? 1 : 0;
        }
        for (StoredGrant grant : rights.grants(entry)) {
          shares += reaches(name, grant);
        }
        for (ProductEntry product : catalog.products(name)) {
          for (StoredGrant grant : rights.grants(product.name())) {
            shares += reaches(name, grant);
          }
        }
      }
      return new MeshShape(
          catalog.topology(), homes, new Cost(homes.size(), links, shares, homes.size(), asked));
    }

    private boolean isElsewhere(String domain, String other) {
      return !home(domain).equals(home(other));
    }

    private Optional<String> home(String domain) {
      return catalog.topology().findCatalog(domain);
    }

    private int reaches(String owner, StoredGrant grant) {
      if (grant.to().kind() == Grantee.Kind.ORGANIZATION) {
        return homes.size() - 1;
      }
      return grant
          .to()
          .account()
          .flatMap(this::domainOf)
          .filter(consumer -> isElsewhere(owner, consumer))
          .map(consumer -> 1)
          .orElse(0);
    }

    private Optional<String> domainOf(String account) {
      return domains.stream()
          .filter(entry -> entry.domain().accounts().contains(account))
          .map(entry -> entry.domain().name())
          .findFirst();
    }
  }
}
