package io.meshwork.internal.quality;

import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.transforms.Transform;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** Fails values that make the name of a partition's folder longer than file systems permit. */
final class PartitionFolder extends ValueEvaluator {
  /** The maximum length of a file or folder name on common file systems, in bytes. */
  private static final int MAX_BYTES = 255;

  /** The maximum length of all folders of a partition; a key on S3 has 1,024 bytes in all. */
  private static final int MAX_PATH_BYTES = 3 * MAX_BYTES;

  private final Type type;
  private final Transform<Object, Object> transform;
  private final int valueBytes;

  private PartitionFolder(Type type, Transform<Object, Object> transform, int valueBytes) {
    this.type = type;
    this.transform = transform;
    this.valueBytes = valueBytes;
  }

  /** Returns the check of a partition's values; null if they are short whatever they are. */
  static @Nullable PartitionFolder of(PartitionSpec spec, PartitionField field) {
    if (!isMaybeLong(spec, field)) {
      return null;
    }
    Type type = spec.schema().findType(field.sourceId());
    @SuppressWarnings("unchecked")
    Transform<Object, Object> transform = (Transform<Object, Object>) field.transform();
    return new PartitionFolder(type, transform, maxBytes(spec) - encoded(field.name()) - 1);
  }

  /** Returns the maximum length of the name of a folder, in bytes. */
  static int maxBytes(PartitionSpec spec) {
    long folders = spec.fields().stream().filter(field -> isMaybeLong(spec, field)).count();
    return (int) Math.min(MAX_BYTES, MAX_PATH_BYTES / Math.max(1, folders));
  }

  private static boolean isMaybeLong(PartitionSpec spec, PartitionField field) {
    String transform = field.transform().toString();
    return switch (spec.schema().findType(field.sourceId()).typeId()) {
      case STRING, BINARY, FIXED ->
          transform.equals("identity") || transform.startsWith("truncate[");
      default -> false;
    };
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
