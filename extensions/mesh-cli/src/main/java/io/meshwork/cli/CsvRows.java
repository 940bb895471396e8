package io.meshwork.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Writes rows as CSV with a header. Null is an empty field, an empty text is quoted. */
final class CsvRows implements RowWriter {
  private final CsvWriter csv;
  private final List<String> columns;

  CsvRows(Writer out, List<String> columns) {
    this.csv = CsvWriter.builder().quoteStrategy(QuoteStrategies.EMPTY).build(out);
    this.columns = columns;
    csv.writeRecord(columns);
  }

  @Override
  public void write(Map<String, Object> row) {
    String[] fields =
        columns.stream().map(column -> RowValues.text(row.get(column))).toArray(String[]::new);
    csv.writeRecord(fields);
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
