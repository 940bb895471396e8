package io.meshwork.aws;

import io.meshwork.access.Permission;
import io.meshwork.internal.lakeformation.AccessFacts.Account;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.GlueColumn;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessFacts.RegisteredLocation;
import io.meshwork.internal.lakeformation.AccessFacts.Share;
import io.meshwork.internal.lakeformation.AccessFacts.ShareStatus;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.AccessFacts.TagKey;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.Resource.PolicyType;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.ColumnLFTag;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.GetResourceLfTagsResponse;
import software.amazon.awssdk.services.lakeformation.model.LFTag;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.LFTagPolicyResource;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.TableResource;
import software.amazon.awssdk.services.lakeformation.model.TableWithColumnsResource;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.model.ResourceOwner;
import software.amazon.awssdk.services.ram.model.ResourceShare;

/**
 * What Lake Formation, Glue, and Resource Access Manager of accounts have, as their APIs list it to
 * the administrators of Lake Formation: the state that decides on readers. It shares nothing with
 * the mirrors. Used once.
 */
final class LakeFormationState {
  private static final String ALL_TABLES = "ALL_TABLES";

  /** The clients of an account. */
  record Clients(LakeFormationClient lake, GlueClient glue, RamClient ram) {}

  private final Map<String, Clients> accounts;
  private final Optional<String> organization;
  private final AccessState.Builder state = AccessState.builder();

  /** The ARNs of what others share with an account, and the account accepted. */
  private final Map<String, Set<String>> accepted = new TreeMap<>();

  private int grants;

  private LakeFormationState(Map<String, Clients> accounts, Optional<String> organization) {
    this.accounts = accounts;
    this.organization = organization;
  }

  /**
   * Reads the state.
   *
   * @param accounts all accounts
   * @param organization the ID of the organization that they are in
   */
  static AccessState read(Map<String, Clients> accounts, Optional<String> organization) {
    LakeFormationState read = new LakeFormationState(accounts, organization);
    accounts.forEach(read::shares);
    accounts.forEach(read::account);
    return read.state.build();
  }

  private void shares(String account, Clients clients) {
    Set<String> arns = new TreeSet<>();
    clients
        .ram()
        .getResourceSharesPaginator(get -> get.resourceOwner(ResourceOwner.OTHER_ACCOUNTS))
        .stream()
        .flatMap(page -> page.resourceShares().stream())
        .map(ResourceShare::resourceShareArn)
        .forEach(arns::add);
    accepted.put(account, arns);
    // Whether it was accepted decides about each grant: an unaccepted one is left out below.
    accounts
        .keySet()
        .forEach(owner -> state.shares(new Share(owner, account, ShareStatus.ACCEPTED)));
  }

  private void account(String account, Clients clients) {
    settings(account, clients.lake());
    clients.lake().listPermissionsPaginator(list -> list.catalogId(account)).stream()
        .flatMap(page -> page.principalResourcePermissions().stream())
        .forEach(row -> grant(account, row));
    clients.lake().listLFTagsPaginator(list -> list.catalogId(account)).stream()
        .flatMap(page -> page.lfTags().stream())
        .forEach(tag -> state.tags(new TagKey(account, tag.tagKey(), tag.tagValues())));
    clients.lake().listDataCellsFilterPaginator(list -> {}).stream()
        .flatMap(page -> page.dataCellsFilters().stream())
        .forEach(filter -> state.filters(filter(filter)));
    clients.lake().listResourcesPaginator(list -> {}).stream()
        .flatMap(page -> page.resourceInfoList().stream())
        .forEach(
            location ->
                state.locations(
                    new RegisteredLocation(
                        account,
                        location.resourceArn().replace("arn:aws:s3:::", "s3://"),
                        location.hybridAccessEnabled())));
    clients.glue().getDatabasesPaginator(get -> get.catalogId(account)).stream()
        .flatMap(page -> page.databaseList().stream())
        .forEach(database -> database(account, clients, database));
  }

