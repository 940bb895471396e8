package io.meshwork.proposal;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Maps, lists, texts, numbers and booleans as YAML in blocks. A text that YAML could take for
 * anything else is in double quotes.
 */
final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_./-]*");

  /** What some readers of YAML take for a boolean or for null. */
  private static final Set<String> WORDS =
      Set.of("y", "yes", "n", "no", "true", "false", "on", "off", "null", "nan", "inf");

  /** A map with comments before it. */
  record Noted(List<String> notes, Map<String, Object> value) {}

  private final StringBuilder text = new StringBuilder();

  private YamlText() {}

  static String of(Map<String, Object> document, List<String> notes) {
    YamlText yaml = new YamlText();
    yaml.notes(notes, "");
    yaml.map(document, "");
    return yaml.text.toString();
  }

  private void notes(List<String> notes, String indent) {
    for (String note : notes) {
      text.append(indent).append("# ").append(note).append('\n');
    }
  }

  private void map(Map<?, ?> map, String indent) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      text.append(indent).append(scalar(entry.getKey())).append(':');
      Object value = entry.getValue();
      if (value instanceof Noted noted) {
        text.append('\n');
        notes(noted.notes(), indent + "  ");
        map(noted.value(), indent + "  ");
      } else if (value instanceof Map<?, ?> inside && !inside.isEmpty()) {
        text.append('\n');
        map(inside, indent + "  ");
      } else if (value instanceof List<?> list && !list.isEmpty()) {
        text.append('\n');
        list(list, indent + "  ");
      } else {
        text.append(' ').append(scalar(value)).append('\n');
      }
    }
  }

  private void list(List<?> list, String indent) {
    for (Object each : list) {
      Object value = each;
      if (each instanceof Noted noted) {
        notes(noted.notes(), indent);
        value = noted.value();
      }
      if (value instanceof Map<?, ?> map && !map.isEmpty()) {
        int from = text.length();
        map(map, indent + "  ");
        text.replace(from, from + indent.length() + 2, indent + "- ");
      } else {
        text.append(indent).append("- ").append(scalar(value)).append('\n');
      }
    }
  }

  private static String scalar(Object value) {
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof Map<?, ?>) {
      return "{}";
    }
    if (value instanceof List<?>) {
      return "[]";
    }
    String plain = value.toString();
    return PLAIN.matcher(plain).matches() && !WORDS.contains(plain.toLowerCase(Locale.ROOT))
        ? plain
        : quoted(plain);
  }

  /** As Java would, but that one character beyond 16 bits is one escape. */
  private static String quoted(String plain) {
    StringBuilder quoted = new StringBuilder("\"");
    plain
        .codePoints()
        .forEach(
            point -> {
              if (Character.isSupplementaryCodePoint(point)) {
                quoted.append(String.format("\\U%08x", point));
              } else {
                String one = Values.quoted(Character.toString(point));
                quoted.append(one, 1, one.length() - 1);
              }
            });
    return quoted.append('"').toString();
  }
}
