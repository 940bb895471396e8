package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.table.WriterRecords.Span;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adds the documents of {@link WriterRecords}: before the first file of a product with an ID of
 * this process, and then once an hour while it writes. Thread-safe.
 */
final class WriterRecording {
  /** How long a document covers files that are written later, without another write. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private static final int MAX_JUMPS = 4;

  private final Ledger ledger;

  /** The times of IDs that the registry covers, by the keys of the documents. */
  private final Map<Key, Span> covered = new HashMap<>();

  WriterRecording(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Records the writer of a file in the folder of a table, by the ID in its name.
   *
   * @param root the root of its place
   * @throws io.meshwork.error.MeshException if that failed; then the file must not be written
   */
  void beforeWrite(String root, String location) {
    String tables = DataPlaces.dataFolder(root) + "/";
    if (!location.startsWith(tables)) {
      return;
    }
    String[] parts = location.substring(tables.length()).split("/", 3);
    if (parts.length == 3) {
      String id = FileOrigin.of(parts[2]).id();
      IdGenerator.time(id)
          .ifPresent(
              time ->
                  TableName.keyOf(parts[0], parts[1])
                      .map(Key::partition)
                      .ifPresent(
                          partition -> record(partition, IdGenerator.tag(id).orElseThrow(), time)));
    }
  }

  private synchronized void record(String partition, String tag, Instant time) {
    Key key = WriterRecords.key(partition, tag);
    Span span = covered.get(key);
    if (span == null || !span.includes(time)) {
      covered.put(key, commitDespiteJumps(new RecordedWriter(key, tag, time)));
    }
  }

  /**
   * Commits within the time that the mesh gives an operation. A clock that jumps, such as on a
   * computer that slept, uses up this time, which callers cannot set; so it starts again.
   */
  private Span commitDespiteJumps(RecordedWriter writer) {
    for (int jumps = 0; ; jumps++) {
      try {
        return ledger.commitPrerequisite(writer, ledger.startDeadline());
      } catch (BackendException e) {
        if (e.errorCode() != ErrorCode.DEADLINE_PASSED || jumps == MAX_JUMPS) {
          throw e;
        }
      }
    }
  }

  /** Adds the document of a writer, or extends its times. */
  private final class RecordedWriter implements Ledger.Change<Span> {
    private final Key key;
    private final String tag;
    private final Instant time;

    RecordedWriter(Key key, String tag, Instant time) {
      this.key = key;
      this.tag = tag;
      this.time = time;
    }

    /** Another process continues a publish, but creates no ID with its tag. */
    private Span span() {
      IdGenerator ids = ledger.runtime().ids();
      return ids.tag().equals(tag)
          ? new Span(time, time.plus(AHEAD)).including(ids.since())
          : new Span(time, time);
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "this process as a writer of files of " + partition());
    }

    @Override
    public String partition() {
      return key.partition();
    }

    @Override
    public CommitDraft<Span> draft(Ledger.Attempt attempt) {
      @Nullable VersionedDocument stored = ledger.readLenient(key).orElse(null);
      Span span = stored == null ? Span.NONE : Span.of(stored).orElse(Span.NONE);
      Span next = span.union(span());
      CommitDraft<Span> draft = CommitDraft.unlogged();
      if (stored == null) {
        draft.insert(key, WriterRecords.document(tag, next));
      } else {
        draft.replace(stored, WriterRecords.document(tag, next));
      }
      return draft.result(next);
    }
  }
}
