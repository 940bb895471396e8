package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The columns of one major version of a product by field id. Resolves the column names in a stored
 * grant by the field ids that it keeps. An id stands for the same column in all major versions of a
 * product, so a grant made for one major version applies to the others. A grant of an earlier build
 * has no ids; its names are those of the last contract version that such a build wrote. Immutable.
 *
 * @param major the major version
 * @param schema the columns with their current names
 * @param identified true if the ids in the schema are those of the table
 * @param former the last contract version of an earlier build; empty if there is none, or if
 *     nothing changed since
 */
public record ProductColumns(
    int major, Schema schema, boolean identified, Optional<FormerNames> former) {
  /**
   * The contract version whose names apply to grants without ids. Immutable.
   *
   * @param schema its columns with their ids in the table
   */
  public record FormerNames(Schema schema, Contract contract) {}

  /**
   * The columns that a stored grant names, by field id: they remain the same columns when they are
   * renamed. Immutable.
   *
   * @param major the major version of the product whose table has the ids
   * @param ids by name at the time of the grant, with dots within structs; empty if an earlier
   *     build wrote the grant
   */
  public record BoundColumns(int major, Map<String, Integer> ids) {
    /** Of a grant that names no columns, or has no ids. */
    public static final BoundColumns NONE = new BoundColumns(0, Map.of());

    private static final String MAJOR = "major";
    private static final String IDS = "fieldIds";

    /** Copies the map. */
    public BoundColumns {
      ids = Map.copyOf(ids);
    }

    /** Reads the IDs from the document of a grant. */
    public static BoundColumns of(JsonNode document) {
      if (!document.has(IDS)) {
        return NONE;
      }
      Map<String, Integer> ids = new TreeMap<>();
      document
          .path(IDS)
          .properties()
          .forEach(each -> ids.put(each.getKey(), each.getValue().asInt()));
      return new BoundColumns(document.path(MAJOR).asInt(), ids);
    }

    /** Writes the ids into the document of the grant. */
    public void write(ObjectNode document) {
      document.remove(MAJOR);
      document.remove(IDS);
      if (!ids.isEmpty()) {
        document.put(MAJOR, major);
        ObjectNode json = document.putObject(IDS);
        new TreeMap<>(ids).forEach(json::put);
      }
    }
  }

  /** No column has this suffix: a grant on a dropped column gives no other column. */
  private static final String DROPPED = " (dropped)";

  /** Returns the field ids of columns and of the columns in a condition, by current names. */
  public BoundColumns bind(Collection<String> columns, Optional<String> rows) {
    if (!identified) {
      return BoundColumns.NONE;
    }
    Map<String, Integer> ids = new TreeMap<>();
    columns.forEach(name -> bind(name, ids));
    rows.filter(text -> RowPredicate.fault(text, schema).isEmpty())
        .ifPresent(
            text -> RowPredicate.parse(text, schema).columns().forEach(name -> bind(name, ids)));
    return ids.isEmpty() ? BoundColumns.NONE : new BoundColumns(major, ids);
  }

  private void bind(String name, Map<String, Integer> ids) {
    Types.NestedField field = schema.findField(name);
    if (field != null) {
      ids.put(name, field.fieldId());
    }
  }

  /**
   * Returns the current names of columns.
   *
   * @param protecting true for excluded columns: an unknown name stands for the column that has it
   *     now
   */
  public List<String> currentNames(List<String> names, BoundColumns bound, boolean protecting) {
    return names.stream().map(name -> currentName(name, bound, protecting)).toList();
  }

  /** Returns true if a name from {@link #currentNames} stands for a dropped column. */
  static boolean isDropped(String name) {
    return name.endsWith(DROPPED);
  }

  String currentName(String name, BoundColumns bound, boolean protecting) {
    Optional<Schema> former = formerSchema(bound);
    if (former.isEmpty() || isDropped(name)) {
      return name;
    }
    Types.NestedField field = former.get().caseInsensitiveFindField(name);
    if (field == null) {
      return protecting ? name : name + DROPPED;
    }
    String current = schema.findColumnName(field.fieldId());
    return current == null ? name + DROPPED : current;
  }

  /**
   * Returns a row condition with current names; one that no row satisfies if it uses a dropped
   * column.
   */
  public Optional<String> currentCondition(Optional<String> rows, BoundColumns bound) {
    Optional<Schema> former = formerSchema(bound);
    if (rows.isEmpty() || former.isEmpty()) {
      return rows;
    }
    try {
      RowPredicate condition = RowPredicate.parse(rows.get(), former.get());
      List<String> current = new ArrayList<>();
      for (String name : condition.columns()) {
        current.add(schema.findColumnName(former.get().findField(name).fieldId()));
      }
      if (current.equals(condition.columns())) {
        return rows;
      }
      return current.contains(null)
          ? Optional.of(noRow(condition.columns().get(current.indexOf(null))))
          : Optional.of(condition.in(schema).text());
    } catch (InvalidRequestException otherColumns) {
      return Optional.of(noRow("column"));
    }
  }

  /** A condition in normalized form, so that spaces and the case of keywords do not count. */
  Optional<String> normalized(Optional<String> rows) {
    return rows.map(
        text ->
            RowPredicate.fault(text, schema).isEmpty()
                ? RowPredicate.parse(text, schema).text()
                : text);
  }

  /** A condition that no row satisfies. */
  private static String noRow(String name) {
    return '"' + name.replace("\"", "\"\"") + DROPPED + "\" IS NULL";
  }

  /**
   * The name of a column in other columns of the product: by id if both have ids, else by name;
   * empty if it is missing.
   */
  Optional<String> nameIn(String name, ProductColumns other) {
    if (!identified || !other.identified) {
      return Optional.of(name);
    }
    return Optional.ofNullable(other.schema.findColumnName(schema.findField(name).fieldId()));
  }

  /** Conditions with the names of other columns that have ids of the same table. */
  List<List<String>> conditionsFor(List<List<String>> conditions, ProductColumns other) {
    return conditions.stream()
        .map(all -> all.stream().map(each -> conditionFor(each, other)).toList())
        .toList();
  }

  private String conditionFor(String condition, ProductColumns other) {
    if (schema.sameSchema(other.schema) || !identified || !other.identified) {
      return condition;
    }
    BoundColumns bound = bind(List.of(), Optional.of(condition));
    return bound.ids().isEmpty()
        ? condition
        : other.currentCondition(Optional.of(condition), bound).orElse(condition);
  }

  /** The columns under the names that a grant uses; empty if these are the current names. */
  private Optional<Schema> formerSchema(BoundColumns bound) {
    if (!identified) {
      return Optional.empty();
    }
    return bound.ids().isEmpty()
        ? former.map(FormerNames::schema)
        : Optional.of(schemaWithNames(bound.ids()));
  }

  /** The columns of these ids under their former names. */
  private Schema schemaWithNames(Map<String, Integer> ids) {
    int[] unused = {Integer.MAX_VALUE / 2};
    return new Schema(struct("", ids, unused));
  }

  private List<Types.NestedField> struct(String prefix, Map<String, Integer> ids, int[] unused) {
    Map<String, Map<String, Integer>> pathsByName = new LinkedHashMap<>();
    ids.forEach(
        (path, id) -> {
          String name = path.substring(prefix.length()).split("\\.", 2)[0];
          pathsByName.computeIfAbsent(name, each -> new TreeMap<>()).put(path, id);
        });
    List<Types.NestedField> fields = new ArrayList<>();
    pathsByName.forEach(
        (name, paths) -> {
          String path = prefix + name;
          Map<String, Integer> deeper = new TreeMap<>(paths);
          Integer own = deeper.remove(path);
          int id = own == null ? unused[0]++ : own;
          Type type =
              deeper.isEmpty()
                  ? typeOf(id)
                  : Types.StructType.of(struct(path + ".", deeper, unused));
          fields.add(Types.NestedField.optional(id, name, type));
        });
    return fields;
  }

  /** The type of a column; any type for a dropped one. */
  private Type typeOf(int id) {
    Types.NestedField field = schema.findField(id);
    return field == null ? Types.UnknownType.get() : field.type();
  }
}
