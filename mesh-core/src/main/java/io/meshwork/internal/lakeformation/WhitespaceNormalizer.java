package io.meshwork.internal.lakeformation;

/** Conditions with single blanks, so that conditions that differ only in whitespace are equal. */
public final class WhitespaceNormalizer {
  private WhitespaceNormalizer() {}

  /** Replaces each run of whitespace outside quotes by one blank, and removes it at the ends. */
  public static String collapsed(String condition) {
    StringBuilder text = new StringBuilder(condition.length());
    char quote = 0;
    boolean blank = false;
    for (int i = 0; i < condition.length(); i++) {
      char c = condition.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        blank = true;
        continue;
      }
      if (blank && text.length() > 0) {
        text.append(' ');
      }
      blank = false;
      text.append(c);
      if (quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (c == quote) {
        quote = 0;
      }
    }
    return text.toString();
  }
}
