package io.meshwork.internal.rows;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies the current row of a result set to vectors. The records that it receives are that result
 * set's {@link ResultSetRows}. Not thread-safe.
 */
final class ResultSetShredder implements RecordShredder {
  /** The database whose values have types of their own, whatever their column declares. */
  private static final String DYNAMIC = "SQLite";

  private final ResultSet rows;
  private final MeshAction action;
  private final List<ContractColumn> columns;
  private final @Nullable ResultSetCell[] cells;
  private final @Nullable FieldWriter[] missing;

  /** What the driver returned for the columns of the current row. */
  private final @Nullable Object[] values;

  private long shreddedRows;

  private ResultSetShredder(ResultSet rows, ColumnGroup group, MeshAction action) {
    this.rows = rows;
    this.action = action;
    this.columns = group.columns();
    this.cells = new ResultSetCell[columns.size()];
    this.missing = new FieldWriter[columns.size()];
    this.values = new Object[columns.size()];
  }

  /**
   * Matches the columns.
   *
   * @throws io.meshwork.error.ContractViolationException with each column that does not fit
   * @throws io.meshwork.error.InvalidRequestException if the result set is closed
   * @throws BackendException if it fails
   */
  static ResultSetShredder of(
      ResultSet rows, ColumnGroup group, boolean ignoringUnknownColumns, MeshAction action) {
    MeshAction from = action.on("from a result set");
    ResultSetShredder shredder = new ResultSetShredder(rows, group, from);
    SchemaMismatches mismatches = new SchemaMismatches(from);
    try {
      if (rows.isClosed()) {
        throw Failure.of(from)
            .because("it is closed")
            .state("Nothing was published.")
            .fix("Close the result set, its statement, and its connection after the publish.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
      shredder.match(
          group, ResultSetColumn.of(rows.getMetaData()), ignoringUnknownColumns, mismatches);
    } catch (SQLException e) {
      throw failed(from, "its columns could not be read", e);
    } catch (UnsupportedOperationException e) {
      throw Failure.of(from)
          .because("its driver does not describe its columns")
          .state("Nothing was published.")
          .fix("Read the rows yourself, and call records(..).")
          .cause(e)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    mismatches.refuseInput();
    return shredder;
  }

  private void match(
      ColumnGroup group,
      List<ResultSetColumn> found,
      boolean ignoringUnknownColumns,
      SchemaMismatches mismatches)
      throws SQLException {
    boolean dynamic = isDynamic(rows);
    Set<ResultSetColumn> used = new HashSet<>();
    for (int i = 0; i < cells.length; i++) {
      ContractColumn column = columns.get(i);
      List<ResultSetColumn> labelled = labelled(column.name(), group, found);
      used.addAll(labelled);
      if (labelled.isEmpty()) {
        missing[i] = FieldWriter.ofMissing(column);
        if (missing[i] == null) {
          mismatches.add(
              FindingCode.INPUT_COLUMN_MISSING,
              column.path(),
              "it has no column '"
                  + column.name()
                  + "', which the contract requires without a default",
              "select the column, or give it an alias with this name");
        }
      } else if (labelled.size() > 1) {
        mismatches.add(
            FindingCode.DUPLICATE_COLUMN,
            column.path(),
            "it has the column '" + column.name() + "' " + labelled.size() + " times",
            "give the others an alias, or leave them out");
      } else {
        cells[i] = cell(column, labelled.get(0), dynamic, mismatches);
      }
    }
    for (ResultSetColumn each : found) {
      if (!ignoringUnknownColumns && !used.contains(each)) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            SchemaMismatches.quoted(each.label()),
            "its column '"
                + SchemaMismatches.quoted(each.label())
                + "' is not in the contract; "
                + mismatches.suggestionsFor(each.label(), group.names()),
            "leave it out of the query, give it an alias, call ignoreUnknownColumns(), or add it to"
                + " the contract as an optional column");
      }
    }
  }

  private static @Nullable ResultSetCell cell(
      ContractColumn column, ResultSetColumn found, boolean dynamic, SchemaMismatches mismatches) {
    ResultSetCell cell =
        dynamic && !column.kind().nested()
            ? ResultSetCell.ofAnyType(column, found)
            : ResultSetCell.of(column, found);
    if (cell == null) {
      mismatches.add(
          FindingCode.TYPE_MISMATCH,
          column.path(),
          "its column '"
              + column.name()
              + "' has the SQL type "
              + found.typeName()
              + ", but the column has the type "
              + column.typeName()
              + zoneDifference(column, found),
          column.kind().nested()
              ? "read the rows yourself, and call records(..)"
              : "cast it in the query to the contract's type");
    }
    return cell;
  }

  private static String zoneDifference(ContractColumn column, ResultSetColumn found) {
    if (column.kind() == ColumnKind.INSTANT && found.isLocalTimestamp()) {
      return ", an instant, which needs TIMESTAMP WITH TIME ZONE";
    }
    return column.kind() == ColumnKind.LOCAL_TIMESTAMP && found.isInstant()
        ? ", a local time, which needs TIMESTAMP without a time zone"
        : "";
  }

  /** The columns with this label; if there are none, columns that differ in case only. */
  private static List<ResultSetColumn> labelled(
      String name, ColumnGroup group, List<ResultSetColumn> found) {
    List<ResultSetColumn> exact = new ArrayList<>();
    List<ResultSetColumn> similar = new ArrayList<>();
    for (ResultSetColumn each : found) {
      if (each.label().equals(name)) {
        exact.add(each);
      } else if (each.label().equalsIgnoreCase(name) && group.find(each.label()) == null) {
        similar.add(each);
      }
    }
    return exact.isEmpty() ? similar : exact;
  }

  private static boolean isDynamic(ResultSet rows) throws SQLException {
    Statement statement = rows.getStatement();
    return statement != null
        && DYNAMIC.equals(statement.getConnection().getMetaData().getDatabaseProductName());
  }

  @Override
  public void shred(Object record, VectorBatch batch, TypeViolations violations) {
    int row = batch.rows();
    int column = 0;
    try {
      for (; column < cells.length; column++) {
        append(column, record, batch.vector(column), row, violations);
      }
    } catch (SQLException e) {
      batch.truncate(row);
      throw failed(
          action,
          "column '" + columns.get(column).name() + "' of row " + (shreddedRows + 1) + " failed",
          e);
    } catch (Throwable e) {
      batch.truncate(row);
      throw e;
    }
    shreddedRows++;
    if (violations.rows().get(row) && record instanceof ResultSetRows.CurrentRow current) {
      current.keep(valuesOf(batch, row));
    }
  }

  /** The values of the row as they were read, without a second call of the driver. */
  private Map<String, @Nullable Object> valuesOf(VectorBatch batch, int row) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    for (int i = 0; i < cells.length; i++) {
      if (cells[i] != null) {
        Vector vector = batch.vector(i);
        boolean copied = values[i] == null && !vector.isNull(row);
        Object value = copied ? VectorBatch.value(columns.get(i).stored(), vector, row) : values[i];
        all.put(columns.get(i).name(), value);
      }
    }
    return all;
  }

  @Override
  public void shredAll(Object[] records, int count, VectorBatch batch, TypeViolations violations) {
    for (int i = 0; i < count; i++) {
      shred(records[i], batch, violations);
    }
  }

  /** Returns false: each record is the current row. */
  @Override
  public boolean mayWait(Object record) {
    return false;
  }

  private void append(int column, Object record, Vector vector, int row, TypeViolations violations)
      throws SQLException {
    ResultSetCell cell = cells[column];
    FieldWriter constant = missing[column];
    if (cell != null) {
      values[column] = cell.append(rows, vector, row, violations);
    } else if (constant != null) {
      constant.appendMissing(record, vector, row, violations);
    }
  }

  /** The exception if the database fails. Its message may contain values. */
  static BackendException failed(MeshAction action, String what, SQLException cause) {
    return Failure.of(action)
        .because(
            what
                + " with "
                + cause.getClass().getName()
                + (cause.getSQLState() == null ? "" : ", SQL state " + cause.getSQLState()))
        .state("Nothing was published.")
        .fix("Fix the query or the connection, and run it again.")
        .cause(cause)
        .lasting(ErrorCode.SOURCE_FAILED);
  }
}
