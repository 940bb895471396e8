package io.meshwork.internal.materializers;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** The default of a reader's field, with raw values, created for each row. */
final class AvroDefault {
  /** Without conversions, which a program may have registered with the shared instance. */
  private static final GenericData DATA = new GenericData();

  private final Schema schema;
  private final @Nullable Object value;

  private AvroDefault(Schema schema, @Nullable Object value) {
    this.schema = schema;
    this.value = value;
  }

  static AvroDefault of(Schema.Field field) {
    return new AvroDefault(field.schema(), DATA.getDefaultValue(field));
  }

  /** Returns a value that is not shared. */
  @Nullable Object create() {
    return copy(schema, value);
  }

  private static @Nullable Object copy(Schema schema, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (schema.isUnion()) {
      return copy(schema.getTypes().get(DATA.resolveUnion(schema, value)), value);
    }
    return switch (schema.getType()) {
      case STRING -> value.toString();
      case BYTES -> {
        ByteBuffer bytes = ((ByteBuffer) value).duplicate();
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        yield ByteBuffer.wrap(content);
      }
      case FIXED -> new GenericData.Fixed(schema, ((GenericFixed) value).bytes().clone());
      case ARRAY -> {
        List<?> elements = (List<?>) value;
        GenericData.Array<@Nullable Object> copies =
            new GenericData.Array<>(elements.size(), schema);
        elements.forEach(element -> copies.add(copy(schema.getElementType(), element)));
        yield copies;
      }
      case MAP -> {
        Map<String, @Nullable Object> copies = new LinkedHashMap<>();
        ((Map<?, ?>) value)
            .forEach((key, each) -> copies.put(key.toString(), copy(schema.getValueType(), each)));
        yield copies;
      }
      case RECORD -> {
        GenericRecord copied = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
          copied.put(field.pos(), copy(field.schema(), ((GenericRecord) value).get(field.pos())));
        }
        yield copied;
      }
      default -> value;
    };
  }
}
