package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;

/**
 * Lake Formation: settings, locations, LF-Tags, grants, data cells filters, opt-ins, and
 * credentials of tables. The server gets none of these requests, because it has no rules about
 * them.
 */
public final class LakeFormationRules implements ServiceRules {
  private final LakeState lakes;
  private final AwsPermissions permissions;
  private final LakeSettings settings;
  private final LakeTags tags;
  private final LakeGrants grants;
  private final LakeFilters filters;
  private final LakeCredentials credentials;

  public LakeFormationRules(
      GlueStore store, LakeState lakes, AwsPermissions permissions, AwsAccounts accounts) {
    this.lakes = lakes;
    this.permissions = permissions;
    LakeObjects objects = new LakeObjects(store, lakes);
    settings = new LakeSettings(lakes);
    tags = new LakeTags(lakes, objects);
    grants = new LakeGrants(lakes, new GrantRules(lakes, objects, permissions));
    filters = new LakeFilters(lakes, objects);
    credentials = new LakeCredentials(lakes, objects, accounts, permissions);
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    String action = operation.startsWith("GetTemporaryGlue") ? "GetDataAccess" : operation;
    String denial = permissions.denial(caller, IamAction.of("lakeformation:" + action, "*"));
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
    JsonNode parsed = AwsReply.JSON.readTree(request.body().text());
    if (!(parsed instanceof ObjectNode body)) {
      throw AwsErrorException.invalidInput("The request is not a JSON object.");
    }
    String account = body.path("CatalogId").asText(caller.account());
    if (!LakePrincipals.isAccount(account)) {
      throw new NotEmulatedException("Only the catalogs of accounts are emulated.");
    }
    CatalogKey catalog = new CatalogKey(account, request.scope().region());
    if (body.has("RoleArn")) {
      String notPassed =
          permissions.denial(caller, IamAction.of("iam:PassRole", body.path("RoleArn").asText()));
      if (notPassed != null) {
        throw AwsErrorException.accessDenied(notPassed);
      }
    }
    synchronized (lakes) {
      return AwsReply.json(reply(operation, caller, catalog, body).toString());
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private ObjectNode reply(
      String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    return switch (operation) {
      case "GetDataLakeSettings",
          "PutDataLakeSettings",
          "RegisterResource",
          "UpdateResource",
          "DeregisterResource",
          "DescribeResource",
          "ListResources",
          "CreateLakeFormationOptIn",
          "DeleteLakeFormationOptIn",
          "ListLakeFormationOptIns" ->
          settings.reply(operation, caller, catalog, body);
      case "CreateLFTag",
          "UpdateLFTag",
          "GetLFTag",
          "ListLFTags",
          "DeleteLFTag",
          "AddLFTagsToResource",
          "RemoveLFTagsFromResource",
          "GetResourceLFTags",
          "SearchTablesByLFTags",
          "SearchDatabasesByLFTags" ->
          tags.reply(operation, caller, catalog, body);
      case "GrantPermissions",
          "RevokePermissions",
          "BatchGrantPermissions",
          "BatchRevokePermissions",
          "ListPermissions" ->
          grants.reply(operation, caller, catalog, body);
      case "CreateDataCellsFilter",
          "GetDataCellsFilter",
          "UpdateDataCellsFilter",
          "DeleteDataCellsFilter",
          "ListDataCellsFilter" ->
          filters.reply(operation, caller, catalog, body);
      case "GetTemporaryGlueTableCredentials" -> credentials.reply(caller, body);
      default -> throw new NotEmulatedException("lakeformation:" + operation + " is not emulated.");
    };
  }
}
