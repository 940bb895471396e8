package io.meshwork.internal.ledger;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.CommitDraft.LoggedChange;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The log of a partition: entries {@code log/<20 digits>}, each with the hash of the previous one,
 * and {@code head} with the sequence and hash of the last. Entries that changed rows are linked, so
 * that they are read without entries of grants between them.
 */
final class LogChain {
  static final String PREFIX = "log/";
  static final String HEAD = "head";

  /** The previous hash of the first entry. */
  static final String NO_PREVIOUS = "0".repeat(64);

  private static final int DIGITS = 20; // more than the longest sequence has

  private LogChain() {}

  /** An entry before its hash is added. */
  private record LogEntry(
      long sequence,
      Instant at,
      @JsonUnwrapped LoggedChange change,
      String attempt,
      JsonNode documents,
      String previous,
      Optional<Long> previousRowChange) {}

  /** The document {@code head}. */
  private record Head(
      long sequence, String hash, Instant at, Optional<NewestRowChange> rowChanges) {}

  /**
   * The newest entry that changed rows.
   *
   * @param newest its sequence; 0 if there is none
   * @param until the sequence of the head that this was written with: a version of Meshwork that
   *     does not know the field retains it with a later sequence
   */
  private record NewestRowChange(long newest, long until) {}

  /** The details of an entry whose change is recorded in the log of another partition. */
  private record RecordedElsewhere(String partition, long sequence) {}

  static Key headKey(String partition) {
    return new Key(partition, HEAD);
  }

  static Key entryKey(String partition, long sequence) {
    String digits = Long.toString(sequence);
    return new Key(partition, PREFIX + "0".repeat(DIGITS - digits.length()) + digits);
  }

  /** A new attempt that follows the log's head. */
  static Ledger.Attempt begin(Registry registry, MeshRuntime runtime, String partition) {
    Optional<VersionedDocument> head = head(registry, partition);
    Instant clock = runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    Instant now = notBefore(head, clock);
    return new Ledger.Attempt(runtime.ids().next(now), now, clock, next(head), head.orElse(null));
  }

  private static Optional<VersionedDocument> head(Registry registry, String partition) {
    return registry
        .read(headKey(partition))
        .map(read -> new VersionedDocument(read.key(), DocumentJson.parse(read), read.version()));
  }

  private static long next(Optional<VersionedDocument> head) {
    return head.map(Ledger::sequence).orElse(0L) + 1;
  }

  /**
   * The sequence of the newest entry that changed rows, 0 if there is none; empty if the log has
   * entries of a version of Meshwork that did not record it.
   */
  static Optional<Long> newestRowChange(Optional<VersionedDocument> head) {
    if (head.isEmpty()) {
      return Optional.of(0L);
    }
    JsonNode recorded = head.get().json().path("rowChanges");
    return recorded.path("until").asLong() == Ledger.sequence(head.get())
        ? Optional.of(recorded.path("newest").asLong())
        : Optional.empty();
  }

  private static Instant notBefore(Optional<VersionedDocument> head, Instant now) {
    Instant last = head.map(LogChain::time).orElse(now);
    return now.isBefore(last) ? last : now;
  }

  /**
   * The transaction of a draft: head, entry, and the documents of the draft. A draft that writes to
   * further partitions gets an entry with the document hashes in each of their logs. An unlogged
   * draft has no head and no entry.
   */
  static Transaction transaction(
      Registry registry, String partition, Ledger.Attempt attempt, CommitDraft<?> draft) {
    Map<String, ObjectNode> written = DocumentHashes.byPartition(draft.actions());
    if (draft.isUnlogged()) {
      if (!written.isEmpty()) {
        throw new IllegalStateException("An unlogged draft writes a document that must be logged");
      }
      return withActions(Transaction.attempt(UnloggedDocuments.attempt(attempt.id())), draft);
    }
    Transaction.Builder transaction = Transaction.attempt(attempt.id());
    LoggedChange change = draft.logged();
    JsonNode own = written.getOrDefault(partition, JsonNodeFactory.instance.objectNode());
    append(transaction, partition, attempt, attempt.head(), change, own);
    LoggedChange reference =
        change.with(DocumentCodec.toJson(new RecordedElsewhere(partition, attempt.sequence())));
    for (Map.Entry<String, ObjectNode> further : written.entrySet()) {
      if (!further.getKey().equals(partition)) {
        VersionedDocument head = head(registry, further.getKey()).orElse(null);
        append(transaction, further.getKey(), attempt, head, reference, further.getValue());
      }
    }
    return withActions(transaction, draft);
  }

