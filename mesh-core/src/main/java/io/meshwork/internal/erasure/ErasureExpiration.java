package io.meshwork.internal.erasure;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.erasure.ErasureObstacles.Obstacle;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.maintenance.MeshInventory;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableDraft;
import io.meshwork.internal.table.TableName;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Expires the snapshots of one table that have erased rows and are not needed, drops the earlier
 * metadata files, which repeat values of rows such as the newest event time, and records the files
 * to delete in the same transaction, or before it if they are too many. Its result is 0 if nothing
 * is left to expire.
 */
record ErasureExpiration(
    ClientSession session, ErasureRequest request, TableName name, ErasureScan scan)
    implements Ledger.Change<Integer> {
  @Override
  public MeshAction action() {
    return MeshAction.of(Verb.EXPIRE, "snapshots of " + name);
  }

  @Override
  public String partition() {
    return name.partition();
  }

  @Override
  public CommitDraft<Integer> draft(Ledger.Attempt attempt) {
    TableDraft table = session.tables().draft(name, attempt);
    TableErasure now = scan.scan(name, table.committed());
    List<Obstacle> obstacles = new ErasureObstacles(session, request).find(now);
    List<Obstacle> blocking = ErasureObstacles.blocking(obstacles, request.waiting());
    Set<Long> expired = new TreeSet<>(now.earlier());
    expired.removeAll(ErasureObstacles.snapshots(blocking));
    if (expired.isEmpty() && (!blocking.isEmpty() || !table.namesMetadata())) {
      return CommitDraft.unchanged(0);
    }
    List<String> metadata = table.forgetMetadata();
    Set<String> rowFiles = now.filesOnlyOf(expired);
    CommitDraft<Integer> draft =
        CommitDraft.of(
            "product.snapshots-expired",
            session.principal(),
            MeshInventory.displayName(session, name.product()));
    ErasureFiles records = new ErasureFiles(session, request);
    Set<String> recorded = records.recorded(name);
    List<String> files =
        files(rowFiles, metadata).stream().filter(file -> !recorded.contains(file)).toList();
    List<String> first = ErasureFiles.first(files);
    if (first.size() < files.size()) {
      // More than one transaction can have, so they are recorded before it, a part each time.
      records.record(draft, name, attempt.id(), 0, first, FirstSentences.NONE, FirstSentences.NONE);
      return draft
          .details(new EventDetails.ExpiredSnapshots(name.table(), name.major(), 0))
          .result(first.size());
    }
    Set<String> readers = new TreeSet<>();
    for (Obstacle obstacle : obstacles) {
      if (obstacle.passable() && obstacle.snapshots().stream().anyMatch(expired::contains)) {
        readers.add(obstacle.what());
      }
    }
    table.removeSnapshots(expired).stage(draft);
    records.record(
        draft,
        name,
        attempt.id(),
        expired.size(),
        files,
        FirstSentences.of(outOfReach(rowFiles, metadata)),
        FirstSentences.of(readers));
    return draft
        .details(new EventDetails.ExpiredSnapshots(name.table(), name.major(), expired.size()))
        .result(expired.size());
  }

  /** The names below the table's folder; files outside belong to others. */
  private List<String> files(Set<String> rowFiles, List<String> metadata) {
    String folder = session.tables().location(name);
    return Stream.concat(rowFiles.stream(), metadata.stream())
        .filter(location -> isBelow(folder, location))
        .filter(location -> !session.tables().isMissingOnDisk(location))
        .map(location -> location.substring(folder.length() + 1))
        .toList();
  }

  /** Sentences about files in the table's folder that are links to files elsewhere, or missing. */
  private List<String> outOfReach(Set<String> rowFiles, List<String> metadata) {
    String folder = session.tables().location(name);
    Stream<String> missing =
        rowFiles.stream()
            .filter(location -> isBelow(folder, location))
            .filter(location -> session.tables().isMissingOnDisk(location))
            .map(
                location ->
                    "The file "
                        + location
                        + " may contain the rows, and is missing; if it was moved, it was not"
                        + " deleted where it is now.");
    Stream<String> linked =
        Stream.concat(rowFiles.stream(), metadata.stream())
            .filter(location -> location.startsWith(folder + "/"))
            .filter(location -> !session.tables().contains(folder, location))
            .map(location -> ErasureLeftovers.linked(location, session.tables().target(location)));
    return Stream.concat(missing, linked).toList();
  }

  private boolean isBelow(String folder, String location) {
    return location.startsWith(folder + "/") && session.tables().contains(folder, location);
  }
}
