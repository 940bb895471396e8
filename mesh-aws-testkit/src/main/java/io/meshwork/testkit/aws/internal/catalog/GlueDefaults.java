package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The permissions that new databases and tables get, and the input that describes them. */
final class GlueDefaults {
  private GlueDefaults() {}

  /** Returns what a request describes. */
  static ObjectNode input(ObjectNode body, String field) {
    if (!(body.get(field) instanceof ObjectNode input)) {
      throw AwsErrorException.invalidInput("The request has no " + field + ".");
    }
    return input;
  }

  /** Stores the name in lower case, as Glue does, and returns it. */
  static String foldName(ObjectNode input) {
    String name = input.path("Name").asText().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      throw AwsErrorException.invalidInput("The name is empty.");
    }
    input.put("Name", name);
    return name;
  }

  static JsonNode ofDatabases(LakeCatalog lake) {
    return lake.settings().path("CreateDatabaseDefaultPermissions");
  }

  static JsonNode ofTables(LakeCatalog lake) {
    return lake.settings().path("CreateTableDefaultPermissions");
  }

  /** Grants defaults on a new object. */
  static void grant(LakeCatalog lake, LakeObject object, JsonNode defaults) {
    for (JsonNode entry : defaults) {
      Set<String> permissions = new TreeSet<>();
      entry.path("Permissions").forEach(permission -> permissions.add(permission.asText()));
      String principal = entry.path("Principal").path("DataLakePrincipalIdentifier").asText();
      if (!permissions.isEmpty()) {
        lake.grant(principal, LakeResource.of(lake.key().account(), object), permissions, Set.of());
      }
    }
  }
}
