package io.meshwork.internal.erasure;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.erasure.TableErasure.SnapshotContent;
import io.meshwork.internal.ingest.write.RowRemoval;
import io.meshwork.internal.ingest.write.RowSelection;
import io.meshwork.internal.leftovers.FileReachability;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quarantine.QuarantinedRowSelection;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.TableSnapshots;
import io.meshwork.internal.table.Manifests;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Finds the rows of an erasure in all retained files of a product, by reading them. Statistics of
 * data files are not trusted; statistics in entries of removed files are compared with the filter,
 * because they contain values. A file is read once, even if tables are scanned again. Not
 * thread-safe.
 */
final class ErasureScan {
  private final ClientSession session;
  private final ErasureRequest request;
  private final Deadline deadline;
  private SortedMap<Integer, RowPredicate> filters;
  private final Map<TableName, Matcher> matchers = new HashMap<>();

  /** Numbers of matching rows by location; at least 1 for a damaged file. */
  private final Map<String, Long> matches = new HashMap<>();

  private final Map<String, ManifestContents> manifests = new HashMap<>();
  private final Map<String, Long> rowsRead = new HashMap<>();

  ErasureScan(ClientSession session, ErasureRequest request, Deadline deadline) {
    this.session = session;
    this.request = request;
    this.filters = request.predicates(session, "Nothing was erased.");
    this.deadline = deadline;
  }

  /**
   * Determines the major versions again: others may have appeared, or were purged, since then.
   *
   * @throws io.meshwork.error.InvalidRequestException if a filter is not valid for one of them
   */
  void refreshMajors() {
    filters =
        request.predicates(
            session, "The rows are erased from the versions that were there before.");
  }

  /** Reads rows, and compares bounds, of one table. */
  private record Matcher(RowRemoval rows, RowSelection selection) {}

  /**
   * What is in a manifest.
   *
   * @param live the locations of its files
   * @param holdsRemoved true if an entry of a removed file may have values of the rows
   */
  private record ManifestContents(Set<String> live, boolean holdsRemoved) {}

  /** The constants of the filters, as written and in canonical form. */
  FilterConstants constants() {
    List<String> all = new ArrayList<>(request.filters());
    filters.values().forEach(filter -> all.add(filter.text()));
    return FilterConstants.of(all);
  }

  /** The tables of the product that have data, each with its quarantine. */
  List<TableName> tables() {
    List<TableName> tables = new ArrayList<>();
    for (int major : filters.keySet()) {
      TableName name = TableName.of(request.product(), major);
      tables.add(name);
      if (session.tables().exists(name.quarantined())) {
        tables.add(name.quarantined());
      }
    }
    return tables;
  }

  /** Scans the current state of a table. */
  TableErasure scan(TableName name) {
    return scan(name, session.tables().load(name));
  }

