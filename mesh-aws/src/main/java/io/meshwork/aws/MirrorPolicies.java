package io.meshwork.aws;

import io.meshwork.aws.internal.MirrorSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The statements of the roles {@code mesh-mirror}.
 *
 * @param config the mesh
 * @param account the account of the catalog
 */
record MirrorPolicies(AwsConfig config, String account) {
  private static final String READ = "ReadDataCatalog";
  private static final String GRANT = "MirrorGrants";
  private static final String OPT_IN = "OptReadersIn";

  /**
   * Returns the policies of a role by name. One that both shows a catalog and gets shares of others
   * has one statement where both policies have it, or where the recipient's, which reads the data
   * catalogs of all accounts, has more.
   *
   * @param shown the account of the catalog that the role shows, if it does
   * @param others the accounts of the catalogs whose shares it gets; may be empty
   */
  static Map<String, List<PolicyStatement>> ofRole(
      AwsConfig config, Optional<String> shown, List<String> others) {
    Map<String, List<PolicyStatement>> policies = new TreeMap<>();
    shown.ifPresent(place -> policies.put("mirror", new MirrorPolicies(config, place).ofCatalog()));
    if (!others.isEmpty()) {
      List<PolicyStatement> recipient =
          new MirrorPolicies(config, others.get(0)).ofRecipient(others);
      if (shown.isPresent()) {
        recipient.removeIf(statement -> statement.isNamed(GRANT) || statement.isNamed(OPT_IN));
        policies.values().forEach(own -> own.removeIf(statement -> statement.isNamed(READ)));
      }
      policies.put("recipient", recipient);
    }
    return policies;
  }

  /** Returns what the role needs in the account of the catalog. */
  List<PolicyStatement> ofCatalog() {
    List<PolicyStatement> statements =
        new ArrayList<>(
            List.of(
                PolicyStatement.allow(READ)
                    .actions("glue:GetDatabase", "glue:GetTable", "glue:GetTables")
                    .on(dataCatalog(List.of("catalog", "database/*", "table/*/*"))),
                PolicyStatement.allow("ChangeDataCatalog")
                    .actions(
                        "glue:CreateDatabase",
                        "glue:UpdateDatabase",
                        "glue:DeleteDatabase",
                        "glue:CreateTable",
                        "glue:UpdateTable",
                        "glue:DeleteTable")
                    .on(
                        dataCatalog(
                            List.of(
                                "catalog",
                                "database/*",
                                "table/*/*",
                                "userDefinedFunction/*/*")))));
    statements.addAll(new ContractPolicies(config, account).ofMirror());
    if (config.usesLakeFormation()) {
      statements.add(grants());
      optIns().ifPresent(statements::add);
      statements.add(
          PolicyStatement.allow("MirrorTagsFiltersAndLocations")
              .actions(
                  "lakeformation:ListResources",
                  "lakeformation:RegisterResource",
                  "lakeformation:UpdateResource",
                  "lakeformation:DeregisterResource",
                  "lakeformation:ListLFTags",
                  "lakeformation:GetLFTag",
                  "lakeformation:CreateLFTag",
                  "lakeformation:UpdateLFTag",
                  "lakeformation:GetResourceLFTags",
                  "lakeformation:AddLFTagsToResource",
                  "lakeformation:RemoveLFTagsFromResource",
                  "lakeformation:ListDataCellsFilter",
                  "lakeformation:CreateDataCellsFilter",
                  "lakeformation:UpdateDataCellsFilter",
                  "lakeformation:DeleteDataCellsFilter")
              .on("*"));
      statements.addAll(shares());
      if (config.hasOrganization()) {
        statements.add(
            PolicyStatement.allow("FindOrganization")
                .actions(
                    "organizations:DescribeOrganization",
                    "organizations:DescribeAccount",
                    "organizations:ListRoots",
                    "organizations:ListAccountsForParent",
                    "organizations:ListOrganizationalUnitsForParent")
                .on("*"));
      }
      statements.add(
          PolicyStatement.allow("RegisterLocations")
              .actions("iam:PassRole")
              .on(config.roleArn(account, MirrorSettings.REGISTRATION)));
    }
    return statements;
  }

