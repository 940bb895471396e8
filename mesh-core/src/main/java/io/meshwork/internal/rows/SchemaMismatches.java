package io.meshwork.internal.rows;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects all mismatches between a type and the columns, then throws once. */
public final class SchemaMismatches {
  private static final int MAX_NAMED = 10;

  /** Only this many unknown names are compared with all columns, of which there may be as many. */
  private static final int MAX_COMPARED = 100;

  private final MeshAction action;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * Creates the collection of an action, such as {@code publish to a/b from records of class X}.
   */
  public SchemaMismatches(MeshAction action) {
    this.action = action;
  }

  public void add(FindingCode code, String where, String what, String fix) {
    findings.add(Finding.error(code, where, what, fix));
  }

  /** Returns the number of mismatches. */
  public int count() {
    return findings.size();
  }

  /** Returns the first mismatch; null if there is none. */
  @Nullable String first() {
    return findings.isEmpty() ? null : findings.get(0).what();
  }

  /** Throws if the shape of the input does not match the contract. */
  void refuseInput() {
    if (!findings.isEmpty()) {
      throw failure("Nothing was published.").contractViolation(ErrorCode.SCHEMA_MISMATCH);
    }
  }

  /** Throws if the target type does not match the columns. */
  public void refuseReader() {
    if (!findings.isEmpty()) {
      throw failure("Nothing was read.").invalidRequest(ErrorCode.READER_INVALID);
    }
  }

  private Failure failure(String state) {
    Finding first = findings.get(0);
    return Failure.of(action)
        .because(first.what() + andMore(findings))
        .state(state)
        .fix("To fix it: " + first.fix() + ".")
        .findings(findings);
  }

  static String andMore(List<Finding> findings) {
    return findings.size() == 1 ? "" : " (and " + (findings.size() - 1) + " more, see findings())";
  }

  /**
   * Returns suggestions for an unknown name; the most similar one only while there are few unknown
   * names.
   */
  public String suggestionsFor(String name, List<String> columns) {
    return findings.size() < MAX_COMPARED ? suggestions(name, columns) : first(columns);
  }

  /** Returns suggestions for an unknown name: the most similar one, if any, and the first few. */
  public static String suggestions(String name, List<String> columns) {
    String mostSimilar = null;
    int least = Math.max(2, name.length() / 2) + 1;
    for (String column : columns) {
      int distance =
          NearestName.distance(name.toLowerCase(Locale.ROOT), column.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        mostSimilar = column;
      }
    }
    return (mostSimilar == null ? "" : "the nearest column is '" + mostSimilar + "'; ")
        + first(columns);
  }

  private static String first(List<String> columns) {
    return "the columns are "
        + (columns.size() <= MAX_NAMED
            ? String.join(", ", columns)
            : String.join(", ", columns.subList(0, MAX_NAMED))
                + " and "
                + (columns.size() - MAX_NAMED)
                + " more");
  }

  /** Returns a user-defined name for display. */
  public static String quoted(String name) {
    return NameGrammar.quoted(name);
  }
}
