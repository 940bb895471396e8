package io.meshwork.internal.rows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
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
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Formats rows as JSON for the quarantine and for samples. Not thread-safe. Dates, times, and
 * timestamps are ISO 8601 strings, decimals are plain strings, bytes Base64, numbers JSON numbers,
 * NaN and the infinities strings; records and maps are objects, lists are arrays. Masked columns
 * are identified by path, such as {@code buyer.name}, {@code lines[].note}, or {@code tags{}};
 * everything below them is masked too.
 */
public final class JsonRow {
  /** Replaces the value, or the null, of a masked column. */
  public static final String MASK = "***";

  public static final int MAX_TEXT = 1_000;
  private static final JsonFactory JSON = new JsonFactory();
  private static final Instant FIRST_MOMENT = LocalDateTime.MIN.toInstant(ZoneOffset.UTC);
  private static final Instant LAST_MOMENT = LocalDateTime.MAX.toInstant(ZoneOffset.UTC);

  private final Set<String> masked;
  private @Nullable Columns last;

  /** Creates one for rows of batches, without masked columns. */
  public JsonRow() {
    this(Set.of());
  }

  /** Creates one for rows of batches, with masked columns as {@link #MASK}. */
  public JsonRow(Set<String> masked) {
    this.masked = masked;
  }

  /** Formats a row of a batch as one complete JSON object. */
  public String of(VectorBatch batch, int row) {
    Columns columns = last;
    if (columns == null || columns.schema != batch.schema()) {
      columns = new Columns(batch.schema(), masked);
      last = columns;
    }
    try {
      return columns.text(batch, row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes a value. */
  private interface Cell {
    void write(Vector vector, int row) throws IOException;
  }

  /** Writes rows of one schema. */
  private static final class Columns {
    private final Schema schema;
    private final Set<String> masked;
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json;
    private final List<Cell> cells;

    Columns(Schema schema, Set<String> masked) {
      this.schema = schema;
      this.masked = masked;
      try {
        this.json = JSON.createGenerator(text).setRootValueSeparator(null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      this.cells = cells(schema.columns(), "");
    }

    String text(VectorBatch batch, int row) throws IOException {
      text.getBuffer().setLength(0);
      json.writeStartObject();
      for (int i = 0; i < cells.size(); i++) {
        cells.get(i).write(batch.vector(i), row);
      }
      json.writeEndObject();
      json.flush();
      return text.toString();
    }

    private List<Cell> cells(List<Types.NestedField> fields, String parent) {
      List<Cell> named = new ArrayList<>();
      for (Types.NestedField field : fields) {
        SerializedString name = new SerializedString(field.name());
        Cell cell = cell(field.type(), parent + field.name());
        named.add(
            (vector, row) -> {
              json.writeFieldName(name);
              cell.write(vector, row);
            });
      }
      return named;
    }

    private Cell cell(Type type, String path) {
      if (masked.contains(path)) {
        return (vector, row) -> json.writeString(MASK);
      }
      Cell present =
          switch (type.typeId()) {
            case STRUCT -> struct(cells(type.asStructType().fields(), path + "."));
            case LIST -> list(cell(type.asListType().elementType(), path + "[]"));
            case MAP -> map(type.asMapType(), cell(type.asMapType().valueType(), path + "{}"));
            default -> (vector, row) -> writeLeaf(type, vector, row);
          };
      return (vector, row) -> {
        if (vector.isNull(row)) {
          json.writeNull();
        } else {
          present.write(vector, row);
        }
      };
    }

    private Cell struct(List<Cell> fields) {
      return (vector, row) -> {
        StructVector structs = (StructVector) vector;
        json.writeStartObject();
        for (int i = 0; i < fields.size(); i++) {
          fields.get(i).write(structs.child(i), row);
        }
        json.writeEndObject();
      };
    }

    private Cell list(Cell element) {
      return (vector, row) -> {
        ListVector lists = (ListVector) vector;
        json.writeStartArray();
        for (int i = lists.start(row); i < lists.start(row) + lists.length(row); i++) {
          element.write(lists.elements(), i);
        }
        json.writeEndArray();
      };
    }

    private Cell map(Types.MapType type, Cell value) {
      return (vector, row) -> {
        MapVector maps = (MapVector) vector;
        json.writeStartObject();
        for (int i = maps.start(row); i < maps.start(row) + maps.length(row); i++) {
          json.writeFieldName(String.valueOf(value(type.keyType(), maps.keys(), i)));
          value.write(maps.values(), i);
        }
        json.writeEndObject();
      };
    }

    /** Writes what {@link #write} does, the most frequent types without an object of the value. */
    private void writeLeaf(Type type, Vector vector, int row) throws IOException {
      if (vector instanceof DictionaryVector encoded) {
        writeLeaf(type, encoded.dictionary(), encoded.index(row));
        return;
      }
      switch (type.typeId()) {
        case INTEGER -> json.writeNumber(((IntVector) vector).get(row));
        case LONG -> json.writeNumber(((LongVector) vector).get(row));
        case STRING -> {
          BytesVector texts = (BytesVector) vector;
          json.writeString(
              new String(
                  texts.data(), texts.start(row), texts.length(row), StandardCharsets.UTF_8));
        }
        default -> write(json, value(type, vector, row), Integer.MAX_VALUE);
      }
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
    } else if (value instanceof Instant moment) {
      json.writeString(text(moment));
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

  /** Returns the text of {@link Instant#toString}, which takes several times as long. */
  static String text(Instant moment) {
    if (moment.isBefore(FIRST_MOMENT) || moment.isAfter(LAST_MOMENT)) {
      return moment.toString();
    }
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(moment.getEpochSecond(), moment.getNano(), ZoneOffset.UTC);
    boolean isFullMinute = time.getSecond() == 0 && time.getNano() == 0;
    return isFullMinute ? time + ":00Z" : time + "Z";
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
