package io.meshwork.aws;

import io.meshwork.aws.rules.LakeAccount;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.SchemaId;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.LFTagPair;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalPermissions;
import software.amazon.awssdk.services.lakeformation.model.ResourceInfo;

/**
 * What other programs, or people, change in objects of the mesh.
 *
 * @param catalog the account of the catalog of the orders
 * @param recipient the account whose links and roles concern the orders
 * @param domain the domain whose database and location change
 * @param filter a part of the filter of rows that changes
 * @param reader the role of the recipient that loses its permission on the whole table
 */
record MirrorDrift(
    AwsConfig config,
    String catalog,
    String recipient,
    String domain,
    String filter,
    String reader) {
  private static final String DATABASE = "commerce";
  private static final String TABLE = "orders_v1";

  /** Changes or removes an object of each kind. */
  void changeEachKind() {
    try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), catalog);
        GlueClient glue = account.as("mesh-mirror").glue()) {
      changeTables(glue);
      changeContracts(account.glue());
      changeSettings(account);
      changeRights(account);
    }
    try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), recipient);
        GlueClient glue = account.as("mesh-mirror").glue()) {
      glue.deleteTable(delete -> delete.databaseName(DATABASE + "__tables").name(TABLE));
    }
  }

  private void changeTables(GlueClient glue) {
    glue.updateDatabase(update -> update.name(domain).databaseInput(input -> input.name(domain)));
    Table table = glue.getTable(get -> get.databaseName(DATABASE).name(TABLE)).table();
    Map<String, String> parameters = new TreeMap<>(table.parameters());
    parameters.put("meshwork.owner", "x");
    glue.updateTable(
        update ->
            update
                .databaseName(DATABASE)
                .tableInput(
                    input ->
                        input
                            .name(TABLE)
                            .tableType(table.tableType())
                            .parameters(parameters)
                            .storageDescriptor(table.storageDescriptor())));
  }

  private void changeContracts(GlueClient glue) {
    String registry = "mesh-" + config.meshName() + "." + DATABASE;
    glue.updateRegistry(
        update -> update.registryId(id -> id.registryName(registry)).description("x"));
    glue.updateSchema(
        update ->
            update
                .schemaId(SchemaId.builder().registryName(registry).schemaName(TABLE).build())
                .description("x"));
    glue.listDataQualityRulesets(list -> {}).rulesets().stream()
        .filter(ruleset -> ruleset.name().endsWith(TABLE))
        .forEach(
            ruleset ->
                glue.updateDataQualityRuleset(
                    update -> update.name(ruleset.name()).ruleset("Rules = [ RowCount > 1 ]")));
  }

  private void changeSettings(LakeAccount account) {
    account.put(
        account.lake().getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder()
            .createTableDefaultPermissions(
                PrincipalPermissions.builder()
                    .principal(LakeAccount.principal("IAM_ALLOWED_PRINCIPALS"))
                    .permissions(Permission.ALL)
                    .build())
            .build());
    for (ResourceInfo location : account.lake().listResources(list -> {}).resourceInfoList()) {
      if (location.resourceArn().endsWith("/" + domain)) {
        account
            .lake()
            .updateResource(
                update ->
                    update
                        .resourceArn(location.resourceArn())
                        .roleArn(location.roleArn())
                        .hybridAccessEnabled(true));
      }
    }
  }

  private void changeRights(LakeAccount account) {
    LakeFormationClient lake = account.lake();
    account.grant("IAM_ALLOWED_PRINCIPALS", account.tableResource(DATABASE, TABLE), Permission.ALL);
    lake.addLFTagsToResource(
        add ->
            add.resource(account.tableResource(DATABASE, TABLE))
                .lfTags(LFTagPair.builder().tagKey("kind").tagValues(List.of("secret")).build()));
    DataCellsFilter filtered =
        lake.listDataCellsFilter(list -> {}).dataCellsFilters().stream()
            .filter(each -> String.valueOf(each.rowFilter().filterExpression()).contains(filter))
            .findFirst()
            .orElseThrow();
    lake.updateDataCellsFilter(
        update ->
            update.tableData(
                filtered.toBuilder()
                    .rowFilter(rows -> rows.filterExpression("id <> 'x'"))
                    .build()));
    lake.revokePermissions(
        revoke ->
            revoke
                .principal(LakeAccount.principal("arn:aws:iam::" + recipient + ":role/" + reader))
                .resource(account.tableResource(DATABASE, TABLE))
                .permissions(Permission.SELECT));
  }
}
