package io.meshwork.internal.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.temporal.Temporal;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Formats rows as JSON for the quarantine and for samples. Dates, times, and timestamps are ISO
 * 8601 strings, decimals are plain strings, bytes Base64, numbers JSON numbers, NaN and the
 * infinities strings; records and maps are objects, lists are arrays. Masked columns are identified
 * by path, such as {@code buyer.name}, {@code lines[].note}, or {@code tags{}}; everything below
 * them is masked too.
 */
public final class JsonRow {
  /** Replaces the value, or the null, of a masked column. */
  public static final String MASK = "***";

  public static final int MAX_TEXT = 1_000;
  private static final JsonFactory JSON = new JsonFactory();

  private JsonRow() {}

  /** Formats a row of a batch as one complete JSON object, with masked columns as {@link #MASK}. */
  public static String of(VectorBatch batch, int row, Set<String> masked) {
    return object(
        json -> {
          for (int i = 0; i < batch.schema().columns().size(); i++) {
            Types.NestedField field = batch.schema().columns().get(i);
            json.writeFieldName(field.name());
            writeCell(json, field.type(), batch.vector(i), row, field.name(), masked);
          }
        });
  }

  private static void writeCell(
      JsonGenerator json, Type type, Vector vector, int row, String path, Set<String> masked)
      throws IOException {
    if (masked.contains(path)) {
      json.writeString(MASK);
    } else if (vector.isNull(row)) {
      json.writeNull();
    } else if (vector instanceof StructVector structs) {
      json.writeStartObject();
      for (int i = 0; i < structs.children().size(); i++) {
        Types.NestedField field = type.asStructType().fields().get(i);
        json.writeFieldName(field.name());
        String place = path + "." + field.name();
        writeCell(json, field.type(), structs.child(i), row, place, masked);
      }
      json.writeEndObject();
    } else if (vector instanceof ListVector lists) {
      Type element = type.asListType().elementType();
      json.writeStartArray();
      for (int i = lists.start(row); i < lists.start(row) + lists.length(row); i++) {
        writeCell(json, element, lists.elements(), i, path + "[]", masked);
      }
      json.writeEndArray();
    } else if (vector instanceof MapVector maps) {
      Types.MapType map = type.asMapType();
      json.writeStartObject();
      for (int i = maps.start(row); i < maps.start(row) + maps.length(row); i++) {
        json.writeFieldName(String.valueOf(value(map.keyType(), maps.keys(), i)));
        writeCell(json, map.valueType(), maps.values(), i, path + "{}", masked);
      }
      json.writeEndObject();
    } else {
      write(json, value(type, vector, row), Integer.MAX_VALUE);
    }
  }

  /**
   * Returns a value, or a note if its Java class does not support it, such as a time past midnight.
   */
  private static @Nullable Object value(Type type, Vector vector, int row) {
    try {
      return VectorBatch.value(type, vector, row);
    } catch (DateTimeException e) {
      return "out of range";
    }
  }

  /**
   * Formats a record that could not be converted to a row as one JSON object, on a best-effort
   * basis: strings are cut at 1,000 characters, bytes at 1,000 bytes, lists and maps after 100
   * values, and an unsupported value is replaced by its class name. Never throws.
   */
  public static String of(@Nullable Object record) {
    return of(record, Set.of());
  }

  /** Formats such a record with masked columns as {@link #MASK}. Never throws. */
  public static String of(@Nullable Object record, Set<String> masked) {
    try {
      return object(json -> new JsonSample(json, masked).writeMembers(record));
    } catch (Throwable e) {
      if (e instanceof VirtualMachineError && !(e instanceof StackOverflowError)) {
        throw (VirtualMachineError) e;
      }
      // Accessors are user code and may throw; a sample must not fail the publish.
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

  static void writeClass(JsonGenerator json, Object record) throws IOException {
    json.writeStringField("class", record.getClass().getName());
  }

  static void write(JsonGenerator json, @Nullable Object value, int longest) throws IOException {
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
      // Written out, an exponent of a billion would take a billion characters.
      boolean plain = Math.abs((long) number.scale()) <= MAX_TEXT;
      json.writeString(cut(plain ? number.toPlainString() : number.toString(), longest));
    } else if (value instanceof CharSequence || value instanceof GenericEnumSymbol<?>) {
      json.writeString(wellFormed(cut(value.toString(), longest)));
    } else if (value instanceof Enum<?> constant) {
      json.writeString(constant.name());
    } else if (value instanceof OutOfRangeNumber) {
      json.writeString(cut(value.toString(), longest));
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
    boolean cut = shown.length < bytes.remaining();
    bytes.get(shown);
    if (cut) {
      json.writeString(Base64.getEncoder().encodeToString(shown) + "...");
    } else {
      json.writeBinary(shown);
    }
  }

  static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + "...";
  }

  /**
   * Replaces lone surrogates: Jackson rejects them only when it writes bytes, and so would readers
   * of the text.
   */
  static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
