package io.meshwork.consume;

import io.meshwork.access.RowFilter;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.rights.Sight;
import io.meshwork.internal.scan.Veil;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What a reader sees of a version of a product, bound to the columns of its table. What is hidden
 * is as if it were not there, but for one who asks for it by name. Immutable.
 */
final class Seen {
  private final Asker asker;
  private final org.apache.iceberg.Schema table;
  private final org.apache.iceberg.Schema columns;
  private final Schema contract;
  private final Set<String> masked;
  private final Veil veil;

  private Seen(
      Asker asker,
      org.apache.iceberg.Schema table,
      org.apache.iceberg.Schema columns,
      Schema contract,
      Set<String> masked,
      Veil veil) {
    this.asker = asker;
    this.table = table;
    this.columns = columns;
    this.contract = contract;
    this.masked = masked;
    this.veil = veil;
  }

  /**
   * Who asks for what, for messages.
   *
   * @param session whose it is
   * @param doing such as {@code read commerce/orders}
   * @param product the product's name
   * @param contact who could grant more
   */
  record Asker(Session session, String doing, String product, String contact) {
    String who() {
      return session.principal().toString();
    }

    AccessDeniedException denied(String message, String missing) {
      return session.denied(
          product,
          doing,
          new AccessDeniedException(ErrorCode.ACCESS_DENIED, message, missing, List.of(contact)));
    }
  }

  /**
   * Binds what rights let a reader see.
   *
   * @param table the version's columns
   * @param contract the version's record
   * @throws AccessDeniedException if a condition of what is granted does not fit the columns, so
   *     that nobody can tell which rows show
   */
  static Seen of(Sight sight, Asker asker, org.apache.iceberg.Schema table, Schema contract) {
    if (sight.isAll()) {
      return new Seen(asker, table, table, contract, Set.of(), Veil.NONE);
    }
    List<Types.NestedField> shown =
        table.columns().stream()
            .filter(column -> sight.columns().map(all -> all.contains(column.name())).orElse(true))
            .toList();
    Veil veil = sight.rows().map(rows -> Veil.ofRows(read(rows, table, asker))).orElse(Veil.NONE);
    Set<String> masked = new LinkedHashSet<>();
    for (Map.Entry<String, RowFilter> cells : sight.cells().entrySet()) {
      for (Types.NestedField column : shown) {
        if (column.name().equalsIgnoreCase(cells.getKey())) {
          veil = veil.andCells(column, read(cells.getValue(), table, asker));
          masked.add(column.name());
        }
      }
    }
    return new Seen(
        asker,
        table,
        new org.apache.iceberg.Schema(shown),
        shown(contract, shown, masked),
        masked,
        veil);
  }

  private static Predicate read(RowFilter shows, org.apache.iceberg.Schema table, Asker asker) {
    try {
      return Predicate.anyOf(
          shows.alternatives().stream()
              .map(all -> all.stream().map(text -> Predicate.parse(text, table)).toList())
              .toList());
    } catch (InvalidRequestException unfit) {
      // Why is not said: it may name what does not show.
      throw asker.denied(
          "Cannot "
              + asker.doing()
              + " as "
              + asker.who()
              + ": a condition on rows under which "
              + asker.product()
              + " is granted does not fit the columns of this version, so nobody can tell which rows"
              + " show. Nothing was read. Ask "
              + asker.contact()
              + " to grant it anew.",
          "a grant that fits this version of " + asker.product());
    }
  }