  /**
   * Scans all snapshots of a table.
   *
   * @throws io.meshwork.error.BackendException if a manifest cannot be read
   */
  TableErasure scan(TableName name, Table table) {
    Matcher matcher = matcher(name, table);
    Map<Long, SnapshotContent> contents = new LinkedHashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      deadline.check(request.action());
      contents.put(snapshot.snapshotId(), content(table, snapshot, matcher));
    }
    return new TableErasure(name, table, contents, Map.copyOf(matches));
  }

  private Matcher matcher(TableName name, Table table) {
    return matchers.computeIfAbsent(
        name,
        any -> {
          RowPredicate filter = filters.get(name.major());
          if (filter == null) {
            throw new IllegalStateException("no filter for " + name);
          }
          RowSelection selection =
              name.quarantine()
                  ? new QuarantinedRowSelection(
                      filter,
                      session.tables().load(TableName.of(name.product(), name.major())).schema())
                  : RowSelection.of(filter);
          return new Matcher(
              new RowRemoval(table, session.files(), "", selection, deadline, request.action()),
              selection);
        });
  }

  private SnapshotContent content(Table table, Snapshot snapshot, Matcher matcher) {
    Set<String> named = new HashSet<>();
    Set<String> files = new HashSet<>();
    Set<String> holding = new HashSet<>();
    for (ManifestFile manifest : Manifests.ofData(table, snapshot)) {
      ManifestContents contents = contents(table, snapshot, manifest, matcher);
      named.add(manifest.path());
      files.addAll(contents.live());
      if (contents.holdsRemoved() || contents.live().stream().anyMatch(this::isHolding)) {
        holding.add(manifest.path());
      }
    }
    for (ManifestFile deletes : Manifests.ofDeletes(table, snapshot)) {
      named.add(deletes.path());
      ManifestEntries.read(table, snapshot, deletes)
          .forEach(entry -> files.add(entry.file().location()));
    }
    return new SnapshotContent(
        snapshot.manifestListLocation(), named, holding, files, hasFilter(snapshot));
  }

  private boolean isHolding(String location) {
    return matches.getOrDefault(location, 0L) > 0;
  }

  private ManifestContents contents(
      Table table, Snapshot snapshot, ManifestFile manifest, Matcher matcher) {
    ManifestContents contents = manifests.get(manifest.path());
    if (contents == null) {
      Set<String> live = new HashSet<>();
      Manifests.forEach(
          table,
          snapshot,
          manifest,
          file -> {
            live.add(file.location());
            read(file, matcher);
          });
      contents =
          new ManifestContents(
              live, manifest.hasDeletedFiles() && anyRemoved(table, snapshot, manifest, matcher));
      manifests.put(manifest.path(), contents);
    }
    return contents;
  }

  private void read(DataFile file, Matcher matcher) {
    if (!matches.containsKey(file.location())) {
      OptionalLong matching = matcher.rows().readMatches(file);
      matches.put(file.location(), matching.orElse(Math.max(1, file.recordCount())));
      rowsRead.put(file.location(), file.recordCount());
    }
  }

  /** Returns true if an entry of a manifest, live or removed, may have values of the rows. */
  boolean mayHoldValues(TableName name, String manifest) {
    Table table = session.tables().load(name);
    return ManifestEntries.readUnreferenced(table.io(), manifest, request.action()).stream()
        .anyMatch(entry -> mayHold(entry.file(), matcher(name, table)));
  }

  private boolean anyRemoved(
      Table table, Snapshot snapshot, ManifestFile manifest, Matcher matcher) {
    return ManifestEntries.read(table, snapshot, manifest).stream()
        .anyMatch(entry -> entry.removed() && mayHold(entry.file(), matcher));
  }

  /** A file that another snapshot has was read; otherwise its bounds decide. */
  private boolean mayHold(DataFile file, Matcher matcher) {
    Long matching = matches.get(file.location());
    return matching != null ? matching > 0 : matcher.selection().mayMatch(file);
  }

  /** Returns true if the summary has the filter of a replace or an erase, as in early versions. */
  private static boolean hasFilter(Snapshot snapshot) {
    return snapshot.summary().containsKey(TableSnapshots.SCOPE)
        && !PublishMode.ROLLBACK.text().equals(snapshot.summary().get(TableSnapshots.MODE));
  }

  /** The columns of a filter, as paths. */
  List<String> filterColumns(TableName name) {
    RowPredicate filter = filters.get(name.major());
    return filter == null ? List.of() : filter.columns();
  }

  /** Returns true if an unreferenced file has matching rows, or is damaged. */
  boolean holdsUnreferenced(TableName name, DataFile file) {
    Long matching = matches.get(file.location());
    return matching != null
        ? matching > 0
        : matcher(name, session.tables().load(name)).rows().readUnreferencedMatches(file).orElse(1)
            > 0;
  }

  private long matches(TableName name, DataFile file) {
    read(file, matcher(name, session.tables().load(name)));
    return matches.getOrDefault(file.location(), 0L);
  }

  /** Returns the IDs of the staged publishes with matching rows, or with damaged files. */
  List<String> staged() {
    List<String> stagedWithRows = new ArrayList<>();
    for (StagedFiles staged : liveStaged()) {
      TableName rows = TableName.of(request.product(), staged.major());
      if (!filters.containsKey(staged.major())) {
        continue;
      }
      Table quarantine = session.tables().load(rows.quarantined());
      long matching = 0;
      for (DataFile file : StagedFiles.in(quarantine, staged.fitting())) {
        matching += matches(rows, file);
      }
      for (DataFile file : StagedFiles.in(quarantine, staged.malformed())) {
        matching += matches(rows.quarantined(), file);
      }
      if (matching > 0) {
        stagedWithRows.add(staged.publishId());
      }
    }
    return stagedWithRows;
  }

  private List<StagedFiles> liveStaged() {
    return StagedFiles.list(session.ledger(), RegistryKeys.partition(request.product())).stream()
        .filter(staged -> !staged.isErased())
        .toList();
  }

  /** The locations of the staged files. */
  Set<String> stagedFiles() {
    Set<String> locations = new HashSet<>();
    for (StagedFiles staged : liveStaged()) {
      TableName quarantine = TableName.of(request.product(), staged.major()).quarantined();
      session
          .tables()
          .find(quarantine)
          .ifPresent(table -> locations.addAll(staged.locations(table)));
    }
    return locations;
  }

  /** The number of rows in these files, which were read. */
  long rowsIn(Set<String> locations) {
    return locations.stream().mapToLong(location -> rowsRead.getOrDefault(location, 0L)).sum();
  }

  /**
   * Requires that the files of a table can be determined.
   *
   * @throws io.meshwork.error.BackendException otherwise
   */
  void requireCertain(TableName name) {
    FileReachability reachability =
        FileReachability.of(
            session.tables(), session.tables().pin(name.key()), /* earlier= */ null);
    if (!reachability.uncertainty().isEmpty()) {
      throw Failure.of(request.action())
          .because("the files of " + name + " cannot be determined: " + reachability.uncertainty())
          .state("The rows are erased from the newest snapshot. Their files remain.")
          .fix("Read the findings of doctor(), and run it again with the same key.")
          .lasting(ErrorCode.DATA_DAMAGED);
    }
  }
}
