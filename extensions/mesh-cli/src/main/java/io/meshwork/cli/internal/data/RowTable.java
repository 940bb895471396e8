package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.file.RowValues;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.TextTable;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.consume.Rows;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Rows as a table and as JSON. */
final class RowTable {
  private RowTable() {}

  /**
   * Adds columns and rows to a document.
   *
   * @param ifEmpty what the table says without rows
   */
  static VerbAnswer answer(ObjectNode document, Rows<Map<String, Object>> rows, String ifEmpty) {
    List<String> columns = rows.columns();
    document.set("columns", JsonFields.array(columns));
    ArrayNode array = document.putArray("rows");
    TextTable table = new TextTable(columns.toArray(new String[0]));
    for (Map<String, Object> row : rows) {
      array.add(RowValues.json(columns, row));
      table.row(
          columns.stream()
              .map(column -> Objects.requireNonNullElse(RowValues.text(row.get(column)), "–"))
              .toArray());
    }
    return VerbAnswer.question(document, table.lines(ifEmpty));
  }
}
