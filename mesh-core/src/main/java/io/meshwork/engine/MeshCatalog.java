package io.meshwork.engine;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mesh as an Iceberg catalog, for engines: {@code catalog-impl} in their configuration. {@code
 * warehouse} is the mesh's place, {@code meshwork.principal} who acts, as {@code account/role}; in
 * an embedded mesh that is believed. Namespaces are domains and tables are major versions of
 * products, both in storage names: {@code mobility.green_trips_v1}.
 *
 * <p>Whoever may read all of a product opens its table; its owner appends, and each commit is
 * judged by file statistics, see {@link CommitVetoed}. Tables and namespaces are made, changed and
 * dropped through {@code MeshClient} alone: here all of that is refused with Iceberg's {@code
 * ForbiddenException}. Thread-safe once initialized; close it in the end.
 */
public final class MeshCatalog extends BaseMetastoreCatalog implements SupportsNamespaces {
  /** The property that says who acts, as {@code account/role}. */
  public static final String PRINCIPAL = "meshwork.principal";

  private static final Logger LOG = LoggerFactory.getLogger(MeshCatalog.class);
  private static final Pattern TABLE =
      Pattern.compile("(?<product>.+)_v(?<major>[1-9][0-9]{0,8})(?<quarantine>_quarantine)?");

  private String name = "mesh";
  private Map<String, String> properties = Map.of();
  private @Nullable EngineMesh mesh;

  /** For engines, which make it by its name and then call {@link #initialize}. */
  public MeshCatalog() {}

  /**
   * Opens the mesh.
   *
   * @throws InvalidRequestException CONFIG_INVALID if a property is missing or there is no mesh
   * @throws io.meshwork.error.BackendException if it cannot be read
   */
  @Override
  public void initialize(String catalogName, Map<String, String> given) {
    if (mesh != null) {
      throw new InvalidRequestException(
          ErrorCode.CONFIG_INVALID,
          "Cannot initialize catalog '" + catalogName + "': it was initialized before.");
    }
    name = catalogName;
    properties = Map.copyOf(given);
    mesh = EngineMesh.of(catalogName, properties);
    if (!"false".equalsIgnoreCase(properties.get(CatalogProperties.CACHE_ENABLED))) {
      LOG.warn(
          "Catalog {}: without {}=false, an engine may keep showing tables as they were when it"
              + " first opened them",
          catalogName,
          CatalogProperties.CACHE_ENABLED);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  protected Map<String, String> properties() {
    return properties;
  }

  /** The domains, in storage names. */
  @Override
  public List<Namespace> listNamespaces(Namespace namespace) {
    return translated(
        () -> {
          if (namespace.isEmpty()) {
            return session().catalog().domains().stream()
                .map(entry -> Namespace.of(NameGrammar.storage(entry.domain().name())))
                .toList();
          }
          domain(namespace);
          return List.of();
        });
  }

  /** What a domain says of itself: its name, description and owner. */
  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    return translated(
        () -> {
          DomainEntry entry = domain(namespace);
          Map<String, String> told = new TreeMap<>();
          told.put("meshwork.domain", entry.domain().name());
          told.put("comment", entry.domain().description());
          told.put("owner", entry.domain().owner());
          return told;
        });
  }

  /** The tables of a domain's products; those of bad rows only for the domain itself. */
  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return translated(
        () -> {
          DomainEntry entry = domain(namespace);
          boolean owner = isOwner(entry);
          List<TableIdentifier> tables = new ArrayList<>();
          for (ProductEntry product : session().catalog().products(entry.domain().name())) {
            for (int major : session().catalog().majors(product.name())) {
              TableName table = TableName.of(product.name(), major);
              tables.add(table.identifier());
              if (owner) {
                tables.add(table.quarantined().identifier());
              }
            }
          }
          return List.copyOf(tables);
        });
  }

  /**
   * Refused for a principal who may read less than all rows and columns.
   *
   * @throws org.apache.iceberg.exceptions.ForbiddenException naming the way to read what is allowed
   * @throws org.apache.iceberg.exceptions.NoSuchTableException if there is no such table
   */
  @Override
  public Table loadTable(TableIdentifier identifier) {
    return super.loadTable(identifier);
  }

  @Override
  protected boolean isValidIdentifier(TableIdentifier identifier) {
    return identifier.namespace().length() == 1;
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier identifier) {
    return translated(
        () -> {
          TableName table = find(identifier);
          admit(table, identifier);
          return new MeshTableOperations(
              session(),
              table,
              fullTableName(name, identifier),
              isOwner(
                  session()
                      .catalog()
                      .requireDomain(table.product().domain(), MeshAction.of(Verb.OPEN, "table"))),
              () -> checkRights(table, identifier));
        });
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier identifier) {
    return translated(() -> session().tables().location(find(identifier)));
  }

