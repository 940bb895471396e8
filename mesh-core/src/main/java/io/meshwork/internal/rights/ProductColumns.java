package io.meshwork.internal.rights;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * The columns of one major version of a product by field id, or of several versions together.
 * Resolves the column names in a stored grant by the field ids that it stores. An id stands for the
 * same column in all major versions of a product, so a grant made for one major version applies to
 * the others. Immutable.
 *
 * @param major the major version, the first of several
 * @param schema the columns with their current names
 * @param others the columns of the other versions
 */
public record ProductColumns(int major, Schema schema, List<ProductColumns> others) {
  public ProductColumns {
    others = List.copyOf(others);
  }

  /** The columns of one major version. */
  public ProductColumns(int major, Schema schema) {
    this(major, schema, List.of());
  }

  /**
   * The columns of several major versions together.
   *
   * @param versions at least one
   */
  static ProductColumns together(List<ProductColumns> versions) {
    ProductColumns first = versions.get(0);
    return new ProductColumns(first.major, first.schema, versions.subList(1, versions.size()));
  }

  /** Returns the columns of each version alone. */
  List<ProductColumns> versions() {
    List<ProductColumns> versions = new ArrayList<>();
    versions.add(new ProductColumns(major, schema));
    versions.addAll(others);
    return versions;
  }

  /**
   * Returns the columns that any of the versions has. A column that several of them have, in any
   * case of letters, has its type in the first of them. The ids are not a table's if there are
   * several versions.
   */
  public Schema allColumns() {
    if (others.isEmpty()) {
      return schema;
    }
    List<Types.NestedField> columns = new ArrayList<>(schema.columns());
    AtomicInteger lastId = new AtomicInteger(schema.highestFieldId());
    for (ProductColumns version : others) {
      for (Types.NestedField column : version.schema.columns()) {
        if (columns.stream()
            .noneMatch(existing -> existing.name().equalsIgnoreCase(column.name()))) {
          columns.add(
              Types.NestedField.optional(
                  lastId.incrementAndGet(),
                  column.name(),
                  TypeUtil.assignFreshIds(column.type(), lastId::incrementAndGet)));
        }
      }
    }
    return new Schema(columns);
  }

  /**
   * Returns the top-level columns that a row condition reveals: all that it names, in each version
   * that it is valid for. One that is valid for none may be about any column.
   */
  public Set<String> revealedBy(Optional<String> rows) {
    Set<String> columns = new LinkedHashSet<>();
    if (rows.isEmpty()) {
      return columns;
    }
    String text = rows.get();
    List<ProductColumns> valid =
        versions().stream()
            .filter(version -> RowPredicate.fault(text, version.schema).isEmpty())
            .toList();
    valid.stream()
        .flatMap(version -> RowPredicate.parse(text, version.schema).columns().stream())
        .forEach(name -> columns.add(name.split("\\.", 2)[0]));
    if (valid.isEmpty()) {
      allColumns().columns().forEach(column -> columns.add(column.name()));
    }
    return columns;
  }

  /**
   * Requires a row condition that is valid for the columns of one of the versions, and about the
   * same columns in each version that it is valid for.
   *
   * @throws InvalidRequestException if it is not
   */
  public void requireCondition(String rows, MeshAction action) {
    RowPredicate.requireRowFilter(rows, action);
    List<ProductColumns> valid =
        versions().stream()
            .filter(version -> RowPredicate.fault(rows, version.schema).isEmpty())
            .toList();
    if (valid.isEmpty()) {
      RowPredicate.parse(rows, schema, action);
      return;
    }
    ProductColumns first = valid.get(0);
    List<String> names = RowPredicate.parse(rows, first.schema).columns();
    for (ProductColumns version : valid) {
      names.stream()
          .filter(name -> first.isOther(name, version))
          .findFirst()
          .ifPresent(name -> first.rejectOtherColumn(name, version, action));
    }
  }

  /** Returns true if the name stands for another column in another version. */
  private boolean isOther(String name, ProductColumns other) {
    Types.NestedField same = other.schema.caseInsensitiveFindField(name);
    return same != null && same.fieldId() != schema.caseInsensitiveFindField(name).fieldId();
  }

  private void rejectOtherColumn(String name, ProductColumns other, MeshAction action) {
    throw Failure.of(action)
        .because(
            "the row condition names "
                + name
                + ", which is one column in major version "
                + major
                + " and another one in major version "
                + other.major)
        .state("Nothing was changed.")
        .fix("Name a column that is the same in both, or grant when one of them has retired.")
        .invalidRequest(ErrorCode.FILTER_INVALID);
  }

