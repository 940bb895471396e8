package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.BrokenRules;
import io.meshwork.internal.table.LastUpdate;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.jspecify.annotations.Nullable;

/**
 * The readable snapshots of one major version: the newest of branch {@code main} and its ancestors.
 * The commit time of a snapshot is the time of its log entry, or of the first newer snapshot that
 * has one; Iceberg's timestamp counts only without such an entry. Not thread-safe.
 */
public final class SnapshotHistory {
  /** How many IDs a message names. */
  private static final int MAX_NAMED_IDS = 5;

  /** How many log entries to read one by one before all are listed. */
  private static final int MAX_SINGLE_READS = 16;

  private final Ledger ledger;
  private final Table table;
  private final ProductName product;
  private final ContractVersion version;
  private final List<org.apache.iceberg.Snapshot> ancestors = new ArrayList<>();
  private final Map<Long, DatedSnapshot> dated = new HashMap<>();
  private @Nullable VersionedDocument newestEntry;
  private @Nullable Map<String, Instant> times;
  private @Nullable Map<String, List<String>> brokenRules;

  /**
   * The history of a loaded table. The newest entry of the log is read again only if it is not
   * about the table's newest snapshot.
   *
   * @param version the major version, and the contract version of snapshots that name none
   * @param newestEntry that entry, read shortly before the table
   */
  public SnapshotHistory(
      Ledger ledger,
      Table table,
      ProductName product,
      ContractVersion version,
      VersionedDocument newestEntry) {
    this(ledger, table, product, version);
    org.apache.iceberg.Snapshot newest = table.currentSnapshot();
    this.newestEntry = newest != null && isEntryOf(newestEntry, newest) ? newestEntry : null;
  }

  /**
   * The history of a loaded table.
   *
   * @param version the major version, and the contract version of snapshots that name none
   */
  public SnapshotHistory(Ledger ledger, Table table, ProductName product, ContractVersion version) {
    this.ledger = ledger;
    this.table = table;
    this.product = product;
    this.version = version;
  }

  /**
   * The newest snapshot of a major version whose table's pointer has it; empty if the table has to
   * be loaded to know it.
   *
   * @param stored the snapshot of the pointer, whose properties are complete
   */
  public static Optional<Snapshot> newest(
      Ledger ledger,
      org.apache.iceberg.Snapshot stored,
      ProductName product,
      ContractVersion version) {
    return ledger
        .newestEntry(RegistryKeys.partition(product))
        .filter(entry -> isEntryOf(entry, stored, version.major()))
        .map(
            entry ->
                TableSnapshots.of(
                    stored, product, version, Ledger.time(entry), BrokenRules.recordedIn(stored)));
  }

  /** The newest snapshot; empty before the first publish. */
  public Optional<DatedSnapshot> newest() {
    return Optional.ofNullable(table.currentSnapshot()).map(this::dated);
  }

  /**
   * When the table's current rows were last added or replaced, according to its retained snapshots.
   *
   * @return empty if nothing was published, or the snapshot that added the rows was expired
   */
  public Optional<LastUpdate> lastUpdate(MeshAction action) {
    return RowsUpdateTime.fromTable(table, this, action);
  }

  /** The same according to the log, for tables whose retained snapshots do not have the time. */
  public Optional<LastUpdate> lastUpdateInLog() {
    return RowsUpdateTime.fromLog(ledger, product, version.major());
  }

  /** True if a log entry with these details is an update for {@link #lastUpdateInLog}. */
  public static boolean isUpdate(JsonNode details, int major) {
    return RowsUpdateTime.isUpdate(details, major);
  }

  /** All readable snapshots, newest first. */
  public List<Snapshot> all() {
    List<Snapshot> all = new ArrayList<>();
    line().forEach(snapshot -> all.add(snapshot(snapshot, listedTime(snapshot))));
    return List.copyOf(all);
  }

