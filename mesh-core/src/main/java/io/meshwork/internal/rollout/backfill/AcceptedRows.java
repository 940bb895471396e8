package io.meshwork.internal.rollout.backfill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.QuarantineTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.vector.BytesVector;
import io.meshwork.internal.vector.VectorBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/**
 * The rejected rows of the history that the owner accepted: the quarantine of the new major version
 * has their values, by which they are known. One that left it, or was not mapped, is not known. Not
 * thread-safe.
 */
final class AcceptedRows {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Schema COLUMNS =
      QuarantineTable.SCHEMA.select(
          QuarantineTable.PUBLISH, QuarantineTable.REASON, QuarantineTable.ROW);

  /** How often each row is accepted, by the names of its columns and their values. */
  private final Map<List<String>, Map<List<JsonNode>, Integer>> rows = new HashMap<>();

  private final JsonRow text = new JsonRow();

  private AcceptedRows() {}

  /** Reads the accepted rows of a rollout. */
  static AcceptedRows of(ClientSession session, TransitionContext context, MeshAction action) {
    AcceptedRows accepted = new AcceptedRows();
    Table quarantine =
        session
            .tables()
            .load(TableName.of(context.product().name(), context.to().major()).quarantined());
    try (SnapshotScan scan =
        SnapshotScan.of(
                session.files(), CopiedFiles.live(quarantine), COLUMNS, Long.MAX_VALUE, action)
            .from(quarantine)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        for (int row = 0; row < batch.rows(); row++) {
          if (FileOrigin.isCopyId(text(batch, 0, row))) {
            accepted.add(text(batch, 1, row), text(batch, 2, row));
          }
        }
      }
    }
    return accepted;
  }

  private static String text(VectorBatch batch, int column, int row) {
    return new String(((BytesVector) batch.vector(column).flat()).get(row), StandardCharsets.UTF_8);
  }

  private void add(String reason, String json) {
    if (reason.startsWith(QuarantineTable.MALFORMED)) {
      return; // no row that was mapped has its values
    }
    JsonNode row = parse(json);
    List<String> names = new ArrayList<>();
    row.fieldNames().forEachRemaining(names::add);
    rows.computeIfAbsent(names, any -> new HashMap<>()).merge(values(row, names), 1, Integer::sum);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static List<JsonNode> values(JsonNode row, List<String> names) {
    return names.stream().map(row::path).toList();
  }

  /** Removes a row from the known ones; false if it is not one of them. */
  boolean take(VectorBatch batch, int row) {
    JsonNode json = parse(text.of(batch, row));
    for (Map.Entry<List<String>, Map<List<JsonNode>, Integer>> same : rows.entrySet()) {
      List<JsonNode> values = values(json, same.getKey());
      if (same.getValue().containsKey(values)) {
        same.getValue().computeIfPresent(values, (any, count) -> count > 1 ? count - 1 : null);
        return true;
      }
    }
    return false;
  }
}
