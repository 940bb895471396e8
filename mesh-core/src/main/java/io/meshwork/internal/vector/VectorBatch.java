package io.meshwork.internal.vector;

import io.meshwork.columnar.ColumnBatch;
import io.meshwork.columnar.ColumnBatch.ColumnVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Some thousand rows as vectors, one per top-level column of a schema, in schema order. Not
 * thread-safe.
 */
public final class VectorBatch implements ColumnBatch {
  /**
   * The number of rows of a full batch: large enough to amortize calls, small enough for the CPU
   * cache.
   */
  public static final int ROWS = 16_384;

  private final Schema schema;
  private final List<Vector> vectors;

  /** The number of rows of a batch without columns; other batches have it in their vectors. */
  private final int rowsWithoutColumns;

  private boolean expired;

  /** The columns for users; null until one is requested. */
  private VectorColumn @Nullable [] forUsers;

  /** Creates a batch of vectors that match the schema's columns. */
  public VectorBatch(Schema schema, List<Vector> vectors) {
    this(schema, vectors, 0);
  }

  /**
   * Creates a batch of vectors that match the schema's columns.
   *
   * @param rows the number of rows of a batch without columns
   */
  public VectorBatch(Schema schema, List<Vector> vectors, int rows) {
    if (schema.columns().size() != vectors.size()) {
      throw new IllegalArgumentException("the number of vectors must equal the number of columns");
    }
    this.schema = schema;
    this.vectors = List.copyOf(vectors);
    this.rowsWithoutColumns = rows;
  }

