package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.avro.Schema.Field;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Evolves a table's schema when its contract changes: unchanged columns keep their IDs, new columns
 * get unused IDs, and old rows are filled with the defaults that the table format supports. Reports
 * everything that the table cannot represent. Used once.
 */
public final class SchemaEvolution {
  private static final int FIRST_FORMAT_WITH_DEFAULTS = 3;

  private final IcebergSchemas ids;
  private final int format;
  private final boolean empty;
  private final List<Step> steps = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, String> renamed = new HashMap<>();

  private SchemaEvolution(int lastColumnId, int format, boolean empty) {
    this.ids = IcebergSchemas.after(lastColumnId);
    this.format = format;
    this.empty = empty;
  }

  /**
   * One change of a table's columns.
   *
   * @param verb such as {@code add column}
   * @param path the column
   * @param detail the resulting state
   */
  public record Step(String verb, String path, String detail) {}

  /**
   * The result of an evolution.
   *
   * @param schema the table's next schema; equal to the present one if nothing changes
   * @param lastColumnId the highest ID ever assigned
   * @param steps the changes, in the order of the columns
   * @param findings what the table cannot represent; if not empty, the schema must not be used
   * @param renamed new names of columns by their old names
   */
  public record EvolvedSchema(
      Schema schema,
      int lastColumnId,
      List<Step> steps,
      List<Finding> findings,
      Map<String, String> renamed) {
    public EvolvedSchema {
      steps = List.copyOf(steps);
      findings = List.copyOf(findings);
      renamed = Map.copyOf(renamed);
    }
  }

  /**
   * Evolves a schema.
   *
   * @param table the present schema, which the previous contract gave it
   * @param lastColumnId the highest ID that the table ever assigned
   * @param format the table format version
   * @param empty whether the table never had a snapshot, so that there are no old rows
   * @param before the previous contract's record
   * @param after the new contract's record, which is legal
   */
  public static EvolvedSchema of(
      Schema table,
      int lastColumnId,
      int format,
      boolean empty,
      org.apache.avro.Schema before,
      org.apache.avro.Schema after) {
    SchemaEvolution evolution = new SchemaEvolution(lastColumnId, format, empty);
    List<Types.NestedField> columns = evolution.fields("", table.asStruct(), before, after);
    Set<Integer> present = TypeUtil.getProjectedIds(Types.StructType.of(columns));
    Set<Integer> keys = new HashSet<>(table.identifierFieldIds());
    keys.retainAll(present);
    return new EvolvedSchema(
        new Schema(columns, keys),
        evolution.ids.lastId(),
        evolution.steps,
        evolution.findings,
        evolution.renamed);
  }

  private List<Types.NestedField> fields(
      String prefix,
      Types.StructType stored,
      org.apache.avro.Schema before,
      org.apache.avro.Schema after) {
    List<Types.NestedField> fields = new ArrayList<>();
    Set<String> continuedNames = new HashSet<>();
    for (Field now : after.getFields()) {
      String path = prefix + now.name();
      Field old = source(now, before, after, continuedNames);
      if (old == null) {
        fields.add(added(path, now));
        continue;
      }
      continuedNames.add(old.name());
      if (!old.name().equals(now.name())) {
        renamed.put(prefix + old.name(), path);
        steps.add(new Step("rename column", prefix + old.name(), "to " + path));
      }
      fields.add(retained(path, Objects.requireNonNull(stored.field(old.name()), path), old, now));
    }
    for (Field old : before.getFields()) {
      if (!continuedNames.contains(old.name())) {
        steps.add(
            new Step(
                "drop column",
                prefix + old.name(),
                "its values remain in old files and are not read"));
      }
    }
    return fields;
  }

  /** Returns the previous names of columns by their new names. */
  public static Map<String, String> sources(
      org.apache.avro.Schema before, org.apache.avro.Schema after) {
    Map<String, String> sources = new HashMap<>();
    Set<String> continuedNames = new HashSet<>();
    for (Field now : after.getFields()) {
      Field old = source(now, before, after, continuedNames);
      if (old != null) {
        continuedNames.add(old.name());
        sources.put(now.name(), old.name());
      }
    }
    return sources;
  }

