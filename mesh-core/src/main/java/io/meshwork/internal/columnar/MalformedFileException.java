package io.meshwork.internal.columnar;

import org.jspecify.annotations.Nullable;

/**
 * A Parquet file breaks its format, or a limit that guards against files made to hurt. Says what is
 * wrong and where, never a value. For callers to translate into an error of their own.
 */
public final class MalformedFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a place is when it is not known. */
  public static final int UNKNOWN = -1;

  private final String file;
  private final String what;
  private final @Nullable String column;
  private final long offset;
  private final int page;

  MalformedFileException(String file, String what, long offset, @Nullable Throwable cause) {
    this(file, what, null, offset, UNKNOWN, cause);
  }

  MalformedFileException(
      String file,
      String what,
      @Nullable String column,
      long offset,
      int page,
      @Nullable Throwable cause) {
    super(message(file, what, column, offset, page), cause);
    this.file = file;
    this.what = what;
    this.column = column;
    this.offset = offset;
    this.page = page;
  }

  private static String message(
      String file, String what, @Nullable String column, long offset, int page) {
    StringBuilder text = new StringBuilder(file).append(": ").append(what);
    StringBuilder where = new StringBuilder();
    if (column != null) {
      where.append("column ").append(column);
    }
    if (page != UNKNOWN) {
      where.append(where.isEmpty() ? "" : ", ").append("page ").append(page);
    }
    if (offset != UNKNOWN) {
      where.append(where.isEmpty() ? "" : ", ").append("offset ").append(offset);
    }
    return where.isEmpty()
        ? text.toString()
        : text.append(" (").append(where).append(')').toString();
  }

  /** What is wrong and where in the file, without the file's name. */
  public String whatAndWhere() {
    return message("", what, column, offset, page).substring(2);
  }

  /** Where the file lies. */
  public String file() {
    return file;
  }

  /** What is wrong, without the place. */
  public String what() {
    return what;
  }

  /** The path of the column, with dots; null if it is not about one. */
  public @Nullable String column() {
    return column;
  }

  /** Bytes from the start of the file; {@link #UNKNOWN} if there is no such place. */
  public long offset() {
    return offset;
  }

  /**
   * Which page of the column in its row group, from 0, a dictionary included; {@link #UNKNOWN} if
   * it is not about one.
   */
  public int page() {
    return page;
  }
}