  private void settings(String account, LakeFormationClient lake) {
    DataLakeSettings settings =
        lake.getDataLakeSettings(get -> get.catalogId(account)).dataLakeSettings();
    state.accounts(
        new Account(
            account,
            organization,
            Set.of(),
            identifiers(settings.dataLakeAdmins()),
            identifiers(settings.readOnlyAdmins()),
            Integer.parseInt(settings.parameters().getOrDefault("CROSS_ACCOUNT_VERSION", "1")),
            Set.of(),
            true));
  }

  private static Set<String> identifiers(List<DataLakePrincipal> principals) {
    Set<String> identifiers = new HashSet<>();
    principals.forEach(each -> identifiers.add(each.dataLakePrincipalIdentifier()));
    return identifiers;
  }

  /** Adds what an account granted; what it got is in the list of the account that granted it. */
  private void grant(String account, PrincipalResourcePermissions row) {
    Grantee to = Grantee.of(row.principal().dataLakePrincipalIdentifier());
    List<String> shares =
        row.additionalDetails() == null ? List.of() : row.additionalDetails().resourceShare();
    if (accepted.getOrDefault(account, Set.of()).containsAll(shares) && !shares.isEmpty()) {
      return;
    }
    boolean isLeftOut =
        to.account()
            .filter(recipient -> !recipient.equals(account))
            .map(recipient -> accepted.getOrDefault(recipient, Set.of()))
            .filter(arns -> shares.isEmpty() || !arns.containsAll(shares))
            .isPresent();
    if (!isLeftOut) {
      state.grants(
          new Grant(
              "g" + grants++,
              to,
              resource(row.resource()),
              permissions(row.permissionsAsStrings()),
              permissions(row.permissionsWithGrantOptionAsStrings()),
              Optional.empty(),
              account));
    }
  }

  private static Set<Permission> permissions(Collection<String> names) {
    Set<Permission> permissions = EnumSet.noneOf(Permission.class);
    names.forEach(name -> permissions.add(Permission.valueOf(name)));
    return permissions;
  }

  private static Resource resource(
      software.amazon.awssdk.services.lakeformation.model.Resource on) {
    if (on.catalog() != null) {
      return new Resource.CatalogResource(on.catalog().id());
    } else if (on.database() != null) {
      return new Resource.Database(on.database().catalogId(), on.database().name());
    } else if (on.table() != null) {
      return table(on.table());
    } else if (on.tableWithColumns() != null) {
      return columns(on.tableWithColumns());
    } else if (on.dataCellsFilter() != null) {
      return new Resource.FilteredTable(
          on.dataCellsFilter().tableCatalogId(),
          on.dataCellsFilter().databaseName(),
          on.dataCellsFilter().tableName(),
          on.dataCellsFilter().name());
    } else if (on.lfTagPolicy() != null) {
      return policy(on.lfTagPolicy());
    } else if (on.lfTag() != null) {
      return new Resource.TagValues(
          on.lfTag().catalogId(), on.lfTag().tagKey(), on.lfTag().tagValues());
    } else if (on.dataLocation() != null) {
      return new Resource.Location(
          on.dataLocation().catalogId(),
          on.dataLocation().resourceArn().replace("arn:aws:s3:::", "s3://"));
    }
    throw new IllegalStateException("The evaluator does not know " + on);
  }

  private static Resource table(TableResource table) {
    return table.tableWildcard() != null || table.name().equals(ALL_TABLES)
        ? new Resource.AllTables(table.catalogId(), table.databaseName())
        : new Resource.Table(table.catalogId(), table.databaseName(), table.name());
  }

  private static Resource columns(TableWithColumnsResource table) {
    if (table.hasColumnNames()) {
      return new Resource.Columns(
          table.catalogId(), table.databaseName(), table.name(), table.columnNames());
    } else if (!table.columnWildcard().excludedColumnNames().isEmpty()) {
      return new Resource.ColumnsExcept(
          table.catalogId(),
          table.databaseName(),
          table.name(),
          table.columnWildcard().excludedColumnNames());
    }
    return table.name().equals(ALL_TABLES)
        ? new Resource.AllTables(table.catalogId(), table.databaseName())
        : new Resource.Table(table.catalogId(), table.databaseName(), table.name());
  }

