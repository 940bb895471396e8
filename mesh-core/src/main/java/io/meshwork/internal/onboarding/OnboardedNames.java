package io.meshwork.internal.onboarding;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.schema.PhysicalName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The name mapping of a table with files of other programs: the names of its columns, and their
 * names in files. Stateless.
 */
final class OnboardedNames {
  private OnboardedNames() {}

  /**
   * The name mapping of a new table.
   *
   * @param contract the contract's Avro record
   */
  public static NameMapping of(org.apache.iceberg.Schema table, Schema contract) {
    return NameMapping.of(fields(table.asStruct(), contract));
  }

  /**
   * The name mapping of a table. It is never extended: a later column may have the name of one that
   * a registered file has, and that was ignored and not checked.
   *
   * @param contract the contract's Avro record
   */
  public static NameMapping of(Table table, Schema contract, MeshAction action) {
    NameMapping wanted = of(table.schema(), contract);
    String json = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
    if (json == null) {
      return wanted;
    }
    NameMapping before = NameMappingParser.fromJson(json);
    if (!includes(before.asMappedFields(), wanted.asMappedFields())) {
      throw Failure.of(action)
          .because(
              "columns were added or renamed, or got other names in files, since its first files"
                  + " were registered")
          .state("Nothing was registered.")
          .fix("Publish the later files with files(..), which copies them.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    return before;
  }

  private static MappedFields fields(Types.StructType struct, Schema record) {
    List<MappedField> fields = new ArrayList<>();
    for (Types.NestedField column : struct.fields()) {
      Schema.Field declared = Objects.requireNonNull(record.getField(column.name()), column.name());
      fields.add(
          MappedField.of(
              column.fieldId(),
              new LinkedHashSet<>(List.of(column.name(), PhysicalName.of(declared))),
              nested(column.type(), declared.schema())));
    }
    return MappedFields.of(fields);
  }

  private static @Nullable MappedFields nested(Type type, Schema schema) {
    if (schema.isUnion()) {
      List<Schema> branches = schema.getTypes();
      return nested(type, branches.get(branches.get(0).getType() == Schema.Type.NULL ? 1 : 0));
    }
    return switch (type.typeId()) {
      case STRUCT -> fields(type.asStructType(), schema);
      case LIST -> {
        Types.ListType list = type.asListType();
        yield MappedFields.of(
            MappedField.of(
                list.elementId(), "element", nested(list.elementType(), schema.getElementType())));
      }
      case MAP -> {
        Types.MapType map = type.asMapType();
        yield MappedFields.of(
            MappedField.of(map.keyId(), "key"),
            MappedField.of(map.valueId(), "value", nested(map.valueType(), schema.getValueType())));
      }
      default -> null;
    };
  }

  /**
   * True if each name of the other mapping leads to the same column. Nested fields too: a later
   * file would have values in a field that no name leads to.
   */
  private static boolean includes(@Nullable MappedFields mapping, @Nullable MappedFields other) {
    return other == null
        || (mapping != null
            && other.fields().stream()
                .allMatch(
                    field -> {
                      MappedField mapped = mapping.field(field.id());
                      return mapped != null
                          && mapped.names().containsAll(field.names())
                          && includes(mapped.nestedMapping(), field.nestedMapping());
                    }));
  }
}
