package io.meshwork.engine;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.receipts.ProductHistory;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.session.AccessCount;
import io.meshwork.internal.session.AccessCounter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
 * A mesh as an Iceberg catalog for engines: set it as {@code catalog-impl} in their configuration.
 * {@code warehouse} is the location of the mesh, and {@code meshwork.principal} the principal, as
 * {@code account/role}; an embedded mesh does not authenticate it. Namespaces are domains and
 * tables are major versions of products, both in storage names: {@code mobility.green_trips_v1}.
 *
 * <p>A principal that may read all of a product can open its table. The owner can append; each
 * commit is checked by file statistics, see {@link CommitVetoedException}. Only {@code MeshClient}
 * creates, changes, and drops tables and namespaces: the methods here throw Iceberg's {@code
 * ForbiddenException}. Thread-safe once initialized; close it after use.
 */
public final class MeshCatalog extends BaseMetastoreCatalog implements SupportsNamespaces {
  /** The property with the principal, as {@code account/role}. */
  public static final String PRINCIPAL = "meshwork.principal";

  /**
   * The property that is {@code true} if the engine's connector publishes rows by {@link #publish}:
   * a commit that adds or removes rows on main is rejected then, as it would skip the tasks.
   */
  public static final String ROWS_BY_TASKS = "meshwork.rows-by-tasks";

  private static final Logger LOG = LoggerFactory.getLogger(MeshCatalog.class);
  private static final Pattern TABLE =
      Pattern.compile("(?<product>.+)_v(?<major>[1-9][0-9]{0,8})(?<quarantine>_quarantine)?");

  private String name = "mesh";
  private Map<String, String> properties = Map.of();
  private @Nullable EngineMesh mesh;

  /** For engines, which create it by its class name and then call {@link #initialize}. */
  public MeshCatalog() {}

