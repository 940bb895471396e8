package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.metadata.CopiedJson;
import io.meshwork.internal.metadata.GzipMetadata;
import io.meshwork.internal.metadata.LazySnapshots;
import io.meshwork.internal.metadata.StoredSnapshotLog;
import io.meshwork.internal.metadata.StoredSnapshots;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * The metadata file of a table that got one more snapshot on branch {@code main}, as most commits
 * add. The JSON of earlier snapshots and of their log is copied.
 */
final class AppendedSnapshot {
  private static final String LAST_UPDATED = "\"last-updated-ms\":";

  /** False with the Iceberg of an engine, whose Jackson has another package. */
  private static final boolean PARSES_TREES = parsesTrees();

  private AppendedSnapshot() {}

  private static boolean parsesTrees() {
    try {
      TableMetadataParser.class.getMethod("fromJson", String.class, JsonNode.class);
      return true;
    } catch (NoSuchMethodException anotherPackage) {
      return false;
    }
  }

  /**
   * The next metadata file.
   *
   * @param base the file on which the update was built
   * @param copied the JSON of its snapshots and of their log
   * @param built the metadata that Iceberg built
   * @param time the time of the update, not after Iceberg's time, which it replaces
   * @return empty if the update is another one
   */
  static Optional<MetadataFile> file(
      MetadataFile base, CopiedJson copied, TableMetadata built, String location, long time) {
    return added(built)
        .filter(snapshot -> isSimple(base.metadata()))
        .map(snapshot -> SnapshotParser.fromJson(at(time, snapshot)))
        .flatMap(snapshot -> file(base, copied, snapshot, location));
  }

  private static Optional<MetadataFile> file(
      MetadataFile base, CopiedJson copied, Snapshot snapshot, String location) {
    TableMetadata addedOnly = withoutEarlier(base.withNewestSnapshot(), snapshot);
    String json = json(addedOnly, snapshot.timestampMillis());
    String added = SnapshotParser.toJson(snapshot, false);
    int snapshots = json.indexOf(StoredSnapshots.START) + StoredSnapshots.START.length();
    int afterSnapshots = snapshots + added.length();
    int log =
        json.indexOf(StoredSnapshotLog.START, afterSnapshots) + StoredSnapshotLog.START.length();
    int afterLog = json.indexOf(']', log);
    if (addedOnly.snapshotLog().size() != 1
        || !json.startsWith(added + "]", snapshots)
        || !copied.log().startsWith(json.substring(afterSnapshots, log))) {
      return Optional.empty();
    }
    boolean isGzip = GzipMetadata.isGzip(location);
    CopiedJson all =
        (isGzip ? copied.compressed() : copied).plus(added, json.substring(log, afterLog));
    byte[] head = bytes(json.substring(0, snapshots));
    byte[] tail = bytes(json.substring(afterLog));
    List<byte[]> content = new ArrayList<>();
    if (isGzip) {
      content.addAll(GzipMetadata.content(head, all, tail));
    } else {
      content.add(head);
      content.addAll(all.parts());
      content.add(tail);
    }
    long length = (long) head.length + all.length() + tail.length;
    TableMetadata newest = parsed(location, json, base.metadata().snapshotLog(), snapshot);
    LazySnapshots every = base.snapshots().plus(snapshot);
    return Optional.of(MetadataFile.of(newest, every, content, length, Optional.of(all)));
  }

  /** The next metadata, without earlier snapshots and their log. */
  private static TableMetadata withoutEarlier(TableMetadata base, Snapshot snapshot) {
    Set<Long> earlier =
        base.snapshots().stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
    return TableMetadata.buildFrom(base)
        .setBranchSnapshot(snapshot, SnapshotRef.MAIN_BRANCH)
        .removeSnapshots(earlier)
        .build();
  }

  /** The JSON of metadata with the time of the update instead of Iceberg's clock. */
  private static String json(TableMetadata metadata, long time) {
    String json = TableMetadataParser.toJson(metadata);
    // The first occurrence is the field: a string before it cannot have it, as its quotes are
    // escaped.
    String updated = LAST_UPDATED + metadata.lastUpdatedMillis() + ",";
    int start = json.indexOf(updated);
    return json.substring(0, start)
        + LAST_UPDATED
        + time
        + json.substring(start + updated.length() - 1);
  }

  /**
   * The next metadata as read from its file, without earlier snapshots. Their log is not parsed,
   * because it is known.
   */
  private static TableMetadata parsed(
      String location, String json, List<HistoryEntry> earlier, Snapshot snapshot) {
    ObjectNode file = DocumentJson.parseObject("table metadata", json);
    ArrayNode log = file.putArray("snapshot-log");
    for (HistoryEntry entry : earlier) {
      addTo(log, entry.timestampMillis(), entry.snapshotId());
    }
    addTo(log, snapshot.timestampMillis(), snapshot.snapshotId());
    return PARSES_TREES
        ? TableMetadataParser.fromJson(location, file)
        : TableMetadataParser.fromJson(location, DocumentJson.write(file));
  }

  private static void addTo(ArrayNode log, long time, long snapshot) {
    log.addObject().put("timestamp-ms", time).put("snapshot-id", snapshot);
  }

  /** The snapshot that an update adds to branch main, if it does nothing else. */
  private static Optional<Snapshot> added(TableMetadata built) {
    List<MetadataUpdate> changes = new ArrayList<>(built.changes());
    return changes.size() == 2
            && changes.get(0) instanceof MetadataUpdate.AddSnapshot add
            && changes.get(1) instanceof MetadataUpdate.SetSnapshotRef ref
            && ref.name().equals(SnapshotRef.MAIN_BRANCH)
            && ref.snapshotId() == add.snapshot().snapshotId()
        ? Optional.of(add.snapshot())
        : Optional.empty();
  }

  /** True if the metadata refers to no snapshot but the current one. */
  private static boolean isSimple(TableMetadata base) {
    return base.changes().isEmpty()
        && base.statisticsFiles().isEmpty()
        && base.partitionStatisticsFiles().isEmpty()
        && Set.of(SnapshotRef.MAIN_BRANCH).containsAll(base.refs().keySet());
  }

  private static String at(long time, Snapshot snapshot) {
    ObjectNode json =
        DocumentJson.parseObject("table metadata", SnapshotParser.toJson(snapshot, false));
    return DocumentJson.write(json.put("timestamp-ms", time));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
