package io.meshwork.portal.internal.text;

import java.util.Locale;

/** Sizes as people read them. */
public final class ByteText {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

  private ByteText() {}

  /** Returns a size with at most one digit after the point, such as {@code 1.2 GB}. */
  public static String of(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    String format = unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s";
    return String.format(Locale.ROOT, format, value, UNITS[unit]);
  }
}
