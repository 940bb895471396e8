package io.meshwork.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.MeshTables.TablePosition;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A catalog whose registry is shown in an account, at one time: its domains are read once, for all
 * mirrors. Used by one thread.
 */
public final class MirroredCatalog {
  private static final MeshAction ACTION = MeshAction.of(Verb.READ, "what is mirrored");

  private final String name;
  private final String account;
  private final Principal runner;
  private final ClientSession session;
  private final Scope scope;
  private @Nullable List<MirroredDomain> domains;
  private @Nullable List<TableName> tables;

  /**
   * What of a catalog is shown.
   *
   * @param product the only product; null for all
   * @param onlyRows true if it has other rows, and is the same otherwise
   * @param wholeDomain true with the other products of its domain
   */
  private record Scope(@Nullable ProductName product, boolean onlyRows, boolean wholeDomain) {
    static final Scope WHOLE_CATALOG = new Scope(null, false, true);
  }

  /**
   * Creates it; reads nothing.
   *
   * @param name the name of the catalog; {@code mesh} in a central mesh
   * @param account the account whose services show it
   * @param runner the principal that reads and changes the services
   * @param session reads the registry: of the runner, or of this process if it may not act as that
   */
  public MirroredCatalog(String name, String account, Principal runner, ClientSession session) {
    this(name, account, runner, session, Scope.WHOLE_CATALOG);
  }

  private MirroredCatalog(
      String name, String account, Principal runner, ClientSession session, Scope scope) {
    this.name = name;
    this.account = account;
    this.runner = runner;
    this.session = session;
    this.scope = scope;
  }

  /**
   * Returns the same catalog with one product alone, which costs the same in a large catalog.
   *
   * @param rows true if only its rows changed
   */
  MirroredCatalog of(ProductName product, boolean rows) {
    return new MirroredCatalog(name, account, runner, session, new Scope(product, rows, false));
  }

  /** Returns the same catalog with all products of the domain of the only product. */
  public MirroredCatalog ofDomain() {
    return new MirroredCatalog(
        name, account, runner, session, new Scope(scope.product(), scope.onlyRows(), true));
  }

  /** Returns the only product; empty if the catalog has all. */
  public Optional<ProductName> product() {
    return Optional.ofNullable(scope.product());
  }

  /** Returns true if the only product has other rows, and is the same otherwise. */
  public boolean isOfRows() {
    return scope.onlyRows();
  }

  /**
   * Returns the names of all tables that the only product has or had; empty if the catalog has all,
   * or only rows changed.
   *
   * @throws BackendException if the registry cannot be read
   */
  public List<TableName> tablesOfProduct() {
    List<TableName> cached = tables;
    if (cached == null) {
      ProductName product = scope.product();
      cached =
          product == null || scope.onlyRows()
              ? List.of()
              : session.catalog().majors(product).stream()
                  .map(major -> TableName.of(product, major))
                  .toList();
      tables = cached;
    }
    return cached;
  }

  /** Returns the name of the catalog; {@code mesh} in a central mesh. */
  public String name() {
    return name;
  }

  /** Returns the account whose services show it. */
  public String account() {
    return account;
  }

  /** Returns the principal that reads and changes the services. */
  public Principal runner() {
    return runner;
  }

  /** Returns the session that reads the registry. */
  public ClientSession session() {
    return session;
  }

  /**
   * A domain of the catalog. Immutable.
   *
   * @param entry its document
   * @param tables the tables of its major versions that consumers read, by product and version
   * @param uncertainty why some of its tables are missing in the list; empty if none are
   */
  public record MirroredDomain(
      DomainEntry entry, List<MirroredTable> tables, List<Finding> uncertainty) {
    public MirroredDomain {
      tables = List.copyOf(tables);
      uncertainty = List.copyOf(uncertainty);
    }

    /** Returns its storage name, which is the name of its database. */
    public String database() {
      return RegistryKeys.partition(entry.domain().name());
    }
  }

  /**
   * The table of a major version. Immutable.
   *
   * @param name its name, of which {@link TableName#table} is the name of the table in a catalog
   * @param product the product
   * @param version the major version with its current contract
   * @param position the folder of the table, and its current metadata
   */
  public record MirroredTable(
      TableName name, ProductEntry product, VersionEntry version, TablePosition position) {}

