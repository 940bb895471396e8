package io.meshwork.aws;

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
 * @param accounts the accounts of the mesh
 */
record MirrorDrift(MirrorAccounts accounts) {
  private static final String DATABASE = "commerce";
  private static final String TABLE = "orders_v1";

  /** Changes or removes an object of each kind. */
  void changeEachKind() {
    try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), accounts.catalog);
        GlueClient glue = account.as("mesh-mirror").glue()) {
      changeTables(glue);
      changeContracts(account.glue());
      changeSettings(account);
      changeRights(account);
    }
    try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), accounts.finance);
        GlueClient glue = account.as("mesh-mirror").glue()) {
      glue.deleteTable(delete -> delete.databaseName(DATABASE + "__tables").name(TABLE));
    }
  }

  private static void changeTables(GlueClient glue) {
    glue.updateDatabase(
        update -> update.name("archive").databaseInput(input -> input.name("archive")));
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
    String registry = "mesh-" + accounts.config.meshName() + "." + DATABASE;
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

  private static void changeSettings(LakeAccount account) {
    account.put(
        account.lake().getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder()
            .createTableDefaultPermissions(
                PrincipalPermissions.builder()
                    .principal(LakeAccount.principal("IAM_ALLOWED_PRINCIPALS"))
                    .permissions(Permission.ALL)
                    .build())
            .build());
    for (ResourceInfo location : account.lake().listResources(list -> {}).resourceInfoList()) {
      if (location.resourceArn().endsWith("/archive")) {
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
    DataCellsFilter filter =
        lake.listDataCellsFilter(list -> {}).dataCellsFilters().stream()
            .filter(each -> String.valueOf(each.rowFilter().filterExpression()).contains("EU"))
            .findFirst()
            .orElseThrow();
    lake.updateDataCellsFilter(
        update ->
            update.tableData(
                filter.toBuilder()
                    .rowFilter(rows -> rows.filterExpression("region <> 'EU'"))
                    .build()));
    lake.revokePermissions(
        revoke ->
            revoke
                .principal(
                    LakeAccount.principal("arn:aws:iam::" + accounts.finance + ":role/auditor"))
                .resource(account.tableResource(DATABASE, TABLE))
                .permissions(Permission.SELECT));
  }
}
