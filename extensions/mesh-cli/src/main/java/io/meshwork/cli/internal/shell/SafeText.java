package io.meshwork.cli.internal.shell;

import java.util.Locale;

/**
 * Text as a terminal may show it: control characters, and ones that turn the direction of text, are
 * printed as {@code \}{@code uXXXX}. Inside a JSON document this form means the same character.
 */
public final class SafeText {
  private SafeText() {}

  public static String of(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (isUnsafe(character)) {
        safe.append(String.format(Locale.ROOT, "\\u%04X", (int) character));
      } else {
        safe.append(character);
      }
    }
    return safe.toString();
  }

  private static boolean isUnsafe(char character) {
    return Character.isISOControl(character)
        || character == '\u061C' // Arabic letter mark
        || character == '\u200E'
        || character == '\u200F'
        || (character >= '\u2028' && character <= '\u202E')
        || (character >= '\u2066' && character <= '\u2069')
        || character == '\uFEFF';
  }
}