  /** Returns the partition with the documents of its mirrors. */
  public String partition() {
    return RegistryKeys.mirrors(session.catalog().governance(name));
  }

  /**
   * Returns the ID of the mesh.
   *
   * @throws BackendException if the registry cannot be read
   */
  public String meshId() {
    return MeshRoot.find(session.ledger()).map(MeshRoot::id).orElse("");
  }

  /**
   * Returns the contents of objects that a mirror in the account of the catalog created.
   *
   * @param prefix what their keys begin with
   * @throws BackendException if the registry cannot be read
   */
  public List<JsonNode> contents(String mirror, String prefix) {
    return session
        .ledger()
        .list(partition(), MirroredObject.prefix(mirror, account) + prefix)
        .stream()
        .flatMap(stored -> MirroredObject.of(stored).content().stream())
        .toList();
  }

  /**
   * Returns the names of the mirrors that created objects, and have not forgotten all of them.
   *
   * @param start what the names start with
   * @return the rest of each name
   * @throws BackendException if the registry cannot be read
   */
  public Set<String> mirroredNames(String start) {
    String prefix = UnloggedDocuments.MIRRORED + start;
    Set<String> names = new TreeSet<>();
    for (VersionedDocument stored : session.ledger().list(partition(), prefix)) {
      String sort = stored.key().sort();
      names.add(sort.substring(prefix.length(), sort.indexOf('/', prefix.length())));
    }
    return names;
  }

  /**
   * Returns the domains of the catalog with their tables, as they were at the first call. A product
   * that cannot be read is left out.
   *
   * @throws BackendException if the registry cannot be read
   */
  public List<MirroredDomain> domains() {
    List<MirroredDomain> cached = domains;
    if (cached == null) {
      ProductName product = scope.product();
      cached =
          product == null
              ? session.catalog().domainsOf(name).stream().map(this::domain).toList()
              : session.catalog().findDomain(product.domain()).map(this::domain).stream().toList();
      domains = cached;
    }
    return cached;
  }

  /**
   * Reads one domain with its tables, as {@link #domains}.
   *
   * @throws BackendException if the registry cannot be read
   */
  private MirroredDomain domain(DomainEntry entry) {
    List<MirroredTable> tables = new ArrayList<>();
    List<Finding> uncertainty = new ArrayList<>();
    String domain = entry.domain().name();
    try {
      for (ProductEntry product : products(domain)) {
        try {
          tables.addAll(tables(product));
        } catch (MeshException e) {
          uncertainty.add(unreadable(product.name().toString(), e));
        }
      }
    } catch (MeshException e) {
      uncertainty.add(unreadable(domain, e));
    }
    return new MirroredDomain(entry, tables, uncertainty);
  }

  private List<ProductEntry> products(String domain) {
    ProductName product = scope.product();
    return product == null || scope.wholeDomain()
        ? session.catalog().products(domain)
        : session.catalog().findProduct(product).stream().toList();
  }

  private List<MirroredTable> tables(ProductEntry product) {
    List<MirroredTable> tables = new ArrayList<>();
    for (VersionEntry version : session.catalog().liveMajors(product, ACTION)) {
      TableName table = TableName.of(product.name(), version.major());
      if (version.state().isLive()) {
        session
            .tables()
            .position(table)
            .ifPresent(
                position -> tables.add(new MirroredTable(table, product, version, position)));
      }
    }
    return tables;
  }

  /**
   * A failure that may pass ends the run of this catalog: nothing is known about its objects.
   *
   * @throws MeshException the failure if it may pass
   */
  private static Finding unreadable(String where, MeshException failure) {
    if (failure instanceof BackendException backend && backend.retryable()) {
      throw failure;
    }
    return Finding.error(
        FindingCode.MIRROR_UNCERTAIN,
        where,
        "Its documents cannot be read ("
            + failure.code()
            + "), so its mirrored tables stay as they are, and no table of its domain is removed.",
        "Read the findings of doctor() on the mesh.");
  }
}
