package io.meshwork.conformance.runner;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator.ListedNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The suite {@code access}: questions about worlds of accounts, catalogs and grants, in the format
 * {@code lf-cases/1}. A case passes if the evaluator returns each expected member.
 */
final class AccessSuite {
  private AccessSuite() {}

  /** Returns why the case failed; null if it passed. */
  static @Nullable String fault(AccessCases.Case accessCase) {
    if (accessCase.malformed() != null) {
      return accessCase.malformed();
    }
    try {
      JsonNode expected = accessCase.json().path("expected");
      if (!expected.isObject() || expected.isEmpty()) {
        return "it has no object 'expected'";
      }
      Map<String, Object> actual = answer(accessCase);
      List<String> faults = new ArrayList<>();
      expected
          .properties()
          .forEach(
              member -> {
                Object wanted = PlainJson.of(member.getValue());
                Object ours = actual.get(member.getKey());
                if (!wanted.equals(ours)) {
                  faults.add(member.getKey() + " expected " + wanted + ", found " + ours);
                }
              });
      return faults.isEmpty() ? null : String.join("; ", faults) + all(actual);
    } catch (InvalidValueException e) {
      return e.getMessage();
    } catch (RuntimeException | StackOverflowError e) {
      return "it broke with " + e;
    }
  }

  private static String all(Map<String, Object> actual) {
    Object missing = actual.get("missing");
    return missing == null ? "" : " (missing " + missing + ")";
  }

  private static Map<String, Object> answer(AccessCases.Case accessCase) {
    JsonNode json = accessCase.json();
    WorldReader.Moment world = accessCase.world().after(json.path("after"));
    return switch (json.path("kind").asText()) {
      case "access" -> access(world, json);
      case "listTables" ->
          listing(
              world
                  .evaluator()
                  .listTables(
                      principal(json),
                      (Resource.Database) WorldReader.resource(json.path("resource")),
                      world.now()),
              "tables");
      case "listDatabases" ->
          listing(
              world
                  .evaluator()
                  .listDatabases(
                      principal(json),
                      WorldReader.text(json.path("resource"), "account"),
                      world.now()),
              "databases");
      case "effectiveTags" ->
          Map.of(
              "tags",
              new TreeMap<>(
                  world.evaluator().effectiveTags(WorldReader.tagged(json.path("resource")))));
      case "grant" ->
          ruling(
              world
                  .evaluator()
                  .mayGrant(
                      Grantee.of(WorldReader.text(json, "actor")),
                      WorldReader.grant(json.path("grant")),
                      world.now()));
      case "tag" -> ruling(tag(world, json));
      case "filter" ->
          ruling(
              world
                  .evaluator()
                  .mayFilter(
                      (Resource.Table) WorldReader.resource(json.path("resource")),
                      WorldReader.text(json, "rows")));
      default ->
          throw new InvalidValueException("there is no kind '" + json.path("kind").asText() + "'");
    };
  }

  private static Grantee principal(JsonNode json) {
    return Grantee.of(WorldReader.text(json, "principal"));
  }

  private static Optional<FindingCode> tag(WorldReader.Moment world, JsonNode json) {
    Map<String, List<String>> tags = new LinkedHashMap<>();
    json.path("tags")
        .properties()
        .forEach(
            tag ->
                tags.put(
                    tag.getKey(),
                    tag.getValue().isArray()
                        ? WorldReader.texts(tag.getValue())
                        : List.of(tag.getValue().asText())));
    return world
        .evaluator()
        .mayTag(
            Grantee.of(WorldReader.text(json, "actor")),
            WorldReader.tagged(json.path("resource")),
            tags,
            WorldReader.optional(json, "tagAccount"),
            world.now());
  }

  private static Map<String, Object> ruling(Optional<FindingCode> rejection) {
    Map<String, Object> actual = new TreeMap<>();
    actual.put("decision", rejection.isEmpty() ? "ACCEPT" : "REJECT");
    rejection.ifPresent(code -> actual.put("code", CaseCodes.text(code)));
    return actual;
  }

  private static Map<String, Object> listing(ListedNames listing, String name) {
    return listing.missing().isEmpty()
        ? Map.of("decision", "ALLOW", name, listing.names())
        : Map.of("decision", "DENY", "missing", texts(listing.missing()));
  }

  private static Map<String, Object> access(WorldReader.Moment world, JsonNode json) {
    AccessQuestion question =
        new AccessQuestion(
            principal(json),
            Permission.valueOf(WorldReader.text(json, "action")),
            WorldReader.resource(json.path("resource")),
            WorldReader.texts(json.path("columns")),
            WorldReader.optional(json, "location"),
            world.now());
    AccessDecision decision = world.evaluator().decide(question);
    Map<String, Object> actual = new TreeMap<>();
    actual.put("decision", decision.allowed() ? "ALLOW" : "DENY");
    if (!decision.allowed()) {
      actual.put("missing", texts(decision.missing()));
      return actual;
    }
    actual.put("matched", decision.matched());
    actual.put("columns", decision.columns());
    decision.resolved().ifPresent(resolved -> actual.put("resolved", lower(resolved)));
    if (question.action() == Permission.SELECT) {
      actual.put("rowFilter", written(decision.permission().rowFilter()));
      Map<String, Object> cells = new TreeMap<>();
      DataPermission permission = decision.permission();
      decision.columns().forEach(column -> cells.put(column, written(permission.rowsOf(column))));
      actual.put("cellFilters", cells);
      if (json.path("read").asBoolean()) {
        actual.put("rows", rows(world, decision, question.on()));
      }
    }
    return actual;
  }

  private static List<String> texts(List<AccessDecision.Denial> missing) {
    return missing.stream().map(AccessDecision.Denial::toString).toList();
  }

  private static String lower(AccessDecision.ResolvedTarget resolved) {
    return resolved == AccessDecision.ResolvedTarget.LINK ? "link" : "target";
  }

  /**
   * Normalizes predicates, which are opaque in cases: consecutive whitespace is one space, also in
   * quotes.
   */
  private static List<List<String>> written(RowFilter rows) {
    List<TreeSet<String>> some = new ArrayList<>();
    for (List<String> conditions : rows.alternatives()) {
      TreeSet<String> collapsed = new TreeSet<>();
      conditions.forEach(condition -> collapsed.add(condition.strip().replaceAll("\\s+", " ")));
      some.add(collapsed);
    }
    return RowFilter.union(some).alternatives();
  }

  private static List<Map<String, Object>> rows(
      WorldReader.Moment world, AccessDecision decision, Resource on) {
    List<Map<String, Object>> seen = new ArrayList<>();
    for (Map<String, @Nullable Object> row : world.data(on)) {
      Optional<Map<String, @Nullable Object>> shown = decision.see(row);
      shown.ifPresent(values -> seen.add(PlainJson.comparable(values)));
    }
    return seen;
  }
}
