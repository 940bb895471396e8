package io.meshwork.aws.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.LinkEntry;
import io.meshwork.internal.catalog.LinkName;
import io.meshwork.internal.catalog.LinkTarget;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The links that the domain of an account gave names to, to products of one catalog. Immutable.
 *
 * @param links links that lead to a table now, by name
 * @param refusals links that stay unchanged, because what they lead to is not known
 */
record NamedLinks(List<NamedLink> links, List<Refusal> refusals) {
  /** The most characters of a name, so that the key of its object is short enough. */
  private static final int MAX_LENGTH = 300;

  NamedLinks {
    links = List.copyOf(links);
    refusals = List.copyOf(refusals);
  }

  /**
   * A name for a table. Immutable.
   *
   * @param database the database that has the link
   * @param name the name of the link there
   * @param targetDatabase the database of the table in the account of the catalog
   * @param table the table
   */
  record NamedLink(String database, String name, String targetDatabase, String table) {
    /** Returns true if it leads to a table that is shared, or that somebody reads. */
    boolean isTo(DatabaseShare share) {
      return share.database().equals(targetDatabase) && share.tables().contains(table);
    }
  }

  /** Returns no links. */
  static NamedLinks none() {
    return new NamedLinks(List.of(), List.of());
  }

  /**
   * Reads the links of the domain that an account acts for.
   *
   * @param own the databases that the mirror names itself, and that have no other links
   */
  static NamedLinks of(MirroredCatalog mirrored, String account, Set<String> own) {
    Catalog catalog = mirrored.session().catalog();
    return catalog.domains().stream()
        .map(DomainEntry::domain)
        .filter(domain -> domain.accounts().contains(account))
        .findFirst()
        .map(
            domain ->
                new ReadLinks(mirrored.name(), catalog, domain.name(), own, mirrored.product())
                    .read())
        .orElseGet(NamedLinks::none);
  }

  private static final class ReadLinks {
    private final String name;
    private final Catalog catalog;
    private final String domain;
    private final Set<String> own;
    private final Optional<ProductName> only;
    private final List<NamedLink> links = new ArrayList<>();
    private final List<Refusal> refusals = new ArrayList<>();

    ReadLinks(
        String name, Catalog catalog, String domain, Set<String> own, Optional<ProductName> only) {
      this.name = name;
      this.catalog = catalog;
      this.domain = domain;
      this.own = own;
      this.only = only;
    }

    NamedLinks read() {
      try {
        catalog.links(domain).forEach(this::add);
      } catch (MeshException e) {
        refuse(LakeFormationKeys.LINKS, "links of " + domain, e);
      }
      return new NamedLinks(links, refusals);
    }

    private void add(LinkEntry link) {
      if (catalog.topology().findCatalog(link.domain()).filter(name::equals).isEmpty()) {
        return;
      }
      if (!concerns(link)) {
        return;
      }
      try {
        LinkTarget target = LinkTarget.of(catalog, link);
        if (target.isDangling()) {
          return;
        }
        target
            .product()
            .ifPresentOrElse(
                product -> add(link.name(), product.name(), target.major()),
                () -> addProducts(link));
      } catch (MeshException e) {
        refuse(
            LakeFormationKeys.link(link.name().database()),
            "link " + domain + " " + link.name(),
            e);
      }
    }

    /** False for a link that cannot lead to the only product of the catalog. */
    private boolean concerns(LinkEntry link) {
      return only.map(
              product ->
                  link.domain().equals(product.domain())
                      && link.product().orElse(product).equals(product))
          .orElse(true);
    }

    /** A link to a whole domain has the names that a consumer uses in the mesh. */
    private void addProducts(LinkEntry link) {
      List<ProductEntry> products =
          only.map(product -> catalog.findProduct(product).stream().toList())
              .orElseGet(() -> catalog.products(link.domain()));
      for (ProductEntry product : products) {
        add(
            link.name().table(NameGrammar.storage(product.name().product())),
            product.name(),
            product.currentMajor());
      }
    }

    private void add(LinkName link, ProductName product, int major) {
      if (link.toString().length() > MAX_LENGTH) {
        refusals.add(Refusal.ofObject("long/" + link, tooLong(link)));
        return;
      }
      if (own.contains(link.database())) {
        refusals.add(Refusal.ofObject("taken/" + link.database(), nameTaken(link)));
        return;
      }
      links.add(
          new NamedLink(
              link.database(),
              link.table().orElseThrow(),
              RegistryKeys.partition(product.domain()),
              TableName.of(product, major).table()));
    }

    private Finding tooLong(LinkName link) {
      return new Finding(
          FindingCode.MIRROR_LIMIT,
          Finding.Severity.WARNING,
          "link " + domain + " " + link,
          "Its name has more than " + MAX_LENGTH + " characters, so it is not in Glue.",
          0,
          List.of(),
          "Link the product under a shorter name.");
    }

    private Finding nameTaken(LinkName link) {
      return new Finding(
          FindingCode.LINK_NAME_TAKEN,
          Finding.Severity.WARNING,
          "links of " + domain + " in " + link.database(),
          "The mirror has its own links in a database with this name, so they are not in Glue.",
          0,
          List.of(),
          "Link the products into another database.");
    }

    private void refuse(String key, String subject, MeshException failure) {
      if (failure instanceof BackendException ended
          && (ended.errorCode() == ErrorCode.INTERRUPTED
              || ended.errorCode() == ErrorCode.DEADLINE_PASSED)) {
        throw failure;
      }
      refusals.add(
          Refusal.ofContainer(
              key,
              Finding.error(
                  FindingCode.MIRROR_UNCERTAIN,
                  subject,
                  "It cannot be read ("
                      + failure.code()
                      + "), so nothing of it is removed in Glue.",
                  "Run the mirrors again. If it is still so, read the findings of doctor()"
                      + " on the mesh.")));
    }
  }
}
