package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.rights.PolicySnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.ColumnLFTag;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.EntityNotFoundException;
import software.amazon.awssdk.services.lakeformation.model.GetResourceLfTagsResponse;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationOptInsInfo;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.lakeformation.model.ResourceInfo;

/**
 * Reads what Lake Formation of an account has of the objects of a mesh, and what others have added
 * to its databases and tables. Left out are tags and locations that the mesh does not know, and the
 * permissions of the mesh itself as the creator of its tables. Used once, by one thread.
 */
final class LakeFormationActual {
  /** The most values of a tag in a reply; the tag may have more. */
  private static final int MOST_VALUES = 50;

  private static final String IAM_ALLOWED_PRINCIPALS = "IAM_ALLOWED_PRINCIPALS";

  private final Set<String> incomplete = new HashSet<>();
  private final Set<String> open = new TreeSet<>();
  private final LakeFormationClient client;
  private final LakeFormationFailure failure;
  private final String catalog;
  private final String account;
  private final LakeFormationSettings settings;
  private final Set<String> keys;
  private final boolean isOfTables;
  private final Map<String, ServiceObject> objects = new TreeMap<>();

  /** Names of tables by the storage name of their database. */
  private final Map<String, Set<String>> tables = new TreeMap<>();

  /** The settings of the account; null until they are read. */
  private @Nullable DataLakeSettings stored;

  /**
   * Reads an account.
   *
   * @param catalog the account of the catalog that has the databases
   * @param account the account whose Lake Formation is read: the same, or a recipient's
   * @param settings what the mesh needs of the settings there
   * @param objects what the mesh knows of, with the content of each object if it is known
   * @param isOfTables true if these are the objects of a few tables, such as of one product: what
   *     the account of the catalog has of each of them is asked for. A recipient's permissions are
   *     listed whole: whether Lake Formation lists permissions on a table of another account was
   *     not tested on AWS
   */
  LakeFormationActual(
      LakeFormationClient client,
      LakeFormationFailure failure,
      String catalog,
      String account,
      LakeFormationSettings settings,
      Set<String> objects,
      boolean isOfTables) {
    this.client = client;
    this.failure = failure;
    this.catalog = catalog;
    this.account = account;
    this.settings = settings;
    this.keys = objects;
    this.isOfTables = isOfTables;
  }

  /** Returns the objects by key. */
  Map<String, ServiceObject> read() {
    for (String key : keys) {
      if (key.startsWith(LakeFormationKeys.CLOSED)) {
        String[] path = key.substring(LakeFormationKeys.CLOSED.length()).split("/", -1);
        Set<String> tablesToRead = tables.computeIfAbsent(path[0], absent -> new TreeSet<>());
        if (!path[1].equals(LakeFormationKeys.NONE)) {
          tablesToRead.add(path[1]);
        }
      }
    }
    if (keys.contains(LakeFormationKeys.SETTINGS)) {
      settings();
    }
    Set<String> existing = new HashSet<>();
    if (account.equals(catalog)) {
      ofCatalog(existing);
    }
    if (has(LakeFormationKeys.OPT_IN)) {
      optIns(existing);
    }
    if (has(LakeFormationKeys.GRANT) || !tables.isEmpty()) {
      grants(existing);
    }
    return objects;
  }

  private void ofCatalog(Set<String> existing) {
    if (has(LakeFormationKeys.LOCATION)) {
      locations();
    }
    if (has(LakeFormationKeys.TAG)) {
      tags();
    }
    tables.forEach(
        (database, names) -> {
          if (!isOfTables) {
            assignments(database, Optional.empty(), existing);
          }
          names.forEach(table -> assignments(database, Optional.of(table), existing));
        });
    if (!tables.isEmpty()) {
      filters(existing);
    }
  }

  /**
   * Returns what lists are limited to: each table of the product that exists in the account of the
   * catalog, or nothing.
   */
  private List<Optional<JsonNode>> limits(Set<String> existing) {
    if (!isOfTables || !account.equals(catalog)) {
      return List.of(Optional.empty());
    }
    List<Optional<JsonNode>> limits = new ArrayList<>();
    tables.forEach(
        (database, names) ->
            names.stream()
                .filter(
                    name ->
                        existing.contains(LakeFormationKeys.closed(database, Optional.of(name))))
                .forEach(
                    name ->
                        limits.add(Optional.of(LakeFormationJson.table(catalog, database, name)))));
    return limits;
  }

  /** Returns the starts of the keys of objects that replies may lack. */
  Set<String> incomplete() {
    return incomplete;
  }

  /** Returns the keys of databases and tables that IAM alone opens. */
  Set<String> open() {
    return open;
  }

