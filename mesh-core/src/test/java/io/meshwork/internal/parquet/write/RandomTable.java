package io.meshwork.internal.parquet.write;

import io.meshwork.internal.vector.BooleanVector;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.DoubleVector;
import io.meshwork.internal.vector.FloatVector;
import io.meshwork.internal.vector.IntVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.LongVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** A random schema and rows for it, with the extremes of each type, from one seed. */
final class RandomTable {
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1.5,
    -1.5,
    Double.NaN,
    Double.longBitsToDouble(0xFFF8_0000_0000_1234L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MIN_VALUE,
    Double.MAX_VALUE
  };
  private static final float[] FLOATS = {
    0f,
    -0f,
    2.5f,
    -2.5f,
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.MIN_VALUE,
    Float.MAX_VALUE
  };
  private static final long[] LONGS = {
    0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE, 1L << 40
  };
  private static final String[] TEXTS = {
    "",
    "a",
    "aaaaaaaa",
    "aaaaaaaab",
    "žluťoučký kůň",
    "\u0000",
    "\uD83D\uDE00",
    "z".repeat(70),
    "\uFFFF".repeat(40),
    "\uDBFF\uDFFF".repeat(20),
    "\u007F".repeat(80),
    "\uD7FF".repeat(30)
  };

  private final Random random;
  private final Schema schema;
  private final List<Column> columns = new ArrayList<>();

  /** The distribution of one column. */
  private record Column(Type type, double nullShare, int distinct, boolean encoded, long salt) {}

  /** A table of flat columns. */
  RandomTable(long seed) {
    this(new Random(seed), null);
  }

  /** A table of columns nested up to a depth; map keys are distinct texts. */
  static RandomTable nested(long seed, int depth) {
    Random random = new Random(seed);
    return new RandomTable(random, RandomNesting.schema(random, depth));
  }

  RandomTable(long seed, Schema schema) {
    this(new Random(seed), schema);
  }

  private RandomTable(Random random, Schema given) {
    this.random = random;
    if (given == null) {
      List<Types.NestedField> fields = new ArrayList<>();
      int count = 1 + random.nextInt(8);
      for (int i = 0; i < count; i++) {
        Type type = type(random);
        int id = 100 + 7 * i;
        fields.add(
            random.nextBoolean()
                ? Types.NestedField.optional(id, "c" + i, type)
                : Types.NestedField.required(id, "c" + i, type));
      }
      given = new Schema(fields);
    }
    schema = given;
    double[] nullShares = {0, 0.001, 0.1, 0.5, 0.97, 1};
    int[] distinct = {1, 2, 9, 300, 40_000, Integer.MAX_VALUE};
    for (Types.NestedField field : schema.columns()) {
      columns.add(
          new Column(
              field.type(),
              field.isOptional() ? nullShares[random.nextInt(nullShares.length)] : 0,
              distinct[random.nextInt(distinct.length)],
              random.nextInt(3) == 0,
              random.nextLong()));
    }
  }

  Schema schema() {
    return schema;
  }

  static Type type(Random random) {
    return switch (random.nextInt(18)) {
      case 0 -> Types.BooleanType.get();
      case 1 -> Types.IntegerType.get();
      case 2 -> Types.LongType.get();
      case 3 -> Types.FloatType.get();
      case 4 -> Types.DoubleType.get();
      case 5 -> Types.DateType.get();
      case 6 -> Types.TimeType.get();
      case 7 -> Types.TimestampType.withZone();
      case 8 -> Types.TimestampType.withoutZone();
      case 9 -> Types.TimestampNanoType.withZone();
      case 10 -> Types.TimestampNanoType.withoutZone();
      case 11, 12 -> Types.StringType.get();
      case 13 -> Types.BinaryType.get();
      case 14 -> Types.FixedType.ofLength(1 + random.nextInt(20));
      case 15 -> Types.UUIDType.get();
      default -> {
        int precision = 1 + random.nextInt(38);
        yield Types.DecimalType.of(precision, random.nextInt(precision + 1));
      }
    };
  }

