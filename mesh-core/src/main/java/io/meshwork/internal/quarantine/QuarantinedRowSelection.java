package io.meshwork.internal.quarantine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.TypeViolations;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.schema.IcebergSchemas;
import io.meshwork.internal.table.QuarantineReason;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
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

/**
 * Selects the quarantined rows that match, or may match, a filter on the product's columns. Rows
 * are stored as JSON; a value of another type, or one that is only a sample, cannot be compared, so
 * its row may match. A missing column is null, unless the row has names of other columns: the value
 * may be under one of them. Not thread-safe.
 */
public final class QuarantinedRowSelection implements RowSelection {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The prefix of the temporary column names; paths cannot be names, because they contain dots. */
  private static final String NAME = "c";

  /**
   * What a reason contains if a row has columns that the product does not have. The name of such a
   * column can have any characters, so the whole reason is searched.
   */
  private static final List<String> OTHER_NAMES =
      List.of(FindingCode.UNKNOWN_COLUMN.name(), FindingCode.ROW_UNMAPPED.name());

  private final RowPredicate filter;
  private final List<ReferencedColumn> columns = new ArrayList<>();
  private final RecordShredder shredder;
  private final VectorBatch row;
  private final TypeViolations violations = new TypeViolations();
  private final Map<Set<Integer>, RowPredicate> relaxedFilters = new HashMap<>();

  /**
   * A column that the filter refers to.
   *
   * @param field named {@link #NAME} and a number, with the ID and type of the column
   */
  private record ReferencedColumn(String path, Types.NestedField field) {}

  /**
   * Creates a selection.
   *
   * @param filter a filter on the columns of the product's table
   */
  public QuarantinedRowSelection(RowPredicate filter, Schema table) {
    this.filter = filter;
    Iterator<Integer> ids = filter.fieldIds().iterator();
    for (String path : filter.columns()) {
      int id = ids.next();
      columns.add(
          new ReferencedColumn(
              path, Types.NestedField.optional(id, NAME + columns.size(), table.findType(id))));
    }
    Schema schema = new Schema(columns.stream().map(ReferencedColumn::field).toList());
    this.shredder = RecordShredders.forRecords(IcebergSchemas.toAvro(schema, "filter"), schema);
    this.row =
        columns.isEmpty() ? new VectorBatch(schema, List.of(), 1) : VectorBatch.empty(schema);
  }

  @Override
  public Set<Integer> fieldIds() {
    return Set.of(
        QuarantineBatch.id(QuarantineTable.REASON), QuarantineBatch.id(QuarantineTable.ROW));
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
    QuarantineBatch rows = new QuarantineBatch(batch);
    for (int i = 0; i < batch.rows(); i++) {
      if (matches(rows.text(QuarantineTable.REASON, i), json(rows.text(QuarantineTable.ROW, i)))) {
        matching.set(i);
      }
    }
    return matching;
  }

  private boolean matches(String reason, JsonNode json) {
    Map<String, Object> values = new HashMap<>();
    Set<Integer> unreadable = new HashSet<>();
    boolean malformed = reason.startsWith(QuarantineTable.MALFORMED);
    boolean misnamed = malformed && OTHER_NAMES.stream().anyMatch(reason::contains);
    for (ReferencedColumn column : columns) {
      JsonNode node = at(json, column.path);
      boolean sample = malformed && isSample(json, column.path);
      Object value = sample ? null : JsonValues.of(node, column.field.type());
      if (value != null) {
        values.put(column.field.name(), value);
      } else if (sample
          || (!node.isMissingNode() && !node.isNull())
          || misnamed
          || hasTypeViolation(reason, column.path)) {
        unreadable.add(column.field.fieldId());
      }
    }
    row.reset();
    violations.clear();
    shredder.shred(values, row, violations);
    for (Violation violation : violations.at(0)) {
      columns.stream()
          .filter(column -> column.field.name().equals(violation.column()))
          .forEach(column -> unreadable.add(column.field.fieldId()));
    }
    RowPredicate relaxed =
        unreadable.isEmpty() ? filter : relaxedFilters.computeIfAbsent(unreadable, filter::relaxed);
    return relaxed.matches(row).get(0);
  }

  /** True if the JSON lacks the value of the column because a file had another type. */
  private static boolean hasTypeViolation(String reason, String path) {
    int at = reason.indexOf(": ");
    if (!reason.startsWith(QuarantineTable.MALFORMED)) {
      return false;
    }
    String violations = QuarantineReason.parse(reason).why().substring(at + 2);
    for (String violation : violations.split(", ", -1)) {
      int code = violation.lastIndexOf(": ");
      String column = code < 0 ? violation : violation.substring(0, code);
      if ((column.equals(path) || path.startsWith(column + "."))
          && !violation.endsWith(": " + FindingCode.REQUIRED_NULL)) {
        return true;
      }
    }
    return false;
  }

  /** True if the value, or a record around it, was cut or left out. */
  private static boolean isSample(JsonNode json, String path) {
    JsonNode node = json;
    for (String step : path.split("\\.", -1)) {
      if (node.has(QuarantinedJson.CUT) && !node.has(step)) {
        return true;
      }
      node = node.path(step);
      if (node.isTextual() && QuarantinedJson.isSampleText(node.asText())) {
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

  /** Parses a row; an invalid one has no columns. */
  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }
}
