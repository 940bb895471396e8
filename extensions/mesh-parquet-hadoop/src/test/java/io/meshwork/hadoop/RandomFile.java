package io.meshwork.hadoop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.crypto.FileEncryptionProperties;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** Writes files with random rows through parquet-hadoop. */
final class RandomFile {
  private final MessageType schema;
  private final Random random;
  private final long seed;
  private FileEncryptionProperties encryption;
  private CompressionCodecName codec = CompressionCodecName.SNAPPY;
  private WriterVersion version = WriterVersion.PARQUET_1_0;
  private int rows = 3_000;
  private int keys;
  private boolean repeatedKeys;

  RandomFile(String schema, long seed) {
    this.schema = MessageTypeParser.parseMessageType(schema);
    this.random = new Random(seed);
    this.seed = seed;
  }

  RandomFile encryption(FileEncryptionProperties properties) {
    encryption = properties;
    return this;
  }

  RandomFile codec(CompressionCodecName name) {
    codec = name;
    return this;
  }

  RandomFile version(WriterVersion writer) {
    version = writer;
    return this;
  }

  RandomFile rows(int count) {
    rows = count;
    return this;
  }

  RandomFile repeatedKeys() {
    repeatedKeys = true;
    return this;
  }

  Path write(Path file) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withType(schema)
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(codec)
            .withWriterVersion(version)
            .withRowGroupSize(64L << 10)
            .withPageSize(4 << 10)
            .withEncryption(encryption)
            .build()) {
      for (int i = 0; i < rows; i++) {
        Group row = new SimpleGroup(schema);
        fill(row);
        writer.write(row);
      }
    }
    return file;
  }

  @Override
  public String toString() {
    return rows + " rows of seed " + seed + ", " + codec + ", " + version;
  }

  private void fill(Group group) {
    GroupType type = group.getType();
    for (int i = 0; i < type.getFieldCount(); i++) {
      Type field = type.getType(i);
      int count =
          field.isRepetition(Repetition.REQUIRED)
              ? 1
              : random.nextInt(field.isRepetition(Repetition.OPTIONAL) ? 2 : 4);
      for (int n = 0; n < count; n++) {
        if (field.isPrimitive()) {
          add(group, i, field.asPrimitiveType());
        } else {
          fill(group.addGroup(i));
        }
      }
    }
  }

  private void add(Group group, int field, PrimitiveType type) {
    LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
    boolean time = meaning instanceof LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
    boolean decimal = meaning instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
    boolean timestamp = meaning instanceof LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
    boolean bits =
        meaning instanceof LogicalTypeAnnotation.IntLogicalTypeAnnotation number
            && number.getBitWidth() == 8;
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.add(field, random.nextBoolean());
      case INT32 ->
          group.add(
              field, time || decimal ? random.nextInt(86_400_000) : bits ? 200 : random.nextInt());
      case INT64 ->
          group.add(
              field,
              time
                  ? random.nextInt(86_400) * 1_000_000L
                  : timestamp
                      ? random.nextInt() * 1_000_000L
                      : decimal ? random.nextInt() : random.nextLong());
      case INT96 -> group.add(field, int96());
      case FLOAT -> group.add(field, random.nextFloat());
      case DOUBLE -> group.add(field, random.nextDouble());
      case BINARY -> group.add(field, decimal ? bytes(8) : text(type.getName().equals("key")));
      case FIXED_LEN_BYTE_ARRAY ->
          group.add(field, decimal ? decimal(type.getTypeLength()) : bytes(type.getTypeLength()));
    }
  }

  private Binary text(boolean key) {
    boolean distinct = key && !repeatedKeys;
    String text = "é" + (distinct ? keys++ % 100 : random.nextInt(key ? 5 : 500));
    return Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
  }

  private Binary bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Binary.fromConstantByteArray(bytes);
  }

  private Binary decimal(int length) {
    return Binary.fromConstantByteArray(
        ByteBuffer.allocate(length)
            .put(0, (byte) 0)
            .putInt(length - 4, random.nextInt(1 << 30))
            .array());
  }

  private Binary int96() {
    byte[] bytes = new byte[12];
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(random.nextInt(86_400) * 1_000_000_000L)
        .putInt(2_440_588 + random.nextInt(40_000) - 20_000);
    return Binary.fromConstantByteArray(bytes);
  }
}