  /** Returns the next rows. A column may have a dictionary in one batch and none in the next. */
  VectorBatch batch(int rows) {
    List<Vector> vectors = new ArrayList<>();
    for (Column column : columns) {
      if (column.type().isNestedType()) {
        vectors.add(nested(column, rows));
        continue;
      }
      Vector flat = VectorBatch.emptyVector(column.type());
      if (column.encoded() && random.nextInt(4) > 0) {
        vectors.add(encoded(column, flat, rows));
        continue;
      }
      for (int row = 0; row < rows; row++) {
        if (random.nextDouble() < column.nullShare()) {
          flat.appendNull();
        } else {
          append(column, flat);
        }
      }
      vectors.add(flat);
    }
    return new VectorBatch(schema, vectors);
  }

  private Vector nested(Column column, int rows) {
    Vector vector = nestedVector(column, column.type());
    for (int row = 0; row < rows; row++) {
      appendNested(column, column.type(), column.nullShare(), vector);
    }
    return vector;
  }

  private Vector nestedVector(Column column, Type type) {
    return switch (type.typeId()) {
      case STRUCT ->
          new StructVector(
              type.asStructType().fields().stream()
                  .map(field -> nestedVector(column, field.type()))
                  .toList());
      case LIST -> new ListVector(nestedVector(column, type.asListType().elementType()));
      case MAP ->
          new MapVector(
              nestedVector(column, type.asMapType().keyType()),
              nestedVector(column, type.asMapType().valueType()));
      default -> {
        Vector vector = VectorBatch.emptyVector(type);
        if (!column.encoded() || random.nextInt(3) == 0) {
          yield vector;
        }
        int entries = 1 + random.nextInt(Math.min(column.distinct(), 3000));
        Column entry = new Column(type, 0, column.distinct(), false, column.salt());
        for (int i = 0; i < entries; i++) {
          append(entry, vector);
        }
        yield new DictionaryVector(vector);
      }
    };
  }

  private void appendNested(Column column, Type type, double nullShare, Vector vector) {
    if (random.nextDouble() < nullShare) {
      vector.appendNull();
      return;
    }
    switch (type.typeId()) {
      case STRUCT -> {
        StructVector structs = (StructVector) vector;
        for (int i = 0; i < structs.children().size(); i++) {
          Types.NestedField field = type.asStructType().fields().get(i);
          appendNested(column, field.type(), share(column, field), structs.child(i));
        }
        structs.append();
      }
      case LIST -> {
        ListVector lists = (ListVector) vector;
        Types.NestedField element = type.asListType().fields().get(0);
        int length = length();
        for (int i = 0; i < length; i++) {
          appendNested(column, element.type(), share(column, element), lists.elements());
        }
        lists.append();
      }
      case MAP -> {
        MapVector maps = (MapVector) vector;
        Types.NestedField value = type.asMapType().fields().get(1);
        int length = length();
        for (int i = 0; i < length; i++) {
          byte[] key = ("key " + i * 7 + " of a map").getBytes(StandardCharsets.UTF_8);
          if (maps.keys() instanceof DictionaryVector encoded) {
            BytesVector entries = (BytesVector) encoded.dictionary();
            entries.append(key);
            encoded.append(entries.size() - 1);
          } else {
            ((BytesVector) maps.keys()).append(key);
          }
          appendNested(column, value.type(), share(column, value), maps.values());
        }
        maps.append();
      }
      default -> {
        if (vector instanceof DictionaryVector encoded) {
          encoded.append(random.nextInt(encoded.dictionary().size()));
        } else {
          append(new Column(type, 0, column.distinct(), column.encoded(), column.salt()), vector);
        }
      }
    }
  }

  /** A column with mostly nulls would not exercise its contents. */
  private static double share(Column column, Types.NestedField field) {
    return field.isOptional() ? Math.min(0.3, column.nullShare() + 0.05) : 0;
  }

