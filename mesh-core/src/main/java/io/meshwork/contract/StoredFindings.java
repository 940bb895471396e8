package io.meshwork.contract;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Finds the code of a stored finding, which a newer release may have written. */
final class StoredFindings {
  private static final Map<String, FindingCode> CODES =
      Arrays.stream(FindingCode.values())
          .collect(Collectors.toUnmodifiableMap(FindingCode::name, Function.identity()));

  private StoredFindings() {}

  /**
   * Returns a finding with a stored code. An unknown code becomes {@link
   * FindingCode#UNRECOGNIZED_CODE}, and its text the start of the description, so that it is not
   * lost when the finding is stored again.
   */
  static Finding finding(
      String code, Finding.Severity severity, String where, String what, long count, String fix) {
    FindingCode findingCode = CODES.get(code);
    return findingCode == null
        ? new Finding(
            FindingCode.UNRECOGNIZED_CODE,
            severity,
            where,
            code + ": " + what,
            count,
            List.of(),
            fix)
        : new Finding(findingCode, severity, where, what, count, List.of(), fix);
  }
}
