package io.meshwork.conformance.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** Random Parquet schemas of every type, nesting, and style of list, and random rows of them. */
final class RandomMessage {
  private final Random random;
  private int names;

  RandomMessage(Random random) {
    this.random = random;
  }

  MessageType schema() {
    List<Type> fields = new ArrayList<>();
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      fields.add(type(0));
    }
    return new MessageType("root", fields);
  }

  private String name() {
    return "f" + names++;
  }

  private Repetition repetition() {
    return random.nextInt(3) == 0 ? Repetition.REQUIRED : Repetition.OPTIONAL;
  }

  private Type type(int depth) {
    int kind = random.nextInt(depth > 2 ? 8 : 14);
    return switch (kind) {
      case 8 -> new GroupType(repetition(), name(), fields(depth));
      case 9 -> list(depth);
      case 10 -> legacyList(depth);
      case 11 -> map(depth);
      case 12 -> primitive(Repetition.REPEATED, name());
      case 13 -> new GroupType(Repetition.REPEATED, name(), fields(depth));
      default -> primitive(repetition(), name());
    };
  }

  private List<Type> fields(int depth) {
    List<Type> fields = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      fields.add(type(depth + 1));
    }
    return fields;
  }

  private Type list(int depth) {
    // An element that is repeated itself would make the list one of two levels.
    Type element = type(depth + 1);
    while (element.isRepetition(Repetition.REPEATED)) {
      element = type(depth + 1);
    }
    String middle = random.nextBoolean() ? "list" : "bag";
    GroupType repeated = new GroupType(Repetition.REPEATED, middle, element);
    return annotated(LogicalTypeAnnotation.listType(), name(), repeated);
  }

  private Type legacyList(int depth) {
    String name = name();
    Type repeated =
        switch (random.nextInt(4)) {
          case 0 -> primitive(Repetition.REPEATED, "element");
          case 1 -> new GroupType(Repetition.REPEATED, "array", fields(depth));
          case 2 -> new GroupType(Repetition.REPEATED, name + "_tuple", fields(depth));
          default ->
              new GroupType(
                  Repetition.REPEATED,
                  "element",
                  primitive(Repetition.OPTIONAL, "a"),
                  primitive(Repetition.REQUIRED, "b"));
        };
    return annotated(LogicalTypeAnnotation.listType(), name, repeated);
  }

  private Type map(int depth) {
    Type value = type(depth + 1);
    while (value.isRepetition(Repetition.REPEATED)) {
      value = type(depth + 1);
    }
    String middle = random.nextBoolean() ? "key_value" : "map";
    Type key = primitive(Repetition.REQUIRED, "key");
    GroupType entries = new GroupType(Repetition.REPEATED, middle, key, value);
    return annotated(LogicalTypeAnnotation.mapType(), name(), entries);
  }

  private Type primitive(Repetition repetition, String name) {
    TimeUnit unit = TimeUnit.values()[random.nextInt(3)];
    boolean utc = random.nextBoolean();
    int bits = 8 << random.nextInt(3);
    return switch (random.nextInt(24)) {
      case 0 -> of(repetition, name, PrimitiveTypeName.BOOLEAN, 0, null);
      case 1 -> of(repetition, name, PrimitiveTypeName.INT32, 0, null);
      case 2 -> of(repetition, name, PrimitiveTypeName.INT32, 0, LogicalTypeAnnotation.dateType());
      case 3 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT32,
              0,
              LogicalTypeAnnotation.intType(bits, random.nextBoolean()));
      case 4 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT32,
              0,
              LogicalTypeAnnotation.decimalType(random.nextInt(5), 9));
      case 5 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT32,
              0,
              LogicalTypeAnnotation.timeType(utc, TimeUnit.MILLIS));
      case 6 -> of(repetition, name, PrimitiveTypeName.INT64, 0, null);
      case 7 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT64,
              0,
              LogicalTypeAnnotation.intType(64, random.nextBoolean()));
      case 8 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT64,
              0,
              LogicalTypeAnnotation.timestampType(utc, unit));
      case 9 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT64,
              0,
              LogicalTypeAnnotation.timeType(utc, utc ? TimeUnit.MICROS : TimeUnit.NANOS));
      case 10 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.INT64,
              0,
              LogicalTypeAnnotation.decimalType(random.nextInt(19), 18));
      case 11 -> of(repetition, name, PrimitiveTypeName.INT96, 0, null);
      case 12 -> of(repetition, name, PrimitiveTypeName.FLOAT, 0, null);
      case 13 -> of(repetition, name, PrimitiveTypeName.DOUBLE, 0, null);
      case 14 -> of(repetition, name, PrimitiveTypeName.BINARY, 0, null);
      case 15, 16 ->
          of(repetition, name, PrimitiveTypeName.BINARY, 0, LogicalTypeAnnotation.stringType());
      case 17 ->
          of(repetition, name, PrimitiveTypeName.BINARY, 0, LogicalTypeAnnotation.jsonType());
      case 18 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.BINARY,
              0,
              LogicalTypeAnnotation.decimalType(random.nextInt(41), 40));
      case 19 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
              1 + random.nextInt(20),
              null);
      case 20 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
              16,
              LogicalTypeAnnotation.uuidType());
      case 21 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
              2,
              LogicalTypeAnnotation.float16Type());
      case 22 ->
          of(
              repetition,
              name,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
              12,
              LogicalTypeAnnotation.IntervalLogicalTypeAnnotation.getInstance());
      default ->
          of(
              repetition,
              name,
              PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY,
              32,
              LogicalTypeAnnotation.decimalType(random.nextInt(76), 76));
    };
  }

  private Type annotated(LogicalTypeAnnotation annotation, String name, Type repeated) {
    return org.apache.parquet.schema.Types.buildGroup(repetition())
        .addField(repeated)
        .as(annotation)
        .named(name);
  }

  private static PrimitiveType of(
      Repetition repetition,
      String name,
      PrimitiveTypeName physical,
      int length,
      LogicalTypeAnnotation annotation) {
    return org.apache.parquet.schema.Types.primitive(physical, repetition)
        .length(length)
        .as(annotation)
        .named(name);
  }

  Group row(GroupType type) {
    Group group = new SimpleGroup(type);
    for (Type field : type.getFields()) {
      int times =
          switch (field.getRepetition()) {
            case REQUIRED -> 1;
            case OPTIONAL -> random.nextInt(4) == 0 ? 0 : 1;
            case REPEATED -> random.nextInt(4);
          };
      for (int i = 0; i < times; i++) {
        if (field.isPrimitive()) {
          add(group, field.asPrimitiveType());
        } else {
          group.add(field.getName(), row(field.asGroupType()));
        }
      }
    }
    return group;
  }

  private void add(Group group, PrimitiveType type) {
    String field = type.getName();
    // Few distinct values, so that dictionaries are used, and all kinds of bits.
    long bits =
        switch (random.nextInt(3)) {
          case 0 -> random.nextInt(10);
          case 1 -> -random.nextInt(10);
          default -> random.nextLong();
        };
    switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> group.add(field, (bits & 1) == 0);
      case INT32 -> group.add(field, (int) bits);
      case INT64 -> group.add(field, bits);
      case FLOAT -> group.add(field, Float.intBitsToFloat((int) bits));
      case DOUBLE -> group.add(field, Double.longBitsToDouble(bits));
      case INT96 -> group.add(field, Binary.fromConstantByteArray(bytes(12, bits)));
      case FIXED_LEN_BYTE_ARRAY ->
          group.add(field, Binary.fromConstantByteArray(bytes(type.getTypeLength(), bits)));
      case BINARY -> {
        boolean decimal =
            type.getLogicalTypeAnnotation()
                instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
        int length = decimal ? 1 + random.nextInt(17) : random.nextInt(12);
        group.add(field, Binary.fromConstantByteArray(bytes(length, bits)));
      }
    }
  }

  private static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