  /**
   * The snapshot with this ID.
   *
   * @throws NotFoundException if it is not in the history; the message names the newest snapshots
   */
  public DatedSnapshot byId(String id, MeshAction action) {
    org.apache.iceberg.Snapshot newest = table.currentSnapshot();
    if (newest != null && id(newest).equals(id)) {
      return dated(newest); // a poll without news asks for it, and needs no ancestor
    }
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      if (id(snapshot).equals(id)) {
        return dated(snapshot);
      }
    }
    throw Failure.of(action)
        .because("it has no readable snapshot '" + NameGrammar.quoted(id) + "'")
        .fix(
            line().isEmpty()
                ? "Nothing was published yet."
                : (line().size() == 1 ? "Its only snapshot is " : "Its newest snapshots are ")
                    + newestIds()
                    + ". snapshots() lists them with their times.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  /**
   * The newest snapshot that was committed at or before this time.
   *
   * @throws NotFoundException if there was none; the message names the first snapshot
   */
  public DatedSnapshot asOf(Instant time, MeshAction action) {
    Optional<VersionedDocument> entry = newestSnapshotEntry(ledger.newestEntry(partition(), time));
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      if (entry.isPresent() && isEntryOf(entry.get(), snapshot)) {
        return new DatedSnapshot(snapshot, snapshot(snapshot, Ledger.time(entry.get())));
      }
    }
    // The snapshot of that log entry was expired, or committed after this table was loaded.
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      Instant at = listedTime(snapshot);
      if (!at.isAfter(time)) {
        return new DatedSnapshot(snapshot, snapshot(snapshot, at));
      }
    }
    throw Failure.of(action.on("as of " + time))
        .because(line().isEmpty() ? "nothing was published yet" : startOf(oldest()))
        .fix("snapshots() lists all readable snapshots.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  /** A snapshot of Iceberg and its public form with the commit time of the log. */
  public record DatedSnapshot(org.apache.iceberg.Snapshot stored, Snapshot snapshot) {}

  private org.apache.iceberg.Snapshot oldest() {
    return line().get(line().size() - 1);
  }

  private String startOf(org.apache.iceberg.Snapshot first) {
    return "the first readable snapshot, "
        + first.snapshotId()
        + ", was committed at "
        + listedTime(first);
  }

  private String newestIds() {
    String ids =
        line().stream()
            .limit(MAX_NAMED_IDS)
            .map(SnapshotHistory::id)
            .collect(Collectors.joining(", "));
    return line().size() > MAX_NAMED_IDS
        ? ids + " and " + (line().size() - MAX_NAMED_IDS) + " older ones"
        : ids;
  }

  /** The newest snapshot and its ancestors, newest first. */
  private List<org.apache.iceberg.Snapshot> line() {
    org.apache.iceberg.Snapshot newest = table.currentSnapshot();
    if (ancestors.isEmpty() && newest != null) {
      SnapshotUtil.ancestorsOf(newest.snapshotId(), table::snapshot).forEach(ancestors::add);
    }
    return ancestors;
  }

  private DatedSnapshot dated(org.apache.iceberg.Snapshot snapshot) {
    return dated.computeIfAbsent(
        snapshot.snapshotId(),
        id ->
            new DatedSnapshot(
                snapshot, snapshot(snapshot, time(snapshot), BrokenRules.asOf(table, snapshot))));
  }

  private Snapshot snapshot(org.apache.iceberg.Snapshot snapshot, Instant committedAt) {
    return snapshot(snapshot, committedAt, brokenRules().getOrDefault(id(snapshot), List.of()));
  }

  private Snapshot snapshot(
      org.apache.iceberg.Snapshot snapshot, Instant committedAt, List<String> broken) {
    return TableSnapshots.of(snapshot, product, version, committedAt, broken);
  }

  /** The broken rules by snapshot; a snapshot without the property has its parent's. */
  private Map<String, List<String>> brokenRules() {
    Map<String, List<String>> rules = brokenRules;
    if (rules == null) {
      rules = new HashMap<>();
      List<String> last = List.of();
      for (int i = line().size() - 1; i >= 0; i--) {
        org.apache.iceberg.Snapshot snapshot = line().get(i);
        last =
            snapshot.summary().containsKey(BrokenRules.PROPERTY)
                ? BrokenRules.recordedIn(snapshot)
                : last;
        if (!last.isEmpty()) {
          rules.put(id(snapshot), last);
        }
      }
      brokenRules = rules;
    }
    return rules;
  }

  /** Usually the entry is the newest of the log, or near Iceberg's timestamp. */
  private Instant time(org.apache.iceberg.Snapshot snapshot) {
    Optional<VersionedDocument> newest = newestEntry();
    if (newest.isPresent() && isEntryOf(newest.get(), snapshot)) {
      return Ledger.time(newest.get());
    }
    Instant timestamp = Instant.ofEpochMilli(snapshot.timestampMillis());
    Optional<VersionedDocument> entry = newest.flatMap(last -> ledger.newestEntry(last, timestamp));
    for (int i = 0; i < MAX_SINGLE_READS && entry.isPresent(); i++) {
      if (isEntryOf(entry.get(), snapshot)) {
        return Ledger.time(entry.get());
      }
      entry = ledger.entryBefore(entry.get());
    }
    return listedTime(snapshot);
  }

  private Optional<VersionedDocument> newestEntry() {
    if (newestEntry == null) {
      newestEntry = ledger.newestEntry(partition()).orElse(null);
    }
    return Optional.ofNullable(newestEntry);
  }

  private Instant listedTime(org.apache.iceberg.Snapshot snapshot) {
    Map<String, Instant> listed = times;
    if (listed == null) {
      listed = listTimes();
      times = listed;
    }
    return listed.getOrDefault(id(snapshot), Instant.ofEpochMilli(snapshot.timestampMillis()));
  }

  /** One commit may add several snapshots to the branch; its log entry names the newest. */
  private Map<String, Instant> listTimes() {
    Map<String, Instant> logged = new HashMap<>();
    // The oldest entry that names a snapshot counts.
    ledger
        .rowChanges(partition())
        .forEachRemaining(
            entry -> namedSnapshot(entry).ifPresent(id -> logged.put(id, Ledger.time(entry))));
    Map<String, Instant> listed = new HashMap<>();
    Instant committedAt = null;
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      committedAt = logged.getOrDefault(id(snapshot), committedAt);
      if (committedAt != null) {
        listed.put(id(snapshot), committedAt);
      }
    }
    return listed;
  }

