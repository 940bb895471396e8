package io.meshwork.internal.vector;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Converts whole vectors to a wider type. Every value has a result; nothing is rounded. Stateless.
 */
abstract class VectorPromotion implements UnaryOperator<Vector> {
  private static final VectorPromotion SAME =
      new VectorPromotion() {
        @Override
        public Vector apply(Vector values) {
          return values;
        }
      };

  /** Returns the conversion between types that are not nested; null if a value could be lost. */
  static @Nullable VectorPromotion of(Type from, Type to) {
    if (from.equals(to)) {
      return SAME;
    }
    return switch (from.typeId()) {
      case INTEGER -> to.typeId() == Type.TypeID.LONG ? new IntsAsLongs() : null;
      case FLOAT -> to.typeId() == Type.TypeID.DOUBLE ? new FloatsAsDoubles() : null;
      case FIXED -> to.typeId() == Type.TypeID.BINARY ? SAME : null;
      case DECIMAL -> decimal((Types.DecimalType) from, to);
      default -> null;
    };
  }

  private static @Nullable VectorPromotion decimal(Types.DecimalType from, Type to) {
    if (!widens(from, to)) {
      return null;
    }
    Types.DecimalType wider = (Types.DecimalType) to;
    int moreScale = wider.scale() - from.scale();
    if (wider.precision() <= 18) {
      return moreScale == 0 ? SAME : new LargerDecimals(moreScale);
    }
    return from.precision() > 18 && moreScale == 0 ? SAME : new WideDecimals(moreScale);
  }

  /** Returns true if a type can represent every value of a decimal type. */
  private static boolean widens(Types.DecimalType from, Type to) {
    return to instanceof Types.DecimalType decimal
        && decimal.scale() >= from.scale()
        && decimal.precision() - decimal.scale() >= from.precision() - from.scale();
  }

  private static final class IntsAsLongs extends VectorPromotion {
    @Override
    public Vector apply(Vector values) {
      int[] ints = ((IntVector) values.flat()).values();
      LongVector result = new LongVector();
      long[] longs = result.ensureCapacity(values.size());
      for (int row = 0; row < values.size(); row++) {
        longs[row] = ints[row];
      }
      values.copyNullsTo(result);
      return result;
    }
  }

  private static final class FloatsAsDoubles extends VectorPromotion {
    @Override
    public Vector apply(Vector values) {
      float[] floats = ((FloatVector) values.flat()).values();
      DoubleVector result = new DoubleVector();
      double[] doubles = result.ensureCapacity(values.size());
      for (int row = 0; row < values.size(); row++) {
        doubles[row] = floats[row];
      }
      values.copyNullsTo(result);
      return result;
    }
  }

  /** Decimals of at most 18 digits before and after. */
  private static final class LargerDecimals extends VectorPromotion {
    private final long factor;

    LargerDecimals(int moreScale) {
      this.factor = BigInteger.TEN.pow(moreScale).longValueExact();
    }

    @Override
    public Vector apply(Vector values) {
      long[] before = ((LongVector) values.flat()).values();
      LongVector result = new LongVector();
      long[] after = result.ensureCapacity(values.size());
      for (int row = 0; row < values.size(); row++) {
        after[row] = before[row] * factor;
      }
      values.copyNullsTo(result);
      return result;
    }
  }

  /** Decimals of more than 18 digits after the conversion: 16 bytes each. */
  private static final class WideDecimals extends VectorPromotion {
    private final BigInteger factor;

    WideDecimals(int moreScale) {
      this.factor = BigInteger.TEN.pow(moreScale);
    }

    @Override
    public Vector apply(Vector values) {
      Vector flat = values.flat();
      BytesVector result = new BytesVector();
      for (int row = 0; row < flat.size(); row++) {
        if (flat.isNull(row)) {
          result.appendNull();
        } else {
          byte[] bytes = unscaled(flat, row).multiply(factor).toByteArray();
          byte[] wide = new byte[16];
          Arrays.fill(wide, (byte) (bytes[0] >> 7));
          System.arraycopy(bytes, 0, wide, wide.length - bytes.length, bytes.length);
          result.append(wide);
        }
      }
      return result;
    }

    private static BigInteger unscaled(Vector values, int row) {
      return values instanceof LongVector longs
          ? BigInteger.valueOf(longs.get(row))
          : new BigInteger(((BytesVector) values).get(row));
    }
  }
}
