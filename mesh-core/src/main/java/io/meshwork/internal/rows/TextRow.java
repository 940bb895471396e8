package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.rows.TypeViolations.Violation;
import java.util.AbstractMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of a text file: its values by column, parsed where their text has the form of the column's
 * type. All other values keep their text, with the reason. Not thread-safe.
 */
public final class TextRow extends AbstractMap<String, @Nullable Object> {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();
  private final Map<String, String> reasons = new HashMap<>();
  private final @Nullable String malformed;

  TextRow() {
    this(null);
  }

  private TextRow(@Nullable String malformed) {
    this.malformed = malformed;
  }

  /**
   * A line that is not a row. It has no values.
   *
   * @param reason why, without values
   */
  public static TextRow malformed(String reason) {
    return new TextRow(reason);
  }

  /** Why the line is not a row, without values; null if it is one. */
  public @Nullable String malformed() {
    return malformed;
  }

  /** Sets a value, which is null, or has a class of its column. */
  @Override
  public @Nullable Object put(String column, @Nullable Object value) {
    return values.put(column, value);
  }

  /** Adds the reason why the text at a path has not the form of its type. */
  void refuse(String path, String reason) {
    reasons.putIfAbsent(path, reason);
  }

  /** Returns a violation with the reason that the text gives, if it gives one. */
  public Violation explained(Violation violation) {
    String reason = reasons.get(violation.column());
    return reason == null || violation.code() != FindingCode.TYPE_MISMATCH
        ? violation
        : new Violation(violation.column(), violation.code(), reason);
  }

  @Override
  public @Nullable Object get(@Nullable Object column) {
    return values.get(column);
  }

  @Override
  public boolean containsKey(@Nullable Object column) {
    return values.containsKey(column);
  }

  @Override
  public int size() {
    return values.size();
  }

  @Override
  public Set<Map.Entry<String, @Nullable Object>> entrySet() {
    return values.entrySet();
  }
}
