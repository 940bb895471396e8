package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rulesets of Glue Data Quality on tables of the catalog: policies, names, and sizes. They are
 * stored and never run. The server gets none of these requests.
 */
public final class QualityRules {
  private static final int MOST_IN_PAGE = 100;
  private static final int LONGEST_RULESET = 65_536;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_DESCRIPTION = 2_048;
  private static final Pattern RULESET =
      Pattern.compile("\\s*Rules\\s*=\\s*\\[.*\\S.*]\\s*", Pattern.DOTALL);

  private final GlueStore store;
  private final AwsPermissions permissions;
  private final QualityState state;

  /** The rulesets of all accounts and regions. Who uses it holds its monitor. */
  public static final class QualityState {
    private final Map<CatalogKey, Map<String, ObjectNode>> rulesets = new HashMap<>();

    private Map<String, ObjectNode> rulesetsOf(CatalogKey catalog) {
      return rulesets.computeIfAbsent(catalog, absent -> new TreeMap<>());
    }
  }

  public QualityRules(GlueStore store, AwsPermissions permissions, QualityState state) {
    this.store = store;
    this.permissions = permissions;
    this.state = state;
  }

  static boolean knows(String operation) {
    return operation.contains("DataQuality");
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    String name = body.path("Name").asText("");
    String resource = operation.startsWith("List") ? "*" : name;
    // IAM has no resource for a ruleset that does not exist yet.
    boolean isNew = operation.startsWith("Create");
    String arn = isNew ? "*" : catalog.arn("dataQualityRuleset/" + resource);
    GlueActions.check(permissions, caller, operation, arn);
    synchronized (state) {
      Map<String, ObjectNode> rulesets = state.rulesetsOf(catalog);
      return switch (operation) {
        case "CreateDataQualityRuleset" -> create(catalog, rulesets, name, body);
        case "UpdateDataQualityRuleset" -> update(rulesets, name, body);
        case "GetDataQualityRuleset" -> require(rulesets, name).deepCopy();
        case "DeleteDataQualityRuleset" -> {
          require(rulesets, name);
          rulesets.remove(name);
          yield JsonNodeFactory.instance.objectNode();
        }
        case "ListDataQualityRulesets" -> list(rulesets, body);
        default -> throw new NotEmulatedException("glue:" + operation + " is not emulated.");
      };
    }
  }

  private ObjectNode create(
      CatalogKey catalog, Map<String, ObjectNode> rulesets, String name, ObjectNode body)
      throws IOException {
    if (name.isBlank() || name.length() > LONGEST_NAME || name.indexOf('\n') >= 0) {
      throw AwsErrorException.invalidInput("The name of the ruleset is not valid.");
    }
    check(body);
    JsonNode target = body.path("TargetTable");
    if (!body.path("TargetTable").isObject()) {
      throw new NotEmulatedException("Rulesets without a table are not emulated.");
    }
    if (target.path("CatalogId").asText(catalog.account()).equals(catalog.account())) {
      requireTable(
          catalog, target.path("DatabaseName").asText(""), target.path("TableName").asText(""));
    } else {
      throw new NotEmulatedException("Rulesets on tables of other accounts are not emulated.");
    }
    if (rulesets.containsKey(name)) {
      throw AwsErrorException.alreadyExists("A ruleset has the name " + name);
    }
    ObjectNode stored = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("Name", "Description", "Ruleset", "TargetTable")) {
      if (body.has(field)) {
        stored.set(field, body.get(field));
      }
    }
    rulesets.put(name, stored);
    return JsonNodeFactory.instance.objectNode().put("Name", name);
  }

  private void requireTable(CatalogKey catalog, String database, String table) throws IOException {
    @Nullable CatalogTable catalogTable = store.table(catalog, database, table);
    if (catalogTable == null) {
      throw AwsErrorException.notFound("The table " + database + "." + table + " does not exist.");
    }
  }

  private static ObjectNode update(Map<String, ObjectNode> rulesets, String name, ObjectNode body) {
    ObjectNode stored = require(rulesets, name);
    check(body);
    for (String field : List.of("Description", "Ruleset")) {
      if (body.has(field)) {
        stored.set(field, body.get(field));
      }
    }
    return stored.deepCopy();
  }

  private static ObjectNode list(Map<String, ObjectNode> rulesets, ObjectNode body) {
    JsonNode table = body.path("Filter").path("TargetTable");
    List<ObjectNode> names = new ArrayList<>();
    for (ObjectNode ruleset : rulesets.values()) {
      JsonNode target = ruleset.path("TargetTable");
      if (table.isMissingNode()
          || (target.path("DatabaseName").equals(table.path("DatabaseName"))
              && target.path("TableName").equals(table.path("TableName")))) {
        ObjectNode item = ruleset.deepCopy();
        item.remove("Ruleset");
        names.add(item);
      }
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "Rulesets", names);
  }

  /** Checks the frame of a ruleset; its rules are not parsed. */
  private static void check(ObjectNode body) {
    String ruleset = body.path("Ruleset").asText("");
    if (body.has("Ruleset")
        && (ruleset.length() > LONGEST_RULESET || !RULESET.matcher(ruleset).matches())) {
      throw AwsErrorException.invalidInput("The ruleset is not valid.");
    }
    if (body.path("Description").asText("").length() > LONGEST_DESCRIPTION) {
      throw AwsErrorException.invalidInput("The description is too long.");
    }
  }

  private static ObjectNode require(Map<String, ObjectNode> rulesets, String name) {
    ObjectNode stored = rulesets.get(name);
    if (stored == null) {
      throw AwsErrorException.notFound("The ruleset " + name + " does not exist.");
    }
    return stored;
  }
}
