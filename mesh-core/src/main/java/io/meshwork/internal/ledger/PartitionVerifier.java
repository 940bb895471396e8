package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Verifies one partition in one pass: its log, and every logged document against the log.
 *
 * <p>Concurrent commits are allowed: a document that does not match is read again, and then the
 * entries that were appended since. It must match the last known entry or one of those.
 */
final class PartitionVerifier {
  private final Registry registry;
  private final String partition;
  private final LogVerifier log;
  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<String, String> documents = new TreeMap<>();
  private final Set<String> committed = new HashSet<>();

  PartitionVerifier(Registry registry, String partition) {
    this.registry = registry;
    this.partition = partition;
    this.log = new LogVerifier(registry, partition);
  }

  PartitionVerification examine() {
    log.begin();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, "", cursor);
      page.documents().forEach(this::add);
      cursor = page.nextCursor();
    } while (cursor != null);
    log.end();

    Set<String> all = new TreeSet<>(documents.keySet());
    all.addAll(log.documentHashes().documents());
    if (log.last() == 0 && !log.hasHead() && !(all.isEmpty() && committed.isEmpty())) {
      checkLogExists(all.size());
    } else {
      checkAttempts();
      all.forEach(this::checkDocument);
    }
    findings.addAll(0, log.findings());
    return new PartitionVerification(findings, all, log.last(), log.newest());
  }

  private void add(Document document) {
    String sort = document.key().sort();
    if (sort.startsWith(LogChain.PREFIX)) {
      log.addEntry(document);
    } else if (sort.startsWith(Registry.ATTEMPT_PREFIX)) {
      String attempt = sort.substring(Registry.ATTEMPT_PREFIX.length());
      if (document.json().equals(Registry.ATTEMPT_COMMITTED)
          && !UnloggedDocuments.isAttempt(attempt)) {
        committed.add(attempt);
      }
    } else if (!sort.equals(LogChain.HEAD) && !UnloggedDocuments.isUnlogged(sort)) {
      documents.put(sort, DocumentHashes.hash(document.json()));
    }
  }

  private void checkLogExists(int documentsWithoutLog) {
    log.advance("");
    if (log.last() > 0) {
      return;
    }
    findings.add(
        new Finding(
            FindingCode.LOG_MISSING,
            Finding.Severity.ERROR,
            partition + " · " + LogChain.HEAD,
            "The partition has documents or commits, but neither a log nor a head.",
            documentsWithoutLog,
            List.of(),
            LogVerifier.FIX));
  }

  /** Checks that each committed attempt has an entry, which is written together with its row. */
  private void checkAttempts() {
    if (!log.findings().isEmpty()) {
      return;
    }
    long lost = committed.stream().filter(attempt -> !log.hasAttempt(attempt)).count();
    if (lost > 0) {
      // A list may show only part of a concurrent commit, so further entries are read one by one.
      log.advance("");
      lost = committed.stream().filter(attempt -> !log.hasAttempt(attempt)).count();
    }
    if (lost > 0) {
      findings.add(
          new Finding(
              FindingCode.LOG_CUT,
              Finding.Severity.ERROR,
              LogChain.entryKey(partition, log.last() + 1).toString(),
              lost + " commits have no log entry.",
              lost,
              List.of(),
              LogVerifier.FIX));
    }
  }

  private void checkDocument(String sort) {
    DocumentHashes hashes = log.documentHashes();
    if (documents.getOrDefault(sort, DocumentHashes.ABSENT).equals(hashes.latest(sort))) {
      return;
    }
    Set<String> allowed = new HashSet<>();
    allowed.add(hashes.latest(sort));
    Optional<Document> current = registry.read(new Key(partition, sort));
    allowed.addAll(log.advance(sort));
    if (allowed.contains(DocumentHashes.hash(current))) {
      return;
    }
    if (current.isEmpty()) {
      addFinding(
          FindingCode.DOCUMENT_MISSING,
          sort,
          "The log records it, but the document does not exist.");
    } else if (!hashes.contains(sort)) {
      addFinding(
          FindingCode.DOCUMENT_INSERTED, sort, "The document exists, but no log entry records it.");
    } else if (hashes.latest(sort).equals(DocumentHashes.ABSENT)) {
      addFinding(
          FindingCode.DOCUMENT_INSERTED,
          sort,
          "The document exists, but the log records a deletion.");
    } else {
      addFinding(
          FindingCode.DOCUMENT_EDITED, sort, "Its content differs from the last one in the log.");
    }
  }

  private void addFinding(FindingCode code, String sort, String what) {
    findings.add(Finding.error(code, partition + " · " + sort, what, LogVerifier.FIX));
  }
}
