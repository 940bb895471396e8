package io.meshwork.internal.session;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.table.BrokenRules;
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
 * The snapshots of one major version that can be read: the newest and those it came from. What lies
 * on a branch beside them is not among them. A snapshot counts from the time that the log has for
 * it, or for the first newer one; Iceberg's own times decide nothing that the log tells of. Belongs
 * to one thread.
 */
public final class SnapshotHistory {
  /** How many ids a message names. */
  private static final int NAMED = 5;

  /** How far to look back in the log, one entry at a time, before all of it is listed. */
  private static final int STEPS = 16;

  private final Ledger ledger;
  private final Table table;
  private final ProductName product;
  private final ContractVersion version;
  private final List<org.apache.iceberg.Snapshot> line = new ArrayList<>();
  private @Nullable Map<String, Instant> times;
  private @Nullable Map<String, List<String>> broken;

  /**
   * The main line of a table as it was loaded.
   *
   * @param version the major version, and the contract version of snapshots that name none
   */
  public SnapshotHistory(Ledger ledger, Table table, ProductName product, ContractVersion version) {
    this.ledger = ledger;
    this.table = table;
    this.product = product;
    this.version = version;
  }

  /** The newest snapshot; empty before the first publish. */
  public Optional<Found> newest() {
    return Optional.ofNullable(table.currentSnapshot()).map(this::found);
  }

  /** All that can be read, newest first. */
  public List<Snapshot> all() {
    List<Snapshot> all = new ArrayList<>();
    line().forEach(snapshot -> all.add(snapshot(snapshot, listedTime(snapshot))));
    return List.copyOf(all);
  }

