package io.meshwork.internal.rows;

import io.meshwork.error.MeshAction;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.AbstractMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Moves a result set from row to row, to its end. Each element is valid until the next call. Not
 * thread-safe.
 */
final class ResultSetRows implements Iterator<Object> {
  private final ResultSet rows;
  private final MeshAction action;
  private final CurrentRow current = new CurrentRow();
  private boolean ahead;
  private boolean ended;
  private long rowsRead;

  ResultSetRows(ResultSet rows, MeshAction action) {
    this.rows = rows;
    this.action = action.on("from a result set");
  }

  @Override
  public boolean hasNext() {
    if (!ahead && !ended) {
      try {
        ahead = rows.next();
        ended = !ahead;
      } catch (SQLException e) {
        throw ResultSetShredder.failed(action, "moving to row " + (rowsRead + 1) + " failed", e);
      }
    }
    return ahead;
  }

  /** Returns the current row, which has values only if the shredder retains them. */
  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all rows were read");
    }
    ahead = false;
    rowsRead++;
    current.values = Map.of();
    return current;
  }

  /** The values of a row that does not fit its columns; empty for every other row. */
  static final class CurrentRow extends AbstractMap<String, @Nullable Object> {
    private Map<String, @Nullable Object> values = Map.of();

    /** Keeps the values of the row until the next one, by the names of the contract's columns. */
    void keep(Map<String, @Nullable Object> read) {
      read.replaceAll((column, value) -> isText(value) ? String.valueOf(value) : value);
      values = read;
    }

    @Override
    public Set<Map.Entry<String, @Nullable Object>> entrySet() {
      return values.entrySet();
    }
  }

  /** True for values that only their text shows, such as times that precede {@code java.time}. */
  private static boolean isText(@Nullable Object value) {
    return value instanceof BigInteger
        || value instanceof OffsetDateTime
        || (value != null && value.getClass().getName().startsWith("java.sql."));
  }
}
