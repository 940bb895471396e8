package io.meshwork.internal.dqdl;

import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;

/**
 * A top-level column of the table that is checked. Immutable.
 *
 * @param name its name in the table
 * @param type its type
 * @param nullable whether it can be null
 */
record DqdlColumn(String name, Type type, boolean nullable) {
  /** Returns the name as a parameter of a rule. */
  String quoted() {
    return "\"" + name + "\"";
  }

  /** Returns the name in an expression of Spark SQL. */
  String sql() {
    return "`" + name + "`";
  }

  boolean isFloating() {
    return type.typeId() == TypeID.FLOAT || type.typeId() == TypeID.DOUBLE;
  }

  boolean isDate() {
    return type.typeId() == TypeID.DATE;
  }

  boolean isString() {
    return type.typeId() == TypeID.STRING;
  }

  /**
   * Returns the filter with which a rule skips nulls: most rules of DQDL fail for a null. A
   * composite rule with {@code = NULL} does not help, because Glue evaluates each of its parts on
   * all rows.
   */
  String skippingNulls() {
    return skipping(nullable, false, "");
  }

  /** Returns the same filter, which also skips NaN. */
  String skippingNullsAndNaN() {
    return skipping(nullable, isFloating(), "");
  }

  /**
   * Returns the same filter with one more condition.
   *
   * @param condition of Spark SQL
   */
  String skippingNullsAnd(String condition) {
    return skipping(nullable, false, condition);
  }

  private String skipping(boolean nulls, boolean nan, String condition) {
    List<String> conditions = new ArrayList<>();
    if (nulls) {
      conditions.add(sql() + " is not null");
    }
    if (nan) {
      conditions.add("not isnan(" + sql() + ")");
    }
    if (!condition.isEmpty()) {
      conditions.add(condition);
    }
    return where(conditions);
  }

  /** Returns a filter of a rule; empty without conditions. */
  static String where(List<String> conditions) {
    return conditions.isEmpty() ? "" : " where \"" + String.join(" and ", conditions) + "\"";
  }
}
