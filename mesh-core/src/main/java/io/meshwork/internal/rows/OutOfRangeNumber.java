package io.meshwork.internal.rows;

/**
 * A number whose exponent no type of a column holds. It is neither a string nor a record, which a
 * column could take. Thread-safe.
 */
final class OutOfRangeNumber {
  private final String text;

  /** A number as written. */
  OutOfRangeNumber(String text) {
    this.text = text;
  }

  /** As written. */
  @Override
  public String toString() {
    return text;
  }
}
