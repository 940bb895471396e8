package io.meshwork.internal.copies;

import io.meshwork.event.MeshEvent;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MovedTables;
import io.meshwork.internal.ledger.MovedTables.MovedTable;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.Manifests;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The data files of the new major version whose rows a restored old one has, too. Both had the same
 * rows at the retirement; from there on, the log decides. Unknown once rows of one of them were
 * changed so that files no longer correspond, until a back-fill replaces all rows. Immutable.
 */
public final class SharedFiles {
  /** Before the log was read. */
  public static final SharedFiles UNREAD = new SharedFiles(0, Optional.empty());

  /** The property of a snapshot whose copies replaced all rows of the table. */
  public static final String REPLACED = "meshwork.back-fill.replaced";

  private static final Set<Optional<String>> WITHOUT_ROWS =
      Set.of(
          Optional.of(PublishMode.COMPACTION.text()),
          Optional.of(PublishMode.ERASE_QUARANTINE.text()));

  private final long upTo;
  private final Optional<Set<String>> keys;

  private SharedFiles(long upTo, Optional<Set<String>> keys) {
    this.upTo = upTo;
    this.keys = keys.map(Set::copyOf);
  }

  /** Both tables of a restored rollout, loaded after an entry of the log was read. */
  public record Tables(RolloutEntry rollout, Table older, Table newer) {}

  /**
   * The same after the entries of the log up to one.
   *
   * @param newest the last entry to consider; the tables were loaded after it
   */
  public SharedFiles advance(Ledger ledger, Optional<VersionedDocument> newest, Tables tables) {
    Deque<VersionedDocument> later = new ArrayDeque<>();
    Optional<Set<String>> matched = keys;
    Optional<VersionedDocument> each = newest;
    while (each.map(Ledger::sequence).orElse(Long.MAX_VALUE) > upTo) {
      if (each.isEmpty()) { // the log no longer reaches back to the retirement
        matched = Optional.empty();
        break;
      }
      if (isRetirement(each.get(), tables.rollout())) {
        matched = atRetirement(ledger, each.get(), tables);
        break;
      }
      Optional<Snapshot> replacement = replacement(each.get(), tables);
      if (replacement.isPresent()) {
        matched = Optional.of(Set.copyOf(CopiedFiles.keys(replacement.get(), CopiedFiles.COPIED)));
        break;
      }
      later.push(each.get());
      each = ledger.entryBefore(each.get());
    }
    for (VersionedDocument entry : later) {
      matched = matched.flatMap(before -> after(entry, before, tables));
    }
    return new SharedFiles(newest.map(Ledger::sequence).orElse(upTo), matched);
  }

  /** True for the retirement since which the old major version lacks rows. */
  private static boolean isRetirement(VersionedDocument entry, RolloutEntry rollout) {
    return rollout.retirement().synchronizedUntil().equals(Optional.of(entry.version()));
  }

  private static Optional<Set<String>> atRetirement(
      Ledger ledger, VersionedDocument retirement, Tables tables) {
    Optional<VersionedDocument> each = ledger.entryBefore(retirement);
    while (each.isPresent()) {
      Optional<MovedTable> table = MovedTables.find(each.get(), tables.rollout().to());
      if (table.isPresent()) {
        return snapshot(tables.newer(), table.get())
            .map(snapshot -> keys(SnapshotFiles.of(tables.newer(), snapshot)));
      } else if (Ledger.sequence(each.get()) == 1) { // the new major version had no rows
        return Optional.of(Set.of());
      }
      each = ledger.entryBefore(each.get());
    }
    return Optional.empty();
  }

  /** The snapshot of a back-fill whose copies replaced all rows of the old major version. */
  private static Optional<Snapshot> replacement(VersionedDocument entry, Tables tables) {
    return MovedTables.find(entry, tables.rollout().from())
        .filter(table -> isMode(table, PublishMode.BACK_FILL))
        .flatMap(table -> snapshot(tables.older(), table))
        .filter(snapshot -> snapshot.summary().containsKey(REPLACED));
  }

