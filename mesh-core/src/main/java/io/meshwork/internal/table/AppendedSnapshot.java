package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.HistoryEntry;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotParser;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;

/**
 * The metadata file of a table that got one more snapshot on branch {@code main}, as most commits
 * add. The JSON of earlier snapshots is copied.
 */
final class AppendedSnapshot {
  private static final String LAST_UPDATED = "\"last-updated-ms\":";
  private static final String LOG = "\"snapshot-log\":[";

  private AppendedSnapshot() {}

  /**
   * The next metadata file.
   *
   * @param base the file on which the update was built
   * @param snapshots the JSON of its snapshots
   * @param built the metadata that Iceberg built
   * @param time the time of the update, which replaces that of Iceberg's clock and is not after it
   * @return empty if the update is of another kind
   */
  static Optional<MetadataFile> file(
      TableMetadata base,
      StoredSnapshots snapshots,
      TableMetadata built,
      String location,
      long time) {
    return added(built)
        .filter(snapshot -> isSimple(base))
        .map(snapshot -> SnapshotParser.fromJson(at(time, snapshot)))
        .flatMap(snapshot -> file(base, snapshots, built, snapshot, location, time));
  }

  private static Optional<MetadataFile> file(
      TableMetadata base,
      StoredSnapshots snapshots,
      TableMetadata built,
      Snapshot snapshot,
      String location,
      long time) {
    TableMetadata newest =
        TableMetadata.buildFrom(built)
            .discardChanges()
            .withMetadataLocation(location)
            .setSnapshotsSupplier(() -> List.of(snapshot))
            .build();
    String added = SnapshotParser.toJson(snapshot, false);
    String json = atTime(time, newest, snapshot);
    int start = json.indexOf(StoredSnapshots.START) + StoredSnapshots.START.length();
    if (!json.startsWith(added + "]", start)) {
      return Optional.empty();
    }
    boolean isGzip = GzipMetadata.isGzip(location);
    StoredSnapshots all = (isGzip ? snapshots.compressed() : snapshots).plus(added);
    List<Snapshot> every = new ArrayList<>(base.snapshots());
    every.add(snapshot);
    List<Snapshot> known = SharedSnapshot.copies(every);
    TableMetadata metadata =
        TableMetadata.buildFrom(parsed(location, json, base, snapshot))
            .discardChanges()
            .withMetadataLocation(location)
            .setSnapshotsSupplier(() -> known)
            .build();
    metadata.snapshots(); // now, so that there is one object for each snapshot
    byte[] head = bytes(json.substring(0, start));
    byte[] tail = bytes(json.substring(start + added.length()));
    List<byte[]> content = new ArrayList<>();
    if (isGzip) {
      all = all.before(tail);
      content.addAll(GzipMetadata.content(head, all, tail));
    } else {
      content.add(head);
      content.addAll(all.parts());
      content.add(tail);
    }
    long length = (long) head.length + all.length() + tail.length;
    return Optional.of(new MetadataFile(metadata, content, length, Optional.of(all)));
  }

  /**
   * The JSON of metadata, with the time of the update instead of that of Iceberg's clock. No text
   * in it contains what is replaced, because quotes in texts are escaped.
   */
  private static String atTime(long time, TableMetadata newest, Snapshot snapshot) {
    List<HistoryEntry> log = newest.snapshotLog();
    long logged = log.get(log.size() - 1).timestampMillis();
    StringBuilder json = new StringBuilder(TableMetadataParser.toJson(newest));
    String updated = LAST_UPDATED + newest.lastUpdatedMillis() + ",";
    int start = json.indexOf(updated);
    json.replace(start, start + updated.length(), LAST_UPDATED + time + ",");
    String added = entry(logged, snapshot);
    int last = json.lastIndexOf(added);
    json.replace(last, last + added.length(), entry(time, snapshot));
    return json.toString();
  }

  private static String entry(long time, Snapshot snapshot) {
    return "{\"timestamp-ms\":" + time + ",\"snapshot-id\":" + snapshot.snapshotId() + "}";
  }

  /** Parses a metadata file, but not its snapshot log, which is long and known. */
  private static TableMetadata parsed(
      String location, String json, TableMetadata base, Snapshot snapshot) {
    int log = json.indexOf(LOG) + LOG.length();
    int end = json.indexOf(']', log);
    ObjectNode file =
        DocumentJson.parseObject("table metadata", json.substring(0, log) + json.substring(end));
    ArrayNode entries = file.putArray("snapshot-log");
    for (HistoryEntry entry : base.snapshotLog()) {
      addTo(entries, entry.timestampMillis(), entry.snapshotId());
    }
    addTo(entries, snapshot.timestampMillis(), snapshot.snapshotId());
    return TableMetadataParser.fromJson(location, file);
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
