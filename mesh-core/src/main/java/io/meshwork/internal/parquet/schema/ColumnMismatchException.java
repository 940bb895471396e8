package io.meshwork.internal.parquet.schema;

/**
 * A column of a Parquet file is missing or cannot be read as the requested type. Names the column
 * and both types, never a value. Callers translate it into an error of the API.
 */
public final class ColumnMismatchException extends RuntimeException {
  /** The reason of a type that no module reads. */
  public static final String UNSUPPORTED_TYPE =
      "neither mesh-core nor mesh-parquet-hadoop supports this Parquet type";

  private static final long serialVersionUID = 1L;

  /** Creates an error of a column, by its dotted path. */
  public ColumnMismatchException(String column, String fileType, String wanted, String why) {
    super(
        "column " + column + " has the type " + fileType + ", requested is " + wanted + ": " + why);
  }
}