  /** The contract's record with the columns that show; those that may be masked may be null. */
  private static Schema shown(
      Schema contract, List<Types.NestedField> columns, Set<String> masked) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Types.NestedField column : columns) {
      Schema.Field field = contract.getField(column.name());
      if (field != null) {
        fields.add(
            masked.contains(column.name()) && !field.schema().isNullable()
                ? nullable(field)
                : new Schema.Field(field, field.schema()));
      }
    }
    return Schema.createRecord(
        contract.getName(), contract.getDoc(), contract.getNamespace(), false, fields);
  }

  private static Schema.Field nullable(Schema.Field field) {
    List<Schema> branches = new ArrayList<>(List.of(Schema.create(Schema.Type.NULL)));
    if (field.schema().isUnion()) {
      branches.addAll(field.schema().getTypes());
    } else {
      branches.add(field.schema());
    }
    Schema.Field result =
        new Schema.Field(
            field.name(), Schema.createUnion(branches), field.doc(), JsonProperties.NULL_VALUE);
    field.forEachProperty(result::addProp);
    field.aliases().forEach(result::addAlias);
    return result;
  }

  /** The columns that show, with the table's ids. */
  org.apache.iceberg.Schema columns() {
    return columns;
  }

  /** The contract's record as it shows. */
  Schema contract() {
    return contract;
  }

  /** What does not show of rows. */
  Veil veil() {
    return veil;
  }

  /**
   * Reads a filter of the reader's, which may ask what shows.
   *
   * @throws AccessDeniedException if it asks a column that does not show
   * @throws InvalidRequestException if it breaks its language
   */
  Predicate filter(String text) {
    try {
      return Predicate.parse(text, columns, asker.doing());
    } catch (InvalidRequestException refused) {
      checkShown(asked(text));
      throw refused;
    }
  }

  /** The top-level columns of the table that a filter asks; none if it cannot be read. */
  private Set<String> asked(String text) {
    Set<Integer> ids;
    try {
      ids = Predicate.parse(text, table).fieldIds();
    } catch (InvalidRequestException notEvenOfAllColumns) {
      return Set.of();
    }
    return table.columns().stream()
        .filter(
            column ->
                TypeUtil.indexById(Types.StructType.of(column)).keySet().stream()
                    .anyMatch(ids::contains))
        .map(Types.NestedField::name)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * The columns that a reader wants, as paths.
   *
   * @param said the columns that it named; empty if it named none
   * @throws AccessDeniedException if it or its type names a column that does not show
   * @throws InvalidRequestException if there is no such column, or its type cannot hold the null of
   *     a value that does not show
   */
  List<String> wanted(List<String> said, RowType<?> type) {
    List<String> wanted =
        said.isEmpty()
            ? type.columns(table)
                .orElseGet(() -> contract.getFields().stream().map(Schema.Field::name).toList())
            : said;
    checkShown(wanted.stream().map(Seen::column).toList());
    List<Finding> unknown = ColumnPaths.unknown(columns, wanted);
    if (!unknown.isEmpty()) {
      throw refused(
          "there is no column '" + unknown.get(0).where() + "'. " + unknown.get(0).mend(), unknown);
    }
    checkNulls(wanted, type);
    return wanted;
  }

  /** The columns with these paths, with the table's ids. */
  org.apache.iceberg.Schema project(List<String> wanted) {
    return ColumnPaths.project(columns, wanted);
  }

  /** By which of some columns a reader can tell rows from others. */
  Visible visible(org.apache.iceberg.Schema projection) {
    return new Visible(
        new org.apache.iceberg.Schema(
            projection.columns().stream()
                .filter(column -> !masked.contains(column.name()))
                .toList()),
        !veil.hidesRows());
  }

  /** A snapshot as it shows. */
  Snapshot shown(Snapshot snapshot) {
    return veil.hidesRows() ? snapshot.withoutRows() : snapshot;
  }

  private void checkShown(Iterable<String> names) {
    for (String name : names) {
      if (table.asStruct().field(name) != null && columns.asStruct().field(name) == null) {
        throw asker.denied(
            "Cannot "
                + asker.doing()
                + " as "
                + asker.who()
                + ": column '"
                + name
                + "' of "
                + asker.product()
                + " is not among those that are granted. Nothing was read. Leave it out, or ask "
                + asker.contact()
                + " for SELECT on it.",
            "SELECT on column '" + name + "' of " + asker.product());
      }
    }
  }

  private void checkNulls(List<String> wanted, RowType<?> type) {
    List<Finding> findings =
        wanted.stream()
            .map(Seen::column)
            .distinct()
            .filter(name -> masked.contains(name) && type.nullless().contains(name))
            .map(
                name ->
                    Finding.error(
                        "NULL_UNFIT",
                        name,
                        "Its values show in some rows only, and the type holds no null.",
                        "Read it into a type that may be null."))
            .toList();
    if (!findings.isEmpty()) {
      throw refused(
          "the values of column '"
              + findings.get(0).where()
              + "' are granted in some rows only and null in the others, and the type to read into"
              + " holds no null there. Read it into an Optional, a class such as Integer, or a"
              + " nullable field.",
          findings);
    }
  }

  private InvalidRequestException refused(String why, List<Finding> findings) {
    return new InvalidRequestException(
        ErrorCode.READER_INVALID,
        "Cannot " + asker.doing() + ": " + why + " Nothing was read.",
        findings);
  }

  /** The top-level column that a path begins with. */
  static String column(String path) {
    int end = 0;
    while (end < path.length() && ".[{".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    return path.substring(0, end);
  }
}
