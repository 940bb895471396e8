package io.meshwork.internal.quality;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Fails values that make the name of a partition's folder longer than file systems permit. */
final class PartitionFolder extends ValueEvaluator {
  /** The maximum length of a file or folder name on common file systems, in bytes. */
  static final int MAX_BYTES = 255;

  private final Type type;
  private final Transform<Object, Object> transform;
  private final int valueBytes;

  private PartitionFolder(Type type, Transform<Object, Object> transform, int valueBytes) {
    this.type = type;
    this.transform = transform;
    this.valueBytes = valueBytes;
  }

  /** Returns the check of a partition's values; null if they are short whatever they are. */
  static @Nullable PartitionFolder of(PartitionField field, Type type) {
    boolean maybeLong =
        switch (type.typeId()) {
          case STRING, BINARY, FIXED -> true;
          default -> false;
        };
    String name = field.transform().toString();
    if (!maybeLong || !(name.equals("identity") || name.startsWith("truncate["))) {
      return null;
    }
    @SuppressWarnings("unchecked")
    Transform<Object, Object> transform = (Transform<Object, Object>) field.transform();
    return new PartitionFolder(type, transform, MAX_BYTES - encoded(field.name()) - 1);
  }

  /** The names of folders are encoded as by {@code PartitionSpec.partitionToPath(..)}. */
  private static int encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).length();
  }

  @Override
  void values(Vector vector, RowMask skip, RowMask failing) {
    BytesVector bytes = (BytesVector) vector;
    for (int row = 0; row < bytes.size(); row++) {
      if (!bytes.isNull(row) && !isCertainlyShort(bytes.length(row)) && isLong(bytes.get(row))) {
        failing.set(row);
      }
    }
  }

  /** True if its bytes fit even in Base64 with three characters for each digit. */
  private boolean isCertainlyShort(int bytes) {
    return 12L * ((bytes + 2) / 3) <= valueBytes;
  }

  private boolean isLong(byte[] bytes) {
    Object value =
        type.typeId() == Type.TypeID.STRING
            ? new String(bytes, StandardCharsets.UTF_8)
            : ByteBuffer.wrap(bytes);
    Object partition = transform.bind(type).apply(value);
    return encoded(transform.toHumanString(type, partition)) > valueBytes;
  }
}
