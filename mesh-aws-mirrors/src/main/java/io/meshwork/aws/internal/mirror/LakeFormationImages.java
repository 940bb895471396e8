package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.LakeFormationObject.Stage;
import io.meshwork.aws.internal.mirror.glue.RequestJson;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.rights.PolicySnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The objects that Lake Formation of one account has to have, from the state that decides as the
 * mesh does. In the account of the catalog, these are the settings, locations, tags, filters, and
 * the grants of the owner; in the account of a recipient, its settings and the grants that it makes
 * itself. Immutable.
 */
final class LakeFormationImages {
  static final String RESOURCE_ARN = "ResourceArn";
  static final String ROLE_ARN = "RoleArn";
  static final String HYBRID = "HybridAccessEnabled";
  static final String TAG_VALUE = "TagValue";

  private final String catalog;
  private final AccessState state;
  private final LakeFormationNames names;
  private final CatalogShares shares;

  /**
   * The objects of a state.
   *
   * @param catalog the account of the catalog, whose databases the state has
   * @param shares what the state shares with other accounts
   */
  LakeFormationImages(
      String catalog, AccessState state, LakeFormationNames names, CatalogShares shares) {
    this.catalog = catalog;
    this.state = state;
    this.names = names;
    this.shares = shares;
  }

  /**
   * Returns the objects in the account of the catalog.
   *
   * @param locations the folders with the tables of domains, such as {@code s3://bucket/data/sales}
   */
  List<LakeFormationObject> ofCatalog(Collection<String> locations) {
    List<LakeFormationObject> objects = new ArrayList<>();
    objects.add(settingsOf(catalog, true));
    new TreeSet<>(locations).forEach(location -> objects.add(location(location)));
    for (Database database : state.databases()) {
      objects.add(closed(database, Optional.empty()));
      database.tables().forEach(table -> objects.add(closed(database, Optional.of(table))));
    }
    state.tags().forEach(tag -> addValues(tag, objects));
    state.databases().forEach(database -> addAssignments(database, objects));
    Map<String, Optional<Instant>> ends = endsOfFilters();
    state.filters().stream()
        .map(this::withExistingColumns)
        .flatMap(Optional::stream)
        .forEach(filter -> objects.add(filter(filter, ends)));
    state.databases().forEach(database -> addOpened(database, objects));
    GrantEntries entries = grants(catalog);
    names.accounts().stream()
        .filter(account -> ResourceNames.isAccount(account) && !account.equals(catalog))
        .forEach(account -> addTargets(account, entries));
    objects.addAll(entries.objects());
    addOptIns(catalog, objects);
    return objects;
  }

  /**
   * Principals with grants are opted in, also on what IAM opens. The group of all principals of the
   * catalog's account is not: its opt-in would end what IAM permits to members without grants.
   */
  private void addOptIns(String account, List<LakeFormationObject> objects) {
    if (!names.settings().hybrid()) {
      return;
    }
    boolean isOwn = account.equals(catalog);
    for (DatabaseShare share : shares.with(account)) {
      String container =
          isOwn
              ? LakeFormationKeys.closed(share.database(), Optional.empty())
              : LakeFormationKeys.link(share.link());
      addOptIns(
          isOwn ? share.rolesViewing() : share.allViewers(),
          LakeFormationJson.database(catalog, share.database()),
          container,
          objects);
      for (String table : share.tables()) {
        addOptIns(
            isOwn ? share.rolesReading(table) : share.readersOf(table),
            LakeFormationJson.table(catalog, share.database(), table),
            container,
            objects);
      }
    }
  }

  private static void addOptIns(
      Set<String> principals,
      ObjectNode resource,
      String container,
      List<LakeFormationObject> objects) {
    for (String principal : principals) {
      ObjectNode content = RequestJson.object().put(GrantEntries.PRINCIPAL, principal);
      content.set(GrantEntries.RESOURCE, resource);
      objects.add(
          LakeFormationObject.of(
              LakeFormationKeys.optIn(principal, resource),
              Stage.OPT_IN,
              Optional.of(container),
              content));
    }
  }

  /** An account has to see what its links refer to, also if only its roles were granted that. */
  private void addTargets(String account, GrantEntries entries) {
    for (DatabaseShare share : shares.with(account)) {
      List<Resource> targets = new ArrayList<>();
      if (share.whole()) {
        targets.add(new Resource.Database(catalog, share.database()));
      } else {
        share
            .tables()
            .forEach(table -> targets.add(new Resource.Table(catalog, share.database(), table)));
      }
      Grantee grantee = Grantee.account(account);
      for (Resource on : targets) {
        entries.add(account, on, Grant.of("link:" + account, grantee, on, Permission.DESCRIBE));
      }
    }
  }