  /** Refused: {@code MeshClient.defineProduct}. */
  @Override
  public TableBuilder buildTable(TableIdentifier identifier, Schema schema) {
    throw EngineErrors.createTable(identifier);
  }

  /** Refused: products are retired through {@code MeshClient}. */
  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    throw EngineErrors.dropTable(identifier);
  }

  /** Refused. */
  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw EngineErrors.renameTable(from);
  }

  /** Refused: {@code MeshClient.publish}. */
  @Override
  public Table registerTable(TableIdentifier identifier, String metadataLocation) {
    throw EngineErrors.registerTable(identifier);
  }

  /** Refused: {@code MeshClient.publish}. */
  @Override
  public Table registerTable(
      TableIdentifier identifier, String metadataLocation, boolean overwrite) {
    throw EngineErrors.registerTable(identifier);
  }

  /** Refused: {@code MeshClient.registerDomain}. */
  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    throw EngineErrors.createNamespace(namespace);
  }

  /** Refused. */
  @Override
  public boolean dropNamespace(Namespace namespace) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Refused: {@code MeshClient.registerDomain}. */
  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> changes) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Refused: {@code MeshClient.registerDomain}. */
  @Override
  public boolean removeProperties(Namespace namespace, Set<String> keys) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Closes the registry and the files; tables that were opened fail from then on. */
  @Override
  public void close() throws IOException {
    EngineMesh open = mesh;
    if (open != null) {
      open.close();
    }
    super.close();
  }

  private boolean isOwner(DomainEntry domain) {
    return domain.domain().accounts().contains(session().principal().account());
  }

  /** Lets the principal in and counts that. */
  private void admit(TableName table, TableIdentifier identifier) {
    checkRights(table, identifier);
    MeshAction action = MeshAction.of(Verb.OPEN, "table " + identifier);
    session()
        .accessCounter()
        .read(
            session().principal(),
            table.quarantine() ? AccessCounter.QUARANTINE_SEEN : AccessCounter.READ_SEEN,
            table.product(),
            session().catalog().requireVersion(table.product(), table.major(), action).version(),
            "table",
            Set.of(AccessCount.ALL));
  }

  /** Files cannot be masked, so a table is opened only for those who may have all of it. */
  private void checkRights(TableName table, TableIdentifier identifier) {
    MeshAction action = MeshAction.of(Verb.OPEN, "table " + identifier);
    try {
      if (table.quarantine()) {
        session().authorizer().requireOwner(table.product().domain(), action);
      } else {
        session().authorizer().requireOwnDomain(action);
        session()
            .authorizer()
            .requireFullRead(
                session().catalog().requireProduct(table.product(), action),
                session().catalog().requireVersion(table.product(), table.major(), action),
                action);
      }
    } catch (AccessDeniedException | InvalidRequestException e) {
      throw EngineErrors.unreadable(identifier, e);
    }
  }

  /** The product's own name behind a table's; there may be a hyphen for an underscore. */
  private TableName find(TableIdentifier identifier) {
    Matcher table = TABLE.matcher(identifier.name());
    if (!isValidIdentifier(identifier) || !table.matches()) {
      throw EngineErrors.noSuchTable(identifier);
    }
    return productName(identifier, table.group("product"))
        .flatMap(session().catalog()::findProduct)
        .map(
            entry ->
                new TableName(
                    entry.name(),
                    Integer.parseInt(table.group("major")),
                    table.group("quarantine") != null))
        .filter(found -> found.identifier().equals(identifier))
        .orElseThrow(() -> EngineErrors.noSuchTable(identifier));
  }

  private static Optional<ProductName> productName(TableIdentifier identifier, String product) {
    try {
      return Optional.of(new ProductName(identifier.namespace().level(0), product));
    } catch (InvalidRequestException e) {
      return Optional.empty(); // no product can have such a name
    }
  }

  private DomainEntry domain(Namespace namespace) {
    if (namespace.length() != 1) {
      throw EngineErrors.noSuchNamespace(namespace);
    }
    return session()
        .catalog()
        .findDomain(namespace.level(0))
        .filter(entry -> NameGrammar.storage(entry.domain().name()).equals(namespace.level(0)))
        .orElseThrow(() -> EngineErrors.noSuchNamespace(namespace));
  }

  private ClientSession session() {
    EngineMesh open = mesh;
    if (open == null) {
      throw new InvalidRequestException(
          ErrorCode.CONFIG_INVALID, "Cannot use the catalog '" + name + "': initialize it first.");
    }
    open.session().checkOpen(MeshAction.of(Verb.USE, "the catalog '" + name + "'"));
    return open.session();
  }

  private interface Asked<T> {
    T answer();
  }

  private static <T> T translated(Asked<T> asked) {
    try {
      return asked.answer();
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
  }
}
