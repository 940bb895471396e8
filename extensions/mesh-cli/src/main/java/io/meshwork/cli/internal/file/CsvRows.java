package io.meshwork.cli.internal.file;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes rows as CSV with a header. Null is an empty field, an empty text is quoted. */
final class CsvRows implements RowWriter {
  private final CsvWriter csv;
  private final List<String> columns;

  CsvRows(Writer out, List<String> columns) throws IOException {
    this.csv = CsvWriter.builder().quoteStrategy(QuoteStrategies.EMPTY).build(out);
    this.columns = columns;
    writeRecord(columns);
  }

  @Override
  public void write(Map<String, Object> row) throws IOException {
    List<String> fields = new ArrayList<>();
    columns.forEach(column -> fields.add(RowValues.text(row.get(column))));
    writeRecord(fields);
  }

  /** The library wraps the failure of a full disk. */
  private void writeRecord(List<String> fields) throws IOException {
    try {
      csv.writeRecord(fields);
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
