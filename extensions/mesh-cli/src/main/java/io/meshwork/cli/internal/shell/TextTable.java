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

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }
}
