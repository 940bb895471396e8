package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.GlueCalls;
import io.meshwork.aws.internal.mirror.glue.GlueCommands;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.GetTablesResponse;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * The data catalog of AWS Glue in the account of a catalog: a database for each domain, a table for
 * each major version that consumers read. Every request names the account. Used by one thread.
 */
final class GlueMirror implements Mirror {
  private final MirroredCatalog catalog;
  private final GlueCalls calls;
  private final GlueCommands commands;
  private final MetadataLog log;
  private final Optional<NewColumns> newColumns;
  private final boolean isPermitted;

  /** What was read last, of which a change retains what others added. */
  private final Map<String, Database> databases = new HashMap<>();

  private final Map<String, Table> tables = new HashMap<>();
  private final Set<String> expected = new HashSet<>();

  /**
   * Creates the mirror.
   *
   * @param client opens a client with the credentials of {@link MirroredCatalog#runner}
   * @param newColumns closes tables before they get columns; empty without Lake Formation
   */
  GlueMirror(
      MirroredCatalog catalog,
      ResourceNames names,
      Supplier<GlueClient> client,
      Optional<NewColumns> newColumns) {
    this(catalog, names, client, newColumns, newColumns.isPresent());
  }

  private GlueMirror(
      MirroredCatalog catalog,
      ResourceNames names,
      Supplier<GlueClient> client,
      Optional<NewColumns> newColumns,
      boolean isPermitted) {
    this.newColumns = newColumns;
    this.isPermitted = isPermitted;
    this.catalog = catalog;
    this.calls = new GlueCalls(catalog, names, client);
    this.commands = new GlueCommands(catalog.account(), names.region());
    this.log = new MetadataLog(catalog.session());
  }

  /**
   * Creates the mirror of the tables of one product.
   *
   * @param isPermitted true if Lake Formation permits reads of the tables
   */
  static GlueMirror ofProduct(
      MirroredCatalog catalog,
      ResourceNames names,
      Supplier<GlueClient> client,
      boolean isPermitted) {
    return new GlueMirror(catalog, names, client, Optional.empty(), isPermitted);
  }

  @Override
  public String name() {
    return MirroredObject.GLUE;
  }

  @Override
  public WantedObjects wanted() {
    return GlueImages.of(catalog);
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return GlueImages.ofProduct(catalog);
  }

