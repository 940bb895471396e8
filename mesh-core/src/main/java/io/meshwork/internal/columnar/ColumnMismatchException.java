package io.meshwork.internal.columnar;

/**
 * A column of a Parquet file cannot be read as the type wanted, or is not there. Names the column
 * and both types, never a value. For callers to translate into an error of their own.
 */
public final class ColumnMismatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String column;
  private final String found;
  private final String wanted;
  private final String why;

  ColumnMismatchException(String column, String found, String wanted, String why) {
    super("column " + column + " is " + found + ", wanted is " + wanted + ": " + why);
    this.column = column;
    this.found = found;
    this.wanted = wanted;
    this.why = why;
  }

  /** The path of the column, with dots. */
  public String column() {
    return column;
  }

  /** What the file has: a type, or "absent". */
  public String found() {
    return found;
  }

  /** The type wanted. */
  public String wanted() {
    return wanted;
  }

  /** Why one is not readable as the other. */
  public String why() {
    return why;
  }
}
