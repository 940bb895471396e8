package io.meshwork.testkit.aws;

import java.util.regex.Pattern;

/** Patterns of policies: {@code *} is any text, {@code ?} any character. */
final class IamPattern {
  private IamPattern() {}

  static boolean matches(String pattern, String text) {
    StringBuilder expression = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char next = pattern.charAt(i);
      switch (next) {
        case '*' -> expression.append(".*");
        case '?' -> expression.append('.');
        default -> expression.append(Pattern.quote(String.valueOf(next)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(text).matches();
  }
}
