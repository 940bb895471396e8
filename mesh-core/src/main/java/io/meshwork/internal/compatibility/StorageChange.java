package io.meshwork.internal.compatibility;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.compatibility.SchemaComparison.TypePromotion;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Determines whether an Iceberg table supports a change of its schema in place: columns are added
 * and removed by ID, types are widened, required columns become optional.
 */
final class StorageChange {
  private StorageChange() {}

  static TypePromotion of(Schema before, Schema after) {
    return record(before, after);
  }

  private static TypePromotion record(Schema before, Schema after) {
    TypePromotion worst = TypePromotion.YES;
    List<Schema.Field> removed = new ArrayList<>();
    for (Schema.Field old : before.getFields()) {
      Schema.Field now = after.getField(old.name());
      if (now == null) {
        removed.add(old);
      } else {
        worst = worst.harder(type(old.schema(), now.schema()));
      }
    }
    for (Schema.Field now : after.getFields()) {
      if (before.getField(now.name()) == null) {
        TypePromotion added = added(now);
        Schema.@Nullable Field successor =
            added == TypePromotion.YES ? null : renamed(now, removed);
        if (successor != null) {
          removed.remove(successor);
          added = added.easier(type(successor.schema(), now.schema()));
        }
        worst = worst.harder(added);
      }
    }
    return worst;
  }

  /** Returns the column that was renamed to a new one: by alias, else by identical type. */
  private static Schema.@Nullable Field renamed(Schema.Field now, List<Schema.Field> removed) {
    for (Schema.Field old : removed) {
      if (now.aliases().contains(old.name())) {
        return old;
      }
    }
    for (Schema.Field old : removed) {
      if (old.schema().equals(now.schema())) {
        return old;
      }
    }
    return null;
  }

  private static TypePromotion type(Schema before, Schema after) {
    return before.isNullable() && !after.isNullable()
        ? TypePromotion.NO
        : value(ValueTypes.value(before), ValueTypes.value(after));
  }

  private static TypePromotion value(Schema before, Schema after) {
    boolean nested = isNested(before) || isNested(after);
    if (nested && before.getType() != after.getType()) {
      return TypePromotion.NO;
    }
    return switch (before.getType()) {
      case RECORD -> record(before, after);
      case ARRAY -> type(before.getElementType(), after.getElementType());
      case MAP -> type(before.getValueType(), after.getValueType());
      default ->
          ValueTypes.column(before).equals(ValueTypes.column(after)) || widens(before, after)
              ? TypePromotion.YES
              : TypePromotion.NO;
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

  private static TypePromotion added(Schema.Field field) {
    TypePromotion types = hasNanoseconds(field.schema()) ? TypePromotion.YES_V3 : TypePromotion.YES;
    JsonNode filling = SchemaFragments.defaultOf(field);
    Schema value = ValueTypes.value(field.schema());
    if (filling.isNull() || (filling.isMissingNode() && field.schema().isNullable())) {
      return types;
    }
    if (filling.isMissingNode()) {
      return TypePromotion.NO;
    }
    if (!isNested(value)) {
      return TypePromotion.YES_V3;
    }
    // A null in a nullable list or map differs from an empty one.
    boolean emptyCollection =
        value.getType() != Type.RECORD && filling.isEmpty() && !field.schema().isNullable();
    return emptyCollection ? types.harder(TypePromotion.YES_AS_OPTIONAL) : TypePromotion.NO;
  }

  private static boolean hasNanoseconds(Schema type) {
    Schema value = ValueTypes.value(type);
    return switch (value.getType()) {
      case RECORD -> value.getFields().stream().anyMatch(field -> hasNanoseconds(field.schema()));
      case ARRAY -> hasNanoseconds(value.getElementType());
      case MAP -> hasNanoseconds(value.getValueType());
      default -> ValueTypes.isNanoseconds(value);
    };
  }
}