  /**
   * Returns the objects in the account of a recipient; empty if nothing is shared with it.
   *
   * @param named the links that the domain of the account gave names to
   * @param isCatalog true if the account has a catalog, too
   */
  List<LakeFormationObject> ofRecipient(String account, NamedLinks named, boolean isCatalog) {
    List<LakeFormationObject> objects =
        new LinkImages(catalog, account)
            .objects(
                shares.with(account),
                named,
                names.isOrganization() ? Set.of() : shares.typesFor(account));
    objects.addAll(grants(account).objects());
    addOptIns(account, objects);
    if (!objects.isEmpty()) {
      objects.add(0, settingsOf(account, isCatalog));
    }
    return objects;
  }

  private LakeFormationObject settingsOf(String account, boolean ofCatalog) {
    return LakeFormationObject.of(
        LakeFormationKeys.SETTINGS,
        Stage.SETTINGS,
        Optional.empty(),
        LakeFormationSettings.of(names.settings(), account, ofCatalog).content());
  }

  private LakeFormationObject location(String s3) {
    String arn = names.location(s3);
    return LakeFormationObject.of(
        LakeFormationKeys.location(arn),
        Stage.LOCATION,
        Optional.empty(),
        RequestJson.object()
            .put(RESOURCE_ARN, arn)
            .put(ROLE_ARN, names.registration(catalog))
            .put(HYBRID, names.settings().hybrid()));
  }

  private LakeFormationObject closed(Database database, Optional<Table> table) {
    ObjectNode content = RequestJson.object();
    content.set(
        GrantEntries.RESOURCE,
        table
            .map(each -> LakeFormationJson.table(catalog, database.name(), each.name()))
            .orElseGet(() -> LakeFormationJson.database(catalog, database.name())));
    return LakeFormationObject.of(
        LakeFormationKeys.closed(database.name(), table.map(Table::name)),
        table.isPresent() ? Stage.CLOSED_TABLE : Stage.CLOSED_DATABASE,
        table.map(each -> LakeFormationKeys.closed(database.name(), Optional.empty())),
        content);
  }

  private static void addValues(TagKey tag, List<LakeFormationObject> objects) {
    String key = lowerCase(tag.key());
    tag.values().stream()
        .map(LakeFormationImages::lowerCase)
        .distinct()
        .sorted()
        .forEach(
            value ->
                objects.add(
                    LakeFormationObject.of(
                        LakeFormationKeys.tag(key, value),
                        Stage.TAG,
                        Optional.empty(),
                        RequestJson.object()
                            .put(LakeFormationJson.TAG_KEY, key)
                            .put(TAG_VALUE, value))));
  }

  private void addAssignments(Database database, List<LakeFormationObject> objects) {
    Resource.Database on = new Resource.Database(catalog, database.name());
    database.tags().forEach((key, value) -> objects.add(assignment(on, key, value)));
    for (Table table : database.tables()) {
      Resource.Table whole = new Resource.Table(catalog, database.name(), table.name());
      table.tags().forEach((key, value) -> objects.add(assignment(whole, key, value)));
      table
          .columnTags()
          .forEach(
              (column, tags) -> {
                Resource.Columns single =
                    new Resource.Columns(catalog, database.name(), table.name(), List.of(column));
                tags.forEach((key, value) -> objects.add(assignment(single, key, value)));
              });
    }
  }

  /** Returns the value of a tag on a database, a table, or one column. */
  private static LakeFormationObject assignment(Resource on, String tag, String tagValue) {
    String key = lowerCase(tag);
    String value = lowerCase(tagValue);
    ObjectNode content = RequestJson.object();
    content.set(GrantEntries.RESOURCE, LakeFormationJson.of(on));
    content.put(LakeFormationJson.TAG_KEY, key).put(TAG_VALUE, value);
    Optional<String> column =
        on instanceof Resource.Columns columns
            ? Optional.of(lowerCase(columns.names().get(0)))
            : Optional.empty();
    return LakeFormationObject.of(
        LakeFormationKeys.assignment(on.database().orElseThrow(), on.table(), column, key),
        Stage.ASSIGNMENT,
        Optional.of(LakeFormationKeys.closed(on.database().orElseThrow(), Optional.empty())),
        content);
  }

  /** Adds the tags that open tables, after their other tags; see {@link NewColumns}. */
  private void addOpened(Database database, List<LakeFormationObject> objects) {
    String domain = database.tags().get(PolicySnapshot.DOMAIN);
    if (domain == null) {
      return;
    }
    for (Table table : database.tables()) {
      LakeFormationObject tag =
          assignment(
              new Resource.Table(catalog, database.name(), table.name()),
              PolicySnapshot.DOMAIN,
              domain);
      objects.add(
          LakeFormationObject.of(tag.key(), Stage.OPENED_TABLE, tag.container(), tag.content()));
    }
  }

