package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.text.Count;
import io.meshwork.odcs.PhysicalType.Type;
import io.meshwork.odcs.SqlDialect.Zone;
import java.util.Optional;
import java.util.Set;

/**
 * What a physical type means in the database of a document. Where databases differ and none is
 * named, it has the usual meaning, and says so.
 *
 * @param type what it means
 * @param note what was assumed; empty if the type says all
 * @param narrows true if the column might not hold what the database does
 */
record DialectType(PhysicalType type, String note, boolean narrows) {
  /** Names that are 32 bits or less, except in databases whose integers are all wider. */
  private static final Set<String> SMALL = Set.of("smallint", "tinyint", "byteint", "mediumint");

  /** Names of integers of less than 32 bits. */
  private static final Set<String> SHORT =
      Set.of("smallint", "tinyint", "byteint", "mediumint", "int2", "int16");

  private static final Set<String> WHOLE = Set.of("int", "integer");
  private static final Set<String> NUMERIC = Set.of("decimal", "numeric", "number", "dec");
  private static final String UNKNOWN_BITS = "no server says how many bits it has; read as ";
  private static final String AS_MONEY = "; read as decimal(19,4)";
  private static final int MOST_DIGITS = 38;
  private static final int WORD = 32;
  private static final int SINGLE_DIGITS = 24;
  private static final int MICROSECOND_DIGITS = 6;
  private static final Set<Type> MICROSECONDS = Set.of(Type.TIME, Type.INSTANT, Type.LOCAL);

  /**
   * Reads a physical type.
   *
   * @param whole true if its numbers are integers
   * @param options the options of the logical type; a format that states the bits counts more
   * @return empty if the type is not known, or leaves out what matters
   */
  static Optional<DialectType> of(
      String physical, boolean whole, JsonNode options, SqlDialect dialect) {
    return meaning(physical, whole, options, dialect)
        .map(each -> each.inMicroseconds(physical))
        .map(
            each ->
                each.note.isEmpty() ? assumed(each.type, each.demand(physical, options)) : each);
  }

  private static Optional<DialectType> meaning(
      String physical, boolean whole, JsonNode options, SqlDialect dialect) {
    String name = PhysicalType.nameOf(physical);
    String format = options.path("format").asText();
    boolean wide = name.equals("bigint") && dialect.integerBits() > Long.SIZE;
    if (wide || WHOLE.contains(name) || SMALL.contains(name)) {
      return Optional.of(whole(name, format, dialect));
    }
    if (Set.of("float", "float4", "real").contains(name)) {
      int digits = PhysicalType.precisionOf(physical);
      return Optional.of(floating(name, digits, format, dialect));
    }
    if (name.equals("money") || name.equals("smallmoney")) {
      PhysicalType money = new PhysicalType(Type.DECIMAL, 19, 4);
      return Optional.of(
          dialect == SqlDialect.SQLSERVER
              ? plain(money)
              : assumed(money, "no server says how many digits it has" + AS_MONEY));
    }
    if (name.equals("bignumeric") || name.equals("bigdecimal")) {
      return PhysicalType.precisionOf(physical) > 0
          ? Optional.empty()
          : Optional.of(narrow(new PhysicalType(Type.DECIMAL, 38, 18), "it has up to 76 digits"));
    }
    Optional<PhysicalType> plainType = PhysicalType.of(physical);
    if (plainType.isEmpty() && NUMERIC.contains(name) && dialect.precision() > 0) {
      return Optional.of(
          plain(new PhysicalType(Type.DECIMAL, dialect.precision(), dialect.scale())));
    }
    if (plainType.isEmpty()
        && NUMERIC.contains(name)
        && physical.strip().length() == name.length()) {
      return Optional.of(
          narrow(
              new PhysicalType(Type.DECIMAL, MOST_DIGITS, whole ? 0 : MOST_DIGITS / 2 - 1),
              "it states no digits; read as " + (whole ? "decimal(38,0)" : "decimal(38,18)")));
    }
    if (name.equals("timestamp") && !options.path("timezone").isBoolean()) {
      return Optional.of(timestamp(dialect));
    }
    if (name.equals("date") && dialect == SqlDialect.ORACLE) {
      return Optional.of(
          narrow(new PhysicalType(Type.DATE, 0, 0), "it has a time of day in its database"));
    }
    if (name.equals("datetime") && dialect == SqlDialect.CLICKHOUSE) {
      return Optional.of(plain(new PhysicalType(Type.INSTANT, 0, 0)));
    }
    return plainType.map(DialectType::plain);
  }

