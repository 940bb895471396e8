package io.meshwork.aws;

import io.meshwork.aws.rules.LakeAccount;
import java.util.Collection;
import java.util.List;
import software.amazon.awssdk.services.glue.model.Compatibility;
import software.amazon.awssdk.services.glue.model.DataFormat;
import software.amazon.awssdk.services.glue.model.RegistryId;
import software.amazon.awssdk.services.lakeformation.model.DataCellsFilter;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.Resource;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What other programs have in the services that show the mesh, beside its objects and in them. The
 * name of each contains {@value #NAME}.
 *
 * @param accounts the accounts of the mesh
 */
record MirrorStrangers(MirrorAccounts accounts) {
  static final String NAME = "theirs";

  private static final String SCHEMA =
      "{\"type\":\"record\",\"name\":\"Theirs\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";

  /** Makes what does not need the mesh. */
  void makeBeside() {
    makeIn(List.of(accounts.catalog, accounts.finance));
    putPolicy(Policies.policy(statement()));
  }

  /** Makes objects of others, with an administrator of the data lake, in accounts. */
  static void makeIn(Collection<String> ids) {
    for (String id : ids) {
      try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), id)) {
        account.put(
            account.lake().getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder()
                .dataLakeAdmins(LakeAccount.principal(account.administrator()))
                .build());
        account.createDatabase(NAME);
        account.createTable(NAME, "rows", "id");
        account.grant(account.role(NAME), account.tableResource(NAME, "rows"), Permission.SELECT);
        account.lake().createLFTag(create -> create.tagKey(NAME).tagValues("x"));
        account
            .lake()
            .registerResource(
                register ->
                    register
                        .resourceArn("arn:aws:s3:::" + NAME + "-" + id)
                        .roleArn(account.role(NAME)));
        filter(account, NAME, "rows");
        account.glue().createRegistry(create -> create.registryName(NAME));
        schema(account, NAME);
        ruleset(account, NAME, "rows");
      }
    }
  }

  /** Makes what is in, or on, objects of the mesh. */
  void makeInside() {
    try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), accounts.catalog)) {
      createTable(account);
      account.grant(
          account.role(NAME), account.tableResource("commerce", "prices_v1"), Permission.SELECT);
      account.lake().updateLFTag(update -> update.tagKey("kind").tagValuesToAdd(List.of(NAME)));
      filter(account, "commerce", "prices_v1");
      schema(account, "mesh-" + accounts.config.meshName() + ".commerce");
      ruleset(account, "commerce", "prices_v1");
    }
  }

  private static void createTable(LakeAccount account) {
    Resource database = account.databaseResource("commerce");
    account.grant(account.administrator(), database, Permission.CREATE_TABLE);
    account.createTable("commerce", NAME, "id");
    account
        .lake()
        .revokePermissions(
            revoke ->
                revoke
                    .principal(LakeAccount.principal(account.administrator()))
                    .resource(database)
                    .permissions(Permission.CREATE_TABLE));
  }

  /** Removes the statement of the others, after which a policy has only one of the mesh. */
  void withdrawStatement() {
    String both = policy();
    putPolicy(both.replace(statement() + ",", ""));
  }

  private static void filter(LakeAccount account, String database, String table) {
    account
        .lake()
        .createDataCellsFilter(
            create ->
                create.tableData(
                    DataCellsFilter.builder()
                        .tableCatalogId(account.id())
                        .databaseName(database)
                        .tableName(table)
                        .name(NAME)
                        .columnNames("id")
                        .rowFilter(rows -> rows.allRowsWildcard(all -> {}))
                        .build()));
  }

  private static void schema(LakeAccount account, String registry) {
    account
        .glue()
        .createSchema(
            create ->
                create
                    .registryId(RegistryId.builder().registryName(registry).build())
                    .schemaName(NAME)
                    .dataFormat(DataFormat.AVRO)
                    .compatibility(Compatibility.NONE)
                    .schemaDefinition(SCHEMA));
  }

  private static void ruleset(LakeAccount account, String database, String table) {
    account
        .glue()
        .createDataQualityRuleset(
            create ->
                create
                    .name(NAME + "-" + database)
                    .ruleset("Rules = [ RowCount > 0 ]")
                    .targetTable(target -> target.databaseName(database).tableName(table)));
  }

  /**
   * The statement of the others, with spaces that a program would not write. It lets the role with
   * which Lake Formation reads use the bucket.
   */
  String statement() {
    return """
    { "Sid" : "theirs",  "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::%s:root"},
          "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*" }\
    """
        .formatted(accounts.catalog, bucket());
  }

  private String bucket() {
    return accounts.config.bucketIn(accounts.commerce);
  }

  private String policy() {
    try (S3Client s3 = s3()) {
      return s3.getBucketPolicy(get -> get.bucket(bucket())).policy();
    }
  }

  private void putPolicy(String policy) {
    try (S3Client s3 = s3()) {
      s3.putBucketPolicy(put -> put.bucket(bucket()).policy(policy));
    }
  }

  private S3Client s3() {
    return EmulatedClients.administrator(AwsLocal.emulator(), accounts.commerce).s3();
  }
}
