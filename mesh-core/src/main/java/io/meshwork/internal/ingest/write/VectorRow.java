package io.meshwork.internal.ingest.write;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.ByteBuffer;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** One row of a batch for Iceberg's partition transforms: values in the Java classes of Iceberg. */
final class VectorRow implements StructLike {
  private final VectorBatch batch;
  private int row;

  VectorRow(VectorBatch batch) {
    this.batch = batch;
  }

  VectorRow at(int newRow) {
    row = newRow;
    return this;
  }

  @Override
  public int size() {
    return batch.vectors().size();
  }

  @Override
  @SuppressWarnings("NullAway") // a null value is what Iceberg expects for a null
  public <T> T get(int position, Class<T> javaClass) {
    return javaClass.cast(value(position));
  }

  @Override
  public <T> void set(int position, T value) {
    throw new UnsupportedOperationException("a row of a batch is read only");
  }

  private @Nullable Object value(int position) {
    Vector vector = batch.vector(position);
    int at = row;
    if (vector.isNull(at)) {
      return null;
    }
    if (vector instanceof DictionaryVector coded) {
      at = coded.index(at);
      vector = coded.dictionary();
    }
    Type type = batch.schema().columns().get(position).type();
    if (vector instanceof LongVector longs && type.typeId() != Type.TypeID.DECIMAL) {
      return longs.get(at);
    } else if (vector instanceof IntVector ints) {
      return ints.get(at);
    } else if (vector instanceof BooleanVector booleans) {
      return booleans.get(at);
    } else if (vector instanceof DoubleVector doubles) {
      return doubles.get(at);
    } else if (vector instanceof FloatVector floats) {
      return floats.get(at);
    } else if (vector instanceof BytesVector bytes && type.typeId() == Type.TypeID.FIXED) {
      return ByteBuffer.wrap(bytes.get(at));
    }
    return VectorBatch.value(type, vector, at);
  }
}
