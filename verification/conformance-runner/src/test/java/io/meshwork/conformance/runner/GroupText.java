package io.meshwork.conformance.runner;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.StringJoiner;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.MapLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * The canonical text of values in the object model of parquet-java, by its own reading of the
 * format. Text has one character a byte.
 */
final class GroupText {
  private GroupText() {}

  /** Returns the text of a field, which may be absent. */
  static String of(Group group, int field) {
    Type type = group.getType().getType(field);
    int count = group.getFieldRepetitionCount(field);
    if (type.isRepetition(Repetition.REPEATED)) {
      StringJoiner list = new StringJoiner(",", "[", "]");
      for (int i = 0; i < count; i++) {
        list.add(value(group, field, i));
      }
      return list.toString();
    }
    return count == 0 ? "null" : value(group, field, 0);
  }

  private static String value(Group group, int field, int index) {
    Type type = group.getType().getType(field);
    return type.isPrimitive()
        ? primitive(type.asPrimitiveType(), group, field, index)
        : group(group.getGroup(field, index), type.asGroupType());
  }

  private static String group(Group group, GroupType type) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    if (annotation instanceof ListLogicalTypeAnnotation) {
      return list(group, type);
    }
    if (annotation instanceof MapLogicalTypeAnnotation) {
      StringJoiner map = new StringJoiner(",", "[", "]");
      for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
        map.add(fields(group.getGroup(0, i)));
      }
      return map.toString();
    }
    return fields(group);
  }

  private static String fields(Group group) {
    StringJoiner fields = new StringJoiner(",", "{", "}");
    for (int i = 0; i < group.getType().getFieldCount(); i++) {
      fields.add(of(group, i));
    }
    return fields.toString();
  }

  private static String list(Group group, GroupType type) {
    Type repeated = type.getType(0);
    boolean elementIsRepeated =
        repeated.isPrimitive()
            || repeated.asGroupType().getFieldCount() > 1
            || repeated.asGroupType().getType(0).isRepetition(Repetition.REPEATED)
            || repeated.getName().equals("array")
            || repeated.getName().equals(type.getName() + "_tuple");
    StringJoiner list = new StringJoiner(",", "[", "]");
    for (int i = 0; i < group.getFieldRepetitionCount(0); i++) {
      list.add(elementIsRepeated ? value(group, 0, i) : of(group.getGroup(0, i), 0));
    }
    return list.toString();
  }

  private static String primitive(PrimitiveType type, Group group, int field, int index) {
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    boolean unsigned = annotation instanceof IntLogicalTypeAnnotation number && !number.isSigned();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> Boolean.toString(group.getBoolean(field, index));
      case INT32 -> {
        int value = group.getInteger(field, index);
        yield annotation instanceof DecimalLogicalTypeAnnotation decimal
            ? BigDecimal.valueOf(value, decimal.getScale()).toPlainString()
            : unsigned ? Integer.toUnsignedString(value) : Integer.toString(value);
      }
      case INT64 -> {
        long value = group.getLong(field, index);
        yield annotation instanceof DecimalLogicalTypeAnnotation decimal
            ? BigDecimal.valueOf(value, decimal.getScale()).toPlainString()
            : unsigned ? Long.toUnsignedString(value) : Long.toString(value);
      }
      case FLOAT -> "f%08x".formatted(Float.floatToIntBits(group.getFloat(field, index)));
      case DOUBLE -> "d%016x".formatted(Double.doubleToLongBits(group.getDouble(field, index)));
      case INT96 -> {
        ByteBuffer bytes =
            ByteBuffer.wrap(group.getInt96(field, index).getBytes()).order(ByteOrder.LITTLE_ENDIAN);
        BigInteger nanos =
            BigInteger.valueOf(bytes.getInt(8) - 2_440_588L)
                .multiply(BigInteger.valueOf(86_400_000_000_000L))
                .add(BigInteger.valueOf(bytes.getLong(0)));
        yield Long.toString(nanos.longValue());
      }
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          bytes(annotation, group.getBinary(field, index).getBytes());
    };
  }

  private static String bytes(LogicalTypeAnnotation annotation, byte[] bytes) {
    if (annotation instanceof DecimalLogicalTypeAnnotation decimal) {
      return new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString();
    } else if (annotation instanceof Float16LogicalTypeAnnotation) {
      String bits = HexFormat.of().formatHex(new byte[] {bytes[1], bytes[0]});
      int number = Integer.parseInt(bits, 16);
      boolean nan = (number >> 10 & 0x1F) == 0x1F && (number & 0x3FF) > 0;
      return "h" + (nan ? "7e00" : bits);
    }
    return bytes.length + ":" + new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
