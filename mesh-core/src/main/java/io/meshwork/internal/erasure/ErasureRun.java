package io.meshwork.internal.erasure;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.erasure.ErasureObstacles.Obstacle;
import io.meshwork.internal.mirror.MirrorHolds;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ForeignReferences;
import io.meshwork.internal.table.NewestEventTime;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.Erase.Proof;
import io.meshwork.publish.PublishHistory;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;

/**
 * Runs one erasure. It is a sequence of commits, each of which can be repeated: what is left
 * follows from the state of the product, so a run continues where another one ended. Not
 * thread-safe.
 */
final class ErasureRun {
  /** How often rows that others publish in the meantime are erased again. */
  private static final int MAX_ROUNDS = 10;

  private final ClientSession session;
  private final ErasureRequest request;
  private final Deadline deadline;
  private final ErasureScan scan;
  private final ForeignReferences foreign;
  private final List<PublishReceipt> erases = new ArrayList<>();

  ErasureRun(ClientSession session, ErasureRequest request, ErasureScan scan, Deadline deadline) {
    this.session = session;
    this.request = request;
    this.scan = scan;
    this.foreign = ForeignReferences.ofMaintained(session);
    this.deadline = deadline;
  }

  /**
   * Erases the rows until the proof succeeds. A round that conflicts with another change, such as a
   * publish, is repeated, as is one after which others published matching rows.
   */
  Proof run() {
    try {
      return runRounds();
    } catch (BackendException e) {
      throw erases.isEmpty()
          ? e
          : PartialChange.of(
              e,
              "The rows are erased from the newest snapshots; earlier snapshots and files may still"
                  + " contain them.");
    }
  }

