package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The LF-Tags of databases, tables, and columns. Guarded by {@link LakeState}. */
final class TagAssignments {
  private static final int MOST_TAGS_OF_RESOURCE = 50;
  private static final int MOST_IN_PAGE = 1_000;

  private final LakeState lakes;
  private final LakeObjects objects;
  private final TagAccess access;

  TagAssignments(LakeState lakes, LakeObjects objects, TagAccess access) {
    this.lakes = lakes;
    this.objects = objects;
    this.access = access;
  }

  void assign(
      boolean isAddition, AwsIdentity caller, CatalogKey catalog, ObjectNode body, ObjectNode reply)
      throws IOException {
    JsonNode resource = body.path("Resource");
    CatalogKey owner = owner(catalog, resource);
    LakeCatalog lake = lakes.catalog(owner);
    List<LakeObject> targets = LakeObjects.tagged(resource);
    CatalogTable object = described(owner, targets);
    if (object.isLink()) {
      throw AwsErrorException.invalidInput("LF-Tags on resource links are not possible.");
    }
    ArrayNode failures = reply.putArray("Failures");
    for (JsonNode tag : body.path("LFTags")) {
      try {
        assign(isAddition, caller, lake, object, targets, tag);
      } catch (AwsErrorException e) {
        if (e.code().equals("AccessDeniedException")) {
          throw e;
        }
        ObjectNode failure = failures.addObject();
        failure.set("LFTag", tag);
        failure.putObject("Error").put("ErrorCode", e.code()).put("ErrorMessage", e.getMessage());
      }
    }
  }

