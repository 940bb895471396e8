package io.meshwork.proposal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads back the YAML that proposals are written in: blocks of maps and lists, and comments. */
final class BlockYaml {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Line(int indent, String text) {}

  private final List<Line> lines = new ArrayList<>();
  private int at;

  private BlockYaml(String text) {
    for (String each : text.split("\n", -1)) {
      String bare = each.stripLeading();
      if (!bare.isEmpty() && !bare.startsWith("#")) {
        lines.add(new Line(each.length() - bare.length(), bare));
      }
    }
  }

  static JsonNode read(String text) {
    BlockYaml yaml = new BlockYaml(text);
    JsonNode read = yaml.block(0);
    if (yaml.at != yaml.lines.size()) {
      throw new AssertionError("not read: " + yaml.lines.get(yaml.at));
    }
    return read;
  }

  private JsonNode block(int indent) {
    return lines.get(at).text.startsWith("- ") ? list(indent) : map(indent);
  }

  private ArrayNode list(int indent) {
    ArrayNode list = JSON.createArrayNode();
    while (at < lines.size() && lines.get(at).indent == indent) {
      String item = lines.get(at).text.substring(2);
      if (isEntry(item)) {
        lines.set(at, new Line(indent + 2, item));
        list.add(map(indent + 2));
      } else {
        list.add(scalar(item));
        at++;
      }
    }
    return list;
  }

  private ObjectNode map(int indent) {
    ObjectNode map = JSON.createObjectNode();
    while (at < lines.size()
        && lines.get(at).indent == indent
        && !lines.get(at).text.startsWith("- ")) {
      String line = lines.get(at++).text;
      int colon = line.startsWith("\"") ? line.indexOf("\":") + 1 : line.indexOf(':');
      String key = scalar(line.substring(0, colon)).asText();
      String value = line.substring(colon + 1).strip();
      if (map.has(key)) {
        throw new AssertionError("twice: " + key);
      }
      map.set(key, value.isEmpty() ? block(lines.get(at).indent) : scalar(value));
    }
    return map;
  }

  private static boolean isEntry(String item) {
    return !item.startsWith("\"") && (item.contains(": ") || item.endsWith(":"));
  }

  private static JsonNode scalar(String text) {
    try {
      boolean json = text.matches("\".*\"|-?[0-9.]+|true|false|\\{}|\\[]");
      return json ? JSON.readTree(withoutLongEscapes(text)) : JSON.getNodeFactory().textNode(text);
    } catch (IOException e) {
      throw new AssertionError(text, e);
    }
  }

  /** YAML writes one character beyond 16 bits as one escape, which JSON does not have. */
  private static String withoutLongEscapes(String text) {
    return Pattern.compile("\\\\U([0-9a-f]{8})")
        .matcher(text)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 16))));
  }
}