  /** Creates an empty batch with new vectors. */
  public static VectorBatch empty(Schema schema) {
    List<Vector> vectors = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      vectors.add(emptyVector(field.type()));
    }
    return new VectorBatch(schema, vectors);
  }

  /** Creates a vector of the class for this type. */
  public static Vector emptyVector(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> new BooleanVector();
      case INTEGER, DATE -> new IntVector();
      case LONG, TIME, TIMESTAMP, TIMESTAMP_NANO -> new LongVector();
      case FLOAT -> new FloatVector();
      case DOUBLE -> new DoubleVector();
      case STRING, BINARY, FIXED, UUID -> new BytesVector();
      case DECIMAL ->
          ((Types.DecimalType) type).precision() <= 18 ? new LongVector() : new BytesVector();
      case STRUCT ->
          new StructVector(
              type.asStructType().fields().stream()
                  .map(field -> emptyVector(field.type()))
                  .toList());
      case LIST -> new ListVector(emptyVector(type.asListType().elementType()));
      case MAP ->
          new MapVector(
              emptyVector(type.asMapType().keyType()), emptyVector(type.asMapType().valueType()));
      default -> throw new IllegalArgumentException("no vector supports the type " + type);
    };
  }

  /** Returns the columns, with field IDs. */
  public Schema schema() {
    return schema;
  }

  /** Returns the column at a position. */
  public Vector vector(int column) {
    return vectors.get(column);
  }

  /** Returns all columns. */
  public List<Vector> vectors() {
    return vectors;
  }

  @Override
  public int rows() {
    return vectors.isEmpty() ? rowsWithoutColumns : vectors.get(0).size();
  }

  @Override
  public List<String> columns() {
    return schema.columns().stream().map(Types.NestedField::name).toList();
  }

  /** Ends the validity of the batch: its vectors get the rows of the batch after it. */
  public void expire() {
    expired = true;
  }

  /** Returns true if the vectors may have the rows of another batch. */
  public boolean isExpired() {
    return expired;
  }

  /**
   * Returns an empty batch for the next rows, so that another thread can read this one meanwhile.
   * Texts that this batch recognizes are recognized.
   *
   * @param idle a batch that nothing reads now, whose memory is used again; null if there is none
   */
  public VectorBatch successor(@Nullable VectorBatch idle) {
    List<Vector> next = new ArrayList<>(vectors.size());
    for (int i = 0; i < vectors.size(); i++) {
      Vector vector = vectors.get(i);
      Vector unused = idle == null ? null : idle.vectors.get(i);
      if (vector instanceof DictionaryVector.Texts texts) {
        next.add(texts.successor());
      } else if (unused != null && unused.getClass() == vector.getClass()) {
        unused.reset();
        next.add(unused);
      } else {
        next.add(vector.newEmpty());
      }
    }
    return new VectorBatch(schema, next);
  }

  /** Removes all rows, but retains the memory. */
  public void reset() {
    vectors.forEach(Vector::reset);
  }

  /**
   * Keeps the first {@code rows} rows only, and removes a row that was not appended to all vectors.
   */
  public void truncate(int rows) {
    vectors.forEach(vector -> vector.truncate(rows));
  }

  /** Returns the rows with these numbers, in this order, as a new batch. */
  public VectorBatch gather(int[] rows) {
    List<Vector> gathered = new ArrayList<>(vectors.size());
    for (Vector vector : vectors) {
      gathered.add(vector.gather(rows));
    }
    return new VectorBatch(schema, gathered, rows.length);
  }

  /**
   * Returns the same rows with some of the columns, in any order, and with some of the fields of
   * structs; columns and fields are matched by ID.
   *
   * @throws IllegalArgumentException if one is missing, or differs within a list or map
   */
  public VectorBatch select(Schema columns) {
    return new VectorBatch(columns, select(columns.columns(), schema.columns(), vectors), rows());
  }

  private static List<Vector> select(
      List<Types.NestedField> wanted, List<Types.NestedField> fields, List<Vector> vectors) {
    List<Vector> selected = new ArrayList<>(wanted.size());
    for (Types.NestedField field : wanted) {
      int position = 0;
      while (position < fields.size() && fields.get(position).fieldId() != field.fieldId()) {
        position++;
      }
      if (position == fields.size()) {
        throw new IllegalArgumentException("the batch lacks column " + field.name());
      }
      Types.NestedField column = fields.get(position);
      if (column.type().equals(field.type())) {
        selected.add(vectors.get(position));
      } else if (column.type().isStructType() && field.type().isStructType()) {
        StructVector structs = (StructVector) vectors.get(position);
        selected.add(
            structs.withChildren(
                select(
                    field.type().asStructType().fields(),
                    column.type().asStructType().fields(),
                    structs.children())));
      } else {
        throw new IllegalArgumentException(
            "column "
                + field.name()
                + " has the type "
                + column.type()
                + " instead of "
                + field.type());
      }
    }
    return selected;
  }

  /** Returns the same rows without dictionaries, which may be shared with later batches. */
  public VectorBatch flat() {
    return new VectorBatch(schema, vectors.stream().map(Vector::flat).toList(), rows());
  }

  @Override
  public ColumnVector column(String name) {
    return find(name);
  }

  private VectorColumn find(String name) {
    if (expired) {
      throw expired();
    }
    for (VectorColumn column : userColumns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException(
        "the batch has no column " + name + "; its columns are " + columns());
  }

  @Override
  public boolean isNull(String column, int row) {
    return find(column).isNull(row);
  }

  @Override
  public long longAt(String column, int row) {
    return find(column).longAt(row);
  }

  @Override
  public double doubleAt(String column, int row) {
    return find(column).doubleAt(row);
  }

  @Override
  public @Nullable Object valueAt(String column, int row) {
    return find(column).decodedAt(row);
  }

  /**
   * Returns one value in its Java class: Boolean, Integer, Long, Float, Double, String, ByteBuffer
   * (binary and fixed), UUID, BigDecimal, LocalDate, LocalTime, Instant, or LocalDateTime; for a
   * struct a map from field to value, for a list a list, for a map a map, all in order; null for a
   * null.
   */
  public static @Nullable Object value(Type type, Vector vector, int row) {
    if (vector.isNull(row)) {
      return null;
    }
    if (vector instanceof DictionaryVector encoded) {
      return value(type, encoded.dictionary(), encoded.index(row));
    }
    return switch (type.typeId()) {
      case BOOLEAN -> ((BooleanVector) vector).get(row);
      case INTEGER -> ((IntVector) vector).get(row);
      case LONG -> ((LongVector) vector).get(row);
      case FLOAT -> ((FloatVector) vector).get(row);
      case DOUBLE -> ((DoubleVector) vector).get(row);
      case DATE -> LocalDate.ofEpochDay(((IntVector) vector).get(row));
      case TIME -> LocalTime.ofNanoOfDay(((LongVector) vector).get(row) * 1_000);
      case TIMESTAMP ->
          timestamp(
              ((LongVector) vector).get(row),
              1_000_000,
              ((Types.TimestampType) type).shouldAdjustToUTC());
      case TIMESTAMP_NANO ->
          timestamp(
              ((LongVector) vector).get(row),
              1_000_000_000,
              ((Types.TimestampNanoType) type).shouldAdjustToUTC());
      case STRING -> {
        BytesVector bytes = (BytesVector) vector;
        yield new String(bytes.data(), bytes.start(row), bytes.length(row), StandardCharsets.UTF_8);
      }
      case BINARY, FIXED -> ByteBuffer.wrap(((BytesVector) vector).get(row));
      case UUID -> {
        ByteBuffer bytes = ByteBuffer.wrap(((BytesVector) vector).get(row));
        yield new UUID(bytes.getLong(), bytes.getLong());
      }
      case DECIMAL -> {
        int scale = ((Types.DecimalType) type).scale();
        yield vector instanceof LongVector longs
            ? BigDecimal.valueOf(longs.get(row), scale)
            : new BigDecimal(new BigInteger(((BytesVector) vector).get(row)), scale);
      }
      case STRUCT -> struct(type.asStructType(), (StructVector) vector, row);
      case LIST -> list(type.asListType().elementType(), (ListVector) vector, row);
      case MAP -> map(type.asMapType(), (MapVector) vector, row);
      default -> throw new IllegalArgumentException("no vector supports the type " + type);
    };
  }

  private static Map<String, @Nullable Object> struct(
      Types.StructType type, StructVector structs, int row) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = 0; i < type.fields().size(); i++) {
      Types.NestedField field = type.fields().get(i);
      values.put(field.name(), value(field.type(), structs.child(i), row));
    }
    return values;
  }

  private static List<@Nullable Object> list(Type elementType, ListVector lists, int row) {
    List<@Nullable Object> values = new ArrayList<>(lists.length(row));
    for (int i = 0; i < lists.length(row); i++) {
      values.add(value(elementType, lists.elements(), lists.start(row) + i));
    }
    return values;
  }

  private static Map<@Nullable Object, @Nullable Object> map(
      Types.MapType type, MapVector maps, int row) {
    Map<@Nullable Object, @Nullable Object> values = new LinkedHashMap<>();
    for (int i = maps.start(row); i < maps.start(row) + maps.length(row); i++) {
      values.put(value(type.keyType(), maps.keys(), i), value(type.valueType(), maps.values(), i));
    }
    return values;
  }

  private static Object timestamp(long ticks, long perSecond, boolean instant) {
    long seconds = Math.floorDiv(ticks, perSecond);
    int nanos = (int) (Math.floorMod(ticks, perSecond) * (1_000_000_000 / perSecond));
    return instant
        ? Instant.ofEpochSecond(seconds, nanos)
        : LocalDateTime.ofEpochSecond(seconds, nanos, ZoneOffset.UTC);
  }

  private VectorColumn[] userColumns() {
    if (forUsers == null) {
      forUsers = new VectorColumn[vectors.size()];
      Arrays.setAll(forUsers, i -> new VectorColumn(this, schema.columns().get(i), vectors.get(i)));
    }
    return forUsers;
  }

  static IllegalStateException expired() {
    return new IllegalStateException(
        "the batch has expired, because the batch after it was requested; copy the values that you"
            + " keep before");
  }
}
