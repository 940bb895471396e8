package io.meshwork.internal.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.meshwork.internal.columnar.Vector;
import io.meshwork.internal.columnar.VectorBatch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.temporal.Temporal;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Rows as JSON text, for the quarantine and for samples. Dates, times and timestamps are ISO 8601
 * text, decimals plain text, bytes Base64, numbers JSON numbers, and NaN and the infinities text.
 */
public final class JsonRow {
  /** What stands for the value, or the null, of a masked column. */
  public static final String MASK = "***";

  private static final int LONGEST_TEXT = 1_000;
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRow() {}

  /** A row of a batch as one JSON object, complete, with masked columns as {@link #MASK}. */
  public static String of(VectorBatch batch, int row, Set<String> masked) {
    return object(
        json -> {
          for (int i = 0; i < batch.schema().columns().size(); i++) {
            Types.NestedField field = batch.schema().columns().get(i);
            json.writeFieldName(field.name());
            if (masked.contains(field.name())) {
              json.writeString(MASK);
            } else {
              write(json, value(field.type(), batch.vector(i), row), Integer.MAX_VALUE);
            }
          }
        });
  }

  /** A value that its Java class cannot hold, such as a time past midnight, is said to be so. */
  private static @Nullable Object value(Type type, Vector vector, int row) {
    try {
      return VectorBatch.value(type, vector, row);
    } catch (DateTimeException e) {
      return "out of range";
    }
  }

  /**
   * A record that could not become a row, as one JSON object, as far as it goes: texts are cut at
   * 1,000 characters, values that are not scalar are their class's name. Never throws.
   */
  public static String of(@Nullable Object record) {
    return of(record, Set.of());
  }

  /** The same with masked columns as {@link #MASK}. Never throws. */
  public static String of(@Nullable Object record, Set<String> masked) {
    try {
      return object(json -> writeMembers(json, record, masked));
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
        throw (VirtualMachineError) e;
      }
      // Accessors are the user's code and may do anything; the sample is not worth the publish.
      return record == null ? "{}" : object(json -> writeClass(json, record));
    }
  }

  private interface Members {
    void writeTo(JsonGenerator json) throws Throwable;
  }

  private static String object(Members members) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      members.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("an accessor threw a checked exception", e);
    }
    return text.toString();
  }

  private static void writeMembers(JsonGenerator json, @Nullable Object record, Set<String> masked)
      throws Throwable {
    if (record instanceof IndexedRecord avro) {
      for (Schema.Field field : avro.getSchema().getFields()) {
        writeMember(json, field.name(), avro.get(field.pos()), masked);
      }
    } else if (record instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String name = entry.getKey() instanceof String key ? key : "<key that is no text>";
        writeMember(json, name, entry.getValue(), masked);
      }
    } else if (record != null && record.getClass().isRecord()) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        Object value =
            (Object) RecordComponents.accessor(record.getClass(), component).invoke(record);
        writeMember(json, RecordComponents.columnOf(component), value, masked);
      }
    } else if (record != null) {
      writeClass(json, record);
    }
  }

  private static void writeClass(JsonGenerator json, Object record) throws IOException {
    json.writeStringField("class", record.getClass().getName());
  }

  private static void writeMember(
      JsonGenerator json, String name, @Nullable Object value, Set<String> masked)
      throws IOException {
    json.writeFieldName(cut(name, LONGEST_TEXT));
    if (masked.contains(name)) {
      json.writeString(MASK);
    } else {
      write(json, value instanceof Optional<?> some ? some.orElse(null) : value, LONGEST_TEXT);
    }
  }

  private static void write(JsonGenerator json, @Nullable Object value, int longest)
      throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof Boolean bool) {
      json.writeBoolean(bool);
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      json.writeNumber(((Number) value).intValue());
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else if (value instanceof Float number) {
      if (Float.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeString(number.toString());
      }
    } else if (value instanceof Double number) {
      if (Double.isFinite(number)) {
        json.writeNumber(number);
      } else {
        json.writeString(number.toString());
      }
    } else if (value instanceof BigDecimal number) {
      // An exponent of a billion written out would be a text of a billion characters.
      boolean plain = Math.abs((long) number.scale()) <= LONGEST_TEXT;
      json.writeString(cut(plain ? number.toPlainString() : number.toString(), longest));
    } else if (value instanceof CharSequence || value instanceof GenericEnumSymbol<?>) {
      json.writeString(wellFormed(cut(value.toString(), longest)));
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value instanceof Temporal || value instanceof UUID) {
      json.writeString(value.toString());
    } else {
      ByteBuffer bytes = BinaryAppenders.bytesOf(value);
      if (bytes == null) {
        json.writeString("<" + value.getClass().getName() + ">");
      } else {
        writeBytes(json, bytes, longest);
      }
    }
  }

  private static void writeBytes(JsonGenerator json, ByteBuffer bytes, int longest)
      throws IOException {
    byte[] shown = new byte[Math.min(bytes.remaining(), longest)];
    bytes.get(shown);
    json.writeBinary(shown);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }

  /** Jackson refuses a lone surrogate only when it writes bytes; readers of the text would too. */
  private static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
