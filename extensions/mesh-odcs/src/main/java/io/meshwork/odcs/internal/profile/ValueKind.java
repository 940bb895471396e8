package io.meshwork.odcs.internal.profile;

/** The kind of a single value, from which a column's type is inferred. */
public enum ValueKind {
  BOOLEAN("boolean", "booleans"),
  WHOLE("whole number", "whole numbers"),
  BIG_WHOLE("whole number beyond 64 bits", "whole numbers beyond 64 bits"),
  LONG_WHOLE("whole number of more than 38 digits", "whole numbers of more than 38 digits"),
  DECIMAL("decimal number", "decimal numbers"),
  FLOATING("floating-point number", "floating-point numbers"),
  VAST("number beyond the range of a double", "numbers beyond the range of a double"),
  DATE("date", "dates"),
  TIME("time", "times"),
  LOCAL_TIMESTAMP("timestamp without a zone", "timestamps without a zone"),
  INSTANT("timestamp with a zone", "timestamps with a zone"),
  UUID("uuid", "uuids"),
  BYTES("byte string", "byte strings"),
  TEXT("text", "texts"),
  RECORD("object", "objects"),
  LIST("array", "arrays");

  private final String singular;
  private final String plural;

  ValueKind(String singular, String plural) {
    this.singular = singular;
    this.plural = plural;
  }

  /** Returns the name of one value. */
  public String singular() {
    return singular;
  }

  /** Returns the name of several values. */
  public String plural() {
    return plural;
  }

  public boolean isNumber() {
    return this == WHOLE || this == BIG_WHOLE || this == DECIMAL || this == FLOATING;
  }

  /** True if its values can be part of a key. */
  boolean canBeKey() {
    return switch (this) {
      case FLOATING, VAST, DECIMAL, BYTES, RECORD, LIST -> false;
      default -> true;
    };
  }

  boolean hasRange() {
    return switch (this) {
      case LONG_WHOLE, VAST, BOOLEAN, BYTES, TEXT, RECORD, LIST -> false;
      default -> true;
    };
  }
}
