package io.meshwork.odcs;

/** What a single value looks like, before a column's type is decided. */
enum ValueKind {
  BOOLEAN("boolean", "booleans"),
  WHOLE("whole number", "whole numbers"),
  BIG_WHOLE("whole number beyond 64 bits", "whole numbers beyond 64 bits"),
  DECIMAL("decimal number", "decimal numbers"),
  FLOATING("floating-point number", "floating-point numbers"),
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

  /** What one of them is called. */
  String singular() {
    return singular;
  }

  /** What several of them are called. */
  String plural() {
    return plural;
  }

  boolean isExactNumber() {
    return this == WHOLE || this == BIG_WHOLE || this == DECIMAL;
  }

  boolean isNumber() {
    return isExactNumber() || this == FLOATING;
  }

  /** True if values of it may be part of a key. */
  boolean identifies() {
    return this != FLOATING && this != DECIMAL && this != BYTES && this != RECORD && this != LIST;
  }
}
