package io.meshwork.internal.rows;

import io.meshwork.publish.Publish.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a CSV file is read. Immutable.
 *
 * @param format the format with all options
 * @param linesBefore the lines before the names, or before the rows, such as a title
 * @param extraCells how many empty cells the lines have beyond those of the header, where each ends
 *     with a separator: 1, 0, or -1
 */
public record CsvReading(FileFormat format, int linesBefore, int extraCells) {
  /** Skips the lines before the names. */
  public void skip(BufferedReader text) throws IOException {
    for (int line = 0; line < linesBefore; line++) {
      text.readLine();
    }
  }

  /**
   * Returns the names of the columns: without spaces around them, with a number if one was before,
   * and {@code column_3} for the third cell if it is empty.
   *
   * @param header the cells of the header
   */
  public List<String> names(List<String> header) {
    List<String> cells = new ArrayList<>(header);
    if (extraCells > 0) {
      cells.add("");
    } else if (extraCells < 0) {
      cells.remove(cells.size() - 1);
    }
    for (int i = 0; i < cells.size(); i++) {
      cells.set(i, cells.get(i).isBlank() ? "column_" + (i + 1) : cells.get(i).strip());
    }
    Set<String> used = new HashSet<>();
    List<String> names = new ArrayList<>();
    for (String cell : cells) {
      String name = cell;
      for (int number = 2; !used.add(name); number++) {
        String numbered = cell + "_" + number;
        name = cells.contains(numbered) ? name : numbered;
      }
      names.add(name);
    }
    return names;
  }
}
