package io.meshwork.internal.quality;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.Arrays;
import org.apache.iceberg.types.Type;

/**
 * Fails rows whose two columns, of the same type, do not satisfy an operator. Columns within the
 * same list are compared element by element. A null on either side passes. NaN is neither less,
 * equal, nor greater, so it fails every operator except {@code !=}.
 */
final class ComparisonEvaluator implements RowRuleEvaluator {
  /** The result of {@link #compare} for NaN. */
  private static final int UNORDERED = 2;

  private final LeafColumn left;
  private final LeafColumn right;
  private final String operator;
  private final boolean decimal;

  ComparisonEvaluator(LeafColumn left, LeafColumn right, String operator) {
    this.left = left;
    this.right = right;
    this.operator = operator;
    this.decimal = left.type().typeId() == Type.TypeID.DECIMAL;
  }

  @Override
  public void evaluate(VectorBatch batch, RowMask skip, RowMask failing) {
    if (!left.isRepeated()) {
      evaluate(left.vector(batch).flat(), right.vector(batch).flat(), skip, failing);
      return;
    }
    LeafColumn.Elements elements = left.elements(batch);
    Vector others = right.elements(batch).values();
    RowMask bad = new RowMask(others.size());
    evaluate(elements.values().flat(), others.flat(), elements.of(skip), bad);
    elements.addRows(bad, failing);
  }

  private void evaluate(Vector a, Vector b, RowMask skip, RowMask failing) {
    for (int row = 0; row < a.size(); row++) {
      if (!a.isNull(row) && !b.isNull(row) && !skip.get(row) && !holds(compare(a, b, row))) {
        failing.set(row);
      }
    }
  }

  private boolean holds(int order) {
    if (order == UNORDERED) {
      return operator.equals("!=");
    }
    return switch (operator) {
      case "=" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new IllegalStateException("no operator " + operator);
    };
  }

  private int compare(Vector a, Vector b, int row) {
    if (a instanceof LongVector longs) {
      return Long.compare(longs.get(row), ((LongVector) b).get(row));
    }
    if (a instanceof IntVector ints) {
      return Integer.compare(ints.get(row), ((IntVector) b).get(row));
    }
    if (a instanceof DoubleVector doubles) {
      return compare(doubles.get(row), ((DoubleVector) b).get(row));
    }
    if (a instanceof FloatVector floats) {
      return compare(floats.get(row), ((FloatVector) b).get(row));
    }
    if (a instanceof BytesVector bytes) {
      return compare(bytes, (BytesVector) b, row);
    }
    return Boolean.compare(((BooleanVector) a).get(row), ((BooleanVector) b).get(row));
  }

  private static int compare(double a, double b) {
    return a < b ? -1 : a > b ? 1 : a == b ? 0 : UNORDERED;
  }

  /** The byte order of UTF-8 is the code point order of text. */
  private int compare(BytesVector a, BytesVector b, int row) {
    int from = a.start(row);
    int other = b.start(row);
    if (decimal) {
      return BigEndian.compare(
          BigEndian.longAt(a.data(), from),
          BigEndian.longAt(a.data(), from + Long.BYTES),
          BigEndian.longAt(b.data(), other),
          BigEndian.longAt(b.data(), other + Long.BYTES));
    }
    return Integer.signum(
        Arrays.compareUnsigned(
            a.data(), from, from + a.length(row), b.data(), other, other + b.length(row)));
  }
}
