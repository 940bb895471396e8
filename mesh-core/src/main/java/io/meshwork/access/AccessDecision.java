package io.meshwork.access;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AccessQuestion}: allowed, with what may be seen, or denied, with what is
 * missing; explained either way. Immutable and thread-safe.
 */
public final class AccessDecision {
  private final boolean allowed;
  private final List<String> matched;
  private final List<String> missing;
  private final Sight sight;
  private final Optional<Resolved> resolved;
  private final Supplier<Explanation> explanation;

  /** What a question to the name of a link was about. */
  public enum Resolved {
    /** The link itself. */
    LINK,
    /** What the link stands for. */
    TARGET
  }

  /**
   * Some columns for some rows: one of the ways in which a table may be read.
   *
   * @param columns in the table's order and spelling
   * @param conditions texts of data filters, all of which must be true; none means every row
   */
  public record Portion(List<String> columns, List<String> conditions) {
    /** Copies the lists. */
    public Portion {
      columns = List.copyOf(columns);
      conditions = List.copyOf(conditions);
    }
  }

  AccessDecision(
      boolean allowed,
      List<String> matched,
      List<String> missing,
      Sight sight,
      Optional<Resolved> resolved,
      Supplier<Explanation> explanation) {
    this.allowed = allowed;
    this.matched = matched;
    this.missing = missing;
    this.sight = sight;
    this.resolved = resolved;
    this.explanation = explanation;
  }

  /** True if it may be done. */
  public boolean allowed() {
    return allowed;
  }

  /** Ids of all grants that count, and {@code implicit:} rights, sorted; none when denied. */
  public List<String> matched() {
    return matched;
  }

  /** Codes of what was not there, sorted, such as {@code NO_GRANT}; none when allowed. */
  public List<String> missing() {
    return missing;
  }

  /**
   * To SELECT and DESCRIBE a table: the columns that may be seen, those asked for if some were,
   * sorted, in the catalog's spelling. Else none.
   */
  public List<String> columns() {
    return sight.columns();
  }

  /** To SELECT: the rows that may be seen, whatever columns are asked for. Else all. */
  public RowFilter rowFilter() {
    return sight.rowFilter();
  }

  /** To SELECT: for each of {@link #columns()} the rows in which it shows; elsewhere it is null. */
  public SortedMap<String, RowFilter> cellFilters() {
    return sight.cellFilters();
  }

  /**
   * To SELECT: the ways in which the table may be read. A row shows if the conditions of one of
   * them are true, and a cell if one of those has its column. For engines that push filters down.
   */
  public List<Portion> portions() {
    return sight.portions();
  }

  /** For a question to a link's own name: what the answer is about. */
  public Optional<Resolved> resolved() {
    return resolved;
  }

  /**
   * To SELECT: what may be seen of a row; empty if the row may not be seen.
   *
   * @param row values by column, found without case: text, numbers, truth values, or maps for
   *     structs; dates and times as ISO text
   * @return the values of {@link #columns()}, null where a cell is hidden
   */
  public Optional<Map<String, @Nullable Object>> see(Map<String, ? extends @Nullable Object> row) {
    return allowed ? sight.see(row) : Optional.empty();
  }

  /** Why, and what would change it. Worked out when it is asked for. */
  public Explanation explanation() {
    return explanation.get();
  }

  /** The decision in one line, without conditions. */
  @Override
  public String toString() {
    return allowed
        ? "allowed by " + String.join(", ", matched)
        : "denied, missing " + String.join(", ", missing);
  }
}
