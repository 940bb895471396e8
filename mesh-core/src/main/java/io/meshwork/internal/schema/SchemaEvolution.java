package io.meshwork.internal.schema;

import io.meshwork.error.Finding;
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
 * The schema that a table takes when its contract changes: what stays keeps its id, what is new
 * gets one that was never used, and old rows are filled by what the format can say. What it cannot
 * carry is told, all of it. Used once.
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
   * One thing that is done to a table's columns.
   *
   * @param verb such as {@code add column}
   * @param path the column
   * @param detail what it is then
   */
  public record Step(String verb, String path, String detail) {}

  /**
   * What becomes of a table's schema.
   *
   * @param schema the table's next schema; equal to the present one if nothing changes
   * @param lastColumnId the highest id that was ever given
   * @param steps what is done, in the order of the columns
   * @param findings what the table cannot carry; then the schema is of no use
   * @param renamed new names of columns by their old ones
   */
  public record Evolved(
      Schema schema,
      int lastColumnId,
      List<Step> steps,
      List<Finding> findings,
      Map<String, String> renamed) {
    /** Copies what it is given. */
    public Evolved {
      steps = List.copyOf(steps);
      findings = List.copyOf(findings);
      renamed = Map.copyOf(renamed);
    }
  }

  /**
   * Evolves a schema.
   *
   * @param table the present schema, which is that of the contract before
   * @param lastColumnId the highest id that the table ever gave
   * @param format the table's format version
   * @param empty true if no snapshot was ever made of it, so that there are no old rows
   * @param before the contract's record as it was
   * @param after the contract's record as it is to be, found legal
   */
  public static Evolved of(
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
    return new Evolved(
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
    Set<String> kept = new HashSet<>();
    for (Field now : after.getFields()) {
      String path = prefix + now.name();
      Field old = source(now, before, after, kept);
      if (old == null) {
        fields.add(added(path, now));
        continue;
      }
      kept.add(old.name());
      if (!old.name().equals(now.name())) {
        renamed.put(prefix + old.name(), path);
        steps.add(new Step("rename column", prefix + old.name(), "to " + path));
      }
      fields.add(kept(path, Objects.requireNonNull(stored.field(old.name()), path), old, now));
    }
    for (Field old : before.getFields()) {
      if (!kept.contains(old.name())) {
        steps.add(
            new Step("drop column", prefix + old.name(), "its values stay in old files, unread"));
      }
    }
    return fields;
  }

  /** The column that this one was: of the same name, or one that is gone and that it names. */
  private static @Nullable Field source(
      Field now, org.apache.avro.Schema before, org.apache.avro.Schema after, Set<String> kept) {
    Field same = before.getField(now.name());
    if (same != null) {
      return same;
    }
    for (String alias : now.aliases()) {
      Field old = before.getField(alias);
      if (old != null && after.getField(alias) == null && !kept.contains(alias)) {
        return old;
      }
    }
    return null;
  }

  private Types.NestedField kept(String path, Types.NestedField stored, Field old, Field now) {
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
      steps.add(new Step("describe column", path, "in the words of the contract"));
    }
    return field.build();
  }

  /**
   * A place that was required and is stays as the table has it: an added collection is optional
   * there, and its null stands for none.
   */
  private boolean isOptional(String path, boolean stored, boolean before, boolean after) {
    if (after) {
      if (!stored) {
        steps.add(new Step("make optional", path, "null is a value from now on"));
      }
      return true;
    }
    if (before && !empty) {
      cannot(path, "may be null in rows that the table holds, and is to be required");
    }
    return stored && !(before && empty);
  }

  /** The type that stays or widens, with the ids it has; null if it can do neither. */
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
      cannot(path, "is stored as " + shown(stored) + " and is to be " + shown(wanted));
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
      cannot(path, "is new and required, and rows that the table holds have nothing for it");
    } else if (plain.type().isNestedType() && filling != null && !empty) {
      if (!IcebergDefaults.isEmptyCollection(filling) || plain.isOptional()) {
        cannot(path, "is new, and its default is more than a table can fill old rows with");
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
                + shown(built.type())
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
            "FORMAT_V3_REQUIRED",
            path,
            "Column "
                + path
                + " is new with a default other than null, which tables of format "
                + format
                + " cannot fill old rows with; format 3 can.",
            "Make it nullable with default null, or define a product of another name with"
                + " tableFormat(3)."));
  }

  private void cannot(String path, String why) {
    findings.add(
        Finding.error(
            "TABLE_CANNOT_CARRY",
            path,
            "Column " + path + " " + why + ".",
            "Add a second column beside it, or define a product of another name, which has a table"
                + " of its own."));
  }

  /** A type without what lies in it, which would be long. */
  private static String shown(Type type) {
    return switch (type.typeId()) {
      case STRUCT -> "struct";
      case LIST -> "list";
      case MAP -> "map";
      default -> type.toString();
    };
  }
}
