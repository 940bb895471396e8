package io.meshwork.error;

import java.util.List;

/**
 * One thing found wrong: where, how much, and how to fix it. Shared by contract checks, plans and
 * the doctor, so that a tool prints all of them alike.
 *
 * @param code the domain's own code, such as {@code TYPE_UNION}
 * @param severity how much it matters
 * @param where a column path, a file name or a rule id; never a field's value
 * @param what what is wrong, in a sentence
 * @param count how many rows, files or places are concerned; 0 where counting makes no sense
 * @param samples rows or places as text, masked by classification; for the producer alone
 * @param fix what to do about it
 */
public record Finding(
    String code,
    Severity severity,
    String where,
    String what,
    long count,
    List<String> samples,
    String fix) {
  /** How much a finding matters. */
  public enum Severity {
    /** It stands in the way. */
    ERROR,
    /** It does not stand in the way and should be looked at. */
    WARNING,
    /** It is worth knowing. */
    NOTE
  }

  /** Copies the samples. */
  public Finding {
    samples = List.copyOf(samples);
  }

  /** One line without the samples, which may hold values. */
  @Override
  public String toString() {
    return severity + " " + code + " at " + where + ": " + what;
  }

  /** An error at one place. */
  public static Finding error(String code, String where, String what, String fix) {
    return new Finding(code, Severity.ERROR, where, what, 0, List.of(), fix);
  }
}