  private static Transaction withActions(Transaction.Builder transaction, CommitDraft<?> draft) {
    draft
        .actions()
        .forEach(
            action -> {
              switch (action.kind()) {
                case PUT -> put(transaction, action);
                case DELETE -> transaction.delete(action.key(), action.expectedVersion());
                case CHECK -> transaction.check(action.key(), action.expectedVersion());
              }
            });
    return transaction.build();
  }

  private static void append(
      Transaction.Builder transaction,
      String partition,
      Ledger.Attempt attempt,
      @Nullable VersionedDocument head,
      LoggedChange change,
      JsonNode documents) {
    Optional<VersionedDocument> stored = Optional.ofNullable(head);
    long sequence = next(stored);
    Optional<Long> rowChange = newestRowChange(stored);
    boolean changesRows = MovedTables.changesRows(change.details());
    LogEntry entry =
        new LogEntry(
            sequence,
            notBefore(stored, attempt.now()),
            change,
            attempt.id(),
            documents,
            head == null ? NO_PREVIOUS : head.json().path("hash").asText(),
            changesRows ? rowChange : Optional.empty());
    // Hashed as read back, since JSON may change the text of a number.
    ObjectNode asRead =
        DocumentJson.parseObject("log", DocumentJson.write(DocumentCodec.document(entry)));
    String hash = hash(asRead);
    asRead.put("hash", hash);

    Optional<NewestRowChange> rowChanges =
        (changesRows ? Optional.of(sequence) : rowChange)
            .map(newest -> new NewestRowChange(newest, sequence));
    ObjectNode newHead =
        DocumentCodec.of(Head.class).write(new Head(sequence, hash, entry.at, rowChanges), stored);
    if (head == null) {
      transaction.insert(headKey(partition), DocumentJson.write(newHead));
    } else {
      transaction.replace(head.key(), DocumentJson.write(newHead), head.version());
    }
    transaction.insert(entryKey(partition, entry.sequence), DocumentJson.write(asRead));
  }

  /**
   * True if a log already has the entry that a transaction appends, but still the head that the
   * transaction expected. Both are always written together, so the head was set back or lost.
   *
   * @param entry the entry's key, of any log that the transaction appends to
   */
  static boolean headIsBehind(Registry registry, Transaction transaction, Key entry) {
    // The entry is read first, so that the head cannot be older.
    if (registry.read(entry).isEmpty()) {
      return false;
    }
    Key head = headKey(entry.partition());
    Optional<Registry.Document> now = registry.read(head);
    return now.isEmpty()
        || transaction.actions().stream()
            .anyMatch(
                action ->
                    action.key().equals(head)
                        && action.expectedVersion().equals(now.get().version()));
  }

  static BackendException headLost(MeshAction action, String partition) {
    return Failure.of(action)
        .because(
            "the log of '"
                + partition
                + "' has entries after the one that its head names, so the head was set back or"
                + " lost")
        .state("Nothing was committed.")
        .fix("Restore the registry from a backup.")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }

  /** SHA-256 of the entry without its own hash, sorted by field name, as hexadecimal. */
  static String hash(ObjectNode entry) {
    ObjectNode content = entry.deepCopy();
    content.remove("hash");
    return DocumentJson.hash(content);
  }

  private static void put(Transaction.Builder transaction, Transaction.Action action) {
    String json = action.json();
    if (json == null) {
      throw new IllegalStateException("A put has no document");
    }
    if (action.expectedVersion().equals(Transaction.ABSENT)) {
      transaction.insert(action.key(), json);
    } else {
      transaction.replace(action.key(), json, action.expectedVersion());
    }
  }

  /** The time of a head or an entry. */
  static Instant time(VersionedDocument head) {
    try {
      return Instant.parse(head.json().path("at").asText());
    } catch (DateTimeParseException e) {
      throw Failure.of(
              MeshAction.of(Verb.CONTINUE, "the log at '" + head.key() + "' in the registry"))
          .because("its time is not readable")
          .fix("Restore the registry from a backup.")
          .cause(e)
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
  }
}
