package io.meshwork.internal.quality;

import io.meshwork.internal.predicate.FloatingLiteral;
import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Fails values that are not, or that are, members of a set. Members are stored as longs (integers,
 * times, bits of doubles with one NaN and one zero) or as bytes.
 */
final class MembershipEvaluator extends ValueEvaluator {
  private final long[] numbers;
  private final ByteStrings strings;
  private final boolean membersPass;

  private MembershipEvaluator(long[] numbers, ByteStrings strings, boolean membersPass) {
    this.numbers = numbers;
    this.strings = strings;
    this.membersPass = membersPass;
  }

  /** Returns an evaluator that fails members of the same set. */
  MembershipEvaluator inverse() {
    return new MembershipEvaluator(numbers, strings, !membersPass);
  }

  /**
   * Returns the evaluator of a rule's members; null members are irrelevant, because null values
   * pass.
   */
  static MembershipEvaluator of(Type type, List<@Nullable Object> literals) {
    List<Object> members = new ArrayList<>();
    literals.stream().filter(Objects::nonNull).forEach(members::add);
    return switch (type.typeId()) {
      case STRING -> texts(members.stream().map(String::valueOf).toList());
      case UUID ->
          new MembershipEvaluator(
              new long[0],
              ByteStrings.of(members.stream().map(MembershipEvaluator::uuid).toList()),
              true);
      case DECIMAL ->
          ((Types.DecimalType) type).precision() > 18
              ? new MembershipEvaluator(
                  new long[0],
                  ByteStrings.of(members.stream().map(m -> wide(m, type)).toList()),
                  true)
              : numbers(type, members);
      default -> numbers(type, members);
    };
  }

  /** Returns the evaluator of a set of strings. */
  static MembershipEvaluator texts(List<String> members) {
    return new MembershipEvaluator(
        new long[0],
        ByteStrings.of(members.stream().map(m -> m.getBytes(StandardCharsets.UTF_8)).toList()),
        true);
  }

  private static MembershipEvaluator numbers(Type type, List<Object> members) {
    long[] numbers =
        members.stream()
            .filter(m -> isValue(m, type))
            .mapToLong(m -> number(m, type))
            .sorted()
            .toArray();
    return new MembershipEvaluator(numbers, ByteStrings.of(List.of()), true);
  }

  private static long number(Object literal, Type type) {
    if (literal instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    if (literal instanceof Double number) {
      return bits(number);
    }
    if (type.typeId() == Type.TypeID.DOUBLE || type.typeId() == Type.TypeID.FLOAT) {
      return bits(floating((BigDecimal) literal, type).orElseThrow());
    }
    return LiteralUnits.of(literal, type).longValue();
  }

  /**
   * Returns false for a literal that no value of the column's type equals, such as a time of higher
   * precision.
   */
  private static boolean isValue(Object literal, Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> true;
      case FLOAT, DOUBLE ->
          !(literal instanceof BigDecimal number) || floating(number, type).isPresent();
      default -> {
        BigDecimal ticks = LiteralUnits.of(literal, type).stripTrailingZeros();
        yield ticks.scale() <= 0 && ticks.toBigInteger().bitLength() < Long.SIZE;
      }
    };
  }

  private static OptionalDouble floating(BigDecimal number, Type type) {
    return FloatingLiteral.exact(number, type.typeId() == Type.TypeID.FLOAT);
  }

  private static byte[] uuid(Object literal) {
    UUID uuid = UUID.fromString((String) literal);
    byte[] bytes = new byte[16];
    BigEndian.putLong(bytes, 0, uuid.getMostSignificantBits());
    BigEndian.putLong(bytes, 8, uuid.getLeastSignificantBits());
    return bytes;
  }

  private static byte[] wide(Object literal, Type type) {
    BigInteger unscaled = LiteralUnits.of(literal, type).toBigInteger();
    byte[] bytes = new byte[16];
    BigEndian.putLong(bytes, 0, unscaled.shiftRight(64).longValue());
    BigEndian.putLong(bytes, 8, unscaled.longValue());
    return bytes;
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  private boolean holds(long number) {
    if (numbers.length <= 8) {
      for (long member : numbers) {
        if (member == number) {
          return true;
        }
      }
      return false;
    }
    return Arrays.binarySearch(numbers, number) >= 0;
  }

  @Override
  void values(Vector vector, RowMask skip, RowMask failing) {
    int size = vector.size();
    for (int row = 0; row < size; row++) {
      if (isMember(vector, row) != membersPass && !vector.isNull(row)) {
        failing.set(row);
      }
    }
  }

  private boolean isMember(Vector vector, int row) {
    if (vector instanceof BytesVector bytes) {
      return strings.holds(bytes.data(), bytes.start(row), bytes.length(row));
    }
    if (vector instanceof LongVector longs) {
      return holds(longs.get(row));
    }
    if (vector instanceof IntVector ints) {
      return holds(ints.get(row));
    }
    if (vector instanceof DoubleVector doubles) {
      return holds(bits(doubles.get(row)));
    }
    if (vector instanceof FloatVector floats) {
      return holds(bits(floats.get(row)));
    }
    return holds(((BooleanVector) vector).get(row) ? 1 : 0);
  }
}
