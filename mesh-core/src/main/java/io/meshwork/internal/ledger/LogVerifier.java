package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.registry.Registry;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks one partition's log against itself and its head. It does not find a log that was cut
 * together with its head; {@link PartitionVerifier} does, by what else is there. A partition that
 * was rewritten as a whole needs a signed checkpoint elsewhere.
 */
final class LogVerifier {
  private static final String MEND =
      "Keep the registry as it is, for it is evidence; restore a backup beside it and compare.";

  private final Registry registry;
  private final String partition;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Long, String> hashes = new HashMap<>();
  private final DocumentHashes statements = new DocumentHashes();
  private final Set<String> attempts = new HashSet<>();
  private Optional<Head> before = Optional.empty();
  private long next = 1;
  private String previous = LogChain.NOTHING_BEFORE;
  private @Nullable Instant newest;

  LogVerifier(Registry registry, String partition) {
    this.registry = registry;
    this.partition = partition;
  }

  /** Call it before the walk: others may append meanwhile, so the head is read on both sides. */
  void begin() {
    before = head();
    before.ifPresent(head -> hashes.put(head.sequence(), ""));
  }

  /** Call it after the walk. */
  void end() {
    Optional<Head> after = head();
    long last = next - 1;
    before.ifPresent(head -> matches(head, last));
    long most = after.map(Head::sequence).orElse(0L);
    if (last > most) {
      found(
          "LOG_HEAD_WRONG",
          LogChain.HEAD,
          "The head says " + most + " entries and the log has " + last + ".");
    }
  }

  /**
   * Reads the entries that were appended since, as single documents, which a backend reads whole.
   *
   * @return what they say of this document
   */
  Set<String> advance(String sort) {
    Set<String> said = new HashSet<>();
    Optional<Registry.Document> entry = registry.read(LogChain.entryKey(partition, next));
    while (entry.isPresent()) {
      entry(entry.get());
      said.add(statements.latest(sort));
      entry = registry.read(LogChain.entryKey(partition, next));
    }
    return said;
  }

  List<Finding> findings() {
    return findings;
  }

  DocumentHashes statements() {
    return statements;
  }

  /** True if an entry says that this attempt wrote it. */
  boolean knowsAttempt(String attempt) {
    return attempts.contains(attempt);
  }

  /** The sequence of the last entry; 0 if there is none. */
  long last() {
    return next - 1;
  }

  boolean hasHead() {
    return before.isPresent();
  }

  private void matches(Head head, long last) {
    if (head.sequence() > last) {
      found(
          "LOG_ENTRY_MISSING",
          LogChain.entryKey(partition, last + 1).sort(),
          "The head says " + head.sequence() + " entries and the log ends at " + last + ".");
    } else if (!head.hash().equals(hashes.get(head.sequence()))) {
      found(
          "LOG_HEAD_WRONG",
          LogChain.HEAD,
          "The head's hash is not that of entry " + head.sequence() + ".");
    }
  }

  /** Takes the next entry, in the order of their keys. */
  void entry(Registry.Document document) {
    String where = document.key().sort();
    ObjectNode entry;
    try {
      entry = DocumentJson.parseObject(document.key().toString(), document.json());
    } catch (BackendException e) {
      found("LOG_ENTRY_EDITED", where, "The entry is no JSON object.");
      next++;
      previous = "";
      return;
    }
    long sequence = entry.path("sequence").asLong(-1);
    if (sequence < 1 || !LogChain.entryKey(partition, sequence).equals(document.key())) {
      found("LOG_ENTRY_MOVED", where, "The entry says sequence " + sequence + ".");
      sequence = sequenceOf(where);
    }
    if (sequence < 1) {
      found("LOG_ENTRY_INSERTED", where, "The entry's key is not that of a log entry.");
      return;
    }
    if (sequence > next) {
      found(
          "LOG_ENTRY_MISSING",
          LogChain.entryKey(partition, next).sort(),
          "Entries " + next + " to " + (sequence - 1) + " are missing.");
    }
    String hash = entry.path("hash").asText();
    if (!hash.equals(LogChain.hash(entry))) {
      found("LOG_ENTRY_EDITED", where, "The entry's hash is not that of its content.");
    } else {
      statements.add(entry);
    }
    attempts.add(entry.path("attempt").asText());
    takeTime(where, entry.path("at").asText());
    if (!previous.isEmpty()
        && sequence == next
        && !previous.equals(entry.path("previous").asText())) {
      found("LOG_CHAIN_BROKEN", where, "The entry does not follow the one before it.");
    }
    if (hashes.containsKey(sequence)) {
      hashes.put(sequence, hash);
    }
    next = sequence + 1;
    previous = hash;
  }

  /** No entry is of an earlier time than the one before it. */
  private void takeTime(String where, String text) {
    try {
      Instant at = Instant.parse(text);
      if (newest != null && at.isBefore(newest)) {
        found("LOG_TIME_BACK", where, "The entry is of " + at + ", and one before it of " + newest);
      } else {
        newest = at;
      }
    } catch (DateTimeParseException e) {
      found("LOG_ENTRY_EDITED", where, "The entry does not say when it was written.");
    }
  }

  /** The time of the newest entry; empty if there is none. */
  Optional<Instant> newest() {
    return Optional.ofNullable(newest);
  }

  private static long sequenceOf(String sort) {
    try {
      return Long.parseLong(sort.substring(LogChain.PREFIX.length()));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Optional<Head> head() {
    return registry
        .read(LogChain.headKey(partition))
        .map(
            document -> {
              try {
                ObjectNode head =
                    DocumentJson.parseObject(document.key().toString(), document.json());
                return new Head(head.path("sequence").asLong(-1), head.path("hash").asText());
              } catch (BackendException e) {
                return new Head(-1, "");
              }
            });
  }

  private void found(String code, String where, String what) {
    findings.add(Finding.error(code, partition + " · " + where, what, MEND));
  }

  private record Head(long sequence, String hash) {}
}
