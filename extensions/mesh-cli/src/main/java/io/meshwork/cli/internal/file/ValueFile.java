package io.meshwork.cli.internal.file;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.StandardInput;
import io.meshwork.cli.internal.shell.UsageException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The values of a column in a file with one in each line.
 *
 * @param column the column
 * @param values the values, of the column's type
 */
public record ValueFile(String column, List<Object> values) {
  /**
   * Reads the option {@code COLUMN=FILE}.
   *
   * @param options as they were given, of which there must be one
   * @param in standard input, for the file {@code -}
   */
  public static ValueFile read(
      List<String> options, MeshClient client, String product, InputStream in) {
    int equals = options.get(0).indexOf('=');
    if (options.size() != 1 || equals <= 0) {
      throw new UsageException("Give --where-values once, as COLUMN=FILE.");
    }
    Map.Entry<String, String> assignment =
        Map.entry(options.get(0).substring(0, equals), options.get(0).substring(equals + 1));
    String name = assignment.getValue();
    String type = ColumnText.typeOfPath(client.describe(product), assignment.getKey());
    List<Object> values = new ArrayList<>();
    int line = 0;
    for (String value : InputFile.text(name, in).lines().toList()) {
      line++;
      if (!value.isEmpty()) {
        values.add(value(type, value, assignment, line));
      }
    }
    if (values.isEmpty()) {
      throw new UsageException(StandardInput.described(name) + " has no values.");
    }
    return new ValueFile(assignment.getKey(), values);
  }

  /** Parses a value, which messages do not contain: it may identify a person. */
  private static Object value(
      String type, String text, Map.Entry<String, String> assignment, int line) {
    try {
      return ColumnText.value(type, text);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UsageException(
          "Line "
              + line
              + " of "
              + assignment.getValue()
              + " is not a value of column "
              + assignment.getKey()
              + ", a "
              + type
              + ".");
    }
  }
}
