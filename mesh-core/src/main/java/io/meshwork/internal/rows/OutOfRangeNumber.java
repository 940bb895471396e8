package io.meshwork.internal.rows;

/**
 * A number whose exponent no type of a column holds. It is neither a text nor a record, which a
 * column could take. Thread-safe.
 */
final class OutOfRangeNumber {
  private final String text;

  /** A number as it is written. */
  OutOfRangeNumber(String text) {
    this.text = text;
  }

  /** As written. */
  @Override
  public String toString() {
    return text;
  }
}
