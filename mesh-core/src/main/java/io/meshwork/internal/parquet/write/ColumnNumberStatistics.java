package io.meshwork.internal.parquet.write;

import java.math.BigDecimal;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Collects statistics of booleans, numbers, dates, and times. NaN is never a bound; a bound of zero
 * is -0.0 as minimum and 0.0 as maximum, as the Parquet format requires.
 */
final class ColumnNumberStatistics extends ColumnStatistics {
  private final NumberEncoding encoding;
  private long least;
  private long largest;
  private double minDouble;
  private double maxDouble;

  ColumnNumberStatistics(NumberEncoding encoding) {
    this.encoding = encoding;
    forgetBounds();
  }

  /** Adds the first {@code count} values. */
  void add(long[] values, int count) {
    if (encoding == NumberEncoding.DOUBLE) {
      addDoubles(values, count);
    } else if (encoding == NumberEncoding.FLOAT) {
      addFloats(values, count);
    } else {
      long min = least;
      long max = largest;
      for (int i = 0; i < count; i++) {
        min = Math.min(min, values[i]);
        max = Math.max(max, values[i]);
      }
      least = min;
      largest = max;
    }
  }

  private void addDoubles(long[] values, int count) {
    double min = minDouble;
    double max = maxDouble;
    int nans = 0;
    for (int i = 0; i < count; i++) {
      double value = Double.longBitsToDouble(values[i]);
      // A comparison with NaN is false, so NaN never replaces a bound.
      min = value < min ? value : min;
      max = value > max ? value : max;
      nans += Double.isNaN(value) ? 1 : 0;
    }
    keepFloating(min, max, count, nans);
  }

  private void addFloats(long[] values, int count) {
    float min = (float) minDouble;
    float max = (float) maxDouble;
    int nans = 0;
    for (int i = 0; i < count; i++) {
      float value = Float.intBitsToFloat((int) values[i]);
      min = value < min ? value : min;
      max = value > max ? value : max;
      nans += Double.isNaN(value) ? 1 : 0;
    }
    keepFloating(min, max, count, nans);
  }

  private void keepFloating(double min, double max, int count, int nans) {
    addNans(nans);
    if (nans < count) {
      minDouble = min;
      maxDouble = max;
      // Marks that bounds exist; with infinities only, the doubles retain their initial values.
      least = 0;
      largest = 0;
    }
  }

  @Override
  boolean bounded() {
    return least <= largest;
  }

  @Override
  void mergeBounds(ColumnStatistics other) {
    ColumnNumberStatistics numbers = (ColumnNumberStatistics) other;
    least = Math.min(least, numbers.least);
    largest = Math.max(largest, numbers.largest);
    minDouble = Math.min(minDouble, numbers.minDouble);
    maxDouble = Math.max(maxDouble, numbers.maxDouble);
  }

  @Override
  void reset() {
    super.reset();
    forgetBounds();
  }

  private void forgetBounds() {
    least = Long.MAX_VALUE;
    largest = Long.MIN_VALUE;
    minDouble = Double.POSITIVE_INFINITY;
    maxDouble = Double.NEGATIVE_INFINITY;
  }

  @Override
  @Nullable Bound lower() {
    return bounded() ? new Bound(plain(encoding.floating() ? lowerBits() : least), true) : null;
  }

  @Override
  @Nullable Bound upper() {
    return bounded() ? new Bound(plain(encoding.floating() ? upperBits() : largest), true) : null;
  }

  private double lowerDouble() {
    return minDouble == 0 ? -0.0 : minDouble;
  }

  private double upperDouble() {
    return maxDouble == 0 ? 0.0 : maxDouble;
  }

  private long lowerBits() {
    return bits(lowerDouble());
  }

  private long upperBits() {
    return bits(upperDouble());
  }

  private long bits(double value) {
    return encoding == NumberEncoding.FLOAT
        ? Float.floatToRawIntBits((float) value)
        : Double.doubleToRawLongBits(value);
  }

  private byte[] plain(long value) {
    byte[] bytes = new byte[(int) encoding.plainLength(1)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  @Override
  int compare(byte[] left, byte[] right) {
    return encoding.floating()
        ? Double.compare(encoding.toDouble(number(left)), encoding.toDouble(number(right)))
        : Long.compare(number(left), number(right));
  }

  private static long number(byte[] plain) {
    long value = 0;
    for (int i = 0; i < plain.length; i++) {
      value |= (plain[i] & 0xFFL) << (8 * i);
    }
    return plain.length == 4 ? (int) value : value;
  }

  @Override
  @Nullable Object icebergLower(Type type) {
    return bounded() ? iceberg(type, least, lowerDouble()) : null;
  }

  @Override
  @Nullable Object icebergUpper(Type type) {
    return bounded() ? iceberg(type, largest, upperDouble()) : null;
  }

  private static Object iceberg(Type type, long number, double floating) {
    return switch (type.typeId()) {
      case BOOLEAN -> number != 0;
      case INTEGER, DATE -> (int) number;
      case FLOAT -> (float) floating;
      case DOUBLE -> floating;
      case DECIMAL -> BigDecimal.valueOf(number, ((Types.DecimalType) type).scale());
      default -> number;
    };
  }
}
