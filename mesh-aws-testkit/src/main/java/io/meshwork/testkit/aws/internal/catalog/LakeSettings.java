package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog.LakeOptIn;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.util.ArrayList;
import java.util.List;

/** Settings of a data lake, registered locations, and opt-ins. Guarded by {@link LakeState}. */
final class LakeSettings {
  private static final int MOST_ADMINISTRATORS = 30;
  private static final int MOST_IN_PAGE = 1_000;

  private final LakeState lakes;

  LakeSettings(LakeState lakes) {
    this.lakes = lakes;
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body) {
    LakeCatalog lake = lakes.catalog(catalog);
    if (!caller.account().equals(catalog.account())) {
      throw AwsErrorException.accessDenied("The catalog " + catalog.account() + " is another's.");
    }
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    switch (operation) {
      case "GetDataLakeSettings" -> reply.set("DataLakeSettings", lake.settings());
      case "PutDataLakeSettings" -> put(lake, body);
      case "RegisterResource" -> register(lake, body);
      case "UpdateResource" -> update(lake, body);
      case "DeregisterResource" -> {
        location(lake, body);
        lake.locations().remove(arn(body));
      }
      case "DescribeResource" -> reply.set("ResourceInfo", location(lake, body));
      case "ListResources" -> {
        if (body.has("FilterConditionList")) {
          throw new NotEmulatedException("Conditions of ListResources are not emulated.");
        }
        List<ObjectNode> locations = List.copyOf(lake.locations().values());
        return AwsPages.glue(MOST_IN_PAGE).page(body, "ResourceInfoList", locations);
      }
      case "ListLakeFormationOptIns" -> {
        List<ObjectNode> permissions = new ArrayList<>();
        LakeResource on =
            body.has("Resource")
                ? LakeResource.parse(body.path("Resource"), lake.key().account())
                : null;
        lake.optIns().stream()
            .filter(each -> on == null || each.resource().equals(on))
            .forEach(each -> permissions.add(json(each)));
        return AwsPages.glue(MOST_IN_PAGE).page(body, "LakeFormationOptInsInfoList", permissions);
      }
      default -> optIn(operation, caller, lake, body);
    }
    return reply;
  }

  /** Replaces all settings: what a request omits becomes empty, as on AWS. */
  private static void put(LakeCatalog lake, ObjectNode body) {
    if (!(body.get("DataLakeSettings") instanceof ObjectNode requested)) {
      throw AwsErrorException.invalidInput("The request has no settings.");
    }
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    for (String list :
        List.of(
            "DataLakeAdmins",
            "ReadOnlyAdmins",
            "CreateDatabaseDefaultPermissions",
            "CreateTableDefaultPermissions",
            "TrustedResourceOwners",
            "ExternalDataFilteringAllowList",
            "AuthorizedSessionTagValueList")) {
      settings.set(
          list,
          requested.path(list).isArray()
              ? requested.path(list).deepCopy()
              : JsonNodeFactory.instance.arrayNode());
    }
    for (String flag : List.of("AllowExternalDataFiltering", "AllowFullTableExternalDataAccess")) {
      settings.put(flag, requested.path(flag).asBoolean());
    }
    checkAdministrators(settings);
    settings.set("Parameters", parameters(lake, requested));
    lake.setSettings(settings);
  }

  private static void checkAdministrators(ObjectNode settings) {
    if (settings.path("DataLakeAdmins").size() > MOST_ADMINISTRATORS) {
      throw AwsErrorException.invalidInput(
          "A data lake has at most " + MOST_ADMINISTRATORS + " administrators.");
    }
    for (String list : List.of("DataLakeAdmins", "ReadOnlyAdmins")) {
      for (JsonNode entry : settings.path(list)) {
        String principal = entry.path("DataLakePrincipalIdentifier").asText();
        if (!LakePrincipals.isIam(principal)) {
          throw AwsErrorException.invalidInput("Invalid administrator: " + principal);
        }
      }
    }
  }

