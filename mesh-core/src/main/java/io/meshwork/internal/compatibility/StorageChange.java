package io.meshwork.internal.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Whether an Iceberg table takes the change of its schema in place, by what the format allows:
 * columns come and go by id, types widen, required becomes optional.
 */
final class StorageChange {
  private StorageChange() {}

  static InPlace of(Schema before, Schema after) {
    return record(before, after);
  }

  private static InPlace record(Schema before, Schema after) {
    InPlace worst = InPlace.YES;
    List<Schema.Field> gone = new ArrayList<>();
    for (Schema.Field old : before.getFields()) {
      Schema.Field now = after.getField(old.name());
      if (now == null) {
        gone.add(old);
      } else {
        worst = worst.orHarder(type(old.schema(), now.schema()));
      }
    }
    for (Schema.Field now : after.getFields()) {
      if (before.getField(now.name()) == null) {
        InPlace added = added(now);
        Schema.@Nullable Field heir = added == InPlace.YES ? null : renamed(now, gone);
        if (heir != null) {
          gone.remove(heir);
          added = added.orEasier(type(heir.schema(), now.schema()));
        }
        worst = worst.orHarder(added);
      }
    }
    return worst;
  }

  /** The column that a new one may be under another name: by its alias, else by its very type. */
  private static Schema.@Nullable Field renamed(Schema.Field now, List<Schema.Field> gone) {
    for (Schema.Field old : gone) {
      if (now.aliases().contains(old.name())) {
        return old;
      }
    }
    for (Schema.Field old : gone) {
      if (old.schema().equals(now.schema())) {
        return old;
      }
    }
    return null;
  }

  private static InPlace type(Schema before, Schema after) {
    return before.isNullable() && !after.isNullable()
        ? InPlace.NO
        : value(ValueTypes.value(before), ValueTypes.value(after));
  }

  private static InPlace value(Schema before, Schema after) {
    boolean nested = isNested(before) || isNested(after);
    if (nested && before.getType() != after.getType()) {
      return InPlace.NO;
    }
    return switch (before.getType()) {
      case RECORD -> record(before, after);
      case ARRAY -> type(before.getElementType(), after.getElementType());
      case MAP -> type(before.getValueType(), after.getValueType());
      default ->
          ValueTypes.column(before).equals(ValueTypes.column(after)) || widens(before, after)
              ? InPlace.YES
              : InPlace.NO;
    };
  }

  private static boolean widens(Schema before, Schema after) {
    if (ValueTypes.isDecimal(before) && ValueTypes.isDecimal(after)) {
      return ValueTypes.scale(before) == ValueTypes.scale(after)
          && ValueTypes.precision(before) <= ValueTypes.precision(after);
    }
    return switch (ValueTypes.column(before)) {
      case "int" -> ValueTypes.column(after).equals("long");
      case "float" -> ValueTypes.column(after).equals("double");
      default -> false;
    };
  }

  private static boolean isNested(Schema type) {
    return switch (type.getType()) {
      case RECORD, ARRAY, MAP -> true;
      default -> false;
    };
  }

  private static InPlace added(Schema.Field field) {
    InPlace types = holdsNanoseconds(field.schema()) ? InPlace.YES_V3 : InPlace.YES;
    JsonNode filling = Fragments.defaultOf(field);
    Schema value = ValueTypes.value(field.schema());
    if (filling.isNull() || (filling.isMissingNode() && field.schema().isNullable())) {
      return types;
    }
    if (filling.isMissingNode()) {
      return InPlace.NO;
    }
    if (!isNested(value)) {
      return InPlace.YES_V3;
    }
    // A null in a nullable collection means something else than an empty one.
    boolean emptyCollection =
        value.getType() != Type.RECORD && filling.isEmpty() && !field.schema().isNullable();
    return emptyCollection ? types.orHarder(InPlace.YES_AS_OPTIONAL) : InPlace.NO;
  }

  private static boolean holdsNanoseconds(Schema type) {
    Schema value = ValueTypes.value(type);
    return switch (value.getType()) {
      case RECORD -> value.getFields().stream().anyMatch(field -> holdsNanoseconds(field.schema()));
      case ARRAY -> holdsNanoseconds(value.getElementType());
      case MAP -> holdsNanoseconds(value.getValueType());
      default -> ValueTypes.isNanoseconds(value);
    };
  }
}