  /**
   * The columns that a stored grant names, by field id: they remain the same columns when they are
   * renamed. Immutable.
   *
   * @param byMajor for each major version whose table has such columns, their ids by name at the
   *     time of the grant, with dots within structs
   */
  public record BoundColumns(@JsonValue SortedMap<Integer, Map<String, Integer>> byMajor) {
    /** Of a grant that names no columns. */
    public static final BoundColumns NONE = new BoundColumns(new TreeMap<>());

    public BoundColumns {
      SortedMap<Integer, Map<String, Integer>> copy = new TreeMap<>();
      byMajor.forEach((major, ids) -> copy.put(major, Map.copyOf(ids)));
      byMajor = Collections.unmodifiableSortedMap(copy);
    }

    /**
     * Returns the ids by the names of a major version. A name without an id in it has the id of the
     * nearest earlier one, which it continues, then of the others: an id stands for the same column
     * in all major versions.
     */
    public Map<String, Integer> ids(int major) {
      Map<String, Integer> ids = new TreeMap<>(byMajor.getOrDefault(major, Map.of()));
      List<Map<String, Integer>> earlier = new ArrayList<>(byMajor.headMap(major).values());
      Collections.reverse(earlier);
      Stream.concat(earlier.stream(), byMajor.values().stream())
          .forEach(
              each ->
                  each.forEach(
                      (name, id) -> {
                        if (!ids.containsValue(id)) {
                          ids.putIfAbsent(name, id);
                        }
                      }));
      return ids;
    }

    /** Returns the ids of the columns that have a name in some major version. */
    private Set<Integer> idsOf(String name) {
      Set<Integer> ids = new LinkedHashSet<>();
      for (Map<String, Integer> each : byMajor.values()) {
        each.forEach(
            (column, id) -> {
              if (column.equalsIgnoreCase(name)) {
                ids.add(id);
              }
            });
      }
      return ids;
    }

    /** Returns the ids as text, the same for the same ids. */
    String text() {
      SortedMap<Integer, Map<String, Integer>> sorted = new TreeMap<>();
      byMajor.forEach((major, ids) -> sorted.put(major, new TreeMap<>(ids)));
      return sorted.size() == 1 ? sorted.values().iterator().next().toString() : sorted.toString();
    }

    @JsonCreator
    private static BoundColumns of(SortedMap<Integer, Map<String, Integer>> byMajor) {
      return new BoundColumns(byMajor);
    }
  }

  /** No column has this suffix: a grant on a dropped column gives no other column. */
  private static final String DROPPED = " (dropped)";

  /** Returns the field ids of columns and of the columns in a condition, by current names. */
  public BoundColumns bind(Collection<String> columns, Optional<String> rows) {
    SortedMap<Integer, Map<String, Integer>> byMajor = new TreeMap<>();
    bind(columns, rows, byMajor);
    others.forEach(version -> version.bind(columns, rows, byMajor));
    return byMajor.isEmpty() ? BoundColumns.NONE : new BoundColumns(byMajor);
  }

  /**
   * Returns the field ids of columns: in each version the columns that a document names now, or
   * whose ids it has. Another column that has the name in a version is not one of them.
   */
  public BoundColumns bindAgain(
      Collection<String> columns, List<String> named, List<String> stored, BoundColumns bound) {
    SortedMap<Integer, Map<String, Integer>> byMajor = new TreeMap<>();
    for (ProductColumns version : versions()) {
      Set<String> own = new TreeSet<>(version.currentNames(stored, bound, false));
      own.addAll(named);
      own.retainAll(columns);
      version.bind(own, Optional.empty(), byMajor);
    }
    return new BoundColumns(byMajor);
  }

  private void bind(
      Collection<String> columns,
      Optional<String> rows,
      SortedMap<Integer, Map<String, Integer>> byMajor) {
    Map<String, Integer> ids = new TreeMap<>();
    columns.forEach(name -> bind(name, ids));
    rows.filter(text -> RowPredicate.fault(text, schema).isEmpty())
        .ifPresent(
            text -> RowPredicate.parse(text, schema).columns().forEach(name -> bind(name, ids)));
    if (!ids.isEmpty()) {
      byMajor.put(major, ids);
    }
  }

  private void bind(String name, Map<String, Integer> ids) {
    Types.NestedField field = schema.caseInsensitiveFindField(name);
    if (field != null) {
      ids.put(name, field.fieldId());
    }
  }

