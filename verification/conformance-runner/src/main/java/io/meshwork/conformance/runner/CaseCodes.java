package io.meshwork.conformance.runner;

import io.meshwork.error.FindingCode;
import java.util.Map;

/** The codes of case files, which have names of their format for some codes of findings. */
final class CaseCodes {
  private static final String FILTER = "FILTER_";
  private static final Map<FindingCode, String> OTHERS =
      Map.of(FindingCode.SCHEMA_TOO_LARGE, "DEPTH", FindingCode.TOO_MANY_ROW_GRANTS, "LIMIT");

  private CaseCodes() {}

  /** Returns the text of a code in case files. */
  static String text(FindingCode code) {
    String other = OTHERS.get(code);
    if (other != null) {
      return other;
    }
    return code.name().startsWith(FILTER) ? code.name().substring(FILTER.length()) : code.name();
  }
}
