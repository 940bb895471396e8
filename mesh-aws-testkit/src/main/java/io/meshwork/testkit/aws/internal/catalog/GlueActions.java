package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import java.util.ArrayList;
import java.util.List;

/** The resources on which policies have to allow a request to Glue's Data Catalog. */
final class GlueActions {
  private GlueActions() {}

  /**
   * Checks that the policies of a caller allow an operation on the catalog, the database, and the
   * tables that a request names.
   *
   * @throws AwsErrorException if they do not
   */
  static void check(
      AwsPermissions permissions,
      AwsIdentity caller,
      String operation,
      CatalogKey catalog,
      JsonNode body) {
    if (permissions.isRestricted(caller)) {
      for (String path : paths(operation, body)) {
        check(permissions, caller, operation, catalog.arn(path));
      }
    }
  }

  static void check(AwsPermissions permissions, AwsIdentity caller, String operation, String arn) {
    String denial = permissions.denial(caller, IamAction.of("glue:" + operation, arn));
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
  }

  /** Checks the same for what a resource link links to. */
  static void checkTarget(
      AwsPermissions permissions, AwsIdentity caller, String operation, CatalogTable target) {
    LakeObject object = target.object();
    check(permissions, caller, operation, target.catalog().arn("catalog"));
    check(permissions, caller, operation, target.catalog().arn("database/" + object.database()));
    if (!object.isDatabase()) {
      check(permissions, caller, operation, target.arn());
    }
  }

  private static List<String> paths(String operation, JsonNode body) {
    List<String> paths = new ArrayList<>(List.of("catalog"));
    if (operation.contains("Database")) {
      String name =
          operation.equals("CreateDatabase")
              ? LakeResource.lower(body.path("DatabaseInput"), "Name")
              : LakeResource.lower(body, "Name");
      paths.add("database/" + (name.isEmpty() ? "*" : name));
      return paths;
    }
    String database = LakeResource.lower(body, "DatabaseName");
    paths.add("database/" + database);
    for (String table : tables(operation, body)) {
      paths.add("table/" + database + "/" + table);
    }
    return paths;
  }

  private static List<String> tables(String operation, JsonNode body) {
    if (operation.equals("BatchDeleteTable")) {
      List<String> names = new ArrayList<>();
      body.path("TablesToDelete").forEach(name -> names.add(name.asText()));
      return names;
    }
    return List.of(operation.equals("GetTables") ? "*" : name(body));
  }

  /** Returns the name of the table of a request, in lower case. */
  static String name(JsonNode body) {
    for (String field : List.of("Name", "TableName")) {
      if (body.has(field)) {
        return LakeResource.lower(body, field);
      }
    }
    return LakeResource.lower(body.path("TableInput"), "Name");
  }
}
