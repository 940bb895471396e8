package io.meshwork.internal.predicate;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Random columns, rows in parts with few distinct values, and filters in Meshwork's language and in
 * SQL.
 */
public final class RandomFilters {
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
  public record Pair(String filter, String sql) {}

  public RandomFilters(long seed) {
    random = new Random(seed);
    List<Types.NestedField> fields = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      int id = 10 + 9 * i;
      fields.add(
          random.nextInt(5) == 0
              ? field(id, "s" + i, Types.StructType.of(field(id + 1, "x"), field(id + 2, "y")))
              : field(id, "c" + i));
    }
    schema = new Schema(fields);
  }

  public Schema schema() {
    return schema;
  }

  private Types.NestedField field(int id, String name) {
    return field(id, name, type());
  }

  private Types.NestedField field(int id, String name, Type type) {
    return random.nextInt(4) > 0
        ? Types.NestedField.optional(id, name, type)
        : Types.NestedField.required(id, name, type);
  }

  /** Nanosecond instants are excluded: DuckDB has no such type. */
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

  /**
   * Returns rows whose columns have one to three distinct values, or any; a struct is an array of
   * its fields.
   */
  public List<Object[]> part(int rows) {
    List<Supplier<Object>> columns = suppliers(schema.asStruct());
    List<Object[]> part = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      part.add(columns.stream().map(Supplier::get).toArray());
    }
    return part;
  }

  private List<Supplier<Object>> suppliers(Types.StructType struct) {
    List<Supplier<Object>> suppliers = new ArrayList<>();
    for (Types.NestedField field : struct.fields()) {
      double[] shares = {0, 0, 0.3, 1};
      double nulls = field.isOptional() ? shares[random.nextInt(shares.length)] : 0;
      Supplier<Object> values = values(field.type());
      suppliers.add(() -> random.nextDouble() < nulls ? null : values.get());
    }
    return suppliers;
  }

  private Supplier<Object> values(Type type) {
    if (type.isStructType()) {
      List<Supplier<Object>> fields = suppliers(type.asStructType());
      return () -> fields.stream().map(Supplier::get).toArray();
    }
    List<?> all = SampleValues.of(type);
    List<Object> few = new ArrayList<>();
    int distinct = random.nextInt(4);
    for (int i = 0; i < distinct; i++) {
      few.add(all.get(random.nextInt(all.size())));
    }
    List<?> pool = few.isEmpty() ? all : few;
    return () -> pool.get(random.nextInt(pool.size()));
  }

  public Pair filter() {
    while (true) {
      Pair pair = node(random.nextInt(4));
      if (pair.filter.codePointCount(0, pair.filter.length()) < FilterParser.MAX_ROW_FILTER) {
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
    if (field.type().isStructType()) {
      field = field.type().asStructType().fields().get(random.nextInt(2));
      column += "." + field.name();
    }
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
      // DuckDB orders NaN above all numbers; in IEEE 754, Athena, and Meshwork it is not greater.
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
