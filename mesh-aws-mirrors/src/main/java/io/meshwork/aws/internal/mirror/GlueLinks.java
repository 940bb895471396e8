package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.GlueCalls;
import io.meshwork.aws.internal.mirror.glue.GlueCommands;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Database;
import software.amazon.awssdk.services.glue.model.DatabaseIdentifier;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.glue.model.TableIdentifier;

/**
 * The resource links in the data catalog of an account: links to databases, and databases that have
 * only links to tables. What another program created with these names is never changed or removed.
 * Used by one thread.
 */
final class GlueLinks {
  private final RoleClients role;
  private final GlueCalls calls;
  private final GlueCommands commands;
  private final String catalog;
  private final Supplier<Set<String>> catalogs;
  private final Set<String> expected = new HashSet<>();

  /** The databases of links to tables that {@link #actual} found last. */
  private final Set<String> linkDatabases = new HashSet<>();

  /**
   * The links in an account.
   *
   * @param catalog the account of the catalog whose tables they lead to
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  GlueLinks(ResourceNames names, RoleClients role, String catalog, Supplier<Set<String>> catalogs) {
    this.catalog = catalog;
    this.catalogs = catalogs;
    this.role = role;
    this.calls = new GlueCalls(role, names);
    this.commands = new GlueCommands(role.account(), names.region());
  }

  private static GlueKey parse(String key) {
    return GlueKey.of(key.substring(LakeFormationKeys.LINK.length()));
  }

  /** Reads the links with these keys. */
  Map<String, ServiceObject> actual(Set<String> keys) {
    expected.addAll(keys);
    linkDatabases.clear();
    Map<String, ServiceObject> objects = new TreeMap<>();
    keys.forEach(
        key ->
            read(key)
                .filter(object -> !isOfOtherCatalog(object))
                .ifPresent(object -> objects.put(key, object)));
    objects.forEach(
        (key, object) -> {
          if (isLinkDatabase(object.content())) {
            linkDatabases.add(parse(key).database());
          }
        });
    return objects;
  }

  /** True for a database that has only links to tables. */
  private static boolean isLinkDatabase(String content) {
    return DocumentJson.parseObject("a link", content).has(LinkImages.PARAMETERS);
  }

  /** True for a link that the mirror of another catalog created under this name, and removes. */
  private boolean isOfOtherCatalog(ServiceObject object) {
    String target =
        DocumentJson.parseObject("a link", object.content())
            .path(LinkImages.TARGET_TABLE)
            .path(LakeFormationJson.CATALOG)
            .asText();
    return isOtherCatalog(target);
  }

  private boolean isOtherCatalog(String account) {
    return !account.isEmpty() && !account.equals(catalog) && catalogs.get().contains(account);
  }

  /**
   * Returns true if a database of links also has links to tables of other catalogs, which their
   * mirrors end; false if {@link #actual} did not find it.
   */
  boolean isShared(String database) {
    return linkDatabases.contains(database)
        && others(database).stream().anyMatch(this::isOfOtherCatalog);
  }

  /** Returns the tables of a database that are not links of this mirror. */
  private List<Table> others(String database) {
    return tablesOf(database).stream()
        .filter(table -> !expected.contains(LakeFormationKeys.link(database, table.name())))
        .toList();
  }

  private boolean isOfOtherCatalog(Table table) {
    TableIdentifier target = table.targetTable();
    return target != null && isOtherCatalog(Optional.ofNullable(target.catalogId()).orElse(""));
  }

  /** Reads one link, or one database that has links. */
  Optional<ServiceObject> read(String key) {
    GlueKey name = parse(key);
    return name.isDatabase()
        ? find(
                name,
                "glue:GetDatabase",
                glue ->
                    glue.getDatabase(
                            request -> request.catalogId(role.account()).name(name.database()))
                        .database())
            .map(database -> new ServiceObject(Optional.empty(), contentOf(database), ""))
        : find(
                name,
                "glue:GetTable",
                glue ->
                    glue.getTable(
                            request ->
                                request
                                    .catalogId(role.account())
                                    .databaseName(name.database())
                                    .name(name.table()))
                        .table())
            .map(
                table ->
                    new ServiceObject(
                        Optional.of(LakeFormationKeys.link(name.database())),
                        contentOf(name.database(), table),
                        ""));
  }

