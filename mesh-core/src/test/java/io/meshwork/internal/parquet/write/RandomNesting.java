package io.meshwork.internal.parquet.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Random schemas of structs, lists and maps, with field ids that have gaps. */
final class RandomNesting {
  private final Random random;
  private int lastId = 100;

  private RandomNesting(Random random) {
    this.random = random;
  }

  /** Returns a schema with a nested column of each kind, none deeper than {@code depth}. */
  static Schema schema(Random random, int depth) {
    RandomNesting nesting = new RandomNesting(random);
    List<Types.NestedField> columns = new ArrayList<>();
    columns.add(nesting.field("flat", RandomTable.type(random)));
    columns.add(nesting.field("record", nesting.struct(depth - 1)));
    columns.add(nesting.field("several", nesting.list(depth - 1)));
    columns.add(nesting.field("named", nesting.map(depth - 1)));
    return new Schema(columns);
  }

  private Types.NestedField field(String name, Type type) {
    return random.nextBoolean()
        ? Types.NestedField.optional(id(), name, type)
        : Types.NestedField.required(id(), name, type);
  }

  private int id() {
    lastId += 1 + random.nextInt(5);
    return lastId;
  }

  private Type type(int depth) {
    return switch (depth == 0 ? 9 : random.nextInt(10)) {
      case 0, 1 -> struct(depth - 1);
      case 2, 3 -> list(depth - 1);
      case 4 -> map(depth - 1);
      default -> RandomTable.type(random);
    };
  }

  private Type struct(int depth) {
    List<Types.NestedField> fields = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      fields.add(field("f" + i, type(depth)));
    }
    return Types.StructType.of(fields);
  }

  private Type list(int depth) {
    Type element = type(depth);
    return random.nextBoolean()
        ? Types.ListType.ofOptional(id(), element)
        : Types.ListType.ofRequired(id(), element);
  }

  private Type map(int depth) {
    Type value = type(depth);
    int key = id();
    return random.nextBoolean()
        ? Types.MapType.ofOptional(key, id(), Types.StringType.get(), value)
        : Types.MapType.ofRequired(key, id(), Types.StringType.get(), value);
  }
}
