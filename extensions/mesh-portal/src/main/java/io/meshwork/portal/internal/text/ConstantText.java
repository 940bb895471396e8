package io.meshwork.portal.internal.text;

import java.util.Locale;

/** The constants of the mesh in words, such as {@code never published}. */
public final class ConstantText {
  private ConstantText() {}

  public static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
