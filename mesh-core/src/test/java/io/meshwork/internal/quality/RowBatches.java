package io.meshwork.internal.quality;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Creates batches from rows of plain Java values. Times and dates are in ticks. */
public final class RowBatches {
  private RowBatches() {}

  /** Creates a batch of rows. */
  public static VectorBatch batch(Schema schema, List<Object[]> rows) {
    VectorBatch batch = VectorBatch.empty(schema);
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        add(batch.vector(i), schema.columns().get(i).type(), row[i]);
      }
    }
    return batch;
  }

  static void add(Vector vector, Type type, Object value) {
    if (value == null) {
      vector.appendNull();
    } else if (vector instanceof LongVector longs) {
      longs.append(
          value instanceof BigDecimal decimal
              ? decimal
                  .setScale(((Types.DecimalType) type).scale())
                  .unscaledValue()
                  .longValueExact()
              : ((Number) value).longValue());
    } else if (vector instanceof IntVector ints) {
      ints.append(((Number) value).intValue());
    } else if (vector instanceof DoubleVector doubles) {
      doubles.append(((Number) value).doubleValue());
    } else if (vector instanceof FloatVector floats) {
      floats.append(((Number) value).floatValue());
    } else if (vector instanceof BooleanVector booleans) {
      booleans.append((Boolean) value);
    } else if (value instanceof BigDecimal decimal) {
      BigInteger unscaled = decimal.setScale(((Types.DecimalType) type).scale()).unscaledValue();
      byte[] bytes = new byte[16];
      BigEndian.putLong(bytes, 0, unscaled.shiftRight(64).longValue());
      BigEndian.putLong(bytes, 8, unscaled.longValue());
      ((BytesVector) vector).append(bytes);
    } else {
      ((BytesVector) vector)
          .append(
              value instanceof byte[] bytes
                  ? bytes
                  : value.toString().getBytes(StandardCharsets.UTF_8));
    }
  }
}
