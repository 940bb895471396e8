package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.DATABASE;
import static io.meshwork.aws.LakeFormationAccounts.TABLE;

import io.meshwork.aws.LakeFormationAccounts.Account;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalResourcePermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/** What another program, or a person, changes of the mesh in Lake Formation. */
final class LakeFormationDrift {
  private final LakeFormationAccounts accounts;
  private final LakeFormationClient lake;

  LakeFormationDrift(LakeFormationAccounts accounts) {
    this.accounts = accounts;
    this.lake = accounts.in(Account.CATALOG);
  }

  /** Returns a change of each kind, by name. */
  Map<String, Runnable> kinds() {
    Map<String, Runnable> drift = new LinkedHashMap<>();
    putSettings(drift);
    putLocations(drift);
    putTags(drift);
    putFilters(drift);
    putGrants(drift);
    putRecipient(drift);
    return drift;
  }

  private void putSettings(Map<String, Runnable> drift) {
    drift.put(
        "no administrator",
        () ->
            accounts.putSettings(
                settings ->
                    settings.dataLakeAdmins(
                        DataLakePrincipal.builder()
                            .dataLakePrincipalIdentifier(
                                "arn:aws:iam::" + accounts.catalog + ":role/platform")
                            .build())));
    drift.put("open defaults", () -> accounts.openDefaults());
    drift.put(
        "an earlier version of grants across accounts",
        () ->
            accounts.putSettings(
                settings -> settings.parameters(Map.of("CROSS_ACCOUNT_VERSION", "3"))));
  }

  private void putLocations(Map<String, Runnable> drift) {
    drift.put(
        "no location", () -> lake.deregisterResource(remove -> remove.resourceArn(location())));
    drift.put("another role of the location", () -> updateLocation("theirs", false));
    drift.put("a location that IAM opens", () -> updateLocation("mesh-registration", true));
  }

  private String location() {
    return "arn:aws:s3:::" + accounts.config.bucketIn(accounts.catalog) + "/data/commerce";
  }

  private void updateLocation(String role, boolean isHybrid) {
    lake.updateResource(
        update ->
            update
                .resourceArn(location())
                .roleArn("arn:aws:iam::" + accounts.catalog + ":role/" + role)
                .hybridAccessEnabled(isHybrid));
  }

  private void putTags(Map<String, Runnable> drift) {
    drift.put(
        "no tag",
        () ->
            lake.removeLFTagsFromResource(
                remove -> remove.resource(accounts.table()).lfTags(lfTag("kind", "plain"))));
    drift.put(
        "another tag",
        () ->
            lake.addLFTagsToResource(
                add -> add.resource(accounts.table()).lfTags(lfTag("kind", "secret"))));
    drift.put(
        "no value of a tag",
        () ->
            lake.updateLFTag(tag -> tag.tagKey("classification").tagValuesToDelete("restricted")));
    drift.put("no definition of a tag", () -> lake.deleteLFTag(tag -> tag.tagKey("kind")));
    drift.put(
        "no tag of the database",
        () ->
            lake.removeLFTagsFromResource(
                remove ->
                    remove
                        .resource(
                            on ->
                                on.database(
                                    named -> named.catalogId(accounts.catalog).name(DATABASE)))
                        .lfTags(lfTag("domain", "commerce"))));
    drift.put(
        "no tag of a column",
        () ->
            lake.removeLFTagsFromResource(
                remove -> remove.resource(columns("amount")).lfTags(lfTag("kind", "secret"))));
    drift.put(
        "another tag of a column",
        () ->
            lake.addLFTagsToResource(
                add -> add.resource(columns("amount")).lfTags(lfTag("kind", "plain"))));
  }

  static LFTagPair lfTag(String key, String value) {
    return LFTagPair.builder().tagKey(key).tagValues(value).build();
  }

  private Resource columns(String... names) {
    return Resource.builder()
        .tableWithColumns(
            table ->
                table
                    .catalogId(accounts.catalog)
                    .databaseName(DATABASE)
                    .name(TABLE)
                    .columnNames(names))
        .build();
  }