  private void optIns(Set<String> existing) {
    List<Optional<JsonNode>> limits = limits(existing);
    limits.forEach(this::optIns);
    limits.stream()
        .flatMap(Optional::stream)
        .flatMap(table -> LakeFormationJson.database(table).stream())
        .distinct()
        .filter(database -> has(LakeFormationKeys.optInsOnDatabase(database)))
        .forEach(database -> optIns(Optional.of(LakeFormationJson.database(catalog, database))));
  }

  private void optIns(Optional<JsonNode> on) {
    for (LakeFormationOptInsInfo each :
        failure.send(
            "ListLakeFormationOptIns",
            "the opt-ins",
            () ->
                client
                    .listLakeFormationOptInsPaginator(
                        request ->
                            request.resource(on.map(LakeFormationRequests::resource).orElse(null)))
                    .stream()
                    .flatMap(page -> page.lakeFormationOptInsInfoList().stream())
                    .toList())) {
      String principal = each.principal().dataLakePrincipalIdentifier();
      LakeFormationRequests.json(each.resource())
          .ifPresent(
              resource -> {
                String key = LakeFormationKeys.optIn(principal, resource);
                if (keys.contains(key)) {
                  ObjectNode content = RequestJson.object().put(GrantEntries.PRINCIPAL, principal);
                  content.set(GrantEntries.RESOURCE, resource);
                  put(key, Optional.empty(), content, "");
                }
              });
    }
  }

  private boolean has(String prefix) {
    return keys.stream().anyMatch(key -> key.startsWith(prefix));
  }

  private void put(String key, Optional<String> container, JsonNode content, String version) {
    objects.put(key, new ServiceObject(container, Mirror.contentOf(content), version));
  }

  /** Returns true if the role of the mesh administers Lake Formation, as reading it requires. */
  boolean isAdministrator() {
    return settings.isAdministrator(readSettings());
  }

  private DataLakeSettings readSettings() {
    DataLakeSettings cached = stored;
    if (cached == null) {
      cached =
          failure
              .send(
                  "GetDataLakeSettings",
                  "the settings",
                  () -> client.getDataLakeSettings(request -> request.catalogId(account)))
              .dataLakeSettings();
      stored = cached;
    }
    return cached;
  }

  /**
   * Every account has settings. Settings that lack something are not yet the mesh's; what they have
   * besides belongs to others.
   */
  private void settings() {
    if (settings.areIn(readSettings())) {
      put(LakeFormationKeys.SETTINGS, Optional.empty(), settings.content(), "");
    }
  }

  private void locations() {
    for (ResourceInfo location :
        failure.send(
            "ListResources",
            "the locations",
            () ->
                client.listResourcesPaginator(request -> {}).stream()
                    .flatMap(page -> page.resourceInfoList().stream())
                    .toList())) {
      String key = LakeFormationKeys.location(location.resourceArn());
      if (keys.contains(key)) {
        put(
            key,
            Optional.empty(),
            RequestJson.object()
                .put(LakeFormationImages.RESOURCE_ARN, location.resourceArn())
                .put(LakeFormationImages.ROLE_ARN, location.roleArn())
                .put(
                    LakeFormationImages.HYBRID,
                    Boolean.TRUE.equals(location.hybridAccessEnabled())),
            "");
      }
    }
  }

  private void tags() {
    for (LFTagPair tag :
        failure.send(
            "ListLFTags",
            "the LF-tags",
            () ->
                client.listLFTagsPaginator(request -> request.catalogId(catalog)).stream()
                    .flatMap(page -> page.lfTags().stream())
                    .toList())) {
      if (tag.tagValues().size() >= MOST_VALUES) {
        incomplete.add(LakeFormationKeys.values(lowerCase(tag.tagKey())));
      }
      for (String value : tag.tagValues()) {
        String key = LakeFormationKeys.tag(lowerCase(tag.tagKey()), lowerCase(value));
        if (keys.contains(key)) {
          put(
              key,
              Optional.empty(),
              RequestJson.object()
                  .put(LakeFormationJson.TAG_KEY, lowerCase(tag.tagKey()))
                  .put(LakeFormationImages.TAG_VALUE, lowerCase(value)),
              "");
        }
      }
    }
  }

  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private void assignments(String database, Optional<String> table, Set<String> existing) {
    JsonNode on =
        table
            .map(name -> LakeFormationJson.table(catalog, database, name))
            .orElseGet(() -> LakeFormationJson.database(catalog, database));
    Optional<GetResourceLfTagsResponse> tags =
        failure.send(
            "GetResourceLFTags",
            database + table.map(name -> "." + name).orElse(""),
            () -> {
              try {
                return Optional.of(
                    client.getResourceLFTags(
                        request ->
                            request
                                .catalogId(catalog)
                                .resource(LakeFormationRequests.resource(on))
                                .showAssignedLFTags(true)));
              } catch (EntityNotFoundException e) {
                return Optional.empty();
              }
            });
    if (tags.isEmpty()) {
      return;
    }
    existing.add(LakeFormationKeys.closed(database, table));
    List<LFTagPair> own =
        table.isPresent() ? tags.get().lfTagsOnTable() : tags.get().lfTagOnDatabase();
    own.forEach(tag -> assignment(database, table, Optional.empty(), on, tag));
    for (ColumnLFTag column : tags.get().lfTagsOnColumns()) {
      JsonNode single =
          LakeFormationJson.columns(catalog, database, table.orElse(""), List.of(column.name()));
      column
          .lfTags()
          .forEach(
              tag ->
                  assignment(database, table, Optional.of(lowerCase(column.name())), single, tag));
    }
  }

