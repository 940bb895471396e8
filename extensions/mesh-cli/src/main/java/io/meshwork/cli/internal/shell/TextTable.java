package io.meshwork.cli.internal.shell;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A table of text: a heading, rows, and columns as wide as their widest cell. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();
  private final BitSet right = new BitSet();

  public TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /** Adds a row with one cell for each heading. */
  public TextTable row(Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(SafeText.of(cell.toString()));
    }
    rows.add(row);
    return this;
  }

  /** Aligns the cells of a column, by its position from 0, at their ends, as numbers are. */
  public void alignRight(int column) {
    right.set(column);
  }

  /** Returns the lines; if no row was added, the one line that says so. */
  public List<String> lines(String ifEmpty) {
    if (rows.size() == 1) {
      return List.of(ifEmpty);
    }
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], width(row.get(i)));
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String space = " ".repeat(widths[i] - width(row.get(i)));
        line.append(right.get(i) ? space + row.get(i) : row.get(i) + space).append(GAP);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /**
   * Returns the lines, at most so wide if that is possible: a table, or else each row as a block
   * with a line for each cell.
   *
   * @param width in characters; 0 for any
   */
  public List<String> lines(String ifEmpty, int width) {
    List<String> table = lines(ifEmpty);
    if (width == 0 || rows.size() == 1 || table.stream().allMatch(line -> width(line) <= width)) {
      return table;
    }
    List<String> headings = rows.get(0);
    int widest = headings.stream().mapToInt(TextTable::width).max().orElse(0);
    List<String> blocks = new ArrayList<>();
    for (int i = 1; i < rows.size(); i++) {
      blocks.add("-- row " + i + " --");
      for (int j = 0; j < headings.size(); j++) {
        String space = " ".repeat(widest - width(headings.get(j)));
        blocks.add(headings.get(j) + space + GAP + rows.get(i).get(j));
      }
    }
    return blocks;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
