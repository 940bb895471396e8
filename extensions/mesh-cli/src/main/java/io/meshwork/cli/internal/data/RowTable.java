package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.RowValues;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.consume.Rows;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as a table and as JSON. */
final class RowTable {
  /** Longer cells are cut in the table; the JSON has all of them. */
  private static final int MAX_CELL = 60;

  private RowTable() {}

  /**
   * Adds columns and rows to a document, and whether there are more rows.
   *
   * @param limit the most rows to show; the read has {@link #andOneMore}
   * @param ifEmpty what the table says without rows
   * @param width how wide the lines may be; 0 for any
   */
  static VerbAnswer answer(
      ObjectNode document, Rows<Map<String, Object>> rows, long limit, String ifEmpty, int width) {
    return answer(document, rows.columns(), rows.iterator(), limit, ifEmpty, width);
  }

  /** Adds the same with rows that were read before. */
  static VerbAnswer answer(
      ObjectNode document,
      List<String> columns,
      Iterator<Map<String, Object>> each,
      long limit,
      String ifEmpty,
      int width) {
    document.set("columns", JsonFields.array(columns));
    ArrayNode array = document.putArray("rows");
    TextTable table = new TextTable(columns.toArray(new String[0]));
    BitSet texts = new BitSet();
    BitSet numbers = new BitSet();
    while (array.size() < limit && each.hasNext()) {
      Map<String, Object> row = each.next();
      array.add(RowValues.json(columns, row));
      Object[] cells = new Object[columns.size()];
      for (int i = 0; i < cells.length; i++) {
        Object value = row.get(columns.get(i));
        if (value != null) {
          (value instanceof Number ? numbers : texts).set(i);
        }
        cells[i] = cell(value);
      }
      table.row(cells);
    }
    document.put("more", each.hasNext());
    numbers.andNot(texts);
    numbers.stream().forEach(table::alignRight);
    return VerbAnswer.question(document, table.lines(ifEmpty, width));
  }

  /** Returns the limit of a read that finds out whether there are more rows than a limit. */
  static long andOneMore(long limit) {
    return limit < 0 || limit == Long.MAX_VALUE ? limit : limit + 1;
  }

  private static String cell(@Nullable Object value) {
    String text = RowValues.text(value);
    return text == null ? "–" : cut(text);
  }

  /** Returns a string, or its start if it is long. */
  static String cut(String text) {
    return text.codePointCount(0, text.length()) <= MAX_CELL
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_CELL - 1)) + "…";
  }
}
