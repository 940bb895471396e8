package io.meshwork.internal.text;

import java.util.Locale;

/**
 * Detects characters that disguise text or break its line: control characters, among them ESC and
 * NUL, bidirectional overrides and isolates, and line and paragraph separators. Stateless.
 */
public final class HiddenCharacters {
  private HiddenCharacters() {}

  /** Returns the position of the first one except line breaks and tabs; -1 if there is none. */
  public static int first(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\n' && c != '\t' && (Character.isISOControl(c) || isFormat(c))) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isFormat(char c) {
    return (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  }

  /** Describes the character at a position, as the end of a sentence. */
  public static String fault(String text, int position) {
    char c = text.charAt(position);
    return "has "
        + (isFormat(c)
            ? "the invisible character U+" + Integer.toHexString(c).toUpperCase(Locale.ROOT)
            : "a control character")
        + " at position "
        + position;
  }
}