  private void assignment(
      String database,
      Optional<String> table,
      Optional<String> column,
      JsonNode on,
      LFTagPair tag) {
    String key = lowerCase(tag.tagKey());
    String value = tag.tagValues().isEmpty() ? "" : lowerCase(tag.tagValues().get(0));
    ObjectNode content = RequestJson.object();
    content.set(GrantEntries.RESOURCE, on);
    content.put(LakeFormationJson.TAG_KEY, key).put(LakeFormationImages.TAG_VALUE, value);
    put(
        LakeFormationKeys.assignment(database, table, column, key),
        Optional.of(LakeFormationKeys.closed(database, Optional.empty())),
        content,
        "");
  }

  private void filters(Set<String> existing) {
    limits(existing).forEach(this::filters);
  }

  private void filters(Optional<JsonNode> on) {
    List<DataCellsFilter> all =
        failure.send(
            "ListDataCellsFilter",
            "the data cells filters",
            () ->
                client
                    .listDataCellsFilterPaginator(
                        request ->
                            request.table(
                                on.map(LakeFormationRequests::resource)
                                    .map(Resource::table)
                                    .orElse(null)))
                    .stream()
                    .flatMap(page -> page.dataCellsFilters().stream())
                    .toList());
    for (DataCellsFilter filter : all) {
      if (catalog.equals(filter.tableCatalogId())
          && tables.getOrDefault(filter.databaseName(), Set.of()).contains(filter.tableName())) {
        put(
            LakeFormationKeys.filter(filter.databaseName(), filter.tableName(), filter.name()),
            Optional.of(LakeFormationKeys.closed(filter.databaseName(), Optional.empty())),
            LakeFormationRequests.json(filter),
            Optional.ofNullable(filter.versionId()).orElse(""));
      }
    }
  }

  /** The permissions of one principal on one resource, from all its rows. */
  private static final class Row {
    private final Set<String> permissions = new TreeSet<>();
    private final Set<String> grantable = new TreeSet<>();
  }

  private record Holder(String principal, ObjectNode resource) {}

  private void grants(Set<String> existing) {
    Map<Holder, Row> rows = new HashMap<>();
    for (PrincipalResourcePermissions row : permissions(existing)) {
      String principal = row.principal().dataLakePrincipalIdentifier();
      Optional<ObjectNode> resource = LakeFormationRequests.json(row.resource());
      if (resource.isEmpty() || !isOfCatalog(resource.get())) {
        continue;
      } else if (principal.equals(IAM_ALLOWED_PRINCIPALS)) {
        LakeFormationJson.database(resource.get())
            .ifPresent(
                database ->
                    open.add(
                        LakeFormationKeys.closed(
                            database, LakeFormationJson.table(resource.get()))));
      } else if (!principal.equals(settings.administrator())) {
        Row held = rows.computeIfAbsent(new Holder(principal, resource.get()), none -> new Row());
        held.permissions.addAll(row.permissionsAsStrings());
        held.grantable.addAll(row.permissionsWithGrantOptionAsStrings());
      }
    }
    existing.stream().filter(key -> !open.contains(key)).forEach(this::closed);
    columns(rows);
    rows.forEach(this::grant);
  }

  /** A list for a table has the permissions on its columns, but not on its filters. */
  private List<PrincipalResourcePermissions> permissions(Set<String> existing) {
    List<Optional<JsonNode>> limits = new ArrayList<>(limits(existing));
    if (isOfTables) {
      objects.forEach(
          (key, object) -> {
            if (key.startsWith(LakeFormationKeys.FILTER)) {
              limits.add(
                  Optional.of(
                      LakeFormationJson.filter(DocumentJson.parseObject(key, object.content()))));
            }
          });
    }
    List<PrincipalResourcePermissions> rows = new ArrayList<>();
    for (Optional<JsonNode> on : limits) {
      rows.addAll(
          failure.send(
              "ListPermissions",
              "the permissions",
              () ->
                  client
                      .listPermissionsPaginator(
                          request ->
                              request
                                  .catalogId(account)
                                  .resource(on.map(LakeFormationRequests::resource).orElse(null)))
                      .stream()
                      .flatMap(page -> page.principalResourcePermissions().stream())
                      .toList()));
    }
    return rows;
  }

