package io.meshwork.odcs;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A type of a database, such as {@code varchar(18)} or {@code decimal(12,2)}, and the type of a
 * column that it stands for.
 *
 * @param type what it is
 * @param precision of a decimal; 0 if it has none
 * @param scale of a decimal
 */
record PhysicalType(Type type, int precision, int scale) {
  /** The types of columns. */
  enum Type {
    STRING("string"),
    JSON("string"),
    UUID("string"),
    ENUM("string"),
    BYTES("string"),
    INT("integer"),
    LONG("integer"),
    FLOAT("number"),
    DOUBLE("number"),
    DECIMAL("number"),
    DATE("date"),
    TIME("time"),
    INSTANT("timestamp"),
    LOCAL("timestamp"),
    INSTANT_NANOS("timestamp"),
    LOCAL_NANOS("timestamp"),
    BOOLEAN("boolean"),
    RECORD("object"),
    MAP("object"),
    ARRAY("array");

    private final String logical;

    Type(String logical) {
      this.logical = logical;
    }

    /** The logical type of ODCS. */
    String logical() {
      return logical;
    }
  }

  private static final Pattern FORM =
      Pattern.compile(
          "([a-z][a-z0-9_ ]*?)\\s*(?:\\(\\s*(\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\))?");

  /**
   * Words after the digits: {@code timestamp(3) with time zone}, {@code decimal(10,2) unsigned}.
   */
  private static final Pattern WORDS_LAST =
      Pattern.compile("([a-z0-9_]+)\\s*(\\([0-9, ]+\\))\\s*([a-z ]+)");

  private static final int MAX_LENGTH = 200;

  private static final Map<String, Type> TYPES =
      Map.ofEntries(
          Map.entry("string", Type.STRING),
          Map.entry("text", Type.STRING),
          Map.entry("varchar", Type.STRING),
          Map.entry("varchar2", Type.STRING),
          Map.entry("nvarchar", Type.STRING),
          Map.entry("nvarchar2", Type.STRING),
          Map.entry("char", Type.STRING),
          Map.entry("nchar", Type.STRING),
          Map.entry("character", Type.STRING),
          Map.entry("character varying", Type.STRING),
          Map.entry("clob", Type.STRING),
          Map.entry("utf8", Type.STRING),
          Map.entry("json", Type.JSON),
          Map.entry("jsonb", Type.JSON),
          Map.entry("variant", Type.JSON),
          Map.entry("uuid", Type.UUID),
          Map.entry("uniqueidentifier", Type.UUID),
          Map.entry("enum", Type.ENUM),
          Map.entry("bytes", Type.BYTES),
          Map.entry("binary", Type.BYTES),
          Map.entry("varbinary", Type.BYTES),
          Map.entry("bytea", Type.BYTES),
          Map.entry("blob", Type.BYTES),
          Map.entry("int", Type.INT),
          Map.entry("int2", Type.INT),
          Map.entry("int4", Type.INT),
          Map.entry("int16", Type.INT),
          Map.entry("int32", Type.INT),
          Map.entry("integer", Type.INT),
          Map.entry("smallint", Type.INT),
          Map.entry("tinyint", Type.INT),
          Map.entry("mediumint", Type.INT),
          Map.entry("bigint", Type.LONG),
          Map.entry("long", Type.LONG),
          Map.entry("byteint", Type.INT),
          Map.entry("int8", Type.LONG),
          Map.entry("int64", Type.LONG),
          Map.entry("float", Type.FLOAT),
          Map.entry("float4", Type.FLOAT),
          Map.entry("real", Type.FLOAT),
          Map.entry("double", Type.DOUBLE),
          Map.entry("double precision", Type.DOUBLE),
          Map.entry("float8", Type.DOUBLE),
          Map.entry("float64", Type.DOUBLE),
          Map.entry("decimal", Type.DECIMAL),
          Map.entry("decimal unsigned", Type.DECIMAL),
          Map.entry("numeric", Type.DECIMAL),
          Map.entry("dec", Type.DECIMAL),
          Map.entry("number", Type.DECIMAL),
          Map.entry("date", Type.DATE),
          Map.entry("time", Type.TIME),
          Map.entry("time without time zone", Type.TIME),
          Map.entry("timestamptz", Type.INSTANT),
          Map.entry("timestamp_tz", Type.INSTANT),
          Map.entry("timestamp_ltz", Type.INSTANT),
          Map.entry("timestamp with time zone", Type.INSTANT),
          Map.entry("timestamp with local time zone", Type.INSTANT),
          Map.entry("datetimeoffset", Type.INSTANT),
          Map.entry("timestamp_tz_ns", Type.INSTANT_NANOS),
          Map.entry("timestamptz_ns", Type.INSTANT_NANOS),
          Map.entry("timestamp", Type.LOCAL),
          Map.entry("timestamp_ntz", Type.LOCAL),
          Map.entry("timestamp without time zone", Type.LOCAL),
          Map.entry("datetime", Type.LOCAL),
          Map.entry("datetime2", Type.LOCAL),
          Map.entry("timestamp_ntz_ns", Type.LOCAL_NANOS),
          Map.entry("timestamp_ns", Type.LOCAL_NANOS),
          Map.entry("boolean", Type.BOOLEAN),
          Map.entry("bool", Type.BOOLEAN),
          Map.entry("struct", Type.RECORD),
          Map.entry("record", Type.RECORD),
          Map.entry("array", Type.ARRAY),
          Map.entry("list", Type.ARRAY));