  private static String contentOf(Database database) {
    ObjectNode json = RequestJson.object().put(LinkImages.NAME, database.name());
    DatabaseIdentifier target = database.targetDatabase();
    if (target != null) {
      json.putObject(LinkImages.TARGET_DATABASE)
          .put(LakeFormationJson.CATALOG, target.catalogId())
          .put(LakeFormationJson.DATABASE_NAME, target.databaseName());
      return Mirror.contentOf(json);
    }
    for (String mark : List.of(LinkImages.LINKS_TO, LinkImages.LINKS_OF)) {
      String value = database.parameters().get(mark);
      if (value != null) {
        json.withObjectProperty(LinkImages.PARAMETERS).put(mark, value);
      }
    }
    return Mirror.contentOf(json);
  }

  private static String contentOf(String database, Table table) {
    ObjectNode json =
        RequestJson.object()
            .put(LakeFormationJson.DATABASE_NAME, database)
            .put(LinkImages.NAME, table.name());
    TableIdentifier target = table.targetTable();
    if (target != null) {
      json.putObject(LinkImages.TARGET_TABLE)
          .put(LakeFormationJson.CATALOG, target.catalogId())
          .put(LakeFormationJson.DATABASE_NAME, target.databaseName())
          .put(LinkImages.NAME, target.name());
    }
    return Mirror.contentOf(json);
  }

  /**
   * What the mesh did not make is not touched, not even by a repair. A link with unknown content
   * was created by others after the mesh's link was deleted. A database that has tables of others
   * stays, too.
   */
  Optional<Finding> objection(ObjectChange change) {
    GlueKey name = parse(change.key());
    String actual = change.actual().orElseThrow().content();
    if (!change.contents().contains(actual)) {
      return Optional.of(
          foreign(
              name, "Another program replaced the link of the mesh by an object with its name."));
    } else if (!isLinkDatabase(actual)) {
      return Optional.empty();
    }
    List<Table> others = others(name.database());
    if (others.isEmpty()) {
      return Optional.empty();
    }
    Optional<Table> foreign = others.stream().filter(table -> !isOfOtherCatalog(table)).findFirst();
    if (foreign.isPresent()) {
      return Optional.of(
          foreign(
              name,
              "Other programs have tables in this database, such as "
                  + foreign.get().name()
                  + "."));
    }
    return Optional.of(
        new Finding(
            FindingCode.MIRROR_FOREIGN,
            Finding.Severity.NOTE,
            "glue " + name + " in " + role.account(),
            "It has links to products of other catalogs, and stays until they are removed.",
            0,
            List.of(),
            "No action is needed."));
  }

  private Finding foreign(GlueKey name, String what) {
    return new Finding(
        FindingCode.MIRROR_FOREIGN,
        Finding.Severity.WARNING,
        "glue " + name + " in " + role.account(),
        what + " It stays as it is.",
        0,
        List.of(),
        "Move or delete it, and run the mirrors again.");
  }

  private List<Table> tablesOf(String database) {
    return find(
            GlueKey.of(database),
            "glue:GetTables",
            glue ->
                glue
                    .getTablesPaginator(
                        request -> request.catalogId(role.account()).databaseName(database))
                    .stream()
                    .flatMap(page -> page.tableList().stream())
                    .toList())
        .orElse(List.of());
  }

  /** Returns the calls of a change. The target of a link cannot be changed: it is recreated. */
  List<ServiceCall> calls(ObjectChange change) {
    GlueKey name = parse(change.key());
    List<ServiceCall> calls = new ArrayList<>();
    if (change.actual().isPresent()) {
      calls.add(deletion(name, change));
    }
    change.wanted().map(Image::content).ifPresent(content -> calls.add(creation(name, content)));
    return calls;
  }

