package io.meshwork.aws;

import io.meshwork.aws.internal.ContractMirrorSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What the mirrors of contracts may do in the services of AWS Glue.
 *
 * @param config the configuration of the mesh
 * @param account the account of the catalog
 */
record ContractPolicies(AwsConfig config, String account) {
  /** Returns what the mirrors do. Registries and rulesets of other programs have other names. */
  List<PolicyStatement> ofMirror() {
    ContractMirrorSettings services = config.contractMirrors();
    String prefix = ContractMirrorSettings.prefix(config.meshName());
    List<PolicyStatement> statements = new ArrayList<>();
    if (services.schemaRegistry()) {
      statements.add(
          PolicyStatement.allow("MirrorSchemas")
              .actions(
                  "glue:GetRegistry",
                  "glue:CreateRegistry",
                  "glue:UpdateRegistry",
                  "glue:DeleteRegistry",
                  "glue:ListSchemas",
                  "glue:GetSchema",
                  "glue:CreateSchema",
                  "glue:UpdateSchema",
                  "glue:DeleteSchema",
                  "glue:ListSchemaVersions",
                  "glue:RegisterSchemaVersion",
                  "glue:QuerySchemaVersionMetadata",
                  "glue:PutSchemaVersionMetadata",
                  "glue:RemoveSchemaVersionMetadata")
              .on(dataCatalog(List.of("registry/" + prefix + "*", "schema/" + prefix + "*"))));
      // IAM has no resource for it.
      statements.add(PolicyStatement.allow("ReadSchemas").actions("glue:GetSchemaVersion").on("*"));
    }
    if (services.dataQuality()) {
      statements.add(
          PolicyStatement.allow("MirrorRules")
              .actions(
                  "glue:GetDataQualityRuleset",
                  "glue:UpdateDataQualityRuleset",
                  "glue:DeleteDataQualityRuleset")
              .on(dataCatalog(List.of("dataQualityRuleset/" + prefix + "*"))));
      // IAM has no resource for a ruleset that does not exist yet.
      statements.add(
          PolicyStatement.allow("CreateRules").actions("glue:CreateDataQualityRuleset").on("*"));
    }
    return statements;
  }

  private List<String> dataCatalog(List<String> resources) {
    return resources.stream().map(resource -> config.names().glue(account, resource)).toList();
  }
}
