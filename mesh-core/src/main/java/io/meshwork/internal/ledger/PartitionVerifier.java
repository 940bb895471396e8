package io.meshwork.internal.ledger;

import io.meshwork.error.Finding;
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
 * Checks one partition in one pass: its log, and every document against what the log says of it,
 * but those that no log tells of.
 *
 * <p>Others may write meanwhile. What does not agree is therefore read once more, and then the
 * entries that were appended since: the document must be what the last entry known before says, or
 * what one of those says. So nobody is blamed for being busy, and nothing has to stand still.
 */
final class PartitionVerifier {
  private static final String MEND =
      "Keep the registry as it is, for it is evidence; restore a backup beside it and compare.";

  private final Registry registry;
  private final String partition;
  private final Set<String> vouched;
  private final LogVerifier log;
  private final List<Finding> findings = new ArrayList<>();
  private final TreeMap<String, String> documents = new TreeMap<>();
  private final Set<String> committed = new HashSet<>();

  PartitionVerifier(Registry registry, String partition, Set<String> vouched) {
    this.registry = registry;
    this.partition = partition;
    this.vouched = vouched;
    this.log = new LogVerifier(registry, partition);
  }

  PartitionCheck examine() {
    log.begin();
    String cursor = null;
    do {
      Registry.Page page = registry.list(partition, "", cursor);
      page.documents().forEach(this::take);
      cursor = page.nextCursor();
    } while (cursor != null);
    log.end();

    Set<String> all = new TreeSet<>(documents.keySet());
    all.addAll(log.statements().named());
    if (log.last() == 0 && !log.hasHead() && !(all.isEmpty() && committed.isEmpty())) {
      checkLogIsThere(all.size());
    } else {
      checkAttempts();
      all.forEach(this::checkDocument);
    }
    findings.addAll(0, log.findings());
    return new PartitionCheck(findings, all, log.last(), log.statements().silent(), log.newest());
  }

  private void take(Document document) {
    String sort = document.key().sort();
    if (sort.startsWith(LogChain.PREFIX)) {
      log.entry(document);
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

  private void checkLogIsThere(int documentsWithoutLog) {
    log.advance("");
    if (log.last() > 0 || vouchedFor()) {
      return;
    }
    findings.add(
        new Finding(
            "LOG_MISSING",
            Finding.Severity.ERROR,
            partition + " · " + LogChain.HEAD,
            "The partition has documents or commits, and neither a log nor its head.",
            documentsWithoutLog,
            List.of(),
            MEND));
  }

  private boolean vouchedFor() {
    return committed.isEmpty()
        && documents.keySet().stream()
            .allMatch(
                sort ->
                    registry
                        .read(new Key(partition, sort))
                        .map(document -> vouched.contains(document.version()))
                        .orElse(true));
  }

  /** The row of an attempt is written with its entry and before the walk came to the log. */
  private void checkAttempts() {
    if (!log.findings().isEmpty()) {
      return;
    }
    long lost = committed.stream().filter(attempt -> !log.knowsAttempt(attempt)).count();
    if (lost > 0) {
      // A backend may show a commit's documents one by one to a walk, so the rest is read singly.
      log.advance("");
      lost = committed.stream().filter(attempt -> !log.knowsAttempt(attempt)).count();
    }
    if (lost > 0) {
      findings.add(
          new Finding(
              "LOG_CUT",
              Finding.Severity.ERROR,
              LogChain.entryKey(partition, log.last() + 1).toString(),
              lost + " commits were made here that no entry tells of.",
              lost,
              List.of(),
              MEND));
    }
  }

  private void checkDocument(String sort) {
    if (documents.getOrDefault(sort, DocumentHashes.ABSENT).equals(log.statements().latest(sort))) {
      return;
    }
    Set<String> allowed = new HashSet<>();
    allowed.add(log.statements().latest(sort));
    Optional<Document> now = registry.read(new Key(partition, sort));
    allowed.addAll(log.advance(sort));
    if (allowed.contains(DocumentHashes.hash(now)) || isOlderThanStatements(now)) {
      return;
    }
    if (now.isEmpty()) {
      found("DOCUMENT_MISSING", sort, "The log says that it was written, and it is not there.");
    } else if (!log.statements().name(sort)) {
      found("DOCUMENT_INSERTED", sort, "The document is there, and no entry of the log names it.");
    } else if (log.statements().latest(sort).equals(DocumentHashes.ABSENT)) {
      found("DOCUMENT_INSERTED", sort, "The log says that it was deleted, and it is there.");
    } else {
      found("DOCUMENT_EDITED", sort, "Its content is not what the log says was written last.");
    }
  }

  /** Entries did not always name what they wrote; a document of that time cannot be proved. */
  private boolean isOlderThanStatements(Optional<Document> document) {
    return document
        .map(Document::version)
        .filter(version -> log.statements().silent().contains(version) || vouched.contains(version))
        .isPresent();
  }

  private void found(String code, String sort, String what) {
    findings.add(Finding.error(code, partition + " · " + sort, what, MEND));
  }
}
