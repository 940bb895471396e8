package io.meshwork.aws;

import io.meshwork.aws.AwsRoleKind.Type;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The statements of roles that read outside the mesh: by engines, open data, as Lake Formation.
 *
 * @param config the mesh
 * @param account the account of the table with the registry
 */
record ReaderPolicies(AwsConfig config, String account) {
  /** The names of the roles of standing readers, with or without a path, and of permission sets. */
  static final List<String> NAMES =
      List.of(
          "mesh-reader*",
          "*/mesh-reader*",
          "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_mesh-reader*");

  /** In a condition, the account of the caller. */
  static final String OWN_ACCOUNT = "${aws:PrincipalAccount}";

  /** Returns what Lake Formation needs to read the files of all tables. */
  List<PolicyStatement> ofRegistration() {
    return statements(PolicyStatement.allow("ReadData").actions("s3:GetObject").on(allData()));
  }

  /** Returns the trust that Lake Formation requires of a role with which it reads. */
  static List<PolicyStatement> trustOfRegistration() {
    return List.of(
        PolicyStatement.allow("AssumeRole")
            .toServices("lakeformation.amazonaws.com", "glue.amazonaws.com")
            .actions("sts:AssumeRole"));
  }

  /** Returns what a reader needs besides the permissions of Lake Formation. */
  List<PolicyStatement> ofEngine() {
    return statements(lookup("LookUpTables"), dataAccess("ReadTables"));
  }

  /**
   * Returns what a role of these kinds needs to query tables with Athena; empty if it does not.
   *
   * @param reader the account of the role
   */
  List<PolicyStatement> ofQueries(String reader, List<AwsRoleKind> kinds) {
    if (!has(kinds, Type.ENGINE_READER)) {
      return List.of();
    }
    // The policy for the files of a consumer has the same statements.
    boolean isConsumer = config.usesLakeFormation() && has(kinds, Type.CONSUMER);
    List<PolicyStatement> statements = isConsumer ? new ArrayList<>() : ofEngine();
    statements.add(
        PolicyStatement.allow("UseWorkGroup")
            .actions(
                "athena:GetWorkGroup",
                "athena:StartQueryExecution",
                "athena:StopQueryExecution",
                "athena:GetQueryExecution",
                "athena:GetQueryResults",
                "athena:GetQueryResultsStream")
            .on(config.names().workGroup(reader, config.table())));
    String key = config.kmsKey();
    if (key != null) {
      statements.add(
          PolicyStatement.allow("UseKey")
              .actions("kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")
              .on(key)
              .when(
                  "StringEquals",
                  "kms:ViaService",
                  new PlacePolicies(config).viaService("athena")));
    }
    return statements;
  }

  private static boolean has(List<AwsRoleKind> kinds, Type type) {
    return kinds.stream().anyMatch(kind -> kind.type() == type);
  }

  /** Returns how a role looks up tables by links in its account, and in the owner's. */
  PolicyStatement lookup(String id) {
    return PolicyStatement.allow(id)
        .actions("glue:GetDatabase", "glue:GetTable")
        .on(
            Stream.of("catalog", "database/*", "table/*/*")
                .map(resource -> config.names().glue("*", resource))
                .toList());
  }

  /** IAM has no resource for it; Lake Formation decides about each table. */
  static PolicyStatement dataAccess(String id) {
    return PolicyStatement.allow(id).actions("lakeformation:GetDataAccess").on("*");
  }

  /**
   * Returns what a reader of open files needs. For the bucket in the account of the reader, the
   * policy of the bucket is enough, and a permission of the role would give it all files.
   *
   * @param reader the account of the role, or {@link #OWN_ACCOUNT}
   */
  List<PolicyStatement> ofOpen(String reader) {
    return statements(
        PolicyStatement.allow("AssumeRoles")
            .actions("sts:AssumeRole", "sts:TagSession")
            .on(
                config.roleArn(
                    Principal.of(account, RegistryRoles.nameForReaders(config.meshName())))),
        PolicyStatement.allow("ReadOpenData")
            .actions("s3:GetObject")
            .on(allData())
            .when("StringNotEquals", "aws:ResourceAccount", reader));
  }

  /** Returns what a reader needs for open data, and for what Lake Formation permits. */
  List<PolicyStatement> ofRestricted(String reader) {
    List<PolicyStatement> statements = ofOpen(reader);
    statements.addAll(ofEngine());
    return statements;
  }

  private String allData() {
    String bucket = "arn:" + config.partition() + ":s3:::" + config.bucketIn("?".repeat(12));
    return DataPlaces.dataFolder(bucket) + "/*";
  }

  private static List<PolicyStatement> statements(PolicyStatement... all) {
    return new ArrayList<>(List.of(all));
  }
}