  /**
   * Opens the mesh.
   *
   * @throws InvalidRequestException CONFIG_INVALID if a property is missing or there is no mesh
   * @throws io.meshwork.error.BackendException if it cannot be read
   */
  @Override
  public void initialize(String catalogName, Map<String, String> catalogProperties) {
    if (mesh != null) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh for catalog '" + catalogName + "'"))
          .because("the catalog is already initialized")
          .fix("Create another catalog.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    name = catalogName;
    properties = Map.copyOf(catalogProperties);
    mesh = EngineMesh.of(catalogName, properties);
    if (!"false".equalsIgnoreCase(properties.get(CatalogProperties.CACHE_ENABLED))) {
      LOG.warn(
          "Catalog {}: without {}=false, an engine may cache tables and not see later commits",
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

  // Iceberg's REST responses ask what these methods return whether it contains null.

  /** Returns the domains, in storage names. */
  @Override
  public List<Namespace> listNamespaces(Namespace namespace) {
    return withIcebergErrors(
        () -> {
          if (namespace.isEmpty()) {
            return session().catalog().domains().stream()
                .map(entry -> Namespace.of(NameGrammar.storage(entry.domain().name())))
                .toList();
          }
          domain(namespace);
          return new ArrayList<>();
        });
  }

  /** Returns the name, description, and owner of a domain. */
  @Override
  public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
    return withIcebergErrors(
        () -> {
          DomainEntry entry = domain(namespace);
          Map<String, String> metadata = new LinkedHashMap<>();
          metadata.put("meshwork.domain", entry.domain().name());
          metadata.put("comment", entry.domain().description());
          metadata.put("owner", entry.domain().owner());
          return metadata;
        });
  }

  /**
   * Returns the tables of a domain's products in the major versions that the principal sees;
   * quarantine tables only to the domain itself.
   */
  @Override
  public List<TableIdentifier> listTables(Namespace namespace) {
    return withIcebergErrors(
        () -> {
          DomainEntry entry = domain(namespace);
          boolean owner = isOwner(entry);
          List<TableIdentifier> tables = new ArrayList<>();
          for (ProductEntry product : session().catalog().products(entry.domain().name())) {
            for (int major : session().catalog().visibleMajors(product.name())) {
              TableName table = TableName.of(product.name(), major);
              tables.add(table.identifier());
              if (owner) {
                tables.add(table.quarantined().identifier());
              }
            }
          }
          return tables;
        });
  }

  /**
   * Opens a table for a principal that may read all its rows and columns.
   *
   * @throws org.apache.iceberg.exceptions.ForbiddenException if the principal may not read all of
   *     it
   * @throws org.apache.iceberg.exceptions.NoSuchTableException if the table does not exist
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
    return withIcebergErrors(
        () -> {
          TableName table = find(identifier);
          checkAndCountAccess(table, identifier);
          return new MeshTableOperations(
              session(),
              table,
              fullTableName(name, identifier),
              isOwner(
                  session()
                      .catalog()
                      .requireDomain(table.product().domain(), MeshAction.of(Verb.OPEN, "table"))),
              () -> checkAccess(table, identifier),
              Boolean.parseBoolean(properties.get(ROWS_BY_TASKS)));
        });
  }

  @Override
  protected String defaultWarehouseLocation(TableIdentifier identifier) {
    return withIcebergErrors(() -> session().tables().location(find(identifier)));
  }

  /**
   * Starts a publish whose rows tasks of an engine check and write.
   *
   * @param identifier the table of a major version
   * @param options the options of {@link EnginePublish}, in any letter case
   * @throws io.meshwork.error.MeshException as a publish by {@code MeshClient}
   * @throws CommitVetoedException if it is the table of a quarantine
   * @throws InvalidRequestException if the rows cannot be converted to another major version of a
   *     rollout, an option is wrong or unknown, or a custom rule that rejects rows lacks its code
   */
  public EnginePublish publish(TableIdentifier identifier, Map<String, String> options) {
    return publish(identifier, options, new EnginePublish.Additions());
  }

  /**
   * The same with what a program adds, such as mappings to other major versions of a rollout.
   *
   * @param additions are not changed
   */
  public EnginePublish publish(
      TableIdentifier identifier, Map<String, String> options, EnginePublish.Additions additions) {
    TableName table = find(identifier);
    if (table.quarantine()) {
      throw CommitVeto.ofQuarantine(table, session().principal());
    }
    return EnginePublish.of(session(), table, options, additions);
  }

  /**
   * Returns the values by column that a publish gives to rows without the column: the defaults of
   * required columns. Other columns are null in such rows.
   *
   * @param identifier the table of a major version
   * @return values as rows that are read as maps have them
   * @throws org.apache.iceberg.exceptions.NoSuchTableException if it does not exist
   * @throws AccessDeniedException if the principal does not act for the owner
   */
  public Map<String, Object> defaults(TableIdentifier identifier) {
    TableName table = major(identifier);
    MeshAction action = MeshAction.of(Verb.PUBLISH, table.product());
    session().authorizer().requireOwner(table.product().domain(), action);
    VersionEntry version =
        session().catalog().requireFor(Use.DESCRIBE, table.product(), table.major(), action);
    Schema columns = session().tables().load(table).schema();
    VectorBatch row = VectorBatch.empty(columns);
    RecordShredders.forRecords(version.contract().schema(), columns, action)
        .shred(Map.of(), row, new TypeViolations());
    Map<String, Object> defaults = new LinkedHashMap<>();
    RowMaterializers.asMap(columns)
        .row(row, 0)
        .forEach(
            (column, value) -> {
              if (value != null) {
                defaults.put(column, value);
              }
            });
    return defaults;
  }

  /**
   * Returns the table of a product that a publish goes to: the table of a major version, which is
   * the current one or, under a key that was used, the version of the first publish.
   *
   * @param majorVersion the one to which the rows belong; null for the current one
   * @param idempotencyKey null without one
   * @throws io.meshwork.error.NotFoundException if the product or the version does not exist
   */
  public TableIdentifier publishTable(
      CharSequence product, @Nullable Integer majorVersion, @Nullable String idempotencyKey) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, product);
    ProductEntry entry =
        session()
            .catalog()
            .requireProduct(ResolvedProduct.forProducer(session(), product, action), action);
    int major = PublishReceipts.majorOf(session(), entry, majorVersion, idempotencyKey);
    session().catalog().requireFor(Use.DESCRIBE, entry.name(), major, action);
    return TableName.of(entry.name(), major).identifier();
  }

  /**
   * Returns what was published to the product of a table, as {@code MeshClient.publishHistory}.
   *
   * @param identifier the table of a major version
   * @throws org.apache.iceberg.exceptions.NoSuchTableException if it does not exist
   */
  public PublishHistory publishHistory(TableIdentifier identifier) {
    return new ProductHistory(session(), major(identifier).product().toString());
  }

  /**
   * Returns the retained receipts of a major version, oldest first.
   *
   * @param identifier the table of the major version
   * @throws org.apache.iceberg.exceptions.NoSuchTableException if it does not exist
   * @throws AccessDeniedException if the principal does not act for the owner
   */
  public List<PublishReceipt> receipts(TableIdentifier identifier) {
    int major = major(identifier).major();
    return publishHistory(identifier).receipts().stream()
        .flatMap(receipt -> Stream.concat(Stream.of(receipt), receipt.otherVersions().stream()))
        .filter(receipt -> receipt.major() == major)
        .toList();
  }

  private TableName major(TableIdentifier identifier) {
    TableName table = find(identifier);
    if (table.quarantine()
        || !session().catalog().visibleMajors(table.product()).contains(table.major())) {
      throw EngineErrors.noSuchTable(identifier);
    }
    return table;
  }

  /** Not supported; use {@code MeshClient.defineProduct}. */
  @Override
  public TableBuilder buildTable(TableIdentifier identifier, Schema schema) {
    throw EngineErrors.createTable(identifier);
  }

  /** Not supported; {@code MeshClient} retires products. */
  @Override
  public boolean dropTable(TableIdentifier identifier, boolean purge) {
    throw EngineErrors.dropTable(identifier);
  }

  /** Not supported. */
  @Override
  public void renameTable(TableIdentifier from, TableIdentifier to) {
    throw EngineErrors.renameTable(from);
  }

  /** Not supported; use {@code MeshClient.publish}. */
  @Override
  public Table registerTable(TableIdentifier identifier, String metadataLocation) {
    throw EngineErrors.registerTable(identifier);
  }

  /** Not supported; use {@code MeshClient.publish}. */
  @Override
  public Table registerTable(
      TableIdentifier identifier, String metadataLocation, boolean overwrite) {
    throw EngineErrors.registerTable(identifier);
  }

  /** Not supported; use {@code MeshClient.registerDomain}. */
  @Override
  public void createNamespace(Namespace namespace, Map<String, String> metadata) {
    throw EngineErrors.createNamespace(namespace);
  }

  /** Not supported. */
  @Override
  public boolean dropNamespace(Namespace namespace) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Not supported; use {@code MeshClient.registerDomain}. */
  @Override
  public boolean setProperties(Namespace namespace, Map<String, String> changes) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Not supported; use {@code MeshClient.registerDomain}. */
  @Override
  public boolean removeProperties(Namespace namespace, Set<String> keys) {
    throw EngineErrors.changeNamespace(namespace);
  }

  /** Closes the registry and the files; open tables fail afterwards. */
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

  /** Checks the right to read, and counts the access. */
  private void checkAndCountAccess(TableName table, TableIdentifier identifier) {
    checkAccess(table, identifier);
    MeshAction action = MeshAction.of(Verb.OPEN, "table " + identifier);
    session()
        .accessCounter()
        .read(
            session().principal(),
            table.quarantine() ? AccessCounter.QUARANTINE_SEEN : AccessCounter.READ_SEEN,
            table.product(),
            session()
                .catalog()
                .requireFor(Use.DESCRIBE, table.product(), table.major(), action)
                .version(),
            "table",
            Set.of(AccessCount.ALL));
  }

  /**
   * Files cannot be masked, so opening a table requires the right to read all of it. Records the
   * use, also when an engine refreshes a table that it opened long ago.
   */
  private void checkAccess(TableName table, TableIdentifier identifier) {
    MeshAction action = MeshAction.of(Verb.OPEN, "table " + identifier);
    try {
      if (table.quarantine()) {
        session().authorizer().requireOwner(table.product().domain(), action);
      } else {
        session().recordUse(admit(table, action));
      }
    } catch (AccessDeniedException | InvalidRequestException e) {
      throw EngineErrors.unreadable(identifier, e);
    }
  }

  /** Engines choose columns after they open a table, so all columns count as read. */
  private ClientSession.AdmittedRead admit(TableName table, MeshAction action) {
    String consumer = session().authorizer().requireOwnDomain(action).domain();
    return new ClientSession.AdmittedRead(
        table.product(),
        consumer,
        readable(table, action),
        Set.of(AccessCount.ALL),
        () -> readable(table, action));
  }

  private VersionEntry readable(TableName table, MeshAction action) {
    ProductEntry product = session().catalog().requireProduct(table.product(), action);
    VersionEntry version = session().authorizer().requireReadable(product, table.major(), action);
    session().authorizer().requireFullRead(product, version, action);
    return version;
  }

  /** Finds the product of a table; an underscore in the table's name can be a hyphen. */
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
        .filter(match -> match.identifier().equals(identifier))
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
      throw Failure.of(MeshAction.of(Verb.USE, "the catalog '" + name + "'"))
          .because("it is not initialized")
          .fix("Call initialize(..) first.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    open.session().checkOpen(MeshAction.of(Verb.USE, "the catalog '" + name + "'"));
    return open.session();
  }

  private static <T> T withIcebergErrors(Supplier<T> call) {
    try {
      return call.get();
    } catch (MeshException e) {
      throw EngineErrors.of(e);
    }
  }
}
