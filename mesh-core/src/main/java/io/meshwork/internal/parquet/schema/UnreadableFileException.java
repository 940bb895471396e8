package io.meshwork.internal.parquet.schema;

import org.jspecify.annotations.Nullable;

/**
 * A Parquet file cannot be read: it violates its format, uses a feature that is not supported, or
 * exceeds a limit that protects against crafted files. Describes the error and its position, never
 * a value. Callers translate it into an error of the API.
 *
 * <p>A decoder knows neither the file nor the position: it throws the error without them, and the
 * reader throws it again with them.
 */
public final class UnreadableFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why a file cannot be read. */
  public enum Reason {
    /** It violates the format. */
    CORRUPT,
    /** It conforms to the format, but uses a feature that is not supported. */
    UNSUPPORTED,
    /** It exceeds a limit of memory, size, or steps. */
    LIMIT
  }

  /** An unknown position. */
  public static final int UNKNOWN = -1;

  private final Reason reason;
  private final String what;
  private final @Nullable String remedy;
  private final @Nullable String column;
  private final long offset;
  private final int page;
  private final boolean ofBatch;

  /** Creates an error of a corrupt file; the caller adds the file and the position. */
  public UnreadableFileException(String what) {
    this(Reason.CORRUPT, what, null, null, false);
  }

  /** Creates an error of a corrupt file; the caller adds the file and the position. */
  public UnreadableFileException(String what, @Nullable Throwable cause) {
    this(Reason.CORRUPT, what, null, cause, false);
  }

  private UnreadableFileException(
      Reason reason,
      String what,
      @Nullable String remedy,
      @Nullable Throwable cause,
      boolean ofBatch) {
    super(what, cause);
    this.reason = reason;
    this.what = what;
    this.remedy = remedy;
    this.column = null;
    this.offset = UNKNOWN;
    this.page = UNKNOWN;
    this.ofBatch = ofBatch;
  }

  /** Creates an error of a feature that is not supported; the caller adds file and position. */
  public static UnreadableFileException unsupported(String what) {
    return new UnreadableFileException(Reason.UNSUPPORTED, what, null, null, false);
  }

  /**
   * Creates an error of a feature that is not supported; the caller adds file and position.
   *
   * @param remedy what reads the file instead, in whole sentences
   */
  public static UnreadableFileException unsupported(String what, String remedy) {
    return new UnreadableFileException(Reason.UNSUPPORTED, what, remedy, null, false);
  }

  /** Creates an error of a limit that is exceeded; the caller adds file and position. */
  public static UnreadableFileException limit(String what) {
    return new UnreadableFileException(Reason.LIMIT, what, null, null, false);
  }

  /**
   * Creates an error of a limit that the rows of one batch exceed, and fewer rows may not; the
   * caller adds file and position.
   */
  public static UnreadableFileException batchLimit(String what) {
    return new UnreadableFileException(Reason.LIMIT, what, null, null, true);
  }

  /** Creates an error outside of columns. */
  public UnreadableFileException(String file, String what, long offset, @Nullable Throwable cause) {
    this(file, what, null, offset, UNKNOWN, cause);
  }

  /**
   * Creates an error with its position; offset and page are {@link #UNKNOWN} if they are not known.
   * The reason and the remedy come from the cause if it is an instance of this class, else {@link
   * Reason#CORRUPT} and none.
   */
  public UnreadableFileException(
      String file,
      String what,
      @Nullable String column,
      long offset,
      int page,
      @Nullable Throwable cause) {
    super(message(file, what, column, offset, page), cause);
    this.reason = cause instanceof UnreadableFileException inner ? inner.reason : Reason.CORRUPT;
    this.what = what;
    this.remedy = cause instanceof UnreadableFileException inner ? inner.remedy : null;
    this.column = column;
    this.offset = offset;
    this.page = page;
    this.ofBatch = cause instanceof UnreadableFileException inner && inner.ofBatch;
  }

  /** Returns this error with its file and position. */
  public UnreadableFileException at(String file, @Nullable String column, long offset, int page) {
    return new UnreadableFileException(file, what, column, offset, page, this);
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

  /** Returns the error and its position in the file, without the file's name. */
  public String whatAndWhere() {
    return message("", what, column, offset, page).substring(2);
  }

  /** Returns why the file cannot be read. */
  public Reason reason() {
    return reason;
  }

  /** Returns true if the rows of one batch exceed a limit, which fewer rows may not. */
  public boolean isOfBatch() {
    return ofBatch;
  }

  /** Returns what reads the file instead, in whole sentences; null if nothing is known. */
  public @Nullable String remedy() {
    return remedy;
  }

  /** Returns the error, without its position. */
  public String what() {
    return what;
  }

  /** Returns the dotted path of the column; null if the error concerns no column. */
  public @Nullable String column() {
    return column;
  }

  /** Returns the offset in bytes from the start of the file; {@link #UNKNOWN} if there is none. */
  public long offset() {
    return offset;
  }

  /**
   * Returns the page of the column in its row group, counted from 0, dictionary pages included;
   * {@link #UNKNOWN} if the error concerns no page.
   */
  public int page() {
    return page;
  }
}
