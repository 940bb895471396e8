package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.jspecify.annotations.Nullable;

/**
 * Keeps Iceberg's wall clock out of metadata. Iceberg stamps what it builds with its own time and
 * offers no way to give another, so the stamps are exchanged in the metadata's JSON, as text.
 *
 * <p>Iceberg also refuses to build on metadata whose times lie after its clock. It is therefore
 * shown times that are cut off at its own, and the true ones are put back afterwards.
 */
final class MetadataTime {
  private static final String LAST_UPDATED = "last-updated-ms";
  private static final String TIMESTAMP = "timestamp-ms";
  private static final String SNAPSHOT_ID = "snapshot-id";
  private static final String METADATA_FILE = "metadata-file";
  private static final String SNAPSHOTS = "snapshots";
  private static final String SUMMARY = "summary";
  private static final String SNAPSHOT_LOG = "snapshot-log";
  private static final String METADATA_LOG = "metadata-log";

  private final @Nullable TableMetadata base;
  private final TableMetadata shown;
  private final long cut;

  private MetadataTime(@Nullable TableMetadata base, TableMetadata shown, long cut) {
    this.base = base;
    this.shown = shown;
    this.cut = cut;
  }

  /** For metadata that Iceberg built anew and that no file holds yet. */
  static MetadataTime ofNew(TableMetadata created) {
    return new MetadataTime(null, created, Long.MAX_VALUE);
  }

  /** For metadata that was read from a file. */
  static MetadataTime of(TableMetadata base) {
    long icebergsNow = icebergsNow();
    if (base.lastUpdatedMillis() <= icebergsNow) {
      return new MetadataTime(base, base, Long.MAX_VALUE);
    }
    ObjectNode json = json(base);
    json.put(LAST_UPDATED, Math.min(base.lastUpdatedMillis(), icebergsNow));
    for (String list : List.of(SNAPSHOTS, SNAPSHOT_LOG, METADATA_LOG)) {
      for (JsonNode entry : json.path(list)) {
        stamp(entry, Math.min(entry.path(TIMESTAMP).asLong(), icebergsNow));
      }
    }
    TableMetadata shown =
        TableMetadataParser.fromJson(base.metadataFileLocation(), DocumentJson.write(json));
    return new MetadataTime(base, shown, icebergsNow);
  }

  /** What Iceberg is to build on. */
  TableMetadata metadata() {
    return shown;
  }

  /**
   * The JSON of what Iceberg built: what was there has its true times, and what is new has the
   * attempt's, or a millisecond after the base if that is later.
   *
   * @param summaries what snapshots say of themselves besides, by id; it wins over what Iceberg put
   */
  String written(TableMetadata built, Instant now, Map<Long, Map<String, String>> summaries) {
    long time =
        base == null
            ? now.toEpochMilli()
            : Math.max(now.toEpochMilli(), base.lastUpdatedMillis() + 1);
    ObjectNode json = json(built);
    json.put(LAST_UPDATED, time);
    for (JsonNode snapshot : json.path(SNAPSHOTS)) {
      long id = snapshot.path(SNAPSHOT_ID).asLong();
      Snapshot before = base == null ? null : base.snapshot(id);
      stamp(snapshot, before == null ? time : before.timestampMillis());
      if (summaries.containsKey(id) && snapshot.path(SUMMARY) instanceof ObjectNode summary) {
        summaries.get(id).forEach(summary::put);
      }
    }
    stampSnapshotLog(json.path(SNAPSHOT_LOG), time);
    Map<String, Long> files = metadataFiles();
    for (JsonNode file : json.path(METADATA_LOG)) {
      stamp(file, files.getOrDefault(file.path(METADATA_FILE).asText(), time));
    }
    return DocumentJson.write(json);
  }

  /** The entries kept are a part of those before, in the same order; the same id may come twice. */
  private void stampSnapshotLog(JsonNode log, long time) {
    List<HistoryEntry> before = base == null ? List.of() : base.snapshotLog();
    int next = 0;
    for (JsonNode entry : log) {
      int found = next;
      while (found < before.size() && !same(before.get(found), entry)) {
        found++;
      }
      if (found < before.size()) {
        stamp(entry, before.get(found).timestampMillis());
        next = found + 1;
      } else {
        stamp(entry, time);
      }
    }
  }

  private boolean same(HistoryEntry before, JsonNode entry) {
    return before.snapshotId() == entry.path(SNAPSHOT_ID).asLong()
        && Math.min(before.timestampMillis(), cut) == entry.path(TIMESTAMP).asLong();
  }

  private Map<String, Long> metadataFiles() {
    Map<String, Long> files = new HashMap<>();
    if (base != null) {
      base.previousFiles().forEach(file -> files.put(file.file(), file.timestampMillis()));
      files.put(base.metadataFileLocation(), base.lastUpdatedMillis());
    }
    return files;
  }

  /** Metadata is stamped with the present when it is made, and that is the clock Iceberg uses. */
  private static long icebergsNow() {
    return TableMetadata.newTableMetadata(
            new Schema(), PartitionSpec.unpartitioned(), "none", Map.of())
        .lastUpdatedMillis();
  }

  private static ObjectNode json(TableMetadata metadata) {
    return DocumentJson.parseObject("table metadata", TableMetadataParser.toJson(metadata));
  }

  private static void stamp(JsonNode entry, long time) {
    if (entry instanceof ObjectNode object) {
      object.put(TIMESTAMP, time);
    }
  }
}
