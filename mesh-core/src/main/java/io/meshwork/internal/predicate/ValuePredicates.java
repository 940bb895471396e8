package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.BytesValuePredicate.End;
import io.meshwork.internal.predicate.BytesValuePredicate.Order;
import io.meshwork.internal.predicate.FilterNode.Between;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Like;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Operator;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Creates the test of a filter's leaf for the values of its column's vector. */
final class ValuePredicates {
  private ValuePredicates() {}

  /**
   * Returns the test of a leaf other than IS NULL. For {@code <>}, returns the test of {@code =},
   * whose result the caller inverts.
   */
  static ValuePredicate of(Leaf leaf) {
    if (leaf instanceof Like like) {
      return LikePredicate.of(like.pattern());
    } else if (leaf instanceof Membership members) {
      return members(leaf.column().type(), members.literals());
    } else if (leaf instanceof Between between) {
      return range(leaf.column().type(), between.low(), true, between.high(), true);
    }
    Comparison comparison = (Comparison) leaf;
    Type type = leaf.column().type();
    TypedLiteral literal = comparison.literal();
    return switch (comparison.operator()) {
      case EQUAL, UNEQUAL -> range(type, literal, true, literal, true);
      case LESS -> range(type, null, true, literal, false);
      case AT_MOST -> range(type, null, true, literal, true);
      case MORE -> range(type, literal, false, null, true);
      case AT_LEAST -> range(type, literal, true, null, true);
    };
  }

  /** Returns true if the caller must invert the result. */
  static boolean isInverse(Leaf leaf) {
    return leaf instanceof Comparison comparison && comparison.operator() == Operator.UNEQUAL;
  }

  private static ValuePredicate range(
      Type type,
      @Nullable TypedLiteral low,
      boolean lowIncluded,
      @Nullable TypedLiteral high,
      boolean highIncluded) {
    return switch (kind(type)) {
      case DOUBLE -> {
        double least = low == null ? Double.NEGATIVE_INFINITY : low.asDouble();
        double most = high == null ? Double.POSITIVE_INFINITY : high.asDouble();
        yield new DoubleValuePredicate.Range(
            lowIncluded ? least : Math.nextUp(least), highIncluded ? most : Math.nextDown(most));
      }
      case LONG -> {
        long least = low == null ? Long.MIN_VALUE : number(low);
        long most = high == null ? Long.MAX_VALUE : number(high);
        boolean none =
            (!lowIncluded && least == Long.MAX_VALUE) || (!highIncluded && most == Long.MIN_VALUE);
        yield none
            ? new LongValuePredicate.Range(0, -1)
            : new LongValuePredicate.Range(
                lowIncluded ? least : least + 1, highIncluded ? most : most - 1);
      }
      case BYTES ->
          new BytesValuePredicate.Range(
              order(type),
              low == null ? null : new End(bytes(low), lowIncluded),
              high == null ? null : new End(bytes(high), highIncluded));
    };
  }

  private static ValuePredicate members(Type type, List<TypedLiteral> sorted) {
    return switch (kind(type)) {
      case DOUBLE ->
          new DoubleValuePredicate.Members(
              sorted.stream().mapToDouble(TypedLiteral::asDouble).toArray());
      case LONG ->
          new LongValuePredicate.Members(
              sorted.stream().mapToLong(ValuePredicates::number).toArray());
      case BYTES ->
          new BytesValuePredicate.Members(
              sorted.stream().map(ValuePredicates::bytes).toArray(byte[][]::new));
    };
  }

  private enum Kind {
    LONG,
    DOUBLE,
    BYTES
  }

  private static Kind kind(Type type) {
    return switch (type.typeId()) {
      case FLOAT, DOUBLE -> Kind.DOUBLE;
      case STRING, UUID -> Kind.BYTES;
      case DECIMAL -> ((Types.DecimalType) type).precision() <= 18 ? Kind.LONG : Kind.BYTES;
      default -> Kind.LONG;
    };
  }

  private static Order order(Type type) {
    return type.typeId() == Type.TypeID.DECIMAL ? Order.SIGNED : Order.UNSIGNED;
  }

  private static long number(TypedLiteral literal) {
    return literal.type().typeId() == Type.TypeID.DECIMAL
        ? literal.asDecimal().unscaledValue().longValueExact()
        : literal.asLong();
  }

  private static byte[] bytes(TypedLiteral literal) {
    if (literal.type().typeId() != Type.TypeID.DECIMAL) {
      return literal.asBytes().bytes();
    }
    BigInteger unscaled = literal.asDecimal().unscaledValue();
    byte[] shortest = unscaled.toByteArray();
    byte[] wide = new byte[16];
    Arrays.fill(wide, (byte) (unscaled.signum() < 0 ? -1 : 0));
    System.arraycopy(shortest, 0, wide, wide.length - shortest.length, shortest.length);
    return wide;
  }
}
