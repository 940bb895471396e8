package io.meshwork.internal.lakeformation;

import java.util.Locale;

/** Names and tags in lower case, as Glue and Lake Formation store and compare them. */
public final class CaseInsensitiveNames {
  private CaseInsensitiveNames() {}

  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || (c >= 'A' && c <= 'Z')) {
        return text.toLowerCase(Locale.ROOT);
      }
    }
    return text;
  }
}
