package io.meshwork.internal.onboarding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The type of a column that has different types in several files. It is the widest of the types
 * that most files can be read as, and in a tie the first file's; other files do not fit it. Files
 * without a value, whose type is unknown, do not count. Stateless.
 */
final class CommonType {
  private CommonType() {}

  /**
   * Returns the type; its parts have no usable field IDs.
   *
   * @param types the types, with the numbers of files that have them
   */
  static Type of(Map<Type, Integer> types) {
    Map<String, Map<Type, Integer>> kinds = new LinkedHashMap<>();
    types.forEach(
        (type, files) ->
            kinds.computeIfAbsent(kind(type), first -> new LinkedHashMap<>()).put(type, files));
    Map<Type, Integer> most = Map.of();
    long files = -1;
    for (Map<Type, Integer> kind : kinds.values()) {
      long count =
          kind.containsKey(Types.UnknownType.get())
              ? 0
              : kind.values().stream().mapToLong(Integer::longValue).sum();
      if (count > files) {
        files = count;
        most = kind;
      }
    }
    return widest(most);
  }

  /** Types of one kind can be read as the widest of them. */
  private static String kind(Type type) {
    return switch (type.typeId()) {
      case STRUCT, LIST, MAP -> type.typeId().name();
      case INTEGER, LONG -> Type.TypeID.LONG.name();
      case FLOAT, DOUBLE -> Type.TypeID.DOUBLE.name();
      case DECIMAL -> Type.TypeID.DECIMAL + " " + ((Types.DecimalType) type).scale();
      default -> type.toString();
    };
  }

  private static Type widest(Map<Type, Integer> kind) {
    Type first = kind.keySet().iterator().next();
    return switch (first.typeId()) {
      case STRUCT -> struct(kind);
      case LIST -> {
        Type element = part(kind, type -> type.asListType().elementType());
        yield kind.keySet().stream().allMatch(type -> type.asListType().isElementRequired())
            ? Types.ListType.ofRequired(1, element)
            : Types.ListType.ofOptional(1, element);
      }
      case MAP -> {
        Type key = part(kind, type -> type.asMapType().keyType());
        Type value = part(kind, type -> type.asMapType().valueType());
        yield kind.keySet().stream().allMatch(type -> type.asMapType().isValueRequired())
            ? Types.MapType.ofRequired(1, 2, key, value)
            : Types.MapType.ofOptional(1, 2, key, value);
      }
      default ->
          kind.keySet().stream()
              .reduce(
                  (one, other) ->
                      TypeUtil.isPromotionAllowed(one, other.asPrimitiveType()) ? other : one)
              .orElseThrow();
    };
  }

  private static Type part(Map<Type, Integer> kind, Function<Type, Type> part) {
    Map<Type, Integer> parts = new LinkedHashMap<>();
    kind.forEach((type, files) -> parts.merge(part.apply(type), files, Integer::sum));
    return of(parts);
  }

  private static Type struct(Map<Type, Integer> structs) {
    Set<String> names = new LinkedHashSet<>();
    structs
        .keySet()
        .forEach(type -> type.asStructType().fields().forEach(f -> names.add(f.name())));
    List<NestedField> fields = new ArrayList<>();
    for (String name : names) {
      Map<Type, Integer> types = new LinkedHashMap<>();
      boolean required = true;
      for (Map.Entry<Type, Integer> struct : structs.entrySet()) {
        NestedField field = struct.getKey().asStructType().field(name);
        required &= field != null && field.isRequired();
        if (field != null) {
          types.merge(field.type(), struct.getValue(), Integer::sum);
        }
      }
      int id = fields.size() + 1;
      fields.add(
          required
              ? NestedField.required(id, name, of(types))
              : NestedField.optional(id, name, of(types)));
    }
    return Types.StructType.of(fields);
  }
}
