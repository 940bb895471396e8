package io.meshwork.internal.mirror;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ProductObjects;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The documents of one mirror in the registry. A document that another run changed since it was
 * read is a conflict: its object is read and compared again.
 */
final class MirrorStore {
  /** A transaction has at most 90 actions. */
  private static final int MAX_PER_COMMIT = 80;

  private final MirroredCatalog catalog;
  private final Mirror mirror;

  MirrorStore(MirroredCatalog catalog, Mirror mirror) {
    this.catalog = catalog;
    this.mirror = mirror;
  }

  /** Returns all records, by the key of the object. */
  Map<String, MirrorRecord> records() {
    return recordsUnder("");
  }

  private Map<String, MirrorRecord> recordsUnder(String prefix) {
    Map<String, MirrorRecord> records = new TreeMap<>();
    catalog
        .session()
        .ledger()
        .list(catalog.partition(), MirroredObject.prefix(mirror.name(), catalog.account()) + prefix)
        .forEach(
            stored -> {
              MirrorRecord mirrored = MirrorRecord.of(stored);
              records.put(mirrored.key(), mirrored);
            });
    return records;
  }

  /** Returns the records of the objects of a product, and of others, by their keys. */
  Map<String, MirrorRecord> records(ProductObjects objects, Collection<String> others) {
    Map<String, MirrorRecord> records = new TreeMap<>();
    objects.prefixes().forEach(prefix -> records.putAll(recordsUnder(prefix)));
    Set<String> keys = new TreeSet<>(objects.keys());
    keys.addAll(others);
    keys.removeIf(key -> objects.prefixes().stream().anyMatch(key::startsWith));
    keys.forEach(key -> find(key).ifPresent(stored -> records.put(key, stored)));
    return records;
  }

  /** Returns the record of an object; empty if the mesh never wrote the object. */
  Optional<MirrorRecord> find(String key) {
    return catalog.session().ledger().read(documentKey(key)).map(MirrorRecord::of);
  }

  /**
   * Records what objects are to be, all or none, before the calls that change them. An erasure that
   * begins afterwards retains the files that they need; this finds one that began before.
   *
   * @return the new records, in order
   * @throws io.meshwork.error.ConflictException if another run changed a record, or a table is gone
   *     or erased since the mesh was read
   */
  List<MirrorRecord> intend(List<ObjectStep> steps, Deadline deadline) {
    Instant now = catalog.session().runtime().clock().instant();
    List<MirrorRecord> before = steps.stream().map(ObjectStep::knownOrNew).toList();
    List<MirrorRecord> intended =
        write(
            before,
            (draft, version) -> {
              List<MirrorRecord> after = new ArrayList<>();
              for (int i = 0; i < steps.size(); i++) {
                ObjectNode json = intended(steps.get(i), before.get(i), now);
                put(draft, before.get(i), json);
                Key key = documentKey(before.get(i).key());
                after.add(MirrorRecord.of(new VersionedDocument(key, json, version)));
              }
              return after;
            },
            deadline);
    steps.forEach(this::requireFiles);
    return intended;
  }

  private void requireFiles(ObjectStep step) {
    step.wanted()
        .flatMap(Image::hold)
        .filter(hold -> !catalog.session().tables().keeps(hold.pointer(), hold.metadata()))
        .ifPresent(
            hold -> {
              throw Failure.of(MeshAction.of(Verb.UPDATE, "the mirror of " + step.key()))
                  .because(
                      "the table was deleted since the run read the mesh, or an erasure deletes"
                          + " this state of it")
                  .state("The mirror shows an earlier state, or none.")
                  .fix("Run the mirrors again.")
                  .conflict(ErrorCode.CONFLICT);
            });
  }

  private static ObjectNode intended(ObjectStep step, MirrorRecord before, Instant now) {
    RecordedState intention =
        step.wanted()
            .map(image -> RecordedState.of(image, step.version(), now))
            .orElseGet(() -> RecordedState.removal(step.version(), now));
    return before.toDocument(step.stage(), step.container(), step.actual(), intention);
  }

