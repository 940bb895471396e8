package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
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
 * Verifies one partition's log against itself and its head. A log that was truncated together with
 * its head is only detected by {@link PartitionVerifier}, and a partition that was rewritten as a
 * whole only by a signed checkpoint that is stored elsewhere.
 */
final class LogVerifier {
  static final String FIX =
      "Keep the registry unchanged as evidence. Restore a backup beside it and compare.";

  private final Registry registry;
  private final String partition;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Long, String> hashes = new HashMap<>();
  private final DocumentHashes documentHashes = new DocumentHashes();
  private final Set<String> attempts = new HashSet<>();
  private Optional<Head> before = Optional.empty();
  private long next = 1;

  /** The newest entry that changed rows; empty after one that cannot be read or was edited. */
  private Optional<Long> rowChange = Optional.of(0L);

  private Optional<Long> rowChangeOfHead = Optional.empty();
  private String previous = LogChain.NO_PREVIOUS;
  private @Nullable Instant newest;

  LogVerifier(Registry registry, String partition) {
    this.registry = registry;
    this.partition = partition;
  }

  /** Reads the head, before the entries; others may append, so it is read again at the end. */
  void begin() {
    before = head();
    before.ifPresent(head -> hashes.put(head.sequence(), ""));
  }

  /** Compares the head with the entries, after all of them were added. */
  void end() {
    Optional<Head> after = head();
    long last = next - 1;
    before.ifPresent(head -> checkHead(head, last));
    long count = after.map(Head::sequence).orElse(0L);
    if (last > count) {
      addFinding(
          FindingCode.LOG_HEAD_WRONG,
          LogChain.HEAD,
          "The head counts " + count + " entries, but the log has " + last + ".");
    }
  }

  /**
   * Reads the entries that were appended since, one by one, because single reads are consistent.
   *
   * @return the hashes that they have of this document
   */
  Set<String> advance(String sort) {
    Set<String> appended = new HashSet<>();
    Optional<Registry.Document> entry = registry.read(LogChain.entryKey(partition, next));
    while (entry.isPresent()) {
      addEntry(entry.get());
      appended.add(documentHashes.latest(sort));
      entry = registry.read(LogChain.entryKey(partition, next));
    }
    return appended;
  }

  List<Finding> findings() {
    return findings;
  }

  DocumentHashes documentHashes() {
    return documentHashes;
  }

  /** True if this attempt wrote an entry. */
  boolean hasAttempt(String attempt) {
    return attempts.contains(attempt);
  }

  /** The sequence of the last entry; 0 if there is none. */
  long last() {
    return next - 1;
  }

  boolean hasHead() {
    return before.isPresent();
  }

  private void checkHead(Head head, long last) {
    if (head.sequence() > last) {
      addFinding(
          FindingCode.LOG_ENTRY_MISSING,
          LogChain.entryKey(partition, last + 1).sort(),
          "The head counts " + head.sequence() + " entries, but the log ends at " + last + ".");
    } else if (!head.hash().equals(hashes.get(head.sequence()))) {
      addFinding(
          FindingCode.LOG_HEAD_WRONG,
          LogChain.HEAD,
          "The head's hash differs from entry " + head.sequence() + ".");
    } else if (differ(head.rowChange(), rowChangeOfHead)) {
      addFinding(
          FindingCode.LOG_HEAD_WRONG,
          LogChain.HEAD,
          "The head names entry "
              + head.rowChange().get()
              + " as the newest that changed rows, but it is "
              + rowChangeOfHead.get()
              + ".");
    }
  }

  private static boolean differ(Optional<Long> named, Optional<Long> actual) {
    return named.isPresent() && actual.isPresent() && !named.equals(actual);
  }

  /** Adds the next entry, in the order of their keys. */
  void addEntry(Registry.Document document) {
    String where = document.key().sort();
    ObjectNode entry;
    try {
      entry = DocumentJson.parseObject(document.key().toString(), document.json());
    } catch (BackendException e) {
      addFinding(FindingCode.LOG_ENTRY_EDITED, where, "The entry is not a JSON object.");
      next++;
      previous = "";
      rowChange = Optional.empty();
      return;
    }
    long sequence = entry.path("sequence").asLong(-1);
    if (sequence < 1 || !LogChain.entryKey(partition, sequence).equals(document.key())) {
      addFinding(FindingCode.LOG_ENTRY_MOVED, where, "The entry has sequence " + sequence + ".");
      sequence = sequenceOf(where);
    }
    if (sequence < 1) {
      addFinding(FindingCode.LOG_ENTRY_INSERTED, where, "The entry's key is not a log entry's.");
      return;
    }
    if (sequence > next) {
      addFinding(
          FindingCode.LOG_ENTRY_MISSING,
          LogChain.entryKey(partition, next).sort(),
          "Entries " + next + " to " + (sequence - 1) + " are missing.");
      rowChange = Optional.empty();
    }
    String hash = entry.path("hash").asText();
    boolean isEdited = !hash.equals(LogChain.hash(entry));
    if (isEdited) {
      addFinding(
          FindingCode.LOG_ENTRY_EDITED, where, "The entry's hash does not match its content.");
    } else {
      documentHashes.add(entry);
    }
    attempts.add(entry.path("attempt").asText());
    checkTime(where, entry.path("at").asText());
    checkLinks(where, entry, sequence);
    if (isEdited) {
      rowChange = Optional.empty();
    } else if (MovedTables.changesRows(entry.path("details"))) {
      rowChange = Optional.of(sequence);
    }
    if (hashes.containsKey(sequence)) {
      hashes.put(sequence, hash);
      rowChangeOfHead = rowChange;
    }
    next = sequence + 1;
    previous = hash;
  }

  /** Checks that the entry names the previous one, and the previous one that changed rows. */
  private void checkLinks(String where, ObjectNode entry, long sequence) {
    if (!previous.isEmpty()
        && sequence == next
        && !previous.equals(entry.path("previous").asText())) {
      addFinding(
          FindingCode.LOG_CHAIN_BROKEN, where, "The entry does not contain the previous hash.");
    }
    JsonNode named = entry.path("previousRowChange");
    if (!named.isMissingNode() && differ(Optional.of(named.asLong(-1)), rowChange)) {
      addFinding(
          FindingCode.LOG_CHAIN_BROKEN,
          where,
          "The entry names entry "
              + named.asText()
              + " as the previous one that changed rows, but it is "
              + rowChange.get()
              + ".");
    }
  }

  /** Checks that no entry is older than the previous one. */
  private void checkTime(String where, String text) {
    try {
      Instant at = Instant.parse(text);
      if (newest != null && at.isBefore(newest)) {
        addFinding(
            FindingCode.LOG_TIME_BACK,
            where,
            "The entry has the time " + at + ", but an earlier one has " + newest + ".");
      } else {
        newest = at;
      }
    } catch (DateTimeParseException e) {
      addFinding(FindingCode.LOG_ENTRY_EDITED, where, "The entry's time is not readable.");
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
                return new Head(
                    head.path("sequence").asLong(-1),
                    head.path("hash").asText(),
                    LogChain.newestRowChange(
                        Optional.of(
                            new VersionedDocument(document.key(), head, document.version()))));
              } catch (BackendException e) {
                return new Head(-1, "", Optional.empty());
              }
            });
  }

  private void addFinding(FindingCode code, String where, String what) {
    findings.add(Finding.error(code, partition + " · " + where, what, FIX));
  }

  private record Head(long sequence, String hash, Optional<Long> rowChange) {}
}
