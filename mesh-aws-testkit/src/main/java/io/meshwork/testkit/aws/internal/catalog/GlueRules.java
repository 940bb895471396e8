package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.OtherServiceRules;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Glue's Data Catalog: policies of identities, permissions of Lake Formation, catalogs of other
 * accounts, resource links, versions, and pages; the Schema Registry and rulesets of Data Quality.
 * Glue's other operations go to the server.
 */
public final class GlueRules implements ServiceRules {
  private static final Set<String> NOT_EMULATED =
      Set.of(
          "BatchDeleteTableVersion",
          "GetUnfilteredPartitionMetadata",
          "GetUnfilteredPartitionsMetadata",
          "GetUnfilteredTableMetadata",
          "SearchTables");

  private final LakeState lakes;
  private final AwsPermissions permissions;
  private final ServiceRules others;
  private final GlueDatabases databases;
  private final GlueTables tables;
  private final SchemaRules schemas;
  private final QualityRules quality;

  public GlueRules(
      GlueStore store,
      LakeState lakes,
      AwsPermissions permissions,
      SchemaRules schemas,
      QualityRules quality) {
    this.schemas = schemas;
    this.quality = quality;
    this.lakes = lakes;
    this.permissions = permissions;
    others = new OtherServiceRules(permissions);
    GlueAccess access = new GlueAccess(store, lakes, permissions);
    databases = new GlueDatabases(store, lakes, access);
    tables = new GlueTables(store, lakes, access);
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    if (NOT_EMULATED.contains(operation)) {
      throw new NotEmulatedException("glue:" + operation + " is not emulated.");
    }
    boolean isOfSchemas = SchemaRules.knows(operation);
    boolean isOfQuality = QualityRules.knows(operation);
    if (!isOfSchemas && !isOfQuality && !operation.contains("Database") && !isOfTables(operation)) {
      return others.ownReply(request, caller);
    }
    JsonNode parsed = AwsReply.JSON.readTree(request.body().text());
    if (!(parsed instanceof ObjectNode body)) {
      throw AwsErrorException.invalidInput("The request is not a JSON object.");
    }
    CatalogKey own = new CatalogKey(caller.account(), request.scope().region());
    if (isOfSchemas) {
      return AwsReply.json(schemas.reply(operation, caller, own, body).toString());
    }
    if (isOfQuality) {
      return AwsReply.json(quality.reply(operation, caller, own, body).toString());
    }
    String account = body.path("CatalogId").asText(caller.account());
    if (!LakePrincipals.isAccount(account)) {
      throw new NotEmulatedException("Only the catalogs of accounts are emulated.");
    }
    CatalogKey catalog = new CatalogKey(account, request.scope().region());
    GlueActions.check(permissions, caller, operation, catalog, body);
    synchronized (lakes) {
      ObjectNode reply =
          operation.contains("Database")
              ? databases.reply(operation, caller, catalog, body)
              : tables.reply(operation, caller, catalog, body);
      return AwsReply.json(reply.toString());
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private static boolean isOfTables(String operation) {
    return (operation.contains("Table") && !operation.contains("TableOptimizer"))
        || operation.contains("Partition");
  }
}
