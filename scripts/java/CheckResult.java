import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks what the quickstart printed: its last line says what became of New York's taxi trips. */
final class CheckResult {
  private static final Set<String> RULES =
      Set.of(
          "pickup-in-month",
          "dropoff-not-before-pickup",
          "fare-not-negative",
          "total-not-negative",
          "distance-at-most-100");

  /** What was read, what a rule means, why counts add up to more than rows, what to type next. */
  private static final List<String> TOLD =
      List.of(
          "input: green_tripdata_2024-01.parquet (",
          "The fare is not negative.",
          "A row can break several rules",
          "Try next:",
          " log mobility/green-trips ",
          " files mobility/green-trips ",
          " doctor ");

  public static void main(String[] arguments) throws IOException {
    String last = "";
    List<String> lines = Files.readAllLines(Path.of(arguments[0]));
    for (String told : TOLD) {
      require(lines.stream().anyMatch(line -> line.contains(told)), "no line says '" + told + "'");
    }
    for (String line : lines) {
      if (!line.isBlank()) {
        last = line;
      }
    }
    require(last.startsWith("RESULT {"), "the last line does not start with 'RESULT {': " + last);
    Map<?, ?> result = object(new Json(last.substring("RESULT ".length())).whole(), "the result");
    require("mobility/green-trips".equals(result.get("product")), "product is not green-trips");
    require(result.get("revenue") instanceof BigDecimal, "revenue is not a number");
    require(((BigDecimal) result.get("revenue")).scale() <= 2, "revenue has over two decimals");
    require(result.get("publishes") instanceof List, "publishes is not a list");
    List<?> publishes = (List<?>) result.get("publishes");
    require(publishes.size() == 2, "publishes has " + publishes.size() + " entries, not two");
    checkPublish(object(publishes.get(0), "the first publish"), 56_551, 56_317);
    checkPublish(object(publishes.get(1), "the second publish"), 1_000, 1_000);
    requireCount(result, "newsRows", 1_000);
    System.out.println("The quickstart's result is as it should be: " + last);
  }

  private static void checkPublish(Map<?, ?> publish, int offered, int accepted) {
    requireCount(publish, "offered", offered);
    requireCount(publish, "accepted", accepted);
    requireCount(publish, "quarantined", offered - accepted);
    Map<?, ?> byRule = object(publish.get("byRule"), "byRule");
    require(byRule.keySet().equals(RULES), "byRule names " + byRule.keySet() + ", not " + RULES);
  }

  private static void requireCount(Map<?, ?> publish, String member, int expected) {
    require(
        BigDecimal.valueOf(expected).equals(publish.get(member)),
        member + " is " + publish.get(member) + ", not " + expected);
  }

  private static Map<?, ?> object(Object value, String what) {
    require(value instanceof Map, what + " is not a JSON object");
    return (Map<?, ?>) value;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      System.err.println("The quickstart's result is wrong: " + otherwise);
      System.exit(1);
    }
  }

  /** A reader of strict JSON (RFC 8259), since the JDK has none. */
  private static final class Json {
    private final String text;
    private int at;

    Json(String text) {
      this.text = text;
    }

    Object whole() {
      Object value = value();
      space();
      require(at == text.length(), "something follows the JSON object at character " + at);
      return value;
    }

    private Object value() {
      space();
      require(at < text.length(), "the JSON ends too early");
      char first = text.charAt(at);
      if (first == '{') {
        return members();
      }
      if (first == '[') {
        return elements();
      }
      if (first == '"') {
        return string();
      }
      for (String word : List.of("true", "false", "null")) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word;
        }
      }
      int start = at;
      while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      String number = text.substring(start, at);
      require(
          number.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?"),
          "there is no JSON value at character " + start);
      return new BigDecimal(number);
    }

    private Map<String, Object> members() {
      Map<String, Object> members = new LinkedHashMap<>();
      at++;
      if (skipped('}')) {
        return members;
      }
      do {
        space();
        String name = string();
        require(skipped(':'), "no colon at character " + at);
        require(members.put(name, value()) == null, "member " + name + " is there twice");
      } while (skipped(','));
      require(skipped('}'), "an object is not closed at character " + at);
      return members;
    }

    private List<Object> elements() {
      List<Object> elements = new ArrayList<>();
      at++;
      if (skipped(']')) {
        return elements;
      }
      do {
        elements.add(value());
      } while (skipped(','));
      require(skipped(']'), "a list is not closed at character " + at);
      return elements;
    }

    private String string() {
      require(at < text.length() && text.charAt(at) == '"', "no string at character " + at);
      StringBuilder string = new StringBuilder();
      for (at++; at < text.length(); at++) {
        char next = text.charAt(at);
        if (next == '"') {
          at++;
          return string.toString();
        }
        require(next >= ' ', "a control character stands in a string");
        if (next == '\\') {
          at++;
          require(at < text.length(), "the JSON ends too early");
          char escaped = text.charAt(at);
          if (escaped == 'u') {
            require(
                text.substring(at).matches("(?s)u[0-9a-fA-F]{4}.*"), "an escape is not complete");
            string.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
            at += 4;
          } else {
            int known = "\"\\/bfnrt".indexOf(escaped);
            require(known >= 0, "an escape is not known");
            string.append("\"\\/\b\f\n\r\t".charAt(known));
          }
        } else {
          string.append(next);
        }
      }
      require(false, "a string is not closed");
      return "";
    }

    private boolean skipped(char expected) {
      space();
      if (at < text.length() && text.charAt(at) == expected) {
        at++;
        return true;
      }
      return false;
    }

    private void space() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }
  }
}
