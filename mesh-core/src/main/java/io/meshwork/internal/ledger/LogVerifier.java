package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.registry.Registry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks one partition's log against itself and its head. It does not find a log that was cut
 * together with its head, nor one rewritten as a whole; a signed checkpoint elsewhere does.
 */
final class LogVerifier {
  private static final String MEND =
      "Restore the registry from a backup and compare; do not write to this log before.";

  private final Registry registry;
  private final String partition;
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Long, String> hashes = new HashMap<>();
  private long next = 1;
  private String previous = LogChain.NOTHING_BEFORE;

  LogVerifier(Registry registry, String partition) {
    this.registry = registry;
    this.partition = partition;
  }

  List<Finding> verify() {
    // Read on both sides of the walk, since others may append meanwhile.
    Optional<Head> before = head();
    before.ifPresent(head -> hashes.put(head.sequence(), ""));
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, LogChain.PREFIX, cursor);
      page.documents().forEach(this::entry);
      cursor = page.nextCursor();
    } while (cursor != null);
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
    return List.copyOf(findings);
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

  private void entry(Registry.Document document) {
    String where = document.key().sort();
    ObjectNode entry;
    try {
      entry = Documents.parseObject(document.key().toString(), document.json());
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
    }
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
                ObjectNode head = Documents.parseObject(document.key().toString(), document.json());
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
