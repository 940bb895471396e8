package io.meshwork.internal.parquet.write;

import io.meshwork.internal.parquet.encoding.LittleEndianEncoder;
import org.apache.parquet.format.Type;

/** The physical types whose values fit into a {@code long}, and their representation. */
enum NumberEncoding {
  /** 0 for false, 1 for true. */
  BOOLEAN(Type.BOOLEAN),
  /** The number itself. */
  INT32(Type.INT32),
  /** The number itself. */
  INT64(Type.INT64),
  /** The bits of a float, in the lower half. */
  FLOAT(Type.FLOAT),
  /** The bits of a double. */
  DOUBLE(Type.DOUBLE);

  private final Type physical;

  NumberEncoding(Type physical) {
    this.physical = physical;
  }

  /** Returns the encoding of a physical type, which must be one of these. */
  static NumberEncoding of(Type physical) {
    for (NumberEncoding encoding : values()) {
      if (encoding.physical == physical) {
        return encoding;
      }
    }
    throw new IllegalArgumentException(physical + " does not fit into a long");
  }

  /** Returns true for float and double, which have NaN and a negative zero. */
  boolean floating() {
    return this == FLOAT || this == DOUBLE;
  }

  /** Converts the bits of a float or double to the number. */
  double toDouble(long bits) {
    return this == FLOAT ? Float.intBitsToFloat((int) bits) : Double.longBitsToDouble(bits);
  }

  /** Returns the length of this many values in PLAIN encoding, in bytes. */
  long plainLength(int count) {
    return switch (this) {
      case BOOLEAN -> (count + 7L) >> 3;
      case INT32, FLOAT -> 4L * count;
      case INT64, DOUBLE -> 8L * count;
    };
  }

  /** Writes the first {@code count} values in PLAIN encoding. */
  void encodePlain(long[] values, int count, LittleEndianEncoder out) {
    switch (this) {
      case BOOLEAN -> out.putBooleans(values, count);
      case INT32, FLOAT -> out.putInts(values, count);
      case INT64, DOUBLE -> out.putLongs(values, count);
    }
  }
}
