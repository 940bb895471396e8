package io.meshwork.internal.consume;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.DataPermission;
import io.meshwork.internal.lakeformation.RowFilter;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.scan.ScanFilter;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;

/**
 * What a reader may see of a version of a product, bound to the columns of its table. Hidden
 * columns are left out; a reader that names one is denied. Immutable.
 */
final class BoundDataPermission {
  /** The {@link #rowRightsId} of a reader that sees every row and cell. */
  static final String EVERY_ROW = "all";

  /** Only so many unknown columns are looked for in other versions. */
  private static final int MAX_RENAMED = 20;

  private final Requester requester;
  private final DataPermission permission;
  private final org.apache.iceberg.Schema table;
  private final org.apache.iceberg.Schema columns;
  private final Schema contract;
  private final Set<String> masked;
  private final ScanFilter visibleRows;

  private BoundDataPermission(
      Requester requester,
      DataPermission permission,
      org.apache.iceberg.Schema table,
      org.apache.iceberg.Schema columns,
      Schema contract,
      Set<String> masked,
      ScanFilter visibleRows) {
    this.requester = requester;
    this.permission = permission;
    this.table = table;
    this.columns = columns;
    this.contract = contract;
    this.masked = masked;
    this.visibleRows = visibleRows;
  }

  /**
   * The reader and what it attempts, for messages.
   *
   * @param action such as {@code read commerce/orders}
   * @param entry the product
   * @param version the version that it reads
   */
  record Requester(
      ClientSession session, MeshAction action, ProductEntry entry, VersionEntry version) {
    /** Returns the product's name. */
    String product() {
      return entry.name().toString();
    }

    /** Reads who can grant more. */
    String contact() {
      return session.catalog().ownerOf(entry, action);
    }

    AccessDeniedException denied(String reason, String fix, String missing) {
      return session.denied(
          product(),
          action,
          Failure.of(action.on("as " + session.principal()))
              .because(reason)
              .state("Nothing was read.")
              .fix(fix)
              .accessDenied(ErrorCode.ACCESS_DENIED, missing, List.of(contact())));
    }
  }

  /**
   * Binds a permission to a table.
   *
   * @param table the version's columns
   * @param contract the version's record schema
   * @throws AccessDeniedException if a filter of a grant does not match the columns, so that the
   *     visible rows cannot be determined
   */
  static BoundDataPermission of(
      DataPermission permission,
      Requester requester,
      org.apache.iceberg.Schema table,
      Schema contract) {
    if (permission.isAll()) {
      return new BoundDataPermission(
          requester, permission, table, table, contract, Set.of(), ScanFilter.ALL);
    }
    List<Types.NestedField> columns =
        table.columns().stream().filter(column -> permission.includes(column.name())).toList();
    ScanFilter filter = ScanFilter.ALL;
    if (!permission.rowFilter().everyRow()) {
      filter = filter.showingRows(parse(permission.rowFilter(), table, requester));
    }
    Set<String> masked = new LinkedHashSet<>();
    for (Map.Entry<String, RowFilter> cells : permission.cellFilters().entrySet()) {
      for (Types.NestedField column : columns) {
        if (column.name().equalsIgnoreCase(cells.getKey())) {
          filter = filter.showingCells(column, parse(cells.getValue(), table, requester));
          masked.add(column.name());
        }
      }
    }
    return new BoundDataPermission(
        requester,
        permission,
        table,
        new org.apache.iceberg.Schema(columns),
        visibleRecord(contract, columns, masked),
        masked,
        filter);
  }

  private static RowPredicate parse(
      RowFilter filter, org.apache.iceberg.Schema table, Requester requester) {
    try {
      return RowPredicate.anyOf(
          filter.alternatives().stream()
              .map(all -> all.stream().map(text -> RowPredicate.parse(text, table)).toList())
              .toList());
    } catch (InvalidRequestException invalid) {
      // The cause is left out: it may name hidden columns.
      throw requester.denied(
          "a row filter of a grant on "
              + requester.product()
              + " does not match the columns of this version, so the visible rows cannot be"
              + " determined",
          "Ask " + requester.contact() + " to replace the grant.",
          "a grant that fits this version of " + requester.product());
    }
  }