  /** The files after a change; empty if they no longer correspond. */
  private static Optional<Set<String>> after(
      VersionedDocument entry, Set<String> before, Tables tables) {
    RolloutEntry rollout = tables.rollout();
    Optional<MovedTable> older = table(entry, rollout.from());
    Optional<MovedTable> newer = table(entry, rollout.to());
    boolean erased =
        older.filter(table -> isMode(table, PublishMode.ERASE)).isPresent()
            && newer.filter(table -> isMode(table, PublishMode.ERASE)).isPresent();
    return Optional.of(before)
        .flatMap(
            matched ->
                older.isEmpty() || erased
                    ? Optional.of(matched)
                    : afterOlder(older.get(), matched, tables.older()))
        .flatMap(
            matched ->
                newer.isEmpty()
                    ? Optional.of(matched)
                    : afterNewer(newer.get(), erased, matched, tables.newer()));
  }

  /** What an entry did to the rows of a major version; empty if nothing. */
  private static Optional<MovedTable> table(VersionedDocument entry, int major) {
    boolean rolledBack =
        entry.json().path("event").asText().equals(MeshEvent.Type.PRODUCT_ROLLED_BACK.text());
    return MovedTables.of(entry.json().path("details")).stream()
        .filter(table -> table.major() == major)
        .filter(table -> rolledBack || table.snapshotId().isPresent())
        .findFirst();
  }

  private static Optional<Set<String>> afterOlder(
      MovedTable change, Set<String> matched, Table older) {
    if (WITHOUT_ROWS.contains(change.mode())) {
      return Optional.of(matched);
    } else if (!isMode(change, PublishMode.BACK_FILL)) {
      return Optional.empty();
    }
    return snapshot(older, change)
        .map(
            snapshot -> {
              Set<String> all = new HashSet<>(matched);
              all.addAll(CopiedFiles.keys(snapshot, CopiedFiles.COPIED));
              return all;
            });
  }

  private static Optional<Set<String>> afterNewer(
      MovedTable change, boolean erased, Set<String> matched, Table newer) {
    if (isMode(change, PublishMode.APPEND) || isMode(change, PublishMode.ONBOARD)) {
      return Optional.of(matched);
    } else if (!erased && !WITHOUT_ROWS.contains(change.mode())) {
      return Optional.empty();
    }
    return snapshot(newer, change).flatMap(snapshot -> afterRewrite(snapshot, matched, newer));
  }

  /**
   * Files that have the remaining rows of others correspond if either all of these did, or none.
   */
  private static Optional<Set<String>> afterRewrite(
      Snapshot snapshot, Set<String> matched, Table newer) {
    Manifests.Changes changes = Manifests.changes(newer, snapshot);
    Set<String> removed = keys(changes.removed());
    if (matched.containsAll(removed)) {
      Set<String> all = new HashSet<>(matched);
      all.removeAll(removed);
      all.addAll(keys(changes.added()));
      return Optional.of(all);
    }
    return Optional.of(matched).filter(before -> Collections.disjoint(before, removed));
  }

  private static boolean isMode(MovedTable change, PublishMode mode) {
    return change.mode().equals(Optional.of(mode.text()));
  }

  private static Optional<Snapshot> snapshot(Table table, MovedTable change) {
    return change.snapshotId().map(Long::parseLong).map(table::snapshot);
  }

  private static Set<String> keys(Iterable<DataFile> files) {
    Set<String> keys = new HashSet<>();
    files.forEach(file -> keys.add(ObsoleteCopies.key(file)));
    return keys;
  }

  /**
   * True if the files correspond: the old major version has only the rows of these files, and what
   * it has alone since before the rollout.
   */
  public boolean areIn(Collection<DataFile> live) {
    return keys.filter(
            matched ->
                live.stream()
                    .map(ObsoleteCopies::key)
                    .collect(Collectors.toSet())
                    .containsAll(matched))
        .isPresent();
  }

  /** The files whose rows the old major version lacks. Only if they correspond. */
  public List<DataFile> missing(Collection<DataFile> live) {
    Set<String> matched = keys.orElseThrow();
    return live.stream().filter(file -> !matched.contains(ObsoleteCopies.key(file))).toList();
  }
}
