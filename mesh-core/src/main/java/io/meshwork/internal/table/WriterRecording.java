package io.meshwork.internal.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Adds the documents of {@link WriterRecords} of this process: before its first file of a product,
 * and then once an hour while it writes. Thread-safe.
 */
final class WriterRecording {
  /** How long a document covers files that are written later, without another write. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private static final String LAST_UPDATED = "_metadata/last_updated.json";

  private final Ledger ledger;

  /** Until when the registry covers what this process writes, by the partition of the product. */
  private final Map<String, Instant> covered = new HashMap<>();

  WriterRecording(Ledger ledger) {
    this.ledger = ledger;
  }

  /**
   * Records this process as a writer, if a location is in the folder of a table.
   *
   * @param root the root of its place
   * @throws io.meshwork.error.MeshException if that failed; then the file must not be written
   */
  void beforeWrite(String root, String location) {
    Optional<String> partition = partition(root, location);
    if (partition.isPresent()) {
      record(partition.get());
    }
  }

  private static Optional<String> partition(String root, String location) {
    String tables = DataPlaces.dataFolder(root) + "/";
    if (!location.startsWith(tables)) {
      return Optional.empty();
    }
    String[] parts = location.substring(tables.length()).split("/", 3);
    return parts.length == 3 && !parts[2].equals(LAST_UPDATED)
        ? TableName.keyOf(parts[0], parts[1]).map(Key::partition)
        : Optional.empty();
  }

  private synchronized void record(String partition) {
    Instant now = ledger.runtime().clock().instant();
    Instant until = covered.get(partition);
    if (until == null || now.isAfter(until)) {
      covered.put(partition, commit(new RecordedProcess(partition, now.plus(AHEAD))));
    }
  }

  private Instant commit(RecordedProcess process) {
    try {
      return ledger.commit(process, ledger.startDeadline());
    } catch (OutcomeUnknownException e) {
      // Nothing but this document was to be committed, so its caller can run again.
      if (process.stored().map(WriterRecords::until).orElse(Instant.MIN).isBefore(process.until)) {
        throw Failure.of(process.action())
            .because("the answer of the registry was lost")
            .state("The file was not written.")
            .fix("Run it again.")
            .cause(e)
            .passing(ErrorCode.BACKEND_FAILED);
      }
      return process.until;
    }
  }

  /** Adds the document of this process, or extends its time. */
  private final class RecordedProcess implements Ledger.Change<Instant> {
    private final String partition;
    private final Instant until;

    RecordedProcess(String partition, Instant until) {
      this.partition = partition;
      this.until = until;
    }

    private Key key() {
      return WriterRecords.key(partition, ids().tag());
    }

    private IdGenerator ids() {
      return ledger.runtime().ids();
    }

    Optional<VersionedDocument> stored() {
      return ledger.readLenient(key());
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.RECORD, "this process as a writer of files of " + partition);
    }

    @Override
    public String partition() {
      return partition;
    }

    @Override
    public CommitDraft<Instant> draft(Ledger.Attempt attempt) {
      ObjectNode document = WriterRecords.document(ids().tag(), ids().since(), until);
      @Nullable VersionedDocument stored = stored().orElse(null);
      CommitDraft<Instant> draft = CommitDraft.unlogged();
      if (stored == null) {
        draft.insert(key(), document);
      } else {
        draft.replace(stored, document);
      }
      return draft.result(until);
    }
  }
}
