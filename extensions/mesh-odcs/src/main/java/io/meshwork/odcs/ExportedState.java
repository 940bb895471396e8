package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.odcs.internal.document.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an export states about a product that neither its contract nor its document knows: where its
 * files are, and the days of its life. Immutable.
 *
 * @param location of the files; empty for none
 * @param levels the values of service levels by name
 * @param freshness whether each level of latency is repeated as freshness
 */
record ExportedState(String location, Map<String, String> levels, boolean freshness) {
  static final ExportedState NONE = new ExportedState("", Map.of(), false);
  static final String GENERAL_AVAILABILITY = "generalAvailability";
  static final String END_OF_SUPPORT = "endOfSupport";
  static final String END_OF_LIFE = "endOfLife";

  private static final String LEVELS = "slaProperties";
  private static final String PROPERTY = "property";
  private static final String FRESHNESS = "freshness";
  private static final String SERVERS = "servers";
  private static final String SERVER = "meshwork";

  /** The other names of levels. */
  private static final Map<String, String> SYNONYMS =
      Map.of("ga", GENERAL_AVAILABILITY, "es", END_OF_SUPPORT, "el", END_OF_LIFE);

  ExportedState {
    levels = new LinkedHashMap<>(levels);
  }

  ExportedState at(String files) {
    return new ExportedState(files, levels, freshness);
  }

  ExportedState level(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(levels);
    changed.put(name, value);
    return new ExportedState(location, changed, freshness);
  }

  ExportedState withFreshness() {
    return new ExportedState(location, levels, true);
  }

  /** Returns a document with this state. */
  YamlNode of(YamlNode root) {
    YamlNode leveled = levels.isEmpty() && !freshness ? root : leveled(root);
    return location.isEmpty() ? leveled : served(leveled);
  }

  private YamlNode leveled(YamlNode root) {
    List<YamlNode> all = new ArrayList<>();
    List<String> names = new ArrayList<>();
    YamlNode existing = root.get(LEVELS);
    for (YamlNode level : existing == null ? List.<YamlNode>of() : existing.items()) {
      String name = nameOf(level);
      if (!levels.containsKey(name)) {
        all.add(level);
        names.add(name);
      }
    }
    if (freshness && !names.contains(FRESHNESS)) {
      for (YamlNode level : List.copyOf(all)) {
        if (nameOf(level).equals(ServiceLevelImport.LATENCY)) {
          all.add(level.with(PROPERTY, YamlNode.text(FRESHNESS)));
        }
      }
    }
    levels.forEach(
        (name, value) ->
            all.add(YamlNode.of(OdcsKeys.object().put(PROPERTY, name).put("value", value))));
    return all.isEmpty() ? root : root.with(LEVELS, list(all));
  }

  private static String nameOf(YamlNode level) {
    String name = level.textOf(PROPERTY);
    for (String key : List.of(GENERAL_AVAILABILITY, END_OF_SUPPORT, END_OF_LIFE, FRESHNESS)) {
      if (key.equalsIgnoreCase(name)) {
        return key;
      }
    }
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("ly") ? ServiceLevelImport.LATENCY : SYNONYMS.getOrDefault(lower, lower);
  }

  private YamlNode served(YamlNode root) {
    boolean s3 = location.startsWith("s3://");
    ObjectNode server = OdcsKeys.object().put("server", SERVER).put("type", s3 ? "s3" : "local");
    server.put(s3 ? "location" : "path", location).put("format", "parquet");
    List<YamlNode> servers = new ArrayList<>(List.of(YamlNode.of(server)));
    YamlNode others = root.get(SERVERS);
    if (others != null) {
      others.items().stream()
          .filter(each -> !each.textOf("server").equals(SERVER))
          .forEach(servers::add);
    }
    return root.with(SERVERS, list(servers));
  }

  private static YamlNode list(List<YamlNode> items) {
    return YamlNode.list(items, YamlNode.SourcePosition.NONE);
  }
}