  private static Resource policy(LFTagPolicyResource policy) {
    Map<String, List<String>> where = new TreeMap<>();
    for (LFTag tag : policy.expression()) {
      where.put(tag.tagKey(), tag.tagValues());
    }
    return new Resource.TagPolicy(
        policy.catalogId(),
        PolicyType.valueOf(policy.resourceTypeAsString()),
        TagExpression.of(where));
  }

  private static DataFilter filter(DataCellsFilter filter) {
    return new DataFilter(
        filter.tableCatalogId(),
        filter.databaseName(),
        filter.tableName(),
        filter.name(),
        filter.hasColumnNames() ? Optional.of(filter.columnNames()) : Optional.empty(),
        filter.columnWildcard() == null || filter.columnWildcard().excludedColumnNames().isEmpty()
            ? Optional.empty()
            : Optional.of(filter.columnWildcard().excludedColumnNames()),
        Optional.ofNullable(filter.rowFilter().filterExpression()));
  }

  private void database(
      String account, Clients clients, software.amazon.awssdk.services.glue.model.Database found) {
    if (found.targetDatabase() != null) {
      state.links(
          new Link(
              account,
              Optional.empty(),
              found.name(),
              new Resource.Database(
                  found.targetDatabase().catalogId(), found.targetDatabase().databaseName()),
              ""));
      return;
    }
    List<Table> tables = new ArrayList<>();
    clients
        .glue()
        .getTablesPaginator(get -> get.catalogId(account).databaseName(found.name()))
        .stream()
        .flatMap(page -> page.tableList().stream())
        .forEach(
            table -> {
              if (table.targetTable() == null) {
                tables.add(table(account, clients.lake(), table));
              } else {
                state.links(link(account, table));
              }
            });
    Map<String, String> tags =
        values(
            tagsOf(
                    clients.lake(),
                    account,
                    on -> on.database(named -> named.catalogId(account).name(found.name())))
                .lfTagOnDatabase());
    state.databases(Database.of(account, found.name()).tags(tags).tables(tables));
  }

  private static Link link(String account, software.amazon.awssdk.services.glue.model.Table table) {
    return new Link(
        account,
        Optional.of(table.databaseName()),
        table.name(),
        new Resource.Table(
            table.targetTable().catalogId(),
            table.targetTable().databaseName(),
            table.targetTable().name()),
        table.createdBy());
  }

  private static Table table(
      String account,
      LakeFormationClient lake,
      software.amazon.awssdk.services.glue.model.Table table) {
    GetResourceLfTagsResponse tags =
        tagsOf(
            lake,
            account,
            on ->
                on.table(
                    named ->
                        named
                            .catalogId(account)
                            .databaseName(table.databaseName())
                            .name(table.name())));
    Map<String, Map<String, String>> ofColumns = new TreeMap<>();
    for (ColumnLFTag column : tags.lfTagsOnColumns()) {
      ofColumns.put(column.name(), values(column.lfTags()));
    }
    List<GlueColumn> columns = new ArrayList<>();
    table
        .storageDescriptor()
        .columns()
        .forEach(column -> columns.add(new GlueColumn(column.name(), Optional.of(column.type()))));
    return new Table(
        table.name(),
        columns,
        List.of(),
        Optional.ofNullable(table.createdBy()),
        Optional.of(table.storageDescriptor().location()),
        values(tags.lfTagsOnTable()),
        ofColumns);
  }

  private static GetResourceLfTagsResponse tagsOf(
      LakeFormationClient lake,
      String account,
      Consumer<software.amazon.awssdk.services.lakeformation.model.Resource.Builder> on) {
    return lake.getResourceLFTags(
        get -> get.catalogId(account).resource(on).showAssignedLFTags(true));
  }

  private static Map<String, String> values(List<LFTagPair> tags) {
    Map<String, String> values = new TreeMap<>();
    tags.forEach(tag -> values.put(tag.tagKey(), tag.tagValues().get(0)));
    return values;
  }
}
