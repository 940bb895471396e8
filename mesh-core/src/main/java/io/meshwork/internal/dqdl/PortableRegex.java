package io.meshwork.internal.dqdl;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Regular expressions that mean the same in RE2, which contracts use, and in Java, which Glue uses.
 * Stateless.
 */
final class PortableRegex {
  /** What may follow a backslash: digits, ASCII words, and literal characters. */
  private static final String ESCAPED = "dDwWtnr.\\+*?()[]{}|^$/-";

  /** Not followed by any character; {@code $} also matches before a final line break. */
  private static final String END = "(?![^a]|a)";

  private PortableRegex() {}

  /**
   * Returns an expression that matches whole strings, also where it is searched for in them.
   * Without line breaks other than {@code \n}, a dot matches as in RE2.
   *
   * @throws NotExpressibleException if the expression means something else in Java
   */
  static String whole(String regex) {
    if (!isPortable(regex)) {
      throw new NotExpressibleException(
          "its regular expression means something else in AWS Glue, or might");
    }
    return "(?d)^(?:" + quoted(regex) + ")" + END;
  }

  /** Returns true if a portable expression matches the empty text, which Glue may not report. */
  static boolean matchesEmpty(String regex) {
    return Pattern.compile(regex).matcher("").matches();
  }

  private static boolean isPortable(String regex) {
    boolean inClass = false;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c < ' ') {
        return false;
      }
      if (c == '\\') {
        i++;
        if (i == regex.length() || ESCAPED.indexOf(regex.charAt(i)) < 0) {
          return false;
        }
      } else if (inClass) {
        if (c == '[' || c == '&') {
          return false; // A nested class or an intersection in Java.
        }
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
        i = firstMember(regex, i);
      } else if (c == '(' && regex.startsWith("(?", i) && !regex.startsWith("(?:", i)) {
        return false;
      }
    }
    return isValid(regex);
  }

  /** A bracket that closes a class at once is a member in RE2, and an error or a member in Java. */
  private static int firstMember(String regex, int open) {
    int last = regex.startsWith("^", open + 1) ? open + 1 : open;
    if (regex.startsWith("]", last + 1)) {
      throw new NotExpressibleException("its regular expression has a class that starts with ]");
    }
    return last;
  }

  private static boolean isValid(String regex) {
    try {
      Pattern.compile(regex);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** DQDL retains backslashes; a quotation mark needs one, which Java ignores. */
  private static String quoted(String regex) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      if (c == '\\') {
        text.append(c).append(regex.charAt(++i));
      } else {
        text.append(c == '"' ? "\\\"" : String.valueOf(c));
      }
    }
    return text.toString();
  }
}