  private int length() {
    return switch (random.nextInt(12)) {
      case 0, 1, 2 -> 0;
      case 3, 4, 5 -> 1;
      case 11 -> random.nextInt(12);
      default -> random.nextInt(4);
    };
  }

  private Vector encoded(Column column, Vector dictionary, int rows) {
    int entries = 1 + random.nextInt(Math.min(column.distinct(), 3000));
    for (int i = 0; i < entries; i++) {
      append(column, dictionary);
    }
    DictionaryVector vector = new DictionaryVector(dictionary);
    for (int row = 0; row < rows; row++) {
      if (random.nextDouble() < column.nullShare()) {
        vector.appendNull();
      } else {
        vector.append(random.nextInt(entries));
      }
    }
    return vector;
  }

  private void append(Column column, Vector vector) {
    // Few distinct values come from few seeds; many come from the whole range.
    Random source =
        new Random(
            column.salt()
                ^ (column.distinct() == Integer.MAX_VALUE
                    ? random.nextLong()
                    : random.nextInt(column.distinct())));
    source.nextInt();
    boolean extreme = source.nextInt(4) == 0;
    Type type = column.type();
    switch (type.typeId()) {
      case BOOLEAN -> ((BooleanVector) vector).append(source.nextBoolean());
      case INTEGER, DATE ->
          ((IntVector) vector).append(extreme ? (int) pick(source) : source.nextInt(1000));
      case LONG, TIMESTAMP, TIMESTAMP_NANO ->
          ((LongVector) vector)
              .append(extreme ? pick(source) : 1_700_000_000_000_000L + source.nextInt(100_000));
      case TIME -> ((LongVector) vector).append((long) (source.nextDouble() * 86_400_000_000L));
      case FLOAT ->
          ((FloatVector) vector)
              .append(extreme ? FLOATS[source.nextInt(FLOATS.length)] : source.nextFloat());
      case DOUBLE ->
          ((DoubleVector) vector)
              .append(extreme ? DOUBLES[source.nextInt(DOUBLES.length)] : source.nextGaussian());
      case STRING -> ((BytesVector) vector).append(text(source, extreme));
      case BINARY -> ((BytesVector) vector).append(binary(source, source.nextInt(100), extreme));
      case FIXED ->
          ((BytesVector) vector).append(binary(source, ((Types.FixedType) type).length(), extreme));
      case UUID -> ((BytesVector) vector).append(binary(source, 16, extreme));
      case DECIMAL -> appendDecimal((Types.DecimalType) type, vector, source, extreme);
      default -> throw new IllegalArgumentException(type.toString());
    }
  }

  private static long pick(Random source) {
    return LONGS[source.nextInt(LONGS.length)];
  }

  private static byte[] text(Random source, boolean extreme) {
    if (extreme) {
      return TEXTS[source.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
    }
    StringBuilder text = new StringBuilder();
    int length = source.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + source.nextInt(26)));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] binary(Random source, int length, boolean extreme) {
    byte[] bytes = new byte[length];
    if (extreme) {
      Arrays.fill(bytes, (byte) (source.nextBoolean() ? 0xFF : 0));
    } else {
      source.nextBytes(bytes);
    }
    return bytes;
  }

  private static void appendDecimal(
      Types.DecimalType type, Vector vector, Random source, boolean extreme) {
    BigInteger limit = BigInteger.TEN.pow(type.precision());
    BigInteger value =
        extreme ? limit.subtract(BigInteger.ONE) : new BigInteger(130, source).mod(limit);
    value = source.nextBoolean() ? value.negate() : value;
    if (vector instanceof LongVector longs) {
      longs.append(value.longValueExact());
    } else {
      byte[] wide = new byte[16];
      byte[] bytes = value.toByteArray();
      Arrays.fill(wide, (byte) (value.signum() < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, wide, 16 - bytes.length, bytes.length);
      ((BytesVector) vector).append(wide);
    }
  }
}
