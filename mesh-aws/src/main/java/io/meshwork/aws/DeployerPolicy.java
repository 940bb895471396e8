package io.meshwork.aws;

import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the role {@code mesh-deployer} of an account needs to create and change the stacks of the
 * mesh there: the requests that CloudFormation sends with its rights for the types of our
 * templates, on the names in them. In the account of the mesh, it also reads the partition of the
 * registry with the documents of the mesh as a whole, such as its domains.
 *
 * @param config the mesh
 * @param account the account
 * @param hasTable true if it has a table with a registry
 * @param notices how notices come to the account, if they do
 * @param queries true if its roles query tables with Athena
 */
record DeployerPolicy(
    AwsConfig config,
    String account,
    boolean hasTable,
    Optional<AccountNotices> notices,
    boolean queries) {
  /**
   * Returns the statements.
   *
   * @param roles the roles in the templates of the account
   */
  List<PolicyStatement> statements(Stream<Principal> roles) {
    List<String> stacks = new ArrayList<>(List.of(stack(config.table())));
    List<String> resources = new ArrayList<>(roles.map(config::roleArn).toList());
    if (hasTable) {
      stacks.add(stack(config.table() + "-from-????????????"));
      resources.add(config.roleArn(account, config.table() + "-????????????-*"));
    }
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        PolicyStatement.allow("DeployStacks")
            .actions(
                "cloudformation:GetTemplateSummary",
                "cloudformation:GetTemplate",
                "cloudformation:CreateChangeSet",
                "cloudformation:DeleteChangeSet",
                "cloudformation:DescribeChangeSet",
                "cloudformation:ExecuteChangeSet",
                "cloudformation:UpdateTerminationProtection",
                "cloudformation:DescribeStacks",
                "cloudformation:DescribeStackEvents",
                "cloudformation:DetectStackResourceDrift")
            .on(stacks));
    statements.add(
        PolicyStatement.allow("ReadOwnStack")
            .actions("cloudformation:DescribeStacks", "cloudformation:GetTemplate")
            .on(stack(config.table() + "-deployer")));
    if (!resources.isEmpty()) {
      statements.add(makeRoles().on(resources));
    }
    statements.add(
        PolicyStatement.allow("MakeBucket")
            .actions(
                "s3:CreateBucket",
                "s3:GetBucketOwnershipControls",
                "s3:PutBucketOwnershipControls",
                "s3:GetBucketPublicAccessBlock",
                "s3:PutBucketPublicAccessBlock",
                "s3:GetBucketVersioning",
                "s3:PutBucketVersioning",
                "s3:GetEncryptionConfiguration",
                "s3:PutEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:PutLifecycleConfiguration",
                "s3:GetBucketPolicy",
                "s3:PutBucketPolicy")
            .on("arn:" + config.partition() + ":s3:::" + config.bucketIn(account)));
    if (hasTable) {
      statements.add(
          PolicyStatement.allow("MakeTable")
              .actions(
                  "dynamodb:CreateTable",
                  "dynamodb:DescribeTable",
                  "dynamodb:UpdateTable",
                  "dynamodb:DescribeContinuousBackups",
                  "dynamodb:UpdateContinuousBackups")
              .on(config.tableArn(account)));
    }
    if (account.equals(config.account())) {
      statements.add(
          PolicyStatement.allow("ReadMesh")
              .actions("dynamodb:GetItem")
              .on(config.tableArn(account))
              .when("ForAllValues:StringLike", "dynamodb:LeadingKeys", RegistryKeys.MESH)
              .when("Null", "dynamodb:LeadingKeys", "false"));
      new AccountStores(config, account).ofDeployer().forEach(statements::add);
    }
    notices.ifPresent(all -> statements.addAll(all.ofDeployer()));
    if (queries) {
      statements.add(new AccountStores(config, account).ofWorkGroup());
    }
    String key = config.kmsKey();
    if (key != null && hasTable) {
      statements.add(
          ofTable("UseKey", key).actions("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"));
      statements.add(
          ofTable("GrantKey", key)
              .actions("kms:CreateGrant")
              .when("Bool", "kms:GrantIsForAWSResource", "true"));
    }
    return statements;
  }

  private static PolicyStatement makeRoles() {
    return PolicyStatement.allow("MakeRoles")
        .actions(
            "iam:GetRole",
            "iam:CreateRole",
            "iam:DeleteRole",
            "iam:UpdateAssumeRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:GetRolePolicy",
            "iam:PutRolePolicy",
            "iam:DeleteRolePolicy");
  }

  /** Returns a statement that allows DynamoDB to use the key for the caller. */
  private PolicyStatement ofTable(String name, String key) {
    return PolicyStatement.allow(name)
        .on(key)
        .when("StringEquals", "kms:ViaService", new PlacePolicies(config).viaService("dynamodb"));
  }

  private String stack(String name) {
    return "arn:%s:cloudformation:%s:%s:stack/%s/*"
        .formatted(config.partition(), config.region(), account, name);
  }
}