  /**
   * The snapshot with this id.
   *
   * @throws NotFoundException if it is not on the main line, naming the newest that are
   */
  public Found byId(String id, MeshAction action) {
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      if (id(snapshot).equals(id)) {
        return found(snapshot);
      }
    }
    throw Failure.of(action)
        .because("it has no snapshot '" + NameGrammar.quoted(id) + "' that can be read")
        .fix(
            (line().isEmpty() ? "Nothing was published yet." : "There are " + named() + ".")
                + " snapshots() lists them with their times.")
        .notFound(ErrorCode.NOT_FOUND);
  }

  /**
   * The newest snapshot that was committed at this time or before.
   *
   * @throws NotFoundException if there was none yet, naming the first
   */
  public Found asOf(Instant time, MeshAction action) {
    Optional<VersionedDocument> entry = moving(ledger.newestEntry(partition(), time));
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      if (entry.isPresent() && id(snapshot).equals(snapshotId(entry.get()))) {
        return new Found(snapshot, snapshot(snapshot, Ledger.time(entry.get())));
      }
    }
    // What the log names then is gone, or newer than this table was when it was loaded.
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      Instant at = listedTime(snapshot);
      if (!at.isAfter(time)) {
        return new Found(snapshot, snapshot(snapshot, at));
      }
    }
    throw Failure.of(action.on("as of " + time))
        .because(
            (line().isEmpty() ? "nothing was published yet." : before(oldest()))
                + " snapshots() lists all that can be read")
        .notFound(ErrorCode.NOT_FOUND);
  }

  /** A snapshot as Iceberg has it and in the words of the mesh. */
  public record Found(org.apache.iceberg.Snapshot stored, Snapshot snapshot) {}

  private org.apache.iceberg.Snapshot oldest() {
    return line().get(line().size() - 1);
  }

  private String before(org.apache.iceberg.Snapshot first) {
    return "the first snapshot that can be read, "
        + first.snapshotId()
        + ", was committed at "
        + listedTime(first)
        + ".";
  }

  private String named() {
    String ids =
        line().stream().limit(NAMED).map(SnapshotHistory::id).collect(Collectors.joining(", "));
    return line().size() > NAMED ? ids + " and " + (line().size() - NAMED) + " older ones" : ids;
  }

  private List<org.apache.iceberg.Snapshot> line() {
    org.apache.iceberg.Snapshot newest = table.currentSnapshot();
    if (line.isEmpty() && newest != null) {
      SnapshotUtil.ancestorsOf(newest.snapshotId(), table::snapshot).forEach(line::add);
    }
    return line;
  }

  private Found found(org.apache.iceberg.Snapshot snapshot) {
    return new Found(snapshot, snapshot(snapshot, time(snapshot)));
  }

  private Snapshot snapshot(org.apache.iceberg.Snapshot snapshot, Instant committedAt) {
    return TableSnapshots.of(
        snapshot,
        product,
        version,
        committedAt,
        brokenRules().getOrDefault(id(snapshot), List.of()));
  }

  /** A snapshot that says nothing of them is as the one before. */
  private Map<String, List<String>> brokenRules() {
    Map<String, List<String>> known = broken;
    if (known == null) {
      known = new HashMap<>();
      List<String> last = List.of();
      for (int i = line().size() - 1; i >= 0; i--) {
        org.apache.iceberg.Snapshot each = line().get(i);
        last = each.summary().containsKey(BrokenRules.PROPERTY) ? BrokenRules.saidBy(each) : last;
        if (!last.isEmpty()) {
          known.put(id(each), last);
        }
      }
      broken = known;
    }
    return known;
  }

  /** Mostly it is the log's last entry, or near to where Iceberg's time points. */
  private Instant time(org.apache.iceberg.Snapshot snapshot) {
    Optional<VersionedDocument> newest = ledger.newestEntry(partition());
    if (newest.isPresent() && makes(newest.get(), snapshot)) {
      return Ledger.time(newest.get());
    }
    Instant near = Instant.ofEpochMilli(snapshot.timestampMillis());
    Optional<VersionedDocument> entry = ledger.newestEntry(partition(), near);
    for (int step = 0; step < STEPS && entry.isPresent(); step++) {
      if (makes(entry.get(), snapshot)) {
        return Ledger.time(entry.get());
      }
      entry = ledger.entryBefore(entry.get());
    }
    return listedTime(snapshot);
  }

  private Instant listedTime(org.apache.iceberg.Snapshot snapshot) {
    Map<String, Instant> listed = times;
    if (listed == null) {
      listed = listTimes();
      times = listed;
    }
    return listed.getOrDefault(id(snapshot), Instant.ofEpochMilli(snapshot.timestampMillis()));
  }

  /** A commit may bring several snapshots to the main line at once; its entry names the newest. */
  private Map<String, Instant> listTimes() {
    Map<String, Instant> logged = new HashMap<>();
    for (VersionedDocument entry : ledger.entries(partition())) {
      if (movesThis(entry)) {
        logged.putIfAbsent(snapshotId(entry), Ledger.time(entry));
      }
    }
    Map<String, Instant> known = new HashMap<>();
    Instant with = null;
    for (org.apache.iceberg.Snapshot snapshot : line()) {
      with = logged.getOrDefault(id(snapshot), with);
      if (with != null) {
        known.put(id(snapshot), with);
      }
    }
    return known;
  }

  private Optional<VersionedDocument> moving(Optional<VersionedDocument> newest) {
    Optional<VersionedDocument> entry = newest;
    while (entry.isPresent() && !movesThis(entry.get())) {
      entry = ledger.entryBefore(entry.get());
    }
    return entry;
  }

  private boolean makes(VersionedDocument entry, org.apache.iceberg.Snapshot snapshot) {
    return movesThis(entry) && snapshotId(entry).equals(id(snapshot));
  }

  private boolean movesThis(VersionedDocument entry) {
    return entry.json().path("details").path("major").asInt() == version.major()
        && entry.json().path("details").hasNonNull("snapshotId");
  }

  private static String snapshotId(VersionedDocument entry) {
    return entry.json().path("details").path("snapshotId").asText();
  }

  private static String id(org.apache.iceberg.Snapshot snapshot) {
    return Long.toString(snapshot.snapshotId());
  }

  private String partition() {
    return RegistryKeys.partition(product);
  }
}