  /**
   * Records what objects are after the calls that changed them, all or none: created, or removed.
   *
   * @param before their records, in the order of the steps
   */
  void changed(List<MirrorRecord> before, List<ObjectStep> steps, Deadline deadline) {
    Instant now = catalog.session().runtime().clock().instant();
    write(
        before,
        (draft, version) -> {
          for (int i = 0; i < steps.size(); i++) {
            MirrorRecord mirrorRecord = before.get(i);
            Optional<Image> image = steps.get(i).wanted();
            if (image.isPresent()) {
              RecordedState state = RecordedState.of(image.get(), steps.get(i).version(), now);
              put(draft, mirrorRecord, mirrorRecord.toDocument(image.get(), state));
            } else {
              mirrorRecord.stored().ifPresent(draft::delete);
            }
          }
          return true;
        },
        deadline);
  }

  /**
   * Records what stays in the service as others created or changed it, unless that is recorded.
   *
   * @param contents by key
   * @param seen true for the keys of objects that the mirror sees; what is recorded of others stays
   */
  void observe(Map<String, String> contents, Predicate<String> seen, Deadline deadline) {
    catalog.session().ledger().commit(new Observation(contents, seen), deadline);
  }

  /** Adds the entry of a run to the log. */
  void log(Map<Work, Long> counts, int remaining, Deadline deadline) {
    catalog.session().ledger().commit(new LogEntry(counts, remaining), deadline);
  }

  /** Deletes rows of attempts past their retention: only the runner writes this partition. */
  void trim(Deadline deadline) {
    Instant until = catalog.session().runtime().clock().instant().minus(Transaction.ATTEMPTS_STAY);
    List<VersionedDocument> old =
        catalog
            .session()
            .ledger()
            .listWhile(
                catalog.partition(),
                Registry.ATTEMPT_PREFIX,
                row ->
                    IdGenerator.time(attempt(row)).filter(time -> time.isAfter(until)).isEmpty());
    for (int from = 0; from < old.size(); from += MAX_PER_COMMIT) {
      List<VersionedDocument> chunk =
          old.subList(from, Math.min(old.size(), from + MAX_PER_COMMIT));
      catalog.session().ledger().commit(new Deletion(chunk), deadline);
    }
  }

  private static String attempt(VersionedDocument row) {
    return row.key().sort().substring(Registry.ATTEMPT_PREFIX.length());
  }

  private void put(CommitDraft<?> draft, MirrorRecord before, ObjectNode json) {
    before
        .stored()
        .ifPresentOrElse(
            stored -> draft.replace(stored, json),
            () -> draft.insert(documentKey(before.key()), json));
  }

  private <R> R write(List<MirrorRecord> before, DocumentWrites<R> writes, Deadline deadline) {
    return catalog.session().ledger().commit(new DocumentChange<>(before, writes), deadline);
  }

  private Key documentKey(String key) {
    return new Key(
        catalog.partition(), MirroredObject.prefix(mirror.name(), catalog.account()) + key);
  }

  private RuntimeException changedMeanwhile(String key) {
    return Failure.of(MeshAction.of(Verb.RECORD, "the mirror of " + key))
        .because("another run changed it at the same time")
        .fix("Run the mirrors again.")
        .conflict(ErrorCode.CONFLICT);
  }

  /** Adds the writes of documents to a draft. */
  private interface DocumentWrites<R> {
    /**
     * Adds them.
     *
     * @param version the version that the documents get
     * @return the result of the commit
     */
    R addTo(CommitDraft<R> draft, String version);
  }

  /**
   * Writes documents that have not changed since they were read. The first attempt does not read
   * them again: it fails if one changed.
   */
  private final class DocumentChange<R> implements Ledger.Change<R> {
    private final List<MirrorRecord> before;
    private final DocumentWrites<R> writes;
    private boolean isRepeated;