  private Proof runRounds() {
    scan.refreshMajors();
    scan.tables().forEach(this::requireCurrentRegistry);
    ConflictException last = null;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      deadline.check(request.action());
      try {
        Optional<Proof> proof = round();
        if (proof.isPresent()) {
          return proof.get();
        }
        last = null;
      } catch (ConflictException e) {
        if (!e.retryable()) {
          throw e;
        }
        last = e;
      }
    }
    throw Failure.of(request.action())
        .because("others kept publishing rows that the filter selects, or changing these tables")
        .state(
            erases.isEmpty()
                ? "The rows are not erased."
                : "The rows that were there before are erased from the newest snapshots.")
        .fix("Stop these publishes, and run it again with the same key.")
        .cause(last)
        .conflict(ErrorCode.CONFLICT);
  }

  /** A newer registry may need files of an earlier snapshot, which has other rows, too. */
  private void requireCurrentRegistry(TableName name) {
    new ErasureLeftovers(session, request, scan, deadline)
        .registryBehind(name)
        .ifPresent(
            reason -> {
              throw Failure.of(request.action())
                  .because(reason)
                  .state("No file was deleted.")
                  .fix(
                      "If the registry was restored, restore a newer backup of it. Otherwise"
                          + " publish once, delete what doctor() then still lists as UNKNOWN_FILES"
                          + " with delete(..), and run it again with the same key.")
                  .lasting(ErrorCode.DATA_DAMAGED);
            });
  }

  /** Erases what is there now; empty if there are rows again afterwards. */
  private Optional<Proof> round() {
    scan.refreshMajors();
    scan.tables().forEach(session.tables()::requireOwnPlaces);
    while (erases.isEmpty() || find(erases.size() + 1).isPresent()) {
      erases.add(erase(erases.size() + 1));
    }
    new ErasureFiles(session, request).delete(foreign, deadline);
    if (isPublished()) {
      erases.add(erase(erases.size() + 1));
    }
    expire();
    while (session
            .ledger()
            .commit(new ReceiptRedaction(session, request, scan.constants()), deadline)
        > 0) {
      deadline.check(request.action());
    }
    List<String> leftovers = new ErasureLeftovers(session, request, scan, deadline).delete();
    SortedSet<String> notDeleted = new ErasureFiles(session, request).delete(foreign, deadline);
    leftovers.addAll(keptFiles(notDeleted));
    FirstSentences files =
        filesOutOfReach(
            leftovers, new RegisteredLeftovers(session, request, scan, deadline).find());
    return session
        .ledger()
        .commit(
            new ErasureProof(
                session, request, scan, erases, notDeleted.size(), files, placesOutOfReach()),
            deadline);
  }

  private List<String> keptFiles(SortedSet<String> notDeleted) {
    if (notDeleted.isEmpty()) {
      return List.of();
    }
    MirrorHolds mirrors = MirrorHolds.ofReachable(session);
    return notDeleted.stream()
        .map(
            file ->
                mirrors.names(file)
                    ? ErasureLeftovers.shown(file)
                    : "The file "
                        + file
                        + " may contain the rows; a snapshot of this or another table has or may"
                        + " have it, or it is a link, so it was not deleted.")
        .toList();
  }

  private FirstSentences filesOutOfReach(
      List<String> leftovers, RegisteredLeftovers.Found registered) {
    Set<String> sentences = new LinkedHashSet<>(leftovers);
    for (PublishReceipt erase : erases) {
      List<PublishReceipt> majors = new ArrayList<>(List.of(erase));
      majors.addAll(erase.otherVersions());
      for (PublishReceipt major : majors) {
        for (String file : major.filesHoldingErased()) {
          sentences.add(RegisteredLeftovers.sentence(file));
        }
      }
    }
    registered.addTo(sentences);
    FirstSentences missing = new ErasureFiles(session, request).totals().outOfReach();
    sentences.addAll(missing.listed());
    return FirstSentences.of(sentences, missing.more());
  }

  private List<String> placesOutOfReach() {
    List<String> sentences = new ArrayList<>();
    for (TableName name : scan.tables()) {
      sentences.addAll(valuesBesideRows(name));
    }
    if (!session.ledger().dropReplaced(RegistryKeys.partition(request.product()))) {
      sentences.add(
          "The write-ahead log of the registry may contain filters of earlier erases, until the"
              + " last process that uses the registry closes it.");
    }
    sentences.add(
        "Backups of the mesh, copies outside the folders of the product, and copies that consumers"
            + " made are not reached by an erasure.");
    return sentences;
  }

  /** Where values of erased rows can be that are not in files of rows and their manifests. */
  private List<String> valuesBesideRows(TableName name) {
    Table table = session.tables().load(name);
    List<String> places = new ArrayList<>();
    if (table.spec().isPartitioned()) {
      places.add(
          "The names of folders of "
              + name
              + " contain values of its partitions; where the store has folders, empty ones stay.");
    }
    if (NewestEventTime.isStated(table)
        && new ErasureObstacles(session, request).isCopied(scan.scan(name))) {
      places.add(
          "Earlier metadata files of "
              + name
              + ", to which a rollout copies rows, contain the newest event time of their"
              + " snapshots, until later commits to it delete them.");
    }
    return places;
  }

  private Optional<PublishReceipt> find(int number) {
    PublishHistory history = PublishOperations.history(session, request.product());
    return history.findReceipt(key(number));
  }

  /** The first erase has the key of the request; erases of rows published since have others. */
  private String key(int number) {
    return number == 1 ? request.key() : "erase-now " + Sha256.hex(request.key()) + " " + number;
  }

  private PublishReceipt erase(int number) {
    return PublishOperations.erase(session, request.part(key(number), deadline.left()));
  }

  /** True if the newest snapshot of a table, or a staged publish, has rows to erase. */
  private boolean isPublished() {
    ErasureObstacles obstacles = new ErasureObstacles(session, request);
    for (TableName name : scan.tables()) {
      TableErasure now = scan.scan(name);
      if (now.rows() > 0 && !obstacles.isCopied(now)) {
        return true;
      }
    }
    return !scan.staged().isEmpty();
  }

  /**
   * Expires the snapshots with the rows, and deletes their files and earlier metadata files.
   *
   * @throws ConflictException if someone needs one of them
   */
  private void expire() {
    List<Obstacle> blocking = new ArrayList<>();
    for (TableName name : scan.tables()) {
      deadline.check(request.action());
      if (!scan.scan(name).holding().isEmpty()) {
        scan.requireCertain(name);
      }
      blocking.addAll(expire(name));
    }
    if (!blocking.isEmpty()) {
      throw blocked(blocking);
    }
  }

  private List<Obstacle> expire(TableName name) {
    ErasureObstacles obstacles = new ErasureObstacles(session, request);
    if (!obstacles.isCopied(scan.scan(name))) {
      String id = session.runtime().ids().next();
      session.ledger().commit(new ManifestRewrite(session, name, scan, id), deadline);
      while (session.ledger().commit(new ErasureExpiration(session, request, name, scan), deadline)
          > 0) {
        deadline.check(request.action());
      }
      new ErasureFiles(session, request).delete(foreign, deadline);
    }
    return ErasureObstacles.blocking(obstacles.find(scan.scan(name)), request.waiting());
  }

  private ConflictException blocked(List<Obstacle> blocking) {
    return Failure.of(request.action())
        .because(
            blocking.stream()
                .map(obstacle -> obstacle.table() + ": " + obstacle.what())
                .collect(Collectors.joining(" ")))
        .state(
            "The rows are erased from the newest snapshots. The named snapshots still contain them,"
                + " or values of them.")
        .fix(blocking.stream().map(Obstacle::fix).distinct().collect(Collectors.joining(" ")))
        .findings(blocking.stream().map(Obstacle::finding).toList())
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }
}