  /** Returns the contract's record with the visible columns; masked columns become nullable. */
  private static Schema visibleRecord(
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

  /** Returns the visible columns, with the table's field IDs. */
  org.apache.iceberg.Schema columns() {
    return columns;
  }

  /** Returns how many top-level columns the table has, also hidden ones. */
  int tableColumns() {
    return table.columns().size();
  }

  /** Returns the contract's record with the visible columns. */
  Schema contract() {
    return contract;
  }

  /**
   * Returns an ID of the visible rows and cells, whatever columns are read. Other rights have
   * another ID. The ID reveals no filter to readers that do not know the salt.
   *
   * @param salt a value that is unknown to every reader with a row filter
   */
  String rowRightsId(String salt) {
    if (permission.rowFilter().everyRow() && permission.cellFilters().isEmpty()) {
      return EVERY_ROW;
    }
    List<String> parts = new ArrayList<>(List.of(salt));
    if (!permission.rowFilter().everyRow()) {
      parts.add(permission.rowFilter().alternatives().toString());
    }
    new TreeMap<>(permission.cellFilters())
        .forEach((column, cells) -> parts.add(column + "\n" + cells.alternatives()));
    return Sha256.hex(String.join("\n\n", parts));
  }

  /**
   * Returns true if this and the permission for another major version show the same rows and cells:
   * by the same filters, on columns of the same IDs and types.
   */
  boolean showsSameRowsAs(BoundDataPermission other) {
    FilterComparison filters = new FilterComparison(other.table);
    return permission.rowFilter().equals(other.permission.rowFilter())
        && permission.cellFilters().equals(other.permission.cellFilters())
        && Stream.concat(
                Stream.of(permission.rowFilter()), permission.cellFilters().values().stream())
            .filter(filter -> !filter.everyRow())
            .flatMap(filter -> filter.alternatives().stream())
            .flatMap(List::stream)
            .allMatch(text -> filters.selectsSameRows(text, table));
  }

  /** Returns true if the filter is valid for the visible columns. */
  boolean allowsFilter(String filter) {
    return RowPredicate.fault(filter, columns).isEmpty();
  }

  /** Returns true if the reader may see a column, in each row that it may see. */
  boolean showsColumn(String name) {
    return columns.findField(name) != null
        && permission.cellFilters().keySet().stream().noneMatch(name::equalsIgnoreCase);
  }

  /** Returns true if the reader may not see every row. */
  boolean hidesRows() {
    return visibleRows.hidesRows();
  }

  /** Restricts a reader's filter to the visible rows and cells. */
  ScanFilter restrict(ScanFilter requested) {
    return requested.restrictedTo(visibleRows);
  }

  /**
   * Parses a filter that the reader gives, which may use visible columns and must compare enums
   * with symbols that they have.
   *
   * @throws AccessDeniedException if it uses a hidden column
   * @throws InvalidRequestException if it is not valid
   */
  RowPredicate parseGivenFilter(GivenFilter filter) {
    try {
      return RowPredicate.parse(filter, columns, contract, requester.action());
    } catch (InvalidRequestException invalid) {
      parseFilter(filter); // first reports what is wrong without the contract, or a hidden column
      throw invalid;
    }
  }

  /**
   * Parses a filter of the reader, which may use visible columns.
   *
   * @throws AccessDeniedException if it uses a hidden column
   * @throws InvalidRequestException if it is not valid
   */
  RowPredicate parseFilter(GivenFilter filter) {
    try {
      return RowPredicate.parse(filter, columns, null, requester.action());
    } catch (InvalidRequestException invalid) {
      requireVisible(filterColumns(filter));
      throw newNames().explained(invalid, filter, columns, requester.action());
    }
  }

  private static List<Finding> renamed(List<Finding> unknown, Map<String, String> names) {
    return unknown.stream()
        .map(
            finding -> {
              String name = names.get(finding.where());
              return name == null ? finding : RenamedColumns.renamed(finding.where(), name);
            })
        .toList();
  }

  private static String described(Finding unknown, Map<String, String> names) {
    return RenamedColumns.described(
        unknown.where(), Optional.ofNullable(names.get(unknown.where())));
  }

  private RenamedColumns newNames() {
    return RenamedColumns.of(
        requester.session(), requester.entry().name(), requester.version().version());
  }

  /** Returns the names in this version of columns that other versions have, without hidden ones. */
  private Map<String, String> newNames(List<Finding> unknown) {
    Map<String, String> rights = new HashMap<>();
    if (!unknown.isEmpty()) {
      RenamedColumns names = newNames();
      for (Finding finding : unknown.subList(0, Math.min(unknown.size(), MAX_RENAMED))) {
        names
            .of(finding.where())
            .filter(now -> ColumnPaths.unknown(columns, List.of(now)).isEmpty())
            .ifPresent(now -> rights.put(finding.where(), now));
      }
    }
    return rights;
  }

  /** Returns the top-level columns of the table that a filter uses; none if it is not valid. */
  private Set<String> filterColumns(GivenFilter filter) {
    Set<Integer> ids;
    try {
      ids = RowPredicate.parse(filter, table, null, requester.action()).fieldIds();
    } catch (InvalidRequestException invalidForAllColumns) {
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
   * Returns the columns that a reader reads, as paths.
   *
   * @param named the columns that the reader named; empty if it named none
   * @throws AccessDeniedException if the reader or its type names a hidden column
   * @throws InvalidRequestException if a column does not exist, or is masked and the type cannot
   *     hold null
   */
  List<String> requestedColumns(List<String> named, RowType<?> type) {
    List<String> requested =
        named.isEmpty()
            ? type.columns(table)
                .orElseGet(() -> contract.getFields().stream().map(Schema.Field::name).toList())
            : named;
    requireVisible(requested.stream().map(BoundDataPermission::column).toList());
    List<Finding> unknown = ColumnPaths.unknown(columns, requested);
    if (!unknown.isEmpty()) {
      Map<String, String> names = newNames(unknown);
      List<Finding> findings = renamed(unknown, names);
      throw invalid(
          ErrorCode.READER_INVALID,
          "the product has no column " + described(unknown.get(0), names),
          findings.get(0).fix(),
          findings);
    }
    requireNullable(requested, type);
    // A type without columns still needs the rows, so the first column is read.
    return requested.isEmpty()
        ? contract.getFields().stream().limit(1).map(Schema.Field::name).toList()
        : requested;
  }

  /** Returns the columns with these paths, with the table's field IDs. */
  org.apache.iceberg.Schema project(List<String> paths) {
    return ColumnPaths.project(columns, paths);
  }

  /** Returns what the reader sees of a projection. */
  RowVisibility visibility(org.apache.iceberg.Schema projection) {
    return new RowVisibility(
        new org.apache.iceberg.Schema(
            projection.columns().stream()
                .filter(column -> !masked.contains(column.name()))
                .toList()),
        !visibleRows.hidesRows());
  }

  /** Returns the snapshot as the reader may see it. */
  Snapshot visible(Snapshot snapshot) {
    return visibleRows.hidesRows() ? snapshot.withoutRows() : snapshot;
  }

  private void requireVisible(Iterable<String> names) {
    for (String name : names) {
      if (table.asStruct().field(name) != null && columns.asStruct().field(name) == null) {
        throw requester.denied(
            "column '" + name + "' of " + requester.product() + " is not granted",
            "Leave it out, or ask " + requester.contact() + " for SELECT on it.",
            "SELECT on column '" + name + "' of " + requester.product());
      }
    }
  }

  private void requireNullable(List<String> requested, RowType<?> type) {
    List<Finding> findings =
        requested.stream()
            .map(BoundDataPermission::column)
            .distinct()
            .filter(name -> masked.contains(name) && type.nonNullColumns().contains(name))
            .map(
                name ->
                    Finding.error(
                        FindingCode.NULL_UNSUPPORTED,
                        name,
                        "Its values are masked as null in some rows, and the type cannot hold null.",
                        "Read it into a nullable type."))
            .toList();
    if (!findings.isEmpty()) {
      throw invalid(
          ErrorCode.READER_INVALID,
          "the values of column '"
              + findings.get(0).where()
              + "' are granted in some rows only and null in the others, but the row type cannot"
              + " hold null",
          "Read the column into an Optional, a class such as Integer, or a nullable field.",
          findings);
    }
  }

  private InvalidRequestException invalid(
      ErrorCode code, String reason, String fix, List<Finding> findings) {
    return Failure.of(requester.action())
        .because(reason)
        .state("Nothing was read.")
        .fix(fix)
        .findings(findings)
        .invalidRequest(code);
  }

  /** Returns the top-level column of a path. */
  static String column(String path) {
    int end = 0;
    while (end < path.length() && ".[{".indexOf(path.charAt(end)) < 0) {
      end++;
    }
    return path.substring(0, end);
  }
}