  private void assign(
      boolean isAddition,
      AwsIdentity caller,
      LakeCatalog lake,
      CatalogTable object,
      List<LakeObject> targets,
      JsonNode tag) {
    String key = LakeResource.lower(tag, "TagKey");
    Set<String> values = LakeResource.values(tag.path("TagValues"));
    if (isAddition && values.size() != 1) {
      throw AwsErrorException.invalidInput("A resource has one value of an LF-Tag.");
    }
    if (!tag.path("CatalogId").asText(lake.key().account()).equals(lake.key().account())) {
      throw AwsErrorException.invalidInput("The LF-Tag and the resource have different catalogs.");
    }
    Map<String, Set<String>> expression = new HashMap<>();
    expression.put(key, values);
    objects.checkTags(lake.key(), expression);
    if (!access.mayAssign(caller, lake, key, values, object, objects.access())) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("ASSOCIATE", "the LF-Tag " + key + " for " + object.object()));
    }
    for (LakeObject target : targets) {
      Map<String, String> tags =
          lake.assignedTags().computeIfAbsent(target, name -> new TreeMap<>());
      if (isAddition) {
        if (tags.size() == MOST_TAGS_OF_RESOURCE && !tags.containsKey(key)) {
          throw AwsErrorException.invalidInput(target + " has 50 LF-Tags already.");
        }
        tags.put(key, values.iterator().next());
      } else if (tags.remove(key) == null) {
        throw AwsErrorException.notFound("The LF-Tag " + key + " is not assigned to " + target);
      }
    }
  }

  private CatalogTable described(CatalogKey owner, List<LakeObject> targets) throws IOException {
    LakeObject first = targets.get(0);
    CatalogTable object =
        objects.require(owner, new LakeObject(first.database(), first.table(), ""));
    for (LakeObject target : targets) {
      boolean isKnown =
          target.column().isEmpty()
              || object.columns().contains(target.column())
              || object.partitionKeys().contains(target.column());
      if (!isKnown) {
        throw AwsErrorException.notFound("Column not found: " + target);
      }
    }
    return object;
  }

  ObjectNode ofResource(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    JsonNode resource = body.path("Resource");
    CatalogKey owner = owner(catalog, resource);
    List<LakeObject> targets = LakeObjects.tagged(resource);
    CatalogTable object = described(owner, targets);
    if (!objects.access().permits(caller, "DESCRIBE", object)) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("DESCRIBE", object.object().toString()));
    }
    boolean isAssigned = body.path("ShowAssignedLFTags").asBoolean();
    boolean isOfColumns = !targets.get(0).column().isEmpty();
    ObjectNode reply = tagsOf(lakes.catalog(owner), object, isAssigned);
    if (isOfColumns && reply.path("LFTagsOnColumns") instanceof ArrayNode columns) {
      for (int i = columns.size() - 1; i >= 0; i--) {
        LakeObject column = object.object().withColumn(columns.get(i).path("Name").asText());
        if (!targets.contains(column)) {
          columns.remove(i);
        }
      }
    }
    return reply;
  }

  ObjectNode search(boolean isOfTables, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    LakeCatalog lake = lakes.catalog(catalog);
    Map<String, Set<String>> expression = new TreeMap<>();
    for (JsonNode tag : body.path("Expression")) {
      expression.put(LakeResource.lower(tag, "TagKey"), LakeTags.values(tag, "TagValues"));
    }
    if (expression.isEmpty()) {
      throw AwsErrorException.invalidInput("The LF-Tag expression is empty.");
    }
    List<ObjectNode> resources = new ArrayList<>();
    for (CatalogTable database : objects.store().databases(catalog)) {
      if (!isOfTables) {
        add(caller, lake, expression, database, resources);
        continue;
      }
      for (CatalogTable table : objects.store().tables(catalog, database.object().database(), "")) {
        add(caller, lake, expression, table, resources);
      }
    }
    return AwsPages.glue(MOST_IN_PAGE)
        .page(body, isOfTables ? "TableList" : "DatabaseList", resources);
  }

  private void add(
      AwsIdentity caller,
      LakeCatalog lake,
      Map<String, Set<String>> expression,
      CatalogTable object,
      List<ObjectNode> resources) {
    boolean isFound =
        LakeAccess.matches(expression, lake.effectiveTags(object.object()))
            || object.columns().stream()
                .map(object.object()::withColumn)
                .anyMatch(column -> LakeAccess.matches(expression, lake.effectiveTags(column)));
    if (!isFound || object.isLink() || !objects.access().permits(caller, "DESCRIBE", object)) {
      return;
    }
    ObjectNode tags = tagsOf(lake, object, false);
    boolean isDatabase = object.object().isDatabase();
    ObjectNode entry = JsonNodeFactory.instance.objectNode();
    JsonNode name = LakeResource.of(lake.key().account(), object.object()).json();
    if (isDatabase) {
      entry.set("Database", name.path("Database"));
      entry.set("LFTags", tags.path("LFTagOnDatabase"));
    } else {
      entry.set("Table", name.path("Table"));
      entry.setAll(tags);
    }
    resources.add(entry);
  }

  private static ObjectNode tagsOf(LakeCatalog lake, CatalogTable object, boolean isAssigned) {
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    LakeObject database = LakeObject.database(object.object().database());
    reply.set("LFTagOnDatabase", pairs(lake, database, isAssigned));
    if (!object.object().isDatabase()) {
      reply.set("LFTagsOnTable", pairs(lake, object.object(), isAssigned));
      ArrayNode columns = reply.putArray("LFTagsOnColumns");
      for (String column : object.columns()) {
        ArrayNode tags = pairs(lake, object.object().withColumn(column), isAssigned);
        if (!tags.isEmpty()) {
          columns.addObject().put("Name", column).set("LFTags", tags);
        }
      }
    }
    return reply;
  }

  private static ArrayNode pairs(LakeCatalog lake, LakeObject object, boolean isAssigned) {
    ArrayNode pairs = JsonNodeFactory.instance.arrayNode();
    (isAssigned ? lake.assignedTags().getOrDefault(object, Map.of()) : lake.effectiveTags(object))
        .forEach(
            (key, value) ->
                pairs
                    .addObject()
                    .put("CatalogId", lake.key().account())
                    .put("TagKey", key)
                    .putArray("TagValues")
                    .add(value));
    return pairs;
  }

  private static CatalogKey owner(CatalogKey catalog, JsonNode resource) {
    for (JsonNode member : resource) {
      return catalog.of(member.path("CatalogId").asText(catalog.account()));
    }
    throw AwsErrorException.invalidInput("The request has no resource.");
  }
}
