package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** LF-Tags with their values. Guarded by {@link LakeState}. */
final class LakeTags {
  /** The most values of a tag in a request or reply; a tag may have more. */
  private static final int MOST_VALUES = 50;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final int MOST_IN_PAGE = 1_000;

  private final LakeState lakes;
  private final TagAccess access;
  private final TagAssignments assignments;

  LakeTags(LakeState lakes, LakeObjects objects) {
    this.lakes = lakes;
    access = new TagAccess(lakes);
    assignments = new TagAssignments(lakes, objects, access);
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    String key = LakeResource.lower(body, "TagKey");
    LakeCatalog lake = lakes.catalog(catalog);
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    switch (operation) {
      case "CreateLFTag" -> create(caller, lake, key, body);
      case "UpdateLFTag" -> update(caller, lake, key, body);
      case "GetLFTag" -> {
        require(caller, lake, key, "DESCRIBE");
        return tag(lake, key);
      }
      case "DeleteLFTag" -> {
        require(caller, lake, key, "DROP");
        lake.tags().remove(key);
        lake.assignedTags().values().forEach(tags -> tags.remove(key));
      }
      case "ListLFTags" -> {
        return list(caller, catalog, body);
      }
      case "AddLFTagsToResource", "RemoveLFTagsFromResource" ->
          assignments.assign(operation.startsWith("Add"), caller, catalog, body, reply);
      case "GetResourceLFTags" -> {
        return assignments.ofResource(caller, catalog, body);
      }
      default -> {
        return assignments.search(operation.startsWith("SearchTables"), caller, catalog, body);
      }
    }
    return reply;
  }

  private void create(AwsIdentity caller, LakeCatalog lake, String key, ObjectNode body) {
    boolean isAdministrator = lake.isAdministrator(caller);
    if (!isAdministrator && !access.mayCreate(caller, lake)) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("CREATE_LF_TAG", "the catalog " + lake.key().account()));
    }
    Set<String> values = values(body, "TagValues");
    if (key.isEmpty() || key.length() > LONGEST_KEY || values.isEmpty()) {
      throw AwsErrorException.invalidInput(
          "An LF-Tag has a key of 1 to 128 characters, and values.");
    }
    if (lake.tags().containsKey(key)) {
      throw AwsErrorException.alreadyExists("Tag already exists: " + key);
    }
    lake.tags().put(key, values);
    if (!isAdministrator) {
      access.grantAll(caller, lake, key);
    }
  }

  private void update(AwsIdentity caller, LakeCatalog lake, String key, ObjectNode body) {
    require(caller, lake, key, "ALTER");
    Set<String> values = new TreeSet<>(lake.tags().getOrDefault(key, Set.of()));
    Set<String> deleted = values(body, "TagValuesToDelete");
    for (Map<String, String> tags : lake.assignedTags().values()) {
      if (deleted.contains(tags.getOrDefault(key, ""))) {
        throw AwsErrorException.invalidInput(
            "Update not allowed: a value of " + key + " is assigned.");
      }
    }
    values.removeAll(deleted);
    values.addAll(values(body, "TagValuesToAdd"));
    if (values.isEmpty()) {
      throw AwsErrorException.invalidInput("The LF-Tag " + key + " would have no value.");
    }
    lake.tags().put(key, values);
  }

  private ObjectNode list(AwsIdentity caller, CatalogKey catalog, ObjectNode body) {
    boolean isOwn = !body.path("ResourceShareType").asText().equals("FOREIGN");
    boolean isForeign = body.has("ResourceShareType");
    List<ObjectNode> tags = new ArrayList<>();
    for (LakeCatalog lake : lakes.catalogs(catalog.region())) {
      boolean isOfCaller = lake.key().equals(catalog);
      if (isOfCaller ? isOwn : isForeign) {
        for (String key : lake.tags().keySet()) {
          if (access.permits(caller, lake, key, "DESCRIBE")) {
            tags.add(tag(lake, key));
          }
        }
      }
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "LFTags", tags);
  }

  private void require(AwsIdentity caller, LakeCatalog lake, String key, String permission) {
    boolean isPermitted = access.permits(caller, lake, key, permission);
    boolean isOwn = lake.key().account().equals(caller.account());
    if (!lake.tags().containsKey(key) && (isPermitted || isOwn)) {
      throw AwsErrorException.notFound("Tag not found: " + key);
    }
    if (!isPermitted) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient(permission, "the LF-Tag " + key));
    }
  }

  private static ObjectNode tag(LakeCatalog lake, String key) {
    ObjectNode tag = JsonNodeFactory.instance.objectNode();
    tag.put("CatalogId", lake.key().account()).put("TagKey", key);
    lake.tags().getOrDefault(key, Set.of()).stream()
        .limit(MOST_VALUES)
        .forEach(tag.putArray("TagValues")::add);
    return tag;
  }

  static Set<String> values(JsonNode json, String field) {
    Set<String> values = LakeResource.values(json.path(field));
    if (json.path(field).size() > MOST_VALUES
        || values.stream().anyMatch(v -> v.isEmpty() || v.length() > LONGEST_VALUE)) {
      throw AwsErrorException.invalidInput(
          field + " has at most 50 values of 1 to 256 characters.");
    }
    return values;
  }
}
