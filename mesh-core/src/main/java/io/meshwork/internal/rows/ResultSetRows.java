package io.meshwork.internal.rows;

import io.meshwork.error.MeshAction;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.AbstractMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
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
  private final Map<String, @Nullable Object> current =
      new AbstractMap<>() {
        @Override
        public Set<Map.Entry<String, @Nullable Object>> entrySet() {
          return currentValues().entrySet();
        }
      };
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

  /** Returns the current row as a map, which reads its values again whenever it is used. */
  @Override
  public Object next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all rows were read");
    }
    ahead = false;
    rowsRead++;
    return current;
  }

  private Map<String, @Nullable Object> currentValues() {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    try {
      for (ResultSetColumn column : ResultSetColumn.of(rows.getMetaData())) {
        Object value =
            column.isInstant()
                ? rows.getObject(column.index(), OffsetDateTime.class)
                : rows.getObject(column.index());
        values.put(column.label(), isText(value) ? String.valueOf(value) : value);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the row cannot be read a second time", e);
    }
    return values;
  }

  /** True for values that only their text shows, such as times that precede {@code java.time}. */
  private static boolean isText(@Nullable Object value) {
    return value instanceof BigInteger
        || value instanceof OffsetDateTime
        || (value != null && value.getClass().getName().startsWith("java.sql."));
  }
}