  /**
   * Returns the current names of columns. A column that several versions have has the name of each.
   *
   * @param protecting true for excluded columns: an unknown name stands for the column that has it
   *     now
   */
  public List<String> currentNames(List<String> names, BoundColumns bound, boolean protecting) {
    return names.stream()
        .flatMap(name -> currentNames(name, bound, protecting).stream())
        .distinct()
        .toList();
  }

  /** Returns the names that the columns of these names have in any of the versions. */
  public List<String> namesOfSame(List<String> names) {
    return currentNames(names, bind(names, Optional.empty()), false);
  }

  /** Returns true if a name from {@link #currentNames} stands for a dropped column. */
  static boolean isDropped(String name) {
    return name.endsWith(DROPPED);
  }

  private Set<String> currentNames(String name, BoundColumns bound, boolean protecting) {
    Set<String> names = new LinkedHashSet<>();
    versions().forEach(version -> version.addNames(name, bound, protecting, names));
    return names.isEmpty() ? Set.of(ownName(name, bound, protecting)) : names;
  }

  /** Adds the names of the columns here that the name stands for in any major version. */
  private void addNames(String name, BoundColumns bound, boolean protecting, Set<String> names) {
    String own = ownName(name, bound, protecting);
    if (has(own)) {
      names.add(own);
    }
    bound.idsOf(name).stream()
        .map(schema::findColumnName)
        .filter(Objects::nonNull)
        .forEach(names::add);
  }

  private boolean has(String name) {
    return schema.caseInsensitiveFindField(name) != null;
  }

  private String ownName(String name, BoundColumns bound, boolean protecting) {
    Optional<Schema> former = formerSchema(bound);
    if (former.isEmpty() || isDropped(name)) {
      Types.NestedField same = schema.caseInsensitiveFindField(name);
      return same == null ? name : schema.findColumnName(same.fieldId());
    }
    Types.NestedField field = former.get().caseInsensitiveFindField(name);
    if (field == null) {
      return protecting ? name : name + DROPPED;
    }
    String current = schema.findColumnName(field.fieldId());
    return current == null ? name + DROPPED : current;
  }

  /**
   * Returns a row condition with current names: of several versions, the names in the first that it
   * is valid for. One that no row satisfies if it uses a dropped column.
   */
  public Optional<String> currentCondition(Optional<String> rows, BoundColumns bound) {
    Optional<String> own = ownCondition(rows, bound);
    return fits(own)
        ? own
        : others.stream()
            .filter(version -> version.fits(version.ownCondition(rows, bound)))
            .findFirst()
            .map(version -> version.ownCondition(rows, bound))
            .orElse(own);
  }

  private boolean fits(Optional<String> rows) {
    return rows.filter(text -> RowPredicate.fault(text, schema).isPresent()).isEmpty();
  }

  private Optional<String> ownCondition(Optional<String> rows, BoundColumns bound) {
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
            Stream.concat(Stream.of(this), others.stream())
                .filter(version -> RowPredicate.fault(text, version.schema).isEmpty())
                .findFirst()
                .map(version -> RowPredicate.parse(text, version.schema).text())
                .orElse(text));
  }

  /** A condition that no row satisfies. */
  private static String noRow(String name) {
    return '"' + name.replace("\"", "\"\"") + DROPPED + "\" IS NULL";
  }

  /** The name of a column in other columns of the product, by id; empty if it is missing. */
  Optional<String> nameIn(String name, ProductColumns other) {
    return Optional.ofNullable(other.schema.findColumnName(schema.findField(name).fieldId()));
  }

  /** Conditions with the names of other columns that have ids of the same table. */
  List<List<String>> conditionsFor(List<List<String>> conditions, ProductColumns other) {
    return conditions.stream()
        .map(all -> all.stream().map(each -> conditionFor(each, other)).toList())
        .toList();
  }

  private String conditionFor(String condition, ProductColumns other) {
    if (schema.sameSchema(other.schema)) {
      return condition;
    }
    BoundColumns bound = bind(List.of(), Optional.of(condition));
    return bound.byMajor().isEmpty()
        ? condition
        : other.currentCondition(Optional.of(condition), bound).orElse(condition);
  }

  /** The columns under the names that a grant uses; empty if these are the current names. */
  private Optional<Schema> formerSchema(BoundColumns bound) {
    Map<String, Integer> ids = bound.ids(major);
    return ids.isEmpty() ? Optional.empty() : Optional.of(schemaWithNames(ids));
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
