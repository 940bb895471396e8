package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The legal names of columns and named types. */
final class LegalNames {
  private static final Pattern LEGAL = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private LegalNames() {}

  /** Returns true if Avro allows the name and Meshwork does not reserve it. */
  static boolean isLegal(@Nullable String name) {
    return name != null
        && LEGAL.matcher(name).matches()
        && !name.toLowerCase(Locale.ROOT).startsWith("_mesh");
  }

  /** Returns true if Avro allows the name. */
  static boolean hasLegalForm(@Nullable String name) {
    return name != null && LEGAL.matcher(name).matches();
  }

  static Finding illegal(String path, @Nullable String name) {
    String displayed = name == null ? "a missing name" : "'" + NameGrammar.quoted(name) + "'";
    return Finding.error(
        FindingCode.NAME_ILLEGAL,
        NameGrammar.quoted(path),
        "The name " + displayed + " at '" + NameGrammar.quoted(path) + "' is not legal.",
        "Use letters, digits, and underscores; do not start with a digit or with _mesh.");
  }
}
