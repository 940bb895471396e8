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
 * Replaces the times of Iceberg's clock in metadata. Iceberg sets times from the system clock and
 * has no option for another one, so they are replaced in the metadata's JSON.
 *
 * <p>Iceberg also rejects base metadata with times after its clock. It therefore gets times that
 * are limited to its clock, and the true times are restored afterwards.
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
  private final TableMetadata limited;
  private final long limit;

  private MetadataTime(@Nullable TableMetadata base, TableMetadata limited, long limit) {
    this.base = base;
    this.limited = limited;
    this.limit = limit;
  }

  /** For new metadata without a file. */
  static MetadataTime ofNew(TableMetadata created) {
    return new MetadataTime(null, created, Long.MAX_VALUE);
  }

  /** For metadata that was read from a file. */
  static MetadataTime of(TableMetadata base) {
    long icebergTime = icebergTime();
    if (base.lastUpdatedMillis() <= icebergTime) {
      return new MetadataTime(base, base, Long.MAX_VALUE);
    }
    ObjectNode json = json(base);
    json.put(LAST_UPDATED, Math.min(base.lastUpdatedMillis(), icebergTime));
    for (String list : List.of(SNAPSHOTS, SNAPSHOT_LOG, METADATA_LOG)) {
      for (JsonNode entry : json.path(list)) {
        setTime(entry, Math.min(entry.path(TIMESTAMP).asLong(), icebergTime));
      }
    }
    TableMetadata limited =
        TableMetadataParser.fromJson(base.metadataFileLocation(), DocumentJson.write(json));
    return new MetadataTime(base, limited, icebergTime);
  }

  /** The base metadata for Iceberg. */
  TableMetadata metadata() {
    return limited;
  }

  /**
   * The JSON of metadata that Iceberg built, with the true times of existing entries. New entries
   * have the attempt's time, or a millisecond after the base if that is later.
   *
   * @param summaries further properties of snapshots by ID, which override Iceberg's
   * @param forgets true if it names no earlier metadata file
   */
  String json(
      TableMetadata built, Instant now, Map<Long, Map<String, String>> summaries, boolean forgets) {
    long time = time(now);
    ObjectNode json = json(built);
    json.put(LAST_UPDATED, time);
    for (JsonNode snapshot : json.path(SNAPSHOTS)) {
      long id = snapshot.path(SNAPSHOT_ID).asLong();
      Snapshot existing = base == null ? null : base.snapshot(id);
      setTime(snapshot, existing == null ? time : existing.timestampMillis());
      if (summaries.containsKey(id) && snapshot.path(SUMMARY) instanceof ObjectNode summary) {
        summaries.get(id).forEach(summary::put);
      }
    }
    setSnapshotLogTimes(json.path(SNAPSHOT_LOG), time);
    if (forgets) {
      json.putArray(METADATA_LOG);
    }
    Map<String, Long> files = metadataFiles();
    for (JsonNode file : json.path(METADATA_LOG)) {
      setTime(file, files.getOrDefault(file.path(METADATA_FILE).asText(), time));
    }
    return DocumentJson.write(json);
  }

  /** True if an update at this time has only times that Iceberg's clock has reached. */
  boolean isReached(long time) {
    return limited == base && time <= icebergTime();
  }

  /** The time of an update: the time of its attempt, or a millisecond after the base if later. */
  long time(Instant now) {
    return base == null
        ? now.toEpochMilli()
        : Math.max(now.toEpochMilli(), base.lastUpdatedMillis() + 1);
  }

  /** Existing entries are a part of the base's, in the same order; an ID may occur twice. */
  private void setSnapshotLogTimes(JsonNode log, long time) {
    List<HistoryEntry> existing = base == null ? List.of() : base.snapshotLog();
    int next = 0;
    for (JsonNode entry : log) {
      int match = next;
      while (match < existing.size() && !isSame(existing.get(match), entry)) {
        match++;
      }
      if (match < existing.size()) {
        setTime(entry, existing.get(match).timestampMillis());
        next = match + 1;
      } else {
        setTime(entry, time);
      }
    }
  }

  private boolean isSame(HistoryEntry existing, JsonNode entry) {
    return existing.snapshotId() == entry.path(SNAPSHOT_ID).asLong()
        && Math.min(existing.timestampMillis(), limit) == entry.path(TIMESTAMP).asLong();
  }

  private Map<String, Long> metadataFiles() {
    Map<String, Long> files = new HashMap<>();
    if (base != null) {
      base.previousFiles().forEach(file -> files.put(file.file(), file.timestampMillis()));
      files.put(base.metadataFileLocation(), base.lastUpdatedMillis());
    }
    return files;
  }

  /** The current time of Iceberg's clock, taken from new metadata. */
  private static long icebergTime() {
    return TableMetadata.newTableMetadata(
            new Schema(), PartitionSpec.unpartitioned(), "none", Map.of())
        .lastUpdatedMillis();
  }

  private static ObjectNode json(TableMetadata metadata) {
    // As text: an engine's Iceberg has a Jackson of another package, so trees cannot be passed.
    return DocumentJson.parseObject("table metadata", TableMetadataParser.toJson(metadata));
  }

  private static void setTime(JsonNode entry, long time) {
    if (entry instanceof ObjectNode object) {
      object.put(TIMESTAMP, time);
    }
  }
}