  /** True for resources of the catalog, and for links of the account. */
  private boolean isOfCatalog(ObjectNode resource) {
    JsonNode member = resource.elements().next();
    String owner =
        member.has(LakeFormationJson.TABLE_CATALOG)
            ? member.path(LakeFormationJson.TABLE_CATALOG).asText()
            : member.path(LakeFormationJson.CATALOG).asText();
    return owner.equals(catalog) || owner.equals(account);
  }

  private void closed(String key) {
    String[] path = key.substring(LakeFormationKeys.CLOSED.length()).split("/", -1);
    boolean isDatabase = path[1].equals(LakeFormationKeys.NONE);
    ObjectNode content = RequestJson.object();
    content.set(
        GrantEntries.RESOURCE,
        isDatabase
            ? LakeFormationJson.database(catalog, path[0])
            : LakeFormationJson.table(catalog, path[0], path[1]));
    put(
        key,
        isDatabase
            ? Optional.empty()
            : Optional.of(LakeFormationKeys.closed(path[0], Optional.empty())),
        content,
        "");
  }

  /** Takes the lists of columns out, and joins the lists of a principal and a table. */
  private void columns(Map<Holder, Row> rows) {
    Map<Holder, Set<String>> all = new HashMap<>();
    Map<Holder, Set<String>> grantable = new HashMap<>();
    rows.entrySet()
        .removeIf(
            entry -> {
              JsonNode list =
                  entry
                      .getKey()
                      .resource()
                      .path(LakeFormationJson.WITH_COLUMNS)
                      .path(LakeFormationJson.COLUMN_NAMES);
              if (list.isMissingNode()) {
                return false;
              }
              ObjectNode resource = entry.getKey().resource();
              Holder holder =
                  new Holder(
                      entry.getKey().principal(),
                      LakeFormationJson.table(
                          catalog,
                          LakeFormationJson.database(resource).orElse(""),
                          LakeFormationJson.table(resource).orElse("")));
              all.computeIfAbsent(holder, none -> new TreeSet<>()).addAll(RequestJson.texts(list));
              if (!entry.getValue().grantable.isEmpty()) {
                grantable
                    .computeIfAbsent(holder, none -> new TreeSet<>())
                    .addAll(RequestJson.texts(list));
              }
              return true;
            });
    all.forEach(
        (holder, names) -> {
          String database = LakeFormationJson.database(holder.resource()).orElse("");
          String table = LakeFormationJson.table(holder.resource()).orElse("");
          String key = LakeFormationKeys.columns(holder.principal(), database, table);
          if (concerns(key, holder)) {
            put(
                key,
                Optional.of(LakeFormationKeys.closed(database, Optional.empty())),
                GrantEntries.columns(
                    holder.principal(),
                    holder.resource(),
                    names,
                    grantable.getOrDefault(holder, Set.of())),
                "");
          }
        });
  }

  private void grant(Holder holder, Row held) {
    String key = LakeFormationKeys.grant(holder.principal(), holder.resource());
    if (!concerns(key, holder)) {
      return;
    }
    ObjectNode content = RequestJson.object().put(GrantEntries.PRINCIPAL, holder.principal());
    content.set(GrantEntries.RESOURCE, holder.resource());
    content.set(GrantEntries.PERMISSIONS, RequestJson.array(held.permissions));
    content.set(GrantEntries.GRANTABLE, RequestJson.array(held.grantable));
    put(
        key,
        LakeFormationJson.database(holder.resource())
            .map(database -> LakeFormationKeys.closed(database, Optional.empty())),
        content,
        "");
  }

  /** True if the mesh knows the entry, or it is one of others on the mesh's databases or tags. */
  private boolean concerns(String key, Holder holder) {
    if (keys.contains(key)) {
      return true;
    }
    Optional<String> database = LakeFormationJson.database(holder.resource());
    return database.map(tables::containsKey).orElseGet(() -> isOnDomain(holder.resource()));
  }

  private boolean isOnDomain(JsonNode resource) {
    for (JsonNode tag :
        resource.path(LakeFormationJson.POLICY).path(LakeFormationJson.EXPRESSION)) {
      String key = tag.path(LakeFormationJson.TAG_KEY).asText();
      for (String value : RequestJson.texts(tag.path(LakeFormationJson.TAG_VALUES))) {
        if (keys.contains(LakeFormationKeys.tag(key, value)) && key.equals(PolicySnapshot.DOMAIN)) {
          return true;
        }
      }
    }
    return false;
  }
}
