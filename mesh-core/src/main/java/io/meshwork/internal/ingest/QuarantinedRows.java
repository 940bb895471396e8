package io.meshwork.internal.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.internal.columnar.BytesVector;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.JsonValues;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.table.QuarantineTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The quarantined rows that a filter on the product's own columns is true for, or may be true for:
 * they are kept as JSON, and a value that does not fit its column cannot be compared. A column that
 * a row does not have is null there. Not thread-safe.
 */
public final class QuarantinedRows implements RowSelection {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What each column that the filter asks is called while it is asked; a path has dots. */
  private static final String NAME = "c";

  private final RowPredicate filter;
  private final List<Asked> columns = new ArrayList<>();
  private final RecordShredder shredder;
  private final VectorBatch row;
  private final TypeViolations violations = new TypeViolations();
  private final Map<Set<Integer>, RowPredicate> loose = new HashMap<>();

  /**
   * A column that the filter asks.
   *
   * @param field named {@link #NAME} and a number, with the id and type of the column
   */
  private record Asked(String path, Types.NestedField field) {}

  /**
   * Those of a filter.
   *
   * @param filter on the columns of the product's table
   */
  public QuarantinedRows(RowPredicate filter, Schema table) {
    this.filter = filter;
    Iterator<Integer> ids = filter.fieldIds().iterator();
    for (String path : filter.columns()) {
      int id = ids.next();
      columns.add(
          new Asked(
              path, Types.NestedField.optional(id, NAME + columns.size(), table.findType(id))));
    }
    Schema asked = new Schema(columns.stream().map(Asked::field).toList());
    this.shredder = RecordShredders.forRecords(IcebergSchemas.toAvro(asked, "asked"), asked);
    this.row = VectorBatch.empty(asked);
  }

  @Override
  public Set<Integer> fieldIds() {
    return Set.of(id(QuarantineTable.REASON), id(QuarantineTable.ROW));
  }

  @Override
  public boolean mayMatch(DataFile file) {
    return true;
  }

  @Override
  public boolean certainlyMatchesAll(DataFile file) {
    return false;
  }

  @Override
  public RowMask matches(VectorBatch batch) {
    RowMask matching = new RowMask(batch.rows());
    for (int i = 0; i < batch.rows(); i++) {
      if (matches(
          text(batch, QuarantineTable.REASON, i), json(text(batch, QuarantineTable.ROW, i)))) {
        matching.set(i);
      }
    }
    return matching;
  }

  private boolean matches(String reason, JsonNode json) {
    Map<String, Object> values = new HashMap<>();
    Set<Integer> unreadable = new HashSet<>();
    for (Asked asked : columns) {
      JsonNode node = at(json, asked.path);
      Object value = JsonValues.of(node, asked.field.type());
      if (value != null) {
        values.put(asked.field.name(), value);
      } else if ((!node.isMissingNode() && !node.isNull()) || isUnfit(reason, asked.path)) {
        unreadable.add(asked.field.fieldId());
      }
    }
    row.reset();
    violations.clear();
    shredder.shred(values, row, violations);
    for (Violation violation : violations.at(0)) {
      columns.stream()
          .filter(asked -> asked.field.name().equals(violation.column()))
          .forEach(asked -> unreadable.add(asked.field.fieldId()));
    }
    RowPredicate asking =
        unreadable.isEmpty() ? filter : loose.computeIfAbsent(unreadable, filter::relaxed);
    return asking.matches(row).get(0);
  }

  /** True if the column had a value that is not in the JSON, since a file's did not fit. */
  private static boolean isUnfit(String reason, String path) {
    int at = reason.indexOf(": ");
    if (!reason.startsWith(QuarantineTable.UNFIT)) {
      return false;
    }
    for (String misfit : reason.substring(at + 2).split(", ", -1)) {
      int code = misfit.lastIndexOf(": ");
      String column = code < 0 ? misfit : misfit.substring(0, code);
      if ((column.equals(path) || path.startsWith(column + "."))
          && !misfit.endsWith(": " + TypeViolations.REQUIRED_NULL)) {
        return true;
      }
    }
    return false;
  }

  private static JsonNode at(JsonNode json, String path) {
    JsonNode node = json;
    for (String step : path.split("\\.", -1)) {
      node = node.path(step);
    }
    return node;
  }

  /** A row that is no JSON has no columns. */
  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String text(VectorBatch batch, String column, int row) {
    int at = position(batch, column);
    BytesVector texts = (BytesVector) batch.vector(at).flat();
    return new String(texts.get(row), StandardCharsets.UTF_8);
  }

  private static int position(VectorBatch batch, String column) {
    List<Types.NestedField> fields = batch.schema().columns();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).fieldId() == id(column)) {
        return i;
      }
    }
    throw new IllegalStateException("the batch lacks column " + column);
  }

  private static int id(String column) {
    Types.@Nullable NestedField field = QuarantineTable.SCHEMA.findField(column);
    if (field == null) {
      throw new IllegalStateException("a quarantine has no column " + column);
    }
    return field.fieldId();
  }
}
