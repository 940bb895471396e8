package io.meshwork.internal.rights;

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
 * grant by the field ids that it keeps. A grant of an earlier build has no ids; its names are those
 * of the last contract version that such a build wrote. Immutable.
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
   * @param protecting true for excluded columns: an unknown one is taken for the column with that
   *     name now
   */
  public List<String> now(List<String> names, BoundColumns by, boolean protecting) {
    return names.stream().map(name -> now(name, by, protecting)).toList();
  }

  /** Returns true if a name from {@link #now} stands for a dropped column. */
  static boolean isDropped(String name) {
    return name.endsWith(DROPPED);
  }

  String now(String name, BoundColumns by, boolean protecting) {
    Optional<Schema> given = schemaOf(by);
    if (given.isEmpty() || isDropped(name)) {
      return name;
    }
    Types.NestedField then = given.get().caseInsensitiveFindField(name);
    if (then == null) {
      return protecting ? name : name + DROPPED;
    }
    String now = schema.findColumnName(then.fieldId());
    return now == null ? name + DROPPED : now;
  }

  /**
   * Returns a row condition with current names; one that no row satisfies if it uses a dropped
   * column.
   */
  public Optional<String> now(Optional<String> rows, BoundColumns by) {
    Optional<Schema> given = schemaOf(by);
    if (rows.isEmpty() || given.isEmpty()) {
      return rows;
    }
    try {
      RowPredicate condition = RowPredicate.parse(rows.get(), given.get());
      List<String> now = new ArrayList<>();
      for (String name : condition.columns()) {
        now.add(schema.findColumnName(given.get().findField(name).fieldId()));
      }
      if (now.equals(condition.columns())) {
        return rows;
      }
      return now.contains(null)
          ? Optional.of(nothing(condition.columns().get(now.indexOf(null))))
          : Optional.of(condition.in(schema).text());
    } catch (InvalidRequestException otherColumns) {
      return Optional.of(nothing("column"));
    }
  }

  /** A condition in normalized form, so that spaces and the case of keywords do not count. */
  Optional<String> canonical(Optional<String> rows) {
    return rows.map(
        text ->
            RowPredicate.fault(text, schema).isEmpty()
                ? RowPredicate.parse(text, schema).text()
                : text);
  }

  /** A condition that no row satisfies. */
  private static String nothing(String name) {
    return '"' + name.replace("\"", "\"\"") + DROPPED + "\" IS NULL";
  }

  /**
   * The name of a column in other columns of the product: by id if both have ids, else by name;
   * empty if it is missing.
   */
  Optional<String> called(String name, ProductColumns there) {
    if (!identified || !there.identified || major != there.major) {
      return Optional.of(name);
    }
    return Optional.ofNullable(there.schema.findColumnName(schema.findField(name).fieldId()));
  }

  /** Conditions with the names of other columns that have ids of the same table. */
  List<List<String>> inWordsOf(List<List<String>> conditions, ProductColumns there) {
    return conditions.stream()
        .map(all -> all.stream().map(each -> inWordsOf(each, there)).toList())
        .toList();
  }

  private String inWordsOf(String condition, ProductColumns there) {
    if (schema.sameSchema(there.schema) || !identified || !there.identified) {
      return condition;
    }
    BoundColumns by = bind(List.of(), Optional.of(condition));
    return by.ids().isEmpty() ? condition : there.now(Optional.of(condition), by).orElse(condition);
  }

  /** The columns under the names that a grant uses; empty if these are the current names. */
  private Optional<Schema> schemaOf(BoundColumns by) {
    if (!identified || (!by.ids().isEmpty() && by.major() != major)) {
      return Optional.empty();
    }
    return by.ids().isEmpty() ? former.map(FormerNames::schema) : Optional.of(named(by.ids()));
  }

  /** The columns of these ids under their former names. */
  private Schema named(Map<String, Integer> ids) {
    int[] unused = {Integer.MAX_VALUE / 2};
    return new Schema(struct("", ids, unused));
  }

  private List<Types.NestedField> struct(String prefix, Map<String, Integer> ids, int[] unused) {
    Map<String, Map<String, Integer>> within = new LinkedHashMap<>();
    ids.forEach(
        (path, id) -> {
          String name = path.substring(prefix.length()).split("\\.", 2)[0];
          within.computeIfAbsent(name, each -> new TreeMap<>()).put(path, id);
        });
    List<Types.NestedField> fields = new ArrayList<>();
    within.forEach(
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
