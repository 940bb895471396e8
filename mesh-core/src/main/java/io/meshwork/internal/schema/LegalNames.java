package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
import io.meshwork.product.Names;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which names columns and named types may have. */
final class LegalNames {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private LegalNames() {}

  /** True if Avro allows the name and it is none of our own. */
  static boolean isLegal(@Nullable String name) {
    return name != null
        && LEGAL.matcher(name).matches()
        && !name.toLowerCase(Locale.ROOT).startsWith("_mesh");
  }

  /** True if Avro allows the name. */
  static boolean hasLegalForm(@Nullable String name) {
    return name != null && LEGAL.matcher(name).matches();
  }

  static Finding illegal(String path, @Nullable String name) {
    String shown = name == null ? "a missing name" : "'" + Names.shown(name) + "'";
    return Finding.error(
        "NAME_ILLEGAL",
        Names.shown(path),
        "The name " + shown + " at '" + Names.shown(path) + "' is not legal.",
        "Use letters, digits and underscores, not starting with a digit or with _mesh.");
  }
}
