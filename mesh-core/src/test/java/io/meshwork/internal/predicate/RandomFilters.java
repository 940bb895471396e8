package io.meshwork.internal.predicate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Random columns, rows in parts with few values each, and filters in our language and in SQL. */
final class RandomFilters {
  private static final String[] PATTERNS = {
    "%",
    "",
    "a%",
    "%a",
    "a",
    "_",
    "__",
    "%_b%",
    "a_b",
    "%z",
    "zzz%a",
    "é_",
    "%\uD83D\uDE00",
    "_%_",
    "%a%b%",
    "it's",
    "50%"
  };

  private final Random random;
  private final Schema schema;

  /** A filter in two languages. */
  record Pair(String filter, String sql) {}

  RandomFilters(long seed) {
    random = new Random(seed);
    List<Types.NestedField> fields = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      fields.add(
          random.nextInt(4) > 0
              ? Types.NestedField.optional(10 + 3 * i, "c" + i, type())
              : Types.NestedField.required(10 + 3 * i, "c" + i, type()));
    }
    schema = new Schema(fields);
  }

  Schema schema() {
    return schema;
  }

  /** Nanosecond instants are left out: DuckDB has no such type. */
  private Type type() {
    return switch (random.nextInt(15)) {
      case 0 -> Types.BooleanType.get();
      case 1 -> Types.IntegerType.get();
      case 2 -> Types.LongType.get();
      case 3 -> Types.FloatType.get();
      case 4, 5 -> Types.DoubleType.get();
      case 6 -> Types.DateType.get();
      case 7 -> Types.TimeType.get();
      case 8 -> Types.TimestampType.withZone();
      case 9 -> Types.TimestampType.withoutZone();
      case 10 -> Types.TimestampNanoType.withoutZone();
      case 11 -> Types.UUIDType.get();
      case 12 -> random.nextBoolean() ? Types.DecimalType.of(9, 2) : Types.DecimalType.of(38, 10);
      default -> Types.StringType.get();
    };
  }

  /** Rows whose columns take one to three values, or any. */
  List<Object[]> part(int rows) {
    List<List<?>> pools = new ArrayList<>();
    List<Double> nullShares = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      List<?> all = SampleValues.of(field.type());
      List<Object> pool = new ArrayList<>();
      int distinct = random.nextInt(4);
      for (int i = 0; i < distinct; i++) {
        pool.add(all.get(random.nextInt(all.size())));
      }
      pools.add(pool.isEmpty() ? all : pool);
      double[] shares = {0, 0, 0.3, 1};
      nullShares.add(field.isOptional() ? shares[random.nextInt(shares.length)] : 0);
    }
    List<Object[]> part = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Object[] values = new Object[pools.size()];
      for (int i = 0; i < values.length; i++) {
        if (random.nextDouble() >= nullShares.get(i)) {
          values[i] = pools.get(i).get(random.nextInt(pools.get(i).size()));
        }
      }
      part.add(values);
    }
    return part;
  }

  Pair filter() {
    while (true) {
      Pair pair = node(random.nextInt(4));
      if (pair.filter.codePointCount(0, pair.filter.length()) < FilterParser.MAX_LENGTH) {
        return pair;
      }
    }
  }

  private Pair node(int depth) {
    if (depth == 0 || random.nextInt(5) == 0) {
      return random.nextInt(15) == 0 ? constant() : leaf();
    }
    if (random.nextInt(3) == 0) {
      Pair part = node(depth - 1);
      return new Pair("NOT (" + part.filter + ")", "(NOT " + part.sql + ")");
    }
    String word = random.nextBoolean() ? " AND " : " or ";
    Pair left = node(depth - 1);
    Pair right = node(depth - 1);
    return new Pair(
        "(" + left.filter + ")" + word + "(" + right.filter + ")",
        "(" + left.sql + word + right.sql + ")");
  }

  private Pair constant() {
    String text = random.nextBoolean() ? "TRUE" : "false";
    return new Pair(text, text);
  }

  private Pair leaf() {
    Types.NestedField field = schema.columns().get(random.nextInt(schema.columns().size()));
    String column = field.name();
    Type type = field.type();
    String not = random.nextBoolean() ? " NOT" : "";
    switch (random.nextInt(type.typeId() == Type.TypeID.STRING ? 6 : 5)) {
      case 0:
        String test = column + " IS" + not + " NULL";
        return new Pair(test, "(" + test + ")");
      case 1:
        Object low = value(type);
        Object high = value(type);
        return new Pair(
            column
                + not
                + " BETWEEN "
                + SampleValues.literal(type, low)
                + " AND "
                + SampleValues.literal(type, high),
            "("
                + column
                + not
                + " BETWEEN "
                + SampleValues.duckDb(type, low)
                + " AND "
                + SampleValues.duckDb(type, high)
                + ")");
      case 2:
        return members(column, type, not);
      case 5:
        String pattern = PATTERNS[random.nextInt(PATTERNS.length)].replace("'", "''");
        String like = column + not + " LIKE '" + pattern + "'";
        return new Pair(like, "(" + like + ")");
      default:
        return comparison(column, type);
    }
  }

  private Pair members(String column, Type type, String not) {
    List<String> ours = new ArrayList<>();
    List<String> theirs = new ArrayList<>();
    int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 40 : 4);
    for (int i = 0; i < count; i++) {
      Object value = value(type);
      ours.add(SampleValues.literal(type, value));
      theirs.add(SampleValues.duckDb(type, value));
    }
    return new Pair(
        column + not + " IN (" + String.join(", ", ours) + ")",
        "(" + column + not + " IN (" + String.join(", ", theirs) + "))");
  }

  private Pair comparison(String column, Type type) {
    String[] operators = {"=", "<>", "!=", "<", ">", "<=", ">="};
    String operator = operators[random.nextInt(operators.length)];
    Object value = value(type);
    String sql = column + " " + operator + " " + SampleValues.duckDb(type, value);
    boolean floating = type.typeId() == Type.TypeID.FLOAT || type.typeId() == Type.TypeID.DOUBLE;
    if (floating && operator.startsWith(">")) {
      // DuckDB puts NaN above all numbers; for us, as for IEEE 754 and Athena, it is not above.
      sql += " AND NOT isnan(" + column + ")";
    }
    return new Pair(
        column + " " + operator + " " + SampleValues.literal(type, value), "(" + sql + ")");
  }

  private Object value(Type type) {
    while (true) {
      List<?> pool = SampleValues.of(type);
      Object value = pool.get(random.nextInt(pool.size()));
      if (SampleValues.canBeWritten(value)) {
        return value;
      }
    }
  }
}
