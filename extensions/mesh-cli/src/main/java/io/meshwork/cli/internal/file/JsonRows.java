package io.meshwork.cli.internal.file;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** Writes rows as JSON, one a line. */
final class JsonRows implements RowWriter {
  private final Writer out;
  private final List<String> columns;

  JsonRows(Writer out, List<String> columns) {
    this.out = out;
    this.columns = columns;
  }

  @Override
  public void write(Map<String, Object> row) throws IOException {
    out.write(RowValues.json(columns, row).toString());
    out.write('\n');
  }

  @Override
  public void close() throws IOException {
    out.flush();
  }
}