  /**
   * Returns the previous version of this column: a column with the same name, or a removed column
   * that its aliases name.
   */
  private static @Nullable Field source(
      Field now,
      org.apache.avro.Schema before,
      org.apache.avro.Schema after,
      Set<String> continuedNames) {
    Field same = before.getField(now.name());
    if (same != null) {
      return same;
    }
    for (String alias : now.aliases()) {
      Field old = before.getField(alias);
      if (old != null && after.getField(alias) == null && !continuedNames.contains(alias)) {
        return old;
      }
    }
    return null;
  }

  private Types.NestedField retained(String path, Types.NestedField stored, Field old, Field now) {
    Type type = type(path, stored.type(), old.schema(), now.schema());
    if (type == null) {
      if (empty) {
        return added(path, now);
      }
      return stored;
    }
    boolean optional =
        isOptional(path, stored.isOptional(), old.schema().isNullable(), now.schema().isNullable());
    Types.NestedField.Builder field =
        Types.NestedField.builder()
            .withId(stored.fieldId())
            .withName(now.name())
            .isOptional(optional)
            .ofType(type)
            .withDoc(now.doc());
    if (stored.initialDefaultLiteral() != null) {
      field.withInitialDefault(stored.initialDefaultLiteral());
    }
    writeDefault(field, type, now);
    if (!Objects.equals(stored.doc(), now.doc())) {
      steps.add(new Step("describe column", path, "with the contract's description"));
    }
    return field.build();
  }

  /**
   * Returns whether the field is optional in the table. A field that stays required keeps its state
   * in the table: an added list or map is optional there, and its null stands for an empty one.
   */
  private boolean isOptional(String path, boolean stored, boolean before, boolean after) {
    if (after) {
      if (!stored) {
        steps.add(new Step("make optional", path, "null becomes a valid value"));
      }
      return true;
    }
    if (before && !empty) {
      addUnsupported(path, "may be null in existing rows, but becomes required");
    }
    return stored && !(before && empty);
  }

  /** Returns the unchanged or widened type, with its IDs; null if it is neither. */
  private @Nullable Type type(
      String path, Type stored, org.apache.avro.Schema before, org.apache.avro.Schema after) {
    org.apache.avro.Schema old = IcebergSchemas.value(before);
    org.apache.avro.Schema now = IcebergSchemas.value(after);
    if (stored.isNestedType() && old.getType() == now.getType()) {
      return nested(path, stored, old, now);
    }
    Type wanted = IcebergSchemas.after(0).type(now);
    if (!stored.isNestedType() && !wanted.isNestedType()) {
      if (stored.equals(wanted)) {
        return stored;
      } else if (widens(stored, wanted)) {
        steps.add(new Step("widen column", path, "from " + stored + " to " + wanted));
        return wanted;
      }
    }
    if (!empty) {
      addUnsupported(
          path, "is stored as " + displayed(stored) + " and cannot become " + displayed(wanted));
    }
    return null;
  }

  private @Nullable Type nested(
      String path, Type stored, org.apache.avro.Schema old, org.apache.avro.Schema now) {
    if (stored.isStructType()) {
      return Types.StructType.of(fields(path + ".", stored.asStructType(), old, now));
    }
    if (stored.isListType()) {
      Types.ListType list = stored.asListType();
      org.apache.avro.Schema before = old.getElementType();
      org.apache.avro.Schema after = now.getElementType();
      Type element = type(path + "[]", list.elementType(), before, after);
      boolean optional =
          isOptional(
              path + "[]", list.isElementOptional(), before.isNullable(), after.isNullable());
      return element == null
          ? null
          : optional
              ? Types.ListType.ofOptional(list.elementId(), element)
              : Types.ListType.ofRequired(list.elementId(), element);
    }
    Types.MapType map = stored.asMapType();
    org.apache.avro.Schema before = old.getValueType();
    org.apache.avro.Schema after = now.getValueType();
    Type value = type(path + "{}", map.valueType(), before, after);
    boolean optional =
        isOptional(path + "{}", map.isValueOptional(), before.isNullable(), after.isNullable());
    return value == null
        ? null
        : optional
            ? Types.MapType.ofOptional(map.keyId(), map.valueId(), map.keyType(), value)
            : Types.MapType.ofRequired(map.keyId(), map.valueId(), map.keyType(), value);
  }

