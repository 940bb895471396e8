package io.meshwork.internal.consume;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What a reader sees of a version of a product, bound to the columns of its table. What is hidden
 * is as if it were not there, but for one who asks for it by name. Immutable.
 */
final class BoundDataPermission {
  /** The name of the rows of one who sees every row and cell. */
  static final String EVERY_ROW = "all";

  private final Asker asker;
  private final DataPermission permission;
  private final org.apache.iceberg.Schema table;
  private final org.apache.iceberg.Schema columns;
  private final Schema contract;
  private final Set<String> masked;
  private final ScanFilter shown;

  private BoundDataPermission(
      Asker asker,
      DataPermission permission,
      org.apache.iceberg.Schema table,
      org.apache.iceberg.Schema columns,
      Schema contract,
      Set<String> masked,
      ScanFilter shown) {
    this.asker = asker;
    this.permission = permission;
    this.table = table;
    this.columns = columns;
    this.contract = contract;
    this.masked = masked;
    this.shown = shown;
  }

  /**
   * Who asks for what, for messages.
   *
   * @param session whose it is
   * @param action such as {@code read commerce/orders}
   * @param product the product's name
   * @param contact who could grant more
   */
  record Asker(ClientSession session, MeshAction action, String product, String contact) {
    String who() {
      return session.principal().toString();
    }

    AccessDeniedException denied(String message, String missing) {
      return session.denied(
          product,
          action,
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
  static BoundDataPermission of(
      DataPermission permission, Asker asker, org.apache.iceberg.Schema table, Schema contract) {
    if (permission.isAll()) {
      return new BoundDataPermission(
          asker, permission, table, table, contract, Set.of(), ScanFilter.ALL);
    }
    List<Types.NestedField> columns =
        table.columns().stream().filter(column -> permission.includes(column.name())).toList();
    ScanFilter filter = ScanFilter.ALL;
    if (!permission.rowFilter().everyRow()) {
      filter = filter.showingRows(read(permission.rowFilter(), table, asker));
    }
    Set<String> masked = new LinkedHashSet<>();
    for (Map.Entry<String, RowFilter> cells : permission.cellFilters().entrySet()) {
      for (Types.NestedField column : columns) {
        if (column.name().equalsIgnoreCase(cells.getKey())) {
          filter = filter.showingCells(column, read(cells.getValue(), table, asker));
          masked.add(column.name());
        }
      }
    }
    return new BoundDataPermission(
        asker,
        permission,
        table,
        new org.apache.iceberg.Schema(columns),
        visible(contract, columns, masked),
        masked,
        filter);
  }

  private static RowPredicate read(RowFilter shows, org.apache.iceberg.Schema table, Asker asker) {
    try {
      return RowPredicate.anyOf(
          shows.alternatives().stream()
              .map(all -> all.stream().map(text -> RowPredicate.parse(text, table)).toList())
              .toList());
    } catch (InvalidRequestException unfit) {
      // Why is not said: it may name what does not show.
      throw asker.denied(
          "Cannot "
              + asker.action()
              + " as "
              + asker.who()
              + ": a condition on rows under which "
              + asker.product()
              + " is granted does not fit the columns of this version, so nobody can tell which"
              + " rows show. Nothing was read. Ask "
              + asker.contact()
              + " to grant it anew.",
          "a grant that fits this version of " + asker.product());
    }
  }

  /** The contract's record with the columns that show; those that may be masked may be null. */
  private static Schema visible(
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

  /**
   * A name for the rows and cells that rights let show, whatever columns are read: another one if
   * these are others. Nobody who does not know the salt learns from it what is asked of the rows.
   *
   * @param salt what no reader knows who does not see every row
   */
  String rowRights(String salt) {
    if (permission.rowFilter().everyRow() && permission.cellFilters().isEmpty()) {
      return EVERY_ROW;
    }
    List<String> parts = new ArrayList<>(List.of(salt));
    if (!permission.rowFilter().everyRow()) {
      parts.add(permission.rowFilter().alternatives().toString());
    }
    new TreeMap<>(permission.cellFilters())
        .forEach((column, cells) -> parts.add(column + "\n" + cells.alternatives()));
    return RegistryKeys.sha256(String.join("\n\n", parts));
  }

  /** True if the reader may ask this, and it still fits the columns. */
  boolean mayAsk(String filter) {
    return RowPredicate.fault(filter, columns).isEmpty();
  }

  /** True if the reader does not see every row. */
  boolean hidesRows() {
    return shown.hidesRows();
  }

  /** The rows and cells that a scan shows, which match some filters of the reader's too. */
  ScanFilter scanFilter(ScanFilter wanted) {
    return wanted.restrictedTo(shown);
  }

  /**
   * Reads a filter of the reader's, which may ask what shows.
   *
   * @throws AccessDeniedException if it asks a column that does not show
   * @throws InvalidRequestException if it breaks its language
   */
  RowPredicate filter(String text) {
    try {
      return RowPredicate.parse(text, columns, asker.action());
    } catch (InvalidRequestException refused) {
      checkShown(filterColumns(text));
      throw refused;
    }
  }

  /** The top-level columns of the table that a filter asks; none if it cannot be read. */
  private Set<String> filterColumns(String text) {
    Set<Integer> ids;
    try {
      ids = RowPredicate.parse(text, table).fieldIds();
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
  List<String> requestedColumns(List<String> said, RowType<?> type) {
    List<String> wanted =
        said.isEmpty()
            ? type.columns(table)
                .orElseGet(() -> contract.getFields().stream().map(Schema.Field::name).toList())
            : said;
    checkShown(wanted.stream().map(BoundDataPermission::column).toList());
    List<Finding> unknown = ColumnPaths.unknown(columns, wanted);
    if (!unknown.isEmpty()) {
      throw refused(
          "there is no column '" + unknown.get(0).where() + "'. " + unknown.get(0).fix(), unknown);
    }
    checkNulls(wanted, type);
    // Who needs no column has as many rows all the same.
    return wanted.isEmpty()
        ? contract.getFields().stream().limit(1).map(Schema.Field::name).toList()
        : wanted;
  }

  /** The columns with these paths, with the table's ids. */
  org.apache.iceberg.Schema project(List<String> wanted) {
    return ColumnPaths.project(columns, wanted);
  }

  /** By which of some columns a reader can tell rows from others. */
  RowVisibility visible(org.apache.iceberg.Schema projection) {
    return new RowVisibility(
        new org.apache.iceberg.Schema(
            projection.columns().stream()
                .filter(column -> !masked.contains(column.name()))
                .toList()),
        !shown.hidesRows());
  }

  /** A snapshot as it shows. */
  Snapshot visible(Snapshot snapshot) {
    return shown.hidesRows() ? snapshot.withoutRows() : snapshot;
  }

  private void checkShown(Iterable<String> names) {
    for (String name : names) {
      if (table.asStruct().field(name) != null && columns.asStruct().field(name) == null) {
        throw asker.denied(
            "Cannot "
                + asker.action()
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
            .map(BoundDataPermission::column)
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
        "Cannot " + asker.action() + ": " + why + " Nothing was read.",
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
