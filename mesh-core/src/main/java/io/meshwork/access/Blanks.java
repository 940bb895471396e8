package io.meshwork.access;

/** Writes conditions with single blanks, so that those that differ in blanks only are the same. */
final class Blanks {
  private Blanks() {}

  /** Each run of white space as one blank, none at the ends; what stands in quotes stays. */
  static String collapsed(String condition) {
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
