package io.meshwork.internal.lakeformation;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AccessQuestion}: allowed, with the permitted data, or denied, with what
 * is missing. Both are explained. Immutable and thread-safe.
 */
public final class AccessDecision {
  private final boolean allowed;
  private final List<String> matched;
  private final List<String> missing;
  private final TableScopes scopes;
  private final Optional<ResolvedTarget> resolved;
  private final Supplier<Explanation> explanation;

  /** The resource that a question about the name of a link resolved to. */
  public enum ResolvedTarget {
    /** The link itself. */
    LINK,
    /** The target of the link. */
    TARGET
  }

  AccessDecision(
      boolean allowed,
      List<String> matched,
      List<String> missing,
      TableScopes scopes,
      Optional<ResolvedTarget> resolved,
      Supplier<Explanation> explanation) {
    this.allowed = allowed;
    this.matched = matched;
    this.missing = missing;
    this.scopes = scopes;
    this.resolved = resolved;
    this.explanation = explanation;
  }

  /** Returns true if the action is allowed. */
  public boolean allowed() {
    return allowed;
  }

  /**
   * Returns the ids of all grants that allow the action, and implicit permissions as {@code
   * implicit:NAME}, sorted; empty if denied.
   */
  public List<String> matched() {
    return matched;
  }

  /** Returns codes of what is missing, sorted, such as {@code NO_GRANT}; empty if allowed. */
  public List<String> missing() {
    return missing;
  }

  /**
   * Returns the columns that a SELECT or DESCRIBE of a table shows, sorted, in the catalog's
   * spelling: those that the question names, or all permitted ones. Empty for other actions and
   * resources.
   */
  public List<String> columns() {
    return scopes.columns();
  }

  /**
   * Returns what a SELECT may read of the table. {@link DataPermission#NONE} if the question is not
   * a SELECT on a table, or is denied.
   */
  public DataPermission permission() {
    return scopes.permission();
  }

  TableScopes scopes() {
    return scopes;
  }

  /** Returns what a question about the name of a link resolved to; empty for other questions. */
  public Optional<ResolvedTarget> resolved() {
    return resolved;
  }

  /**
   * Returns the values of a row that a SELECT shows; empty if it shows nothing of the row.
   *
   * @param row values by column name, without regard to case: text, numbers, booleans, or maps for
   *     structs; dates and times as ISO text
   * @return the values of {@link #columns()}; null in hidden cells
   */
  public Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    return allowed ? scopes.see(row) : Optional.empty();
  }

  /** Returns the reasons of the decision and what would change it. Computed on each call. */
  public Explanation explanation() {
    return explanation.get();
  }

  /** The decision in one line, without row conditions. */
  @Override
  public String toString() {
    return allowed
        ? "allowed by " + String.join(", ", matched)
        : "denied, missing " + String.join(", ", missing);
  }
}