  private void putFilters(Map<String, Runnable> drift) {
    drift.put(
        "no filter",
        () -> {
          DataCellsFilter filter = filter();
          lake.deleteDataCellsFilter(
              delete ->
                  delete
                      .tableCatalogId(filter.tableCatalogId())
                      .databaseName(DATABASE)
                      .tableName(TABLE)
                      .name(filter.name()));
        });
    drift.put(
        "another filter",
        () -> {
          DataCellsFilter filter = filter();
          lake.updateDataCellsFilter(
              update ->
                  update.tableData(
                      filter.toBuilder()
                          .rowFilter(rows -> rows.filterExpression("region <> 'EU'"))
                          .build()));
        });
  }

  private DataCellsFilter filter() {
    return lake.listDataCellsFilter(list -> {}).dataCellsFilters().get(0);
  }

  private void putGrants(Map<String, Runnable> drift) {
    drift.put(
        "open to IAM",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(accounts.allowedByIam())
                        .resource(accounts.table())
                        .permissions(Permission.ALL)));
    drift.put(
        "fewer permissions",
        () ->
            lake.revokePermissions(
                revoke ->
                    revoke
                        .principal(role("auditor"))
                        .resource(accounts.table())
                        .permissions(Permission.SELECT)));
    drift.put(
        "more permissions",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(role("auditor"))
                        .resource(accounts.table())
                        .permissions(Permission.INSERT)));
    drift.put(
        "more columns",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(role("lister"))
                        .resource(columns("email"))
                        .permissions(Permission.SELECT)));
    drift.put("no tag policy", this::revokePolicy);
    drift.put(
        "no grant option",
        () ->
            lake.revokePermissions(
                revoke ->
                    revoke
                        .principal(principal(accounts.finance))
                        .resource(accounts.table())
                        .permissions(List.of())
                        .permissionsWithGrantOption(Permission.SELECT)));
    drift.put(
        "more grant options",
        () ->
            lake.grantPermissions(
                grant ->
                    grant
                        .principal(role("auditor"))
                        .resource(accounts.table())
                        .permissions(Permission.DESCRIBE)
                        .permissionsWithGrantOption(Permission.DESCRIBE)));
  }

  /** What changes in the account of the recipient. */
  private void putRecipient(Map<String, Runnable> drift) {
    LakeFormationClient recipient = accounts.in(Account.FINANCE);
    drift.put(
        "other settings of the recipient",
        () ->
            recipient.putDataLakeSettings(
                put ->
                    put.dataLakeSettings(
                        recipient.getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder()
                            .allowFullTableExternalDataAccess(false)
                            .build())));
    drift.put(
        "fewer columns passed on",
        () ->
            recipient.revokePermissions(
                revoke ->
                    revoke
                        .principal(role("delegate"))
                        .resource(columns("amount", "id"))
                        .permissions(Permission.SELECT)));
    drift.put(
        "more columns passed on",
        () ->
            recipient.grantPermissions(
                grant ->
                    grant
                        .principal(role("delegate"))
                        .resource(columns("region"))
                        .permissions(Permission.SELECT)));
  }

  private void revokePolicy() {
    PrincipalResourcePermissions policy =
        lake
            .listPermissions(list -> list.catalogId(accounts.catalog))
            .principalResourcePermissions()
            .stream()
            .filter(row -> row.resource().lfTagPolicy() != null)
            .filter(row -> row.principal().equals(role("tagged")))
            .findFirst()
            .orElseThrow();
    lake.revokePermissions(
        revoke ->
            revoke
                .principal(policy.principal())
                .resource(policy.resource())
                .permissions(policy.permissions()));
  }

  private DataLakePrincipal role(String name) {
    return principal("arn:aws:iam::" + accounts.finance + ":role/" + name);
  }

  private static DataLakePrincipal principal(String identifier) {
    return DataLakePrincipal.builder().dataLakePrincipalIdentifier(identifier).build();
  }
}
