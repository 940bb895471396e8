package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The log of a partition: entries {@code log/<20 digits>}, each with the hash of the one before,
 * and {@code head} with the sequence and hash of the last.
 */
final class LogChain {
  static final String PREFIX = "log/";
  static final String HEAD = "head";

  /** What the first entry has as the hash of the one before. */
  static final String NOTHING_BEFORE = "0".repeat(64);

  private LogChain() {}

  static Key headKey(String partition) {
    return new Key(partition, HEAD);
  }

  static Key entryKey(String partition, long sequence) {
    return new Key(partition, String.format(Locale.ROOT, "%s%020d", PREFIX, sequence));
  }

  /** A new attempt that goes on from the log's head. */
  static Ledger.Attempt begin(Registry registry, MeshRuntime runtime, String partition) {
    Optional<Stored> head =
        registry
            .read(headKey(partition))
            .map(read -> new Stored(read.key(), Documents.parse(read), read.version()));
    Instant now = runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    long sequence = 1;
    if (head.isPresent()) {
      Instant last = time(head.get());
      now = now.isBefore(last) ? last : now;
      sequence = head.get().json().path("sequence").asLong() + 1;
    }
    return new Ledger.Attempt(runtime.ids().next(), now, sequence, head.orElse(null));
  }

  /** The transaction of a draft: head, entry and what the draft writes, or nothing of it. */
  static Transaction transaction(String partition, Ledger.Attempt attempt, Draft<?> draft) {
    Stored head = attempt.head();
    ObjectNode entry = Documents.create();
    entry.put("sequence", attempt.sequence()).put("at", attempt.now().toString());
    entry.setAll(draft.entry());
    entry.put("attempt", attempt.id());
    entry.put("previous", head == null ? NOTHING_BEFORE : head.json().path("hash").asText());
    // Hashed as it will be read, since a number's text may change on its way through JSON.
    ObjectNode asRead = Documents.parseObject("log", Documents.write(entry));
    String hash = hash(asRead);
    asRead.put("hash", hash);

    ObjectNode newHead = head == null ? Documents.create() : head.json().deepCopy();
    newHead.put("sequence", attempt.sequence()).put("hash", hash);
    newHead.put("at", attempt.now().toString());

    Transaction.Builder transaction = Transaction.attempt(attempt.id());
    if (head == null) {
      transaction.insert(headKey(partition), Documents.write(newHead));
    } else {
      transaction.replace(head.key(), Documents.write(newHead), head.version());
    }
    transaction.insert(entryKey(partition, attempt.sequence()), Documents.write(asRead));
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

  /**
   * True if the log holds the attempt's entry while its head is still the one the attempt saw. Both
   * are only ever written together, so the head was set back or lost.
   */
  static boolean headIsBehind(Registry registry, String partition, Ledger.Attempt attempt) {
    // The entry is read first: the head that belongs to it can only be newer than that.
    if (registry.read(entryKey(partition, attempt.sequence())).isEmpty()) {
      return false;
    }
    Stored head = attempt.head();
    return registry
        .read(headKey(partition))
        .map(now -> head != null && now.version().equals(head.version()))
        .orElse(true);
  }

  static BackendException headLost(String doing, String partition) {
    return BackendException.lasting(
        ErrorCode.REGISTRY_CORRUPT,
        "Could not "
            + doing
            + ": the log of '"
            + partition
            + "' goes on after the entry that its head names, so the head was set back or lost."
            + " Nothing was committed. Restore the registry from a backup.",
        null);
  }

  /** SHA-256 of the entry without its own hash, sorted by field name, as hexadecimal. */
  static String hash(ObjectNode entry) {
    ObjectNode content = entry.deepCopy();
    content.remove("hash");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(Documents.canonical(content).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void put(Transaction.Builder transaction, Transaction.Action action) {
    String json = action.json();
    if (json == null) {
      throw new IllegalStateException("A put without a document");
    }
    if (action.expectedVersion().equals(Transaction.ABSENT)) {
      transaction.insert(action.key(), json);
    } else {
      transaction.replace(action.key(), json, action.expectedVersion());
    }
  }

  private static Instant time(Stored head) {
    try {
      return Instant.parse(head.json().path("at").asText());
    } catch (DateTimeParseException e) {
      throw BackendException.lasting(
          ErrorCode.REGISTRY_CORRUPT,
          "Cannot go on from '"
              + head.key()
              + "' in the registry: its time is not readable. Nothing was changed. Restore the"
              + " registry from a backup.",
          e);
    }
  }
}