  /** A new table or column waits until Lake Formation knows who may not read it. */
  @Override
  public boolean isIndependent(ObjectChange change) {
    return !isPermitted || (change.actual().isPresent() && !NewColumns.areIn(change));
  }

  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    expected.addAll(keys);
    if (catalog.product().isPresent()) {
      return readEach(keys);
    }
    Set<String> named = new TreeSet<>();
    keys.forEach(key -> named.add(GlueKey.of(key).database()));
    Map<String, ServiceObject> objects = new TreeMap<>();
    for (String database : named) {
      readDatabase(database)
          .ifPresent(
              object -> {
                objects.put(database, object);
                list(database)
                    .forEach(
                        table ->
                            objects.put(
                                GlueImages.key(database, table.name()), keep(database, table)));
              });
    }
    return objects;
  }

  /** A new column waits until who may not read it has lost the permission on its table. */
  @Override
  public boolean isLimitedBy(String at, Optional<ObjectChange> other, ObjectChange change) {
    return at.startsWith(LakeFormationMirror.GRANTS)
        && newColumns.isPresent()
        && NewColumns.areIn(change)
        && other.map(grant -> isOfReaders(grant, change.key())).orElse(true);
  }

  private static boolean isOfReaders(ObjectChange grant, String table) {
    return grant.key().startsWith(LakeFormationKeys.GRANT)
        && !grant.contents().isEmpty()
        && GrantLimits.isNarrower(grant)
        && grant
            .actual()
            .flatMap(
                held ->
                    LakeFormationJson.glueKey(
                        DocumentJson.parseObject(grant.key(), held.content())))
            .filter(table::equals)
            .isPresent();
  }

  @Override
  public Optional<ServiceObject> read(String key) {
    GlueKey named = GlueKey.of(key);
    return named.isDatabase()
        ? readDatabase(named.database())
        : readTable(named.database(), named.table());
  }

  private Optional<ServiceObject> readDatabase(String name) {
    return calls
        .find(
            named(Verb.READ, name),
            "glue:GetDatabase",
            GlueKey.of(name).resource(),
            glue ->
                glue.getDatabase(request -> request.catalogId(catalog.account()).name(name))
                    .database())
        .map(
            database -> {
              databases.put(name, database);
              return new ServiceObject(Optional.empty(), GlueContents.of(database), "");
            });
  }

  private Optional<ServiceObject> readTable(String database, String table) {
    String key = GlueImages.key(database, table);
    return calls
        .find(
            named(Verb.READ, key),
            "glue:GetTable",
            GlueKey.of(key).resource(),
            glue ->
                glue.getTable(
                        request ->
                            request.catalogId(catalog.account()).databaseName(database).name(table))
                    .table())
        .map(glueTable -> keep(database, glueTable));
  }

  private ServiceObject keep(String database, Table table) {
    tables.put(GlueImages.key(database, table.name()), table);
    return new ServiceObject(
        Optional.of(database),
        GlueContents.of(table),
        table.versionId() == null ? "" : table.versionId());
  }

  /** Lists the tables of a database, page by page; none if it does not exist. */
  private List<Table> list(String database) {
    List<Table> all = new ArrayList<>();
    String next = null;
    do {
      @Nullable String token = next;
      Optional<GetTablesResponse> page =
          calls.find(
              MeshAction.of(Verb.LIST, "the tables of " + database + " in Glue"),
              "glue:GetTables",
              GlueKey.of(database).resource(),
              glue ->
                  glue.getTables(
                      request ->
                          request
                              .catalogId(catalog.account())
                              .databaseName(database)
                              .nextToken(token)));
      page.ifPresent(response -> all.addAll(response.tableList()));
      next = page.map(GetTablesResponse::nextToken).orElse(null);
    } while (next != null);
    return all;
  }

  @Override
  public Optional<Finding> objection(ObjectChange change) {
    GlueKey key = GlueKey.of(change.key());
    if (key.isDatabase()) {
      return change.wanted().isEmpty() ? strangers(key) : linkOfOthers(key);
    }
    String location =
        change.actual().map(ServiceObject::content).map(GlueContents::metadata).orElse("");
    boolean written =
        change.contents().stream().map(GlueContents::metadata).anyMatch(location::equals)
            || log.wrote(key, location);
    return written
        ? Optional.empty()
        : Optional.of(location.isEmpty() ? noTable(change.key()) : foreignWrite(change.key()));
  }

  @Override
  public boolean isAdoptable(String key) {
    return true;
  }

  @Override
  public Set<String> movingProperties() {
    return Set.of(GlueContents.METADATA_PROPERTY);
  }

  /** A link contains no tables. */
  private Optional<Finding> linkOfOthers(GlueKey key) {
    Database read = databases.get(key.database());
    return read == null || read.targetDatabase() == null
        ? Optional.empty()
        : Optional.of(foreign(key.database(), "Another program made a resource link"));
  }

  private Finding noTable(String key) {
    return foreign(key, "Another program made a table, view, or link without metadata of Iceberg");
  }

  private Finding foreign(String key, String what) {
    return Finding.error(
        FindingCode.MIRROR_FOREIGN,
        where(key),
        what + " with this name, which the mesh cannot take over. It stays as it is.",
        "Rename or remove it, and run the mirrors again.");
  }

  /** Deleting a database deletes all its tables, so it stays while others have tables there. */
  private Optional<Finding> strangers(GlueKey database) {
    List<String> others =
        list(database.database()).stream()
            .map(table -> GlueImages.key(database.database(), table.name()))
            .filter(key -> !expected.contains(key))
            .toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                FindingCode.MIRROR_FOREIGN,
                Finding.Severity.WARNING,
                where(database.database()),
                "The mesh no longer has this domain, but other programs have tables in its"
                    + " database, such as "
                    + others.get(0)
                    + ". It stays as it is.",
                others.size(),
                List.of(),
                "Move or delete these tables, and run the mirrors again."));
  }

  private Finding foreignWrite(String key) {
    return Finding.error(
        FindingCode.DRIFT_FOREIGN_WRITE,
        where(key),
        "Its metadata_location names a file that the mesh did not write, so another program"
            + " committed to the table through Glue. Its rows are not in the mesh. It stays as it"
            + " is, and readers of Glue see those rows.",
        "Find out which program writes it, and let it publish through the mesh instead. Then delete"
            + " the table with: "
            + commands.deleteTable(GlueKey.of(key).database(), GlueKey.of(key).table())
            + " The next run makes it again.");
  }

  private String where(String key) {
    return name() + " " + key + " in " + catalog.account();
  }

  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    GlueKey key = GlueKey.of(change.key());
    List<ServiceCall> all = new ArrayList<>();
    newColumns
        .filter(closing -> NewColumns.areIn(change))
        .ifPresent(closing -> all.addAll(closing.calls(key)));
    all.add(key.isDatabase() ? databaseCall(key, change) : tableCall(key, change));
    return all;
  }

  private ServiceCall databaseCall(GlueKey key, ObjectChange change) {
    String name = key.database();
    Image wanted = change.wanted().orElse(null);
    if (wanted == null) {
      return call(
          commands.deleteDatabase(name),
          Verb.DELETE,
          "glue:DeleteDatabase",
          key,
          glue -> glue.deleteDatabase(request -> request.catalogId(catalog.account()).name(name)));
    }
    String content = wanted.content();
    return change.actual().isEmpty()
        ? call(
            commands.createDatabase(content),
            Verb.CREATE,
            "glue:CreateDatabase",
            key,
            glue ->
                glue.createDatabase(
                    request ->
                        request
                            .catalogId(catalog.account())
                            .databaseInput(GlueContents.databaseInput(content, null))))
        : call(
            commands.updateDatabase(name, content),
            Verb.UPDATE,
            "glue:UpdateDatabase",
            key,
            glue -> update(glue, key, content, change));
  }

  /** Glue has no versions of a database, so it is read once more, with what others added. */
  private void update(GlueClient glue, GlueKey key, String content, ObjectChange change) {
    String name = key.database();
    requireUnchanged(Verb.UPDATE, key, readDatabase(name), change);
    glue.updateDatabase(
        request ->
            request
                .catalogId(catalog.account())
                .name(name)
                .databaseInput(GlueContents.databaseInput(content, databases.get(name))));
  }

  private ServiceCall tableCall(GlueKey key, ObjectChange change) {
    String database = key.database();
    Image wanted = change.wanted().orElse(null);
    if (wanted == null) {
      return call(
          commands.deleteTable(database, key.table()),
          Verb.DELETE,
          "glue:DeleteTable",
          key,
          glue -> delete(glue, key, change));
    }
    String content = wanted.content();
    String version = change.actual().map(ServiceObject::version).orElse("");
    @Nullable String expectedVersion = version.isEmpty() ? null : version;
    return change.actual().isEmpty()
        ? call(
            commands.createTable(database, content),
            Verb.CREATE,
            "glue:CreateTable",
            key,
            glue ->
                glue.createTable(
                    request ->
                        request
                            .catalogId(catalog.account())
                            .databaseName(database)
                            .tableInput(GlueContents.tableInput(content, null))))
        : call(
            commands.updateTable(database, content, version),
            Verb.UPDATE,
            "glue:UpdateTable",
            key,
            glue ->
                glue.updateTable(
                    request ->
                        request
                            .catalogId(catalog.account())
                            .databaseName(database)
                            .versionId(expectedVersion)
                            .skipArchive(true)
                            .tableInput(
                                GlueContents.tableInput(content, tables.get(change.key())))));
  }

  /** Glue deletes whatever version there is, so the table is read once more. */
  private void delete(GlueClient glue, GlueKey key, ObjectChange change) {
    requireUnchanged(Verb.DELETE, key, readTable(key.database(), key.table()), change);
    glue.deleteTable(
        request ->
            request.catalogId(catalog.account()).databaseName(key.database()).name(key.table()));
  }

  private static void requireUnchanged(
      Verb verb, GlueKey key, Optional<ServiceObject> now, ObjectChange change) {
    if (!now.equals(change.actual())) {
      throw Failure.of(named(verb, key.toString()))
          .because("another program changed it at the same time")
          .fix("Run the mirrors again.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  private ServiceCall call(
      String command, Verb verb, String permission, GlueKey key, Consumer<GlueClient> request) {
    return calls.call(command, named(verb, key.toString()), permission, key.resource(), request);
  }

  private static MeshAction named(Verb verb, String key) {
    return MeshAction.of(verb, key + " in Glue");
  }
}
