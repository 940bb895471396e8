package io.meshwork.odcs;

import io.meshwork.odcs.internal.document.InexpressibleException;

/**
 * Translates a regular expression of ECMA-262, which ODCS uses, to one of RE2 that means the same.
 * Not thread-safe.
 */
final class EcmaPattern {
  private static final String SPACES =
      "\\t\\n\\x0B\\f\\r \\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}"
          + "\\x{3000}\\x{FEFF}";
  private static final String ANY = "(?s:.)";
  private static final String NO_LINE_BREAK = "[^\\n\\r\\x{2028}\\x{2029}]";
  private static final String LOOK_AROUND = "look-around, which RE2 does not have";
  private static final int HEX = 16;

  private final String regex;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private EcmaPattern(String regex) {
    this.regex = regex;
  }

  /**
   * Returns the expression for RE2.
   *
   * @throws InexpressibleException if RE2 has none, or if engines differ in what the expression
   *     means
   */
  static String toRe2(String regex) throws InexpressibleException {
    EcmaPattern pattern = new EcmaPattern(regex);
    while (pattern.at < regex.length()) {
      pattern.next();
    }
    return pattern.out.toString();
  }

  private void next() throws InexpressibleException {
    char c = regex.charAt(at);
    switch (c) {
      case '\\' -> escape(false);
      case '[' -> characters();
      case '(' -> group();
      case '.' -> {
        out.append(NO_LINE_BREAK);
        at++;
      }
      default -> {
        out.append(c);
        at++;
      }
    }
  }

  private void group() throws InexpressibleException {
    String rest = regex.substring(at);
    if (rest.startsWith("(?=")
        || rest.startsWith("(?!")
        || rest.startsWith("(?<=")
        || rest.startsWith("(?<!")) {
      throw unlike(LOOK_AROUND);
    }
    if (rest.startsWith("(?<") && rest.indexOf('>') > 0) {
      out.append('(');
      at += rest.indexOf('>') + 1;
      return;
    }
    for (String prefix : new String[] {"(?:", "(?i)", "(?i:"}) {
      if (rest.startsWith(prefix)) {
        out.append(prefix);
        at += prefix.length();
        return;
      }
    }
    if (rest.startsWith("(?")) {
      throw unlike("a group that ECMA-262 does not have");
    }
    out.append('(');
    at++;
  }

  private void characters() throws InexpressibleException {
    boolean negated = regex.startsWith("[^", at);
    int start = at + (negated ? 2 : 1);
    int end = endOfClass(start);
    if (end == start) {
      if (!negated) {
        throw unlike("an empty class");
      }
      out.append(ANY);
      at = end + 1;
      return;
    }
    String members = regex.substring(start, end);
    if (members.contains("\\S")) {
      if (negated || !members.contains("\\s")) {
        throw unlike("\\S within a class");
      }
      out.append(ANY);
      at = end + 1;
      return;
    }
    out.append(negated ? "[^" : "[");
    at = start;
    while (at < end) {
      if (regex.charAt(at) == '\\') {
        escape(true);
      } else {
        out.append(regex.charAt(at) == '[' ? "\\[" : regex.substring(at, at + 1));
        at++;
      }
    }
    out.append(']');
    at++;
  }

  private int endOfClass(int start) throws InexpressibleException {
    for (int i = start; i < regex.length(); i++) {
      if (regex.charAt(i) == ']') {
        return i;
      }
      if (regex.charAt(i) == '\\') {
        i++;
      }
    }
    throw unlike("a class without an end");
  }

  private void escape(boolean inClass) throws InexpressibleException {
    if (at + 1 == regex.length()) {
      throw unlike("a backslash at its end");
    }
    char c = regex.charAt(at + 1);
    at += 2;
    switch (c) {
      case 'd', 'D', 'w', 'W', 't', 'n', 'r', 'f' -> out.append('\\').append(c);
      case 's' -> out.append(inClass ? SPACES : "[" + SPACES + "]");
      case 'S' -> out.append("[^").append(SPACES).append(']');
      case 'v' -> out.append("\\x0B");
      case 'b', 'B' -> boundary(c, inClass);
      case 'x' -> code(2);
      case 'u' -> unicode();
      case 'p', 'P' -> property(c);
      case '0' -> {
        if (at < regex.length() && Character.isDigit(regex.charAt(at))) {
          throw unlike("an octal code");
        }
        out.append("\\x00");
      }
      default -> escape(c);
    }
  }

  private void boundary(char c, boolean inClass) throws InexpressibleException {
    if (inClass && c == 'B') {
      throw unlike("\\B within a class");
    }
    out.append(inClass ? "\\x08" : "\\" + c);
  }

  private void escape(char c) throws InexpressibleException {
    if ((c >= '1' && c <= '9') || c == 'k') {
      throw unlike("a back-reference, which RE2 does not have");
    }
    if (Character.isLetterOrDigit(c) && c < 128) {
      throw unlike("\\" + c + ", which is not the same in all engines");
    }
    out.append(c < 128 ? "\\" : "").append(c);
  }

  private void unicode() throws InexpressibleException {
    if (at < regex.length() && regex.charAt(at) == '{') {
      int end = regex.indexOf('}', at);
      String digits = end < 0 ? "" : regex.substring(at + 1, end);
      if (!digits.matches("[0-9A-Fa-f]{1,6}")) {
        throw unlike("\\u without a code");
      }
      out.append("\\x{").append(digits).append('}');
      at = end + 1;
      return;
    }
    code(4);
  }

  private void code(int length) throws InexpressibleException {
    int end = at + length;
    String digits = end > regex.length() ? "" : regex.substring(at, end);
    if (!digits.matches("[0-9A-Fa-f]+")) {
      throw unlike("an escape without a code");
    }
    int code = Integer.parseInt(digits, HEX);
    if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
      throw unlike("a half of a character");
    }
    out.append("\\x{").append(digits).append('}');
    at = end;
  }

  private void property(char c) throws InexpressibleException {
    int end = regex.indexOf('}', at);
    String name = end < 0 || regex.charAt(at) != '{' ? "" : regex.substring(at + 1, end);
    String plain = name.replaceFirst("^(Script|sc|General_Category|gc)=", "");
    boolean category = plain.matches("[CLMNPSZ][a-z&]?");
    if (!category && (plain.equals(name) || !plain.matches("[A-Za-z_]+"))) {
      throw unlike("a property of characters that RE2 does not have");
    }
    out.append('\\').append(c).append('{').append(plain).append('}');
    at = end + 1;
  }

  private static InexpressibleException unlike(String what) {
    return new InexpressibleException("its pattern has " + what);
  }
}