  private static DialectType whole(String name, String format, SqlDialect dialect) {
    if (Set.of("i8", "i16", "i32", "u8", "u16").contains(format)) {
      return plain(new PhysicalType(Type.INT, 0, 0));
    }
    int bits = dialect.integerBits();
    if (bits == WORD || (bits == 0 && SMALL.contains(name))) {
      boolean wide = Set.of("i64", "u32").contains(format);
      return plain(new PhysicalType(wide ? Type.LONG : Type.INT, 0, 0));
    }
    PhysicalType wide = new PhysicalType(Type.LONG, 0, 0);
    if (format.equals("i64") || format.equals("u32") || bits == Long.SIZE) {
      return plain(wide);
    }
    return bits == 0
        ? assumed(wide, UNKNOWN_BITS + "64 bits")
        : narrow(wide, "it has up to 38 digits in its database; read as 64 bits");
  }

  private static DialectType floating(String name, int digits, String format, SqlDialect dialect) {
    PhysicalType single = new PhysicalType(Type.FLOAT, 0, 0);
    PhysicalType wide = new PhysicalType(Type.DOUBLE, 0, 0);
    int bits = dialect.bitsOf(name);
    if (format.equals("f32")) {
      return plain(single);
    }
    if (format.equals("f64") || (bits == Long.SIZE && digits == 0)) {
      return plain(wide);
    }
    if (bits == WORD && digits <= SINGLE_DIGITS) {
      return plain(single);
    }
    if (bits > Long.SIZE && (digits == 0 || digits > 53)) {
      return narrow(wide, "it has up to 38 digits in its database; read as 64 bits");
    }
    return bits == 0 && digits == 0 ? assumed(wide, UNKNOWN_BITS + "64 bits") : plain(wide);
  }

  private static DialectType timestamp(SqlDialect dialect) {
    PhysicalType local = new PhysicalType(Type.LOCAL, 0, 0);
    if (dialect.timestamp() == Zone.INSTANT) {
      return plain(new PhysicalType(Type.INSTANT, 0, 0));
    }
    return dialect.timestamp() == Zone.LOCAL
        ? plain(local)
        : narrow(local, "no server says whether it has a time zone; read as without one");
  }

  /** Says that digits after microseconds are not retained. */
  private DialectType inMicroseconds(String physical) {
    boolean finer =
        note.isEmpty()
            && MICROSECONDS.contains(type.type())
            && PhysicalType.precisionOf(physical) > MICROSECOND_DIGITS;
    return finer
        ? narrow(type, "it has times finer than microseconds; read as microseconds")
        : this;
  }

  /** What the database demands of a value, and neither the column nor an option does; or empty. */
  private String demand(String physical, JsonNode options) {
    String name = PhysicalType.nameOf(physical);
    int length = PhysicalType.precisionOf(physical);
    String demand = "";
    if (length > 0 && options.path("maxLength").asInt(Integer.MAX_VALUE) > length) {
      demand =
          switch (type.type()) {
            case STRING -> "it has at most " + Count.of(length, "character");
            case BYTES -> "it has at most " + Count.of(length, "byte");
            default -> "";
          };
    }
    if (type.type() == Type.INT && SHORT.contains(name) && !hasRange(options)) {
      demand = "it has fewer bits than the column";
    } else if (name.equals("decimal unsigned") && !hasMinimum(options)) {
      demand = "it has no negative numbers";
    }
    return demand.isEmpty() ? "" : demand + " in its database, which is not enforced";
  }

  private static boolean hasMinimum(JsonNode options) {
    return options.has("minimum") || options.has("exclusiveMinimum");
  }

  private static boolean hasRange(JsonNode options) {
    return hasMinimum(options) && (options.has("maximum") || options.has("exclusiveMaximum"));
  }

  private static DialectType plain(PhysicalType type) {
    return assumed(type, "");
  }

  private static DialectType assumed(PhysicalType type, String note) {
    return new DialectType(type, note, false);
  }

  private static DialectType narrow(PhysicalType type, String note) {
    return new DialectType(type, note, true);
  }
}
