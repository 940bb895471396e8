package io.meshwork.spark;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Literal;
import org.apache.spark.sql.connector.expressions.NamedReference;
import org.apache.spark.sql.connector.expressions.filter.AlwaysTrue;
import org.apache.spark.sql.connector.expressions.filter.Predicate;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** The condition of an overwrite, as the text of a filter of a mesh. */
final class SparkFilter {
  private final String table;

  private SparkFilter(String table) {
    this.table = table;
  }

  /** Returns true for a condition that every row meets. */
  static boolean isAll(Predicate[] conditions) {
    return Arrays.stream(conditions).allMatch(AlwaysTrue.class::isInstance);
  }

  /**
   * Returns the text of conditions that a row must all meet.
   *
   * @throws io.meshwork.error.InvalidRequestException if one has no text
   */
  static String of(Predicate[] conditions, String table) {
    SparkFilter filter = new SparkFilter(table);
    return Arrays.stream(conditions)
        .filter(each -> !(each instanceof AlwaysTrue))
        .map(filter::text)
        .collect(Collectors.joining(" AND "));
  }

  private String text(Predicate condition) {
    Expression[] children = condition.children();
    return switch (condition.name()) {
      case "AND", "OR" ->
          "("
              + text(predicate(children[0], condition))
              + " "
              + condition.name()
              + " "
              + text(predicate(children[1], condition))
              + ")";
      case "NOT" -> "NOT (" + text(predicate(children[0], condition)) + ")";
      case "IS_NULL" -> column(children[0], condition) + " IS NULL";
      case "IS_NOT_NULL" -> column(children[0], condition) + " IS NOT NULL";
      case "=", "<>", "<", "<=", ">", ">=" -> comparison(condition.name(), children, condition);
      case "<=>" -> same(children, condition);
      case "IN" ->
          column(children[0], condition)
              + " IN ("
              + Arrays.stream(children)
                  .skip(1)
                  .map(each -> constant(each, condition))
                  .collect(Collectors.joining(", "))
              + ")";
      case "STARTS_WITH" -> like("", children, "%", condition);
      case "ENDS_WITH" -> like("%", children, "", condition);
      case "CONTAINS" -> like("%", children, "%", condition);
      default -> throw refused(condition);
    };
  }

  private Predicate predicate(Expression expression, Predicate whole) {
    if (expression instanceof Predicate predicate) {
      return predicate;
    }
    throw refused(whole);
  }

  private String comparison(String operator, Expression[] operands, Predicate whole) {
    return column(operands[0], whole) + " " + operator + " " + constant(operands[1], whole);
  }

  /** Never null, as Spark compares null with a constant; matters within NOT. */
  private String same(Expression[] operands, Predicate whole) {
    String column = column(operands[0], whole);
    return operands[1] instanceof Literal<?> literal && literal.value() == null
        ? column + " IS NULL"
        : "(" + column + " IS NOT NULL AND " + comparison("=", operands, whole) + ")";
  }

  /** LIKE of a mesh has no escape for the two characters that stand for others. */
  private String like(String before, Expression[] operands, String after, Predicate whole) {
    if (!(operands[1] instanceof Literal<?> literal)
        || literal.value() == null
        || literal.value().toString().contains("%")
        || literal.value().toString().contains("_")) {
      throw refused(whole);
    }
    return column(operands[0], whole) + " LIKE " + quoted(before + literal.value() + after);
  }

  private String column(Expression expression, Predicate whole) {
    if (expression instanceof NamedReference reference) {
      return Arrays.stream(reference.fieldNames())
          .map(name -> '"' + name.replace("\"", "\"\"") + '"')
          .collect(Collectors.joining("."));
    }
    throw refused(whole);
  }

  private String constant(Expression expression, Predicate whole) {
    if (!(expression instanceof Literal<?> literal) || literal.value() == null) {
      throw refused(whole);
    }
    Object value = literal.value();
    DataType type = literal.dataType();
    if (type instanceof StringType) {
      return quoted(value.toString());
    } else if (type instanceof BooleanType) {
      return value.toString();
    } else if (type instanceof DateType) {
      return "DATE " + quoted(LocalDate.ofEpochDay(((Number) value).longValue()).toString());
    } else if (type instanceof TimestampType) {
      return "TIMESTAMP " + quoted(moment((Long) value) + "Z");
    } else if (type instanceof TimestampNTZType) {
      return "TIMESTAMP " + quoted(moment((Long) value).toString());
    } else if (type instanceof NumericType && isFinite(value)) {
      return number(value).toPlainString();
    }
    throw refused(whole);
  }

  private static LocalDateTime moment(long micros) {
    return LocalDateTime.ofInstant(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), ZoneOffset.UTC);
  }

  /** False for NaN and infinity, which a filter of a mesh cannot name. */
  private static boolean isFinite(Object value) {
    return !(value instanceof Number number) || Double.isFinite(number.doubleValue());
  }

  private static BigDecimal number(Object value) {
    return value instanceof Decimal decimal
        ? decimal.toJavaBigDecimal()
        : new BigDecimal(value.toString());
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private RuntimeException refused(Predicate condition) {
    return MeshTable.refused(
        MeshAction.of(Verb.PUBLISH, table),
        "the rows to replace are those where "
            + condition
            + ", and a filter of a mesh compares columns with constants",
        "Compare with =, <, IN, IS NULL, LIKE without % or _ in the text, AND, OR, and NOT, or"
            + " replace whole partitions.",
        ErrorCode.FILTER_INVALID);
  }
}
