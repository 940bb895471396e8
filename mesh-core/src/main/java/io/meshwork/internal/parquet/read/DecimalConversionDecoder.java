package io.meshwork.internal.parquet.read;

import io.meshwork.internal.parquet.encoding.ValueDecoder;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Converts decimals that are stored as bytes (big-endian two's complement of any length but 0) or
 * requested with more than 18 digits: to unscaled longs, or to 16 bytes.
 */
final class DecimalConversionDecoder extends ConversionDecoder {
  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final String TOO_LARGE = "a decimal has more digits than its column";
  private static final String BEYOND_FILE = "a decimal has more digits than its type in the file";

  private final boolean wide;
  private final long factor;
  private final BigInteger bigFactor;
  private final BigInteger most;

  /** The largest unscaled value in the file, whose type may have fewer digits. */
  private final BigInteger mostInFile;

  /** Up to these, a value of 64 bits, or the higher bits of another, needs no exact comparison. */
  private final long maxLow;

  private final long maxHigh;
  private final BytesVector scratch = new BytesVector();
  private final NumberConversionDecoder.@Nullable Longs numbers;
  private final boolean unsigned;
  private long[] longs = new long[0];

  private DecimalConversionDecoder(
      Types.DecimalType fileType,
      Types.DecimalType wanted,
      NumberConversionDecoder.@Nullable Longs numbers,
      boolean unsigned,
      boolean offered) {
    int moreScale = wanted.scale() - fileType.scale();
    this.wide = wanted.precision() > 18;
    this.factor = moreScale <= 18 ? powerOfTen(moreScale) : 0;
    this.bigFactor = BigInteger.TEN.pow(moreScale);
    this.most = most(wanted);
    this.mostInFile = offered && !fileType.equals(wanted) ? most(fileType) : most;
    this.maxLow = mostInFile.bitLength() < Long.SIZE ? mostInFile.longValue() : Long.MAX_VALUE;
    this.maxHigh = mostInFile.shiftRight(64).longValue();
    this.numbers = numbers;
    this.unsigned = unsigned;
  }

  /**
   * Converts from bytes; null if the requested type is not wider.
   *
   * @param offered whether a value of more digits than the type in the file has is an error
   */
  static @Nullable ConversionDecoder of(Types.DecimalType fileType, Type wanted, boolean offered) {
    return Vector.promotion(fileType, wanted) != null
        ? new DecimalConversionDecoder(fileType, (Types.DecimalType) wanted, null, false, offered)
        : null;
  }

  /** Converts INT32 or INT64, to more than 18 digits or with a check of the digits in the file. */
  static ConversionDecoder ofNumbers(
      Types.DecimalType fileType,
      Types.DecimalType wanted,
      NumberConversionDecoder.WideningConversion widening,
      boolean offered) {
    return new DecimalConversionDecoder(
        fileType,
        wanted,
        new NumberConversionDecoder.Longs(widening),
        widening.wide() && widening.unsigned(),
        offered);
  }

  /** The largest unscaled value of a type. */
  private static BigInteger most(Types.DecimalType type) {
    return BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
  }

  static long powerOfTen(int exponent) {
    long result = 1;
    for (int i = 0; i < exponent; i++) {
      result *= 10;
    }
    return result;
  }

  @Override
  void append(ValueDecoder from, Vector to, int count) {
    if (numbers != null) {
      if (longs.length < count) {
        longs = new long[count];
      }
      numbers.read(from, longs, 0, count);
      for (int i = 0; i < count; i++) {
        if (unsigned && longs[i] < 0) {
          appendWide((BytesVector) to, 0, longs[i]);
        } else {
          appendSmall(to, longs[i]);
        }
      }
      return;
    }
    scratch.reset();
    from.bytes(scratch, count);
    for (int i = 0; i < count; i++) {
      int start = scratch.start(i);
      int length = scratch.length(i);
      if (length == 0) {
        throw new UnreadableFileException("a decimal has no bytes");
      }
      long low = number(scratch.data(), Math.max(start, start + length - 8), start + length);
      if (length <= 8) {
        appendSmall(to, low);
      } else {
        appendLarge(to, scratch.data(), start, length, low);
      }
    }
  }

  /** Returns one to eight bytes as a signed number. */
  private static long number(byte[] bytes, int from, int end) {
    if (end - from == 8) {
      return (long) BIG_ENDIAN.get(bytes, from);
    }
    long result = bytes[from];
    for (int i = from + 1; i < end; i++) {
      result = result << 8 | (bytes[i] & 0xFF);
    }
    return result;
  }

  private void appendSmall(Vector to, long unscaled) {
    if (wide) {
      appendWide((BytesVector) to, unscaled >> 63, unscaled);
      return;
    }
    long limit = most.longValue() / factor;
    if (unscaled > limit || unscaled < -limit) {
      appendMisfit(to);
    } else if (unscaled > maxLow || unscaled < -maxLow) {
      throw new UnreadableFileException(BEYOND_FILE);
    } else {
      ((LongVector) to).append(unscaled * factor);
    }
  }

  private void appendLarge(Vector to, byte[] bytes, int start, int length, long low) {
    int extension = start;
    int end = start + length;
    byte sign = (byte) (bytes[start] >> 7);
    while (extension < end - 16 && bytes[extension] == sign) {
      extension++;
    }
    long high = number(bytes, Math.max(extension, end - 16), end - 8);
    if (extension < end - 16 || (byte) (high >> 63) != sign) {
      appendMisfit(to);
    } else if (wide) {
      appendWide((BytesVector) to, high, low);
    } else if (high == low >> 63) {
      appendSmall(to, low);
    } else {
      appendMisfit(to);
    }
  }

  /** Records in the vector that a value does not fit, or throws. */
  private static void appendMisfit(Vector to) {
    if (!to.recordError(to.size(), false)) {
      throw new UnreadableFileException(TOO_LARGE);
    } else if (to instanceof LongVector longs) {
      longs.append(0);
    } else {
      write((BytesVector) to, 0, 0);
    }
  }

  private void appendWide(BytesVector to, long high, long low) {
    boolean alwaysFits =
        high == low >> 63 ? low <= maxLow && low >= -maxLow : high < maxHigh && high > -maxHigh;
    if (factor == 1 && alwaysFits) {
      write(to, high, low);
      return;
    }
    BigInteger value = BigInteger.valueOf(high).shiftLeft(64).add(unsigned(low));
    BigInteger scaled = value.multiply(bigFactor);
    if (scaled.abs().compareTo(most) > 0) {
      appendMisfit(to);
      return;
    }
    if (value.abs().compareTo(mostInFile) > 0) {
      throw new UnreadableFileException(BEYOND_FILE);
    }
    write(to, scaled.shiftRight(64).longValue(), scaled.longValue());
  }

  private static BigInteger unsigned(long low) {
    BigInteger value = BigInteger.valueOf(low);
    return low < 0 ? value.add(BigInteger.ONE.shiftLeft(64)) : value;
  }

  private static void write(BytesVector to, long high, long low) {
    int at = to.reserve(16);
    byte[] data = to.data();
    BIG_ENDIAN.set(data, at, high);
    BIG_ENDIAN.set(data, at + 8, low);
    to.commit(16);
  }
}