  private Map<String, Optional<Instant>> endsOfFilters() {
    Map<String, Optional<Instant>> ends = new HashMap<>();
    state.grants().stream()
        .filter(grant -> grant.on() instanceof Resource.FilteredTable)
        .forEach(grant -> ends.put(grant.id(), grant.until()));
    return ends;
  }

  private static LakeFormationObject filter(
      DataFilter filter, Map<String, Optional<Instant>> ends) {
    return new LakeFormationObject(
        LakeFormationKeys.filter(filter.database(), filter.table(), filter.name()),
        Stage.FILTER,
        Optional.of(LakeFormationKeys.closed(filter.database(), Optional.empty())),
        LakeFormationJson.of(filter),
        ends.getOrDefault(filter.name(), Optional.empty()));
  }

  private GrantEntries grants(String grantor) {
    GrantEntries entries = new GrantEntries();
    for (Grant grant : state.grants()) {
      if (grant.grantor().equals(grantor)) {
        resource(grant.on())
            .ifPresent(
                on ->
                    names.grantees(grant).forEach(principal -> entries.add(principal, on, grant)));
      }
    }
    return entries;
  }

  /**
   * Returns a resource with columns that exist; empty if none is left. A list of excluded columns
   * would include columns that are added later, and cannot be passed on: it becomes a list of the
   * others. A list with fields of a column stays, because only Lake Formation knows what remains of
   * the column.
   */
  private Optional<Resource> resource(Resource on) {
    if (on instanceof Resource.Columns columns) {
      return list(on, existing(on, columns.names()));
    } else if (on instanceof Resource.ColumnsExcept except
        && except.names().stream().noneMatch(name -> name.contains("."))) {
      List<String> others = new ArrayList<>(columnsOf(on));
      others.removeIf(name -> except.names().stream().anyMatch(name::equalsIgnoreCase));
      return list(on, others);
    } else if (on instanceof Resource.FilteredTable filtered) {
      return state.filters().stream()
              .filter(
                  filter ->
                      filter.database().equals(filtered.in())
                          && filter.table().equals(filtered.of())
                          && filter.name().equals(filtered.filter()))
              .anyMatch(filter -> withExistingColumns(filter).isPresent())
          ? Optional.of(on)
          : Optional.empty();
    }
    return Optional.of(on);
  }

  private static Optional<Resource> list(Resource on, List<String> names) {
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Resource.Columns(
                on.account(), on.database().orElseThrow(), on.table().orElseThrow(), names));
  }

  private Optional<DataFilter> withExistingColumns(DataFilter filter) {
    Resource on = new Resource.Table(filter.account(), filter.database(), filter.table());
    Optional<List<String>> include = included(on, filter);
    if (include.filter(List::isEmpty).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new DataFilter(
            filter.account(),
            filter.database(),
            filter.table(),
            filter.name(),
            include,
            include.isPresent() ? Optional.empty() : filter.exclude(),
            filter.rows()));
  }

  /**
   * Returns the columns of a filter, so that one that is added later is hidden until the next run;
   * empty if the filter excludes fields of a column, because only Lake Formation knows what remains
   * of it.
   */
  private Optional<List<String>> included(Resource table, DataFilter filter) {
    if (filter.include().isPresent()) {
      return filter.include().map(names -> existing(table, names));
    }
    List<String> excluded = existing(table, filter.exclude().orElse(List.of()));
    if (excluded.stream().anyMatch(name -> name.contains("."))) {
      return Optional.empty();
    }
    List<String> others = new ArrayList<>(columnsOf(table));
    others.removeIf(name -> excluded.stream().anyMatch(name::equalsIgnoreCase));
    return Optional.of(others);
  }

  /** Returns the names that are columns of a table, or fields of them. */
  private List<String> existing(Resource table, List<String> names) {
    List<String> columns = columnsOf(table);
    return names.stream()
        .filter(
            name ->
                columns.stream()
                    .anyMatch(
                        column ->
                            name.equalsIgnoreCase(column)
                                || name.toLowerCase(Locale.ROOT)
                                    .startsWith(column.toLowerCase(Locale.ROOT) + ".")))
        .toList();
  }

  private List<String> columnsOf(Resource on) {
    return state.databases().stream()
        .filter(database -> on.database().equals(Optional.of(database.name())))
        .flatMap(database -> database.tables().stream())
        .filter(table -> on.table().equals(Optional.of(table.name())))
        .flatMap(table -> table.columns().stream())
        .map(column -> column.name())
        .toList();
  }

  /** Keys and values of tags are stored in lower case. */
  private static String lowerCase(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
