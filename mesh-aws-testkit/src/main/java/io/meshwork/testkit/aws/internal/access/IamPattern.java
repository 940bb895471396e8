package io.meshwork.testkit.aws.internal.access;

/** Patterns of policies: {@code *} is any text, {@code ?} any character. */
final class IamPattern {
  private IamPattern() {}

  /** Goes back to the last asterisk only. */
  static boolean matches(String pattern, String text) {
    int asterisk = -1;
    int retry = 0;
    int at = 0;
    int position = 0;
    while (position < text.length()) {
      char next = at < pattern.length() ? pattern.charAt(at) : '\0';
      if (next == '*') {
        asterisk = at++;
        retry = position;
      } else if (at < pattern.length() && (next == '?' || next == text.charAt(position))) {
        at++;
        position++;
      } else if (asterisk >= 0) {
        at = asterisk + 1;
        position = ++retry;
      } else {
        return false;
      }
    }
    return pattern.substring(at).chars().allMatch(rest -> rest == '*');
  }
}