  /** The newest entry, from this one backwards, that names a snapshot of this major. */
  private Optional<VersionedDocument> newestSnapshotEntry(Optional<VersionedDocument> newest) {
    if (newest.isEmpty() || namedSnapshot(newest.get()).isPresent()) {
      return newest;
    }
    return ledger
        .rowChanges(partition(), Ledger.sequence(newest.get()))
        .find(entry -> namedSnapshot(entry).isPresent());
  }

  private boolean isEntryOf(VersionedDocument entry, org.apache.iceberg.Snapshot snapshot) {
    return isEntryOf(entry, snapshot, version.major());
  }

  private static boolean isEntryOf(
      VersionedDocument entry, org.apache.iceberg.Snapshot snapshot, int major) {
    return namedSnapshot(entry, major).filter(id(snapshot)::equals).isPresent();
  }

  /** The snapshot of this major version that a log entry names. */
  private Optional<String> namedSnapshot(VersionedDocument entry) {
    return namedSnapshot(entry, version.major());
  }

  private static Optional<String> namedSnapshot(VersionedDocument entry, int major) {
    return MovedTables.find(entry, major).flatMap(MovedTables.MovedTable::snapshotId);
  }

  private static String id(org.apache.iceberg.Snapshot snapshot) {
    return Long.toString(snapshot.snapshotId());
  }

  private String partition() {
    return RegistryKeys.partition(product);
  }
}
