package io.meshwork.access;

import java.util.Locale;

/** How names and tags are compared: without case, as Glue and Lake Formation store them. */
final class Fold {
  private Fold() {}

  static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || (c >= 'A' && c <= 'Z')) {
        return text.toLowerCase(Locale.ROOT);
      }
    }
    return text;
  }
}
