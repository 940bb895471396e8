package io.meshwork.cli.internal.file;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;

/** Writes rows in one format. Not thread-safe. */
interface RowWriter extends Closeable {
  void write(Map<String, Object> row) throws IOException;
}