  /** Returns the type that a string names; empty if it is not known, or leaves out what matters. */
  static Optional<PhysicalType> of(String text) {
    String name = normalized(text);
    if (name.startsWith("map<string,") && name.endsWith(">")) {
      return Optional.of(new PhysicalType(Type.MAP, 0, 0));
    }
    if (name.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    if (name.matches("(struct|row|record|array|list)\\s*<.*")) {
      boolean record = name.startsWith("struct") || name.startsWith("r");
      return Optional.of(new PhysicalType(record ? Type.RECORD : Type.ARRAY, 0, 0));
    }
    Matcher form = FORM.matcher(name);
    Type type = form.matches() ? TYPES.get(form.group(1)) : null;
    if (type == null) {
      return Optional.empty();
    }
    if (type != Type.DECIMAL) {
      return Optional.of(new PhysicalType(type, 0, 0));
    }
    if (form.group(2) == null) {
      return Optional.empty();
    }
    int scale = form.group(3) == null ? 0 : Integer.parseInt(form.group(3));
    return Optional.of(new PhysicalType(type, Integer.parseInt(form.group(2)), scale));
  }

  /** The name of a type without its digits, in small letters; empty if it has another form. */
  static String nameOf(String text) {
    return form(text).map(form -> form.group(1)).orElse("");
  }

  /** The first number of a type that has only one, such as 53 of {@code float(53)}; else 0. */
  static int precisionOf(String text) {
    return form(text)
        .filter(form -> form.group(2) != null && form.group(3) == null)
        .map(form -> Integer.parseInt(form.group(2)))
        .orElse(0);
  }

  /** In small letters, with the digits at the end. */
  private static String normalized(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    Matcher parts = WORDS_LAST.matcher(name);
    return name.length() <= MAX_LENGTH && parts.matches()
        ? parts.group(1) + " " + parts.group(3) + parts.group(2)
        : name;
  }

  private static Optional<Matcher> form(String text) {
    String name = normalized(text);
    Matcher form = FORM.matcher(name);
    return name.length() <= MAX_LENGTH && form.matches() ? Optional.of(form) : Optional.empty();
  }

  /** The type of the values of {@code map<string,T>}, as text. */
  static String valueOfMap(String text) {
    String name = text.strip();
    return name.substring(name.indexOf(',') + 1, name.length() - 1).strip();
  }
}