  /** The version of sharing remains if a request does not name it. */
  private static ObjectNode parameters(LakeCatalog lake, ObjectNode requested) {
    ObjectNode parameters =
        requested.path("Parameters") instanceof ObjectNode named
            ? named.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    String key = "CROSS_ACCOUNT_VERSION";
    String version = parameters.path(key).asText(Integer.toString(lake.crossAccountVersion()));
    if (!version.matches("[1-5]")) {
      throw AwsErrorException.invalidInput("Invalid value of " + key + ": " + version);
    }
    return parameters.put(key, version);
  }

  private static void register(LakeCatalog lake, ObjectNode body) {
    String arn = arn(body);
    boolean usesServiceRole = body.path("UseServiceLinkedRole").asBoolean();
    if (usesServiceRole == body.has("RoleArn")) {
      throw AwsErrorException.invalidInput("Name a role, or use the service-linked role.");
    }
    if (lake.locations().containsKey(arn)) {
      throw AwsErrorException.alreadyExists("Resource is already registered: " + arn);
    }
    String account = lake.key().account();
    String role =
        usesServiceRole
            ? "arn:aws:iam::"
                + account
                + ":role/aws-service-role/lakeformation.amazonaws.com/"
                + "AWSServiceRoleForLakeFormationDataAccess"
            : body.path("RoleArn").asText();
    ObjectNode location = JsonNodeFactory.instance.objectNode();
    location
        .put("ResourceArn", arn)
        .put("RoleArn", role)
        .put("LastModified", System.currentTimeMillis() / 1000)
        .put("WithFederation", body.path("WithFederation").asBoolean())
        .put("HybridAccessEnabled", body.path("HybridAccessEnabled").asBoolean());
    lake.locations().put(arn, location);
  }

  /** Changes the role of a location, and what else the request names. */
  private static void update(LakeCatalog lake, ObjectNode body) {
    ObjectNode location = location(lake, body);
    String role = body.path("RoleArn").asText();
    if (role.isEmpty()) {
      throw AwsErrorException.invalidInput("The request names no role.");
    }
    location.put("RoleArn", role).put("LastModified", System.currentTimeMillis() / 1000);
    for (String flag : List.of("WithFederation", "HybridAccessEnabled")) {
      if (body.has(flag)) {
        location.put(flag, body.path(flag).asBoolean());
      }
    }
  }

  private static ObjectNode location(LakeCatalog lake, ObjectNode body) {
    ObjectNode location = lake.locations().get(arn(body));
    if (location == null) {
      throw AwsErrorException.notFound("Resource is not registered: " + arn(body));
    }
    return location;
  }

  private static String arn(ObjectNode body) {
    return LakeLocations.checkedArn(body.path("ResourceArn").asText());
  }

  private static void optIn(
      String operation, AwsIdentity caller, LakeCatalog lake, ObjectNode body) {
    if (!lake.isAdministrator(caller)) {
      throw AwsErrorException.accessDenied("Only data lake administrators opt principals in.");
    }
    String principal =
        LakePrincipals.checked(body.path("Principal").path("DataLakePrincipalIdentifier").asText());
    LakeOptIn optIn =
        new LakeOptIn(principal, LakeResource.parse(body.path("Resource"), lake.key().account()));
    boolean isChanged =
        operation.equals("CreateLakeFormationOptIn")
            ? lake.optIns().add(optIn)
            : lake.optIns().remove(optIn);
    if (!isChanged && operation.equals("DeleteLakeFormationOptIn")) {
      throw AwsErrorException.notFound("The opt-in does not exist.");
    }
  }

  private static ObjectNode json(LakeOptIn optIn) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("Principal").put("DataLakePrincipalIdentifier", optIn.principal());
    json.set("Resource", optIn.resource().json());
    return json;
  }
}
