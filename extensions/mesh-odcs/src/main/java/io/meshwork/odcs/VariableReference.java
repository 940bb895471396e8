package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * A variable of ODCS 3.2 in a string, such as {@code ${NAME}} or {@code ${NAME:-default}}.
 * Documents retain it as written. What rows are compared with must not have one, because Meshwork
 * has no values of variables.
 */
final class VariableReference {
  static final String UNRESOLVED = "it has a variable, which Meshwork does not resolve";

  private static final String START = "\\$\\{";
  private static final String REST = "[A-Za-z_][A-Za-z0-9_]*(:-[^{}]*)?\\}";
  private static final Pattern WELL_FORMED = Pattern.compile(START + REST);
  private static final Pattern MALFORMED = Pattern.compile(START + "(?!" + REST + ")");

  private VariableReference() {}

  /** Returns true if a string of the value has a variable. */
  static boolean isIn(JsonNode value) {
    if (value.isTextual()) {
      return WELL_FORMED.matcher(value.textValue()).find();
    }
    for (JsonNode part : value) {
      if (isIn(part)) {
        return true;
      }
    }
    return false;
  }

  /** Returns true if a string begins a variable that does not have the form of one. */
  static boolean isMalformedIn(String text) {
    return MALFORMED.matcher(text).find();
  }
}