  private ServiceCall creation(GlueKey name, String content) {
    JsonNode json = DocumentJson.parseObject("a link", content);
    if (!name.isDatabase()) {
      ObjectNode input = RequestJson.object().put(LinkImages.NAME, name.table());
      input.set(LinkImages.TARGET_TABLE, json.path(LinkImages.TARGET_TABLE));
      return call(
          commands.createTable(name.database(), input.toString()),
          Verb.CREATE,
          "glue:CreateTable",
          name,
          glue -> createLink(glue, name, json.path(LinkImages.TARGET_TABLE)));
    }
    boolean isLink = json.has(LinkImages.TARGET_DATABASE);
    return call(
        isLink ? commands.createLink(content) : commands.createDatabase(content),
        Verb.CREATE,
        "glue:CreateDatabase",
        name,
        glue -> createDatabase(glue, name, json));
  }

  private void createLink(GlueClient glue, GlueKey name, JsonNode target) {
    glue.createTable(
        request ->
            request
                .catalogId(role.account())
                .databaseName(name.database())
                .tableInput(
                    input ->
                        input
                            .name(name.table())
                            .targetTable(
                                table ->
                                    table
                                        .catalogId(text(target, LakeFormationJson.CATALOG))
                                        .databaseName(text(target, LakeFormationJson.DATABASE_NAME))
                                        .name(text(target, LinkImages.NAME)))));
  }

  private void createDatabase(GlueClient glue, GlueKey name, JsonNode json) {
    JsonNode target = json.path(LinkImages.TARGET_DATABASE);
    glue.createDatabase(
        request ->
            request
                .catalogId(role.account())
                .databaseInput(
                    input -> {
                      input.name(name.database());
                      if (target.isMissingNode()) {
                        input
                            .parameters(texts(json.path(LinkImages.PARAMETERS)))
                            .createTableDefaultPermissions(List.of());
                      } else {
                        input.targetDatabase(
                            database ->
                                database
                                    .catalogId(text(target, LakeFormationJson.CATALOG))
                                    .databaseName(text(target, LakeFormationJson.DATABASE_NAME)));
                      }
                    }));
  }

  private static Map<String, String> texts(JsonNode json) {
    Map<String, String> texts = new TreeMap<>();
    json.properties().forEach(each -> texts.put(each.getKey(), each.getValue().asText()));
    return texts;
  }

  private static String text(JsonNode json, String field) {
    return json.path(field).asText();
  }

  private ServiceCall deletion(GlueKey name, ObjectChange change) {
    return name.isDatabase()
        ? call(
            commands.deleteDatabase(name.database()),
            Verb.DELETE,
            "glue:DeleteDatabase",
            name,
            glue -> {
              requireUnchanged(name, change);
              glue.deleteDatabase(
                  request -> request.catalogId(role.account()).name(name.database()));
            })
        : call(
            commands.deleteTable(name.database(), name.table()),
            Verb.DELETE,
            "glue:DeleteTable",
            name,
            glue -> {
              requireUnchanged(name, change);
              glue.deleteTable(
                  request ->
                      request
                          .catalogId(role.account())
                          .databaseName(name.database())
                          .name(name.table()));
            });
  }

  /** Glue deletes whatever there is, so it is read once more. */
  private void requireUnchanged(GlueKey name, ObjectChange change) {
    if (!read(change.key()).equals(change.actual())) {
      throw Failure.of(MeshAction.of(Verb.DELETE, name + " in Glue"))
          .because("another program changed it at the same time")
          .fix("Run the mirrors again.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  private ServiceCall call(
      String command, Verb verb, String permission, GlueKey name, Consumer<GlueClient> request) {
    return calls.call(command, action(verb, name), permission, name.resource(), request);
  }

  private <R> Optional<R> find(GlueKey name, String permission, Function<GlueClient, R> request) {
    return calls.find(action(Verb.READ, name), permission, name.resource(), request);
  }

  private static MeshAction action(Verb verb, GlueKey name) {
    return MeshAction.of(verb, name + " in Glue");
  }
}