    DocumentChange(List<MirrorRecord> before, DocumentWrites<R> writes) {
      this.before = before;
      this.writes = writes;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(
          Verb.RECORD,
          "the mirror of "
              + before.get(0).key()
              + (before.size() == 1 ? "" : " and " + (before.size() - 1) + " more"));
    }

    @Override
    public String partition() {
      return catalog.partition();
    }

    @Override
    public CommitDraft<R> draft(Ledger.Attempt attempt) {
      if (isRepeated) {
        before.forEach(this::checkUnchanged);
      }
      isRepeated = true;
      CommitDraft<R> draft = CommitDraft.unlogged();
      return draft.result(writes.addTo(draft, attempt.unloggedVersion()));
    }

    private void checkUnchanged(MirrorRecord record) {
      Optional<String> now =
          catalog
              .session()
              .ledger()
              .read(documentKey(record.key()))
              .map(VersionedDocument::version);
      if (!now.equals(record.stored().map(VersionedDocument::version))) {
        throw changedMeanwhile(record.key());
      }
    }
  }

  private final class Observation implements Ledger.Change<Boolean> {
    private final Map<String, String> states;
    private final Predicate<String> seen;

    Observation(Map<String, String> states, Predicate<String> seen) {
      this.states = states;
      this.seen = seen;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "what others changed in the mirror " + mirror.name());
    }

    @Override
    public String partition() {
      return catalog.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      Key key =
          new Key(
              catalog.partition(), MirroredObject.observations(mirror.name(), catalog.account()));
      Optional<VersionedDocument> stored = catalog.session().ledger().read(key);
      Map<String, String> before = new TreeMap<>();
      stored.ifPresent(
          document ->
              MirroredObject.observed(document)
                  .forEach((object, content) -> before.put(object, Mirror.contentOf(content))));
      Map<String, String> contents = new TreeMap<>(before);
      contents.keySet().removeIf(seen);
      contents.putAll(states);
      if (before.equals(contents)) {
        return CommitDraft.unchanged(true);
      }
      CommitDraft<Boolean> draft = CommitDraft.unlogged();
      return (contents.isEmpty()
              ? stored.map(draft::delete).orElse(draft)
              : stored
                  .map(document -> draft.replace(document, MirroredObject.observed(contents)))
                  .orElseGet(() -> draft.insert(key, MirroredObject.observed(contents))))
          .result(true);
    }
  }

  private final class Deletion implements Ledger.Change<Boolean> {
    private final List<VersionedDocument> rows;

    Deletion(List<VersionedDocument> rows) {
      this.rows = rows;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.TRIM, catalog.partition());
    }

    @Override
    public String partition() {
      return catalog.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      List<VersionedDocument> unchanged =
          rows.stream()
              .filter(row -> IdGenerator.time(attempt(row)).isPresent())
              .filter(row -> catalog.session().ledger().holds(row.key()))
              .toList();
      if (unchanged.isEmpty()) {
        return CommitDraft.unchanged(true);
      }
      CommitDraft<Boolean> draft = CommitDraft.unlogged();
      unchanged.forEach(draft::delete);
      return draft.result(true);
    }
  }

  private final class LogEntry implements Ledger.Change<Boolean> {
    private final Map<Work, Long> counts;
    private final int remaining;

    LogEntry(Map<Work, Long> counts, int remaining) {
      this.counts = counts;
      this.remaining = remaining;
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "a run of the mirrors of catalog '" + catalog.name() + "'");
    }

    @Override
    public String partition() {
      return catalog.partition();
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      return CommitDraft.<Boolean>of("mirror.applied", catalog.session().principal(), "_mesh")
          .details(
              new EventDetails.MirrorObjectCounts(
                  mirror.name(),
                  catalog.account(),
                  count(Work.MADE),
                  count(Work.CHANGED),
                  count(Work.REMOVED),
                  count(Work.ADOPTED),
                  count(Work.RESTORED),
                  remaining))
          .result(true);
    }

    private long count(Work work) {
      return counts.getOrDefault(work, 0L);
    }
  }
}
