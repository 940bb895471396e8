package io.meshwork.cli.internal.shell;

/** Numbers of rows, as a sentence says them. */
public final class RowCount {
  private RowCount() {}

  /** Returns such as {@code 1 row} or {@code 2 rows}. */
  public static String of(long rows) {
    return Count.of(rows, "row");
  }

  /** Returns such as {@code 1 row is} or {@code 2 rows are}. */
  public static String are(long rows) {
    return Count.of(rows, "row is", "rows are");
  }
}