  /**
   * Lake Formation shares with other accounts with the rights of its caller. It gives its shares
   * names that begin with its own, and permissions for its types of resources.
   */
  private List<PolicyStatement> shares() {
    return List.of(
        PolicyStatement.allow("ShareTables")
            .actions("ram:CreateResourceShare")
            .on("*")
            .when(
                "StringLikeIfExists",
                "ram:RequestedResourceType",
                List.of("glue:Catalog", "glue:Database", "glue:Table")),
        PolicyStatement.allow("FindShares")
            .actions("ram:GetResourceShares", "ram:GetResourceShareAssociations")
            .on("*"),
        PolicyStatement.allow("ChangeShares")
            .actions(
                "ram:UpdateResourceShare",
                "ram:AssociateResourceShare",
                "ram:DisassociateResourceShare",
                "ram:DeleteResourceShare")
            .on("*")
            .when("StringLike", "ram:ResourceShareName", "LakeFormation*"),
        PolicyStatement.allow("DescribeSharedPermissions")
            .actions("ram:AssociateResourceSharePermission")
            .on("*")
            .when(
                "ArnLike",
                "ram:PermissionArn",
                "arn:" + config.partition() + ":ram::aws:permission/AWSRAMLFEnabled*"));
  }

  /** Returns what the role needs in the account of a recipient. */
  List<PolicyStatement> ofRecipient() {
    return ofRecipient(List.of(account));
  }

  /** As {@link #ofRecipient()}, of the catalogs in these accounts. */
  private List<PolicyStatement> ofRecipient(List<String> catalogs) {
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(grants());
    optIns().ifPresent(statements::add);
    statements.add(
        PolicyStatement.allow("MirrorLinks")
            .actions(
                "glue:GetDatabase",
                "glue:GetTable",
                "glue:GetTables",
                "glue:CreateDatabase",
                "glue:DeleteDatabase",
                "glue:CreateTable",
                "glue:DeleteTable")
            .on(
                Stream.of("catalog", "database/*", "table/*/*", "userDefinedFunction/*/*")
                    .map(resource -> config.names().glue("*", resource))
                    .toList()));
    if (!config.hasOrganization()) {
      statements.add(
          PolicyStatement.allow("FindShares")
              .actions("ram:GetResourceShareInvitations", "ram:ListResources")
              .on("*"));
      statements.add(
          PolicyStatement.allow("AcceptShares")
              .actions("ram:ListPendingInvitationResources", "ram:AcceptResourceShareInvitation")
              .on(catalogs.stream().map(config.names()::invitations).toList()));
    }
    return statements;
  }

  /** Returns what the role needs for the policy of the bucket of its account. */
  List<PolicyStatement> ofBucket(String placeAccount) {
    return List.of(
        PolicyStatement.allow("OpenData")
            .actions("s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy")
            .on("arn:" + config.partition() + ":s3:::" + config.bucketIn(placeAccount)));
  }

  private Optional<PolicyStatement> optIns() {
    return config.isHybrid()
        ? Optional.of(
            PolicyStatement.allow(OPT_IN)
                .actions(
                    "lakeformation:ListLakeFormationOptIns",
                    "lakeformation:CreateLakeFormationOptIn")
                .on("*"))
        : Optional.empty();
  }

  private static PolicyStatement grants() {
    return PolicyStatement.allow(GRANT)
        .actions(
            "lakeformation:GetDataLakeSettings",
            "lakeformation:PutDataLakeSettings",
            "lakeformation:ListPermissions",
            "lakeformation:BatchGrantPermissions",
            "lakeformation:BatchRevokePermissions")
        .on("*");
  }

  private List<String> dataCatalog(List<String> resources) {
    return resources.stream().map(resource -> config.names().glue(account, resource)).toList();
  }
}
