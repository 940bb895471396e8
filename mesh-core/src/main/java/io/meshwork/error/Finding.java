package io.meshwork.error;

import java.util.List;

/**
 * A problem that a contract check, a plan, or the doctor found: where it is, how many rows or files
 * it affects, and how to fix it. Immutable.
 *
 * @param code the code, which says what was found
 * @param severity the severity
 * @param where a column path, a file name, or a rule ID; never a field value; can be empty
 * @param what the problem, in a sentence
 * @param count the number of affected rows, files, or paths; 0 if they are not counted
 * @param samples affected rows or paths as text, masked by classification; for the producer only
 * @param fix how to fix it
 */
public record Finding(
    FindingCode code,
    Severity severity,
    String where,
    String what,
    long count,
    List<String> samples,
    String fix) {
  /** The severity of a finding. */
  public enum Severity {
    /** It prevents the operation. */
    ERROR,
    /** It does not prevent the operation, but needs attention. */
    WARNING,
    /** It is information. */
    NOTE
  }

  public Finding {
    samples = List.copyOf(samples);
  }

  /** Returns one line without the samples, which can contain values. */
  @Override
  public String toString() {
    return severity + " " + code + (where.isEmpty() ? "" : " at " + where) + ": " + what;
  }

  /** Creates an error without a count and samples. */
  public static Finding error(FindingCode code, String where, String what, String fix) {
    return new Finding(code, Severity.ERROR, where, what, 0, List.of(), fix);
  }

  /** Returns the errors, in the same order. */
  public static List<Finding> errors(List<Finding> findings) {
    return findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
  }
}
