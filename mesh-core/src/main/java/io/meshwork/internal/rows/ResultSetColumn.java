package io.meshwork.internal.rows;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A column of a result set.
 *
 * @param index its number, from 1
 * @param label its label, which is its name or alias in the query
 * @param type its type in {@link Types}
 * @param typeName its type in the terms of the database
 * @param className the class of its values as objects
 */
record ResultSetColumn(int index, String label, int type, String typeName, String className) {
  /** Returns the columns of a result set, in order. */
  static List<ResultSetColumn> of(ResultSetMetaData found) throws SQLException {
    List<ResultSetColumn> columns = new ArrayList<>();
    for (int i = 1; i <= found.getColumnCount(); i++) {
      columns.add(
          new ResultSetColumn(
              i,
              found.getColumnLabel(i),
              found.getColumnType(i),
              String.valueOf(found.getColumnTypeName(i)),
              String.valueOf(found.getColumnClassName(i))));
    }
    return columns;
  }

  /** Booleans; some databases also give bit strings the type BIT. */
  boolean isBoolean() {
    return type == Types.BOOLEAN || (type == Types.BIT && className.equals("java.lang.Boolean"));
  }

  /** Integers of at most 32 bits. */
  boolean isInt() {
    return type == Types.TINYINT || type == Types.SMALLINT || type == Types.INTEGER;
  }

  /** Integers of at most 64 bits with a sign. */
  boolean isInteger() {
    return isInt() || (type == Types.BIGINT && !isUnsignedBigint());
  }

  /** Integers of 64 bits without a sign, which exceed a long; their drivers give BIGINT. */
  private boolean isUnsignedBigint() {
    return type == Types.BIGINT
        && (className.equals("java.math.BigInteger")
            || typeName.toLowerCase(Locale.ROOT).contains("unsigned"));
  }

  /** Decimals, and integers of more than 64 bits. */
  boolean isNumeric() {
    return type == Types.DECIMAL
        || type == Types.NUMERIC
        || isUnsignedBigint()
        || className.equals("java.math.BigInteger");
  }

  /** Reals of 32 bits. JDBC's own FLOAT has 64 bits, but not in every database. */
  boolean isFloat() {
    return type == Types.REAL || (type == Types.FLOAT && className.equals("java.lang.Float"));
  }

  /** Reals of 64 bits. */
  boolean isDouble() {
    return type == Types.DOUBLE || (type == Types.FLOAT && !isFloat());
  }

  boolean isText() {
    return switch (type) {
      case Types.CHAR,
          Types.VARCHAR,
          Types.LONGVARCHAR,
          Types.NCHAR,
          Types.NVARCHAR,
          Types.LONGNVARCHAR,
          Types.CLOB,
          Types.NCLOB ->
          true;
      case Types.OTHER -> className.equals("java.lang.String");
      default -> false;
    };
  }

  /** The type of a query's {@code NULL} without a cast, which DuckDB writes in quotes. */
  boolean isNull() {
    return type == Types.NULL || (type == Types.OTHER && typeName.equals("\"NULL\""));
  }

  boolean isUuid() {
    return className.equals("java.util.UUID");
  }

  boolean isBytes() {
    return switch (type) {
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> true;
      default -> false;
    };
  }

  boolean isDate() {
    return type == Types.DATE;
  }

  boolean isTime() {
    return type == Types.TIME;
  }

  boolean isLocalTimestamp() {
    return type == Types.TIMESTAMP && !isInstant();
  }

  /** Timestamps with a zone, some of which have the type of timestamps without. */
  boolean isInstant() {
    String name = typeName.toLowerCase(Locale.ROOT);
    return type == Types.TIMESTAMP_WITH_TIMEZONE
        || name.equals("timestamptz")
        || name.equals("datetimeoffset")
        || name.matches("timestamp.* with (local )?time zone");
  }
}