  private static boolean widens(Type stored, Type wanted) {
    return switch (stored.typeId()) {
      case INTEGER -> wanted.typeId() == Type.TypeID.LONG;
      case FLOAT -> wanted.typeId() == Type.TypeID.DOUBLE;
      case DECIMAL ->
          wanted instanceof Types.DecimalType wider
              && wider.scale() == ((Types.DecimalType) stored).scale()
              && wider.precision() >= ((Types.DecimalType) stored).precision();
      default -> false;
    };
  }

  private Types.NestedField added(String path, Field now) {
    Types.NestedField plain = ids.field(now);
    Types.NestedField.Builder field = Types.NestedField.from(plain);
    Object filling = now.hasDefaultValue() ? IcebergDefaults.of(now) : null;
    boolean fills = filling != null && !plain.type().isNestedType();
    if (filling != null && fills && format >= FIRST_FORMAT_WITH_DEFAULTS) {
      field.withInitialDefault(IcebergDefaults.literal(plain.type(), filling));
    } else if (fills && !empty) {
      needsFormat3(path);
    } else if (plain.isRequired() && !empty && !now.hasDefaultValue()) {
      addUnsupported(path, "is new and required, but existing rows have no value for it");
    } else if (plain.type().isNestedType() && filling != null && !empty) {
      if (!IcebergDefaults.isEmptyCollection(filling) || plain.isOptional()) {
        addUnsupported(path, "is new, but a table cannot fill old rows with its default");
      }
      field.asOptional();
    }
    writeDefault(field, plain.type(), now);
    Types.NestedField built = field.build();
    steps.add(
        new Step(
            "add column",
            path,
            (built.isOptional() ? "optional " : "required ")
                + displayed(built.type())
                + ", id "
                + built.fieldId()
                + inOldRows(built, filling)));
    return built;
  }

  private String inOldRows(Types.NestedField added, @Nullable Object filling) {
    if (empty) {
      return "";
    } else if (added.initialDefault() != null) {
      return "; in old rows it has its default";
    }
    return filling == null ? "; in old rows it is null" : "; in old rows it is empty";
  }

  private void writeDefault(Types.NestedField.Builder field, Type type, Field now) {
    Object filling = now.hasDefaultValue() ? IcebergDefaults.of(now) : null;
    if (filling != null && format >= FIRST_FORMAT_WITH_DEFAULTS && !type.isNestedType()) {
      field.withWriteDefault(IcebergDefaults.literal(type, filling));
    }
  }

  private void needsFormat3(String path) {
    findings.add(
        Finding.error(
            FindingCode.FORMAT_V3_REQUIRED,
            path,
            "Column "
                + path
                + " is new with a default other than null, which tables of format version "
                + format
                + " do not support for old rows; format version 3 does.",
            "Make it nullable with default null, or roll out a new major version with"
                + " startRollout(..)."));
  }

  private void addUnsupported(String path, String why) {
    findings.add(
        Finding.error(
            FindingCode.TABLE_CANNOT_STORE,
            path,
            "Column " + path + " " + why + ".",
            "Add a second column, or roll out a new major version with startRollout(..), which has"
                + " its own table."));
  }

  /** Returns a type without its parts, which would be long. */
  private static String displayed(Type type) {
    return switch (type.typeId()) {
      case STRUCT -> "struct";
      case LIST -> "list";
      case MAP -> "map";
      default -> type.toString();
    };
  }
}
