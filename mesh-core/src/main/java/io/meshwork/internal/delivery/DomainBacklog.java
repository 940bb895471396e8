package io.meshwork.internal.delivery;

import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.CursorStore.FirstUse;
import io.meshwork.internal.delivery.NoticeCursor.FailingNotice;
import io.meshwork.internal.delivery.NoticeCursor.ParkedNotice;
import io.meshwork.internal.index.IndexedProduct;
import io.meshwork.internal.index.ProductActivity;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.UnloggedDocuments;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Count;
import io.meshwork.internal.session.ClientSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The notices of a domain's own events that were not delivered, by notifier. Of products, the index
 * says what was published; no log of a product is read. Used by one thread.
 */
public final class DomainBacklog {
  private static final Duration EXPECTED = Duration.ofHours(1);
  private static final int SAMPLES = 5;

  private final ClientSession session;
  private final String domain;
  private final Instant now;
  private final Map<String, KnownNotifier> notifiers = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private DomainBacklog(ClientSession session, String domain, Instant now) {
    this.session = session;
    this.domain = RegistryKeys.partition(domain);
    this.now = now;
  }

  /** What the registry has of a notifier, by the partitions of logs. */
  private static final class KnownNotifier {
    private Instant since = Instant.MAX;
    private final Map<String, NoticeCursor> cursors = new TreeMap<>();

    /** Returns until when the events of a log were passed. */
    Instant passedUntil(String log) {
      NoticeCursor cursor = cursors.get(log);
      return cursor == null ? since : cursor.at().orElse(Instant.MAX);
    }
  }

  /** What waits for a notifier: when each was recorded, and how many more there are. */
  private record WaitingChanges(List<Instant> times, long others) {
    WaitingChanges plus(WaitingChanges more) {
      return new WaitingChanges(
          Stream.concat(times.stream(), more.times.stream()).toList(), others + more.others);
    }

    long count() {
      return times.size() + others;
    }
  }

  /**
   * Returns for each notifier at most one finding of each kind: what waits, what failed, and what
   * is parked.
   *
   * @param domain the domain whose events are concerned
   * @param products its products
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public static List<Finding> findings(
      ClientSession session, String domain, List<IndexedProduct> products, Instant now) {
    DomainBacklog backlog = new DomainBacklog(session, domain, now);
    backlog.read();
    backlog.add(products);
    return List.copyOf(backlog.findings);
  }

  private void read() {
    Set<String> partitions = new LinkedHashSet<>();
    if (session.process().isPresent()) {
      partitions.add(session.catalog().homeConsumerPartition(domain));
    } else {
      partitions.add(RegistryKeys.MESH);
      partitions.add(session.catalog().governanceOf(domain));
    }
    for (String partition : partitions) {
      session.ledger().listLenient(partition, UnloggedDocuments.CURSORS).forEach(this::add);
    }
  }

  private void add(VersionedDocument stored) {
    String name = stored.key().sort().substring(UnloggedDocuments.CURSORS.length());
    int slash = name.indexOf('/');
    String log = slash < 0 ? "" : name.substring(slash + 1);
    if (slash >= 0 && !PartitionCatalogs.domain(log).equals(domain)) {
      return;
    }
    KnownNotifier notifier =
        notifiers.computeIfAbsent(
            slash < 0 ? name : name.substring(0, slash), first -> new KnownNotifier());
    if (slash < 0) {
      readable(stored, DocumentCodec.of(FirstUse.class)::read)
          .ifPresent(use -> notifier.since = use.since().minus(CursorStore.CLOCK_TOLERANCE));
    } else {
      readable(stored, NoticeCursor::of).ifPresent(cursor -> notifier.cursors.put(log, cursor));
    }
  }

  private <T> Optional<T> readable(
      VersionedDocument stored, Function<VersionedDocument, T> reading) {
    Optional<T> read = stored.readAs(reading);
    if (read.isEmpty()) {
      findings.add(NoticeFindings.damaged(stored.key().toString()));
    }
    return read;
  }

  private void add(List<IndexedProduct> products) {
    Map<String, VersionedDocument> newest = new TreeMap<>();
    if (!notifiers.isEmpty()) {
      for (String log :
          new LinkedHashSet<>(List.of(domain, session.catalog().homeConsumerPartition(domain)))) {
        session.ledger().newestEntry(log).ifPresent(entry -> newest.put(log, entry));
      }
    }
    notifiers.forEach(
        (name, notifier) -> {
          WaitingChanges waiting =
              Stream.concat(
                      products.stream().map(product -> waiting(notifier, product)),
                      newest.entrySet().stream()
                          .map(log -> waiting(notifier, log.getKey(), log.getValue())))
                  .reduce(new WaitingChanges(List.of(), 0), WaitingChanges::plus);
          addWaiting(name, waiting);
          addFailing(name, List.copyOf(notifier.cursors.values()));
          addParked(name, List.copyOf(notifier.cursors.values()));
        });
  }

  private static WaitingChanges waiting(KnownNotifier notifier, IndexedProduct product) {
    Instant passed = notifier.passedUntil(RegistryKeys.partition(product.name()));
    return new WaitingChanges(
        product.pulse().stream()
            .flatMap(ProductActivity::publishes)
            .filter(at -> at.isAfter(passed))
            .toList(),
        0);
  }

  /** Reads the oldest entry of the log that waits, if there is one. */
  private WaitingChanges waiting(KnownNotifier notifier, String log, VersionedDocument newest) {
    NoticeCursor cursor = notifier.cursors.get(log);
    Instant last = Ledger.time(newest);
    if (cursor == null) {
      return new WaitingChanges(last.isAfter(notifier.since) ? List.of(last) : List.of(), 0);
    }
    long count = Ledger.sequence(newest) - cursor.sequence();
    if (count <= 0) {
      return new WaitingChanges(List.of(), 0);
    }
    Instant oldest =
        count == 1
            ? last
            : session.ledger().entry(log, cursor.sequence() + 1).map(Ledger::time).orElse(last);
    return new WaitingChanges(List.of(oldest), count - 1);
  }

  private void addWaiting(String notifier, WaitingChanges waiting) {
    waiting.times().stream()
        .min(Instant::compareTo)
        .ifPresent(
            since ->
                findings.add(
                    new Finding(
                        FindingCode.NOTICE_WAITING,
                        since.isBefore(now.minus(EXPECTED)) ? Severity.WARNING : Severity.NOTE,
                        where(notifier),
                        "Since "
                            + since
                            + ", notices of "
                            + Count.of(waiting.count(), "change waits", "changes wait")
                            + " to be delivered.",
                        waiting.count(),
                        List.of(since.toString()),
                        "Operate the mesh with this notifier every few minutes, or run mesh deliver"
                            + " --name "
                            + notifier
                            + " with its --to."
                            + unused(notifier))));
  }

  private void addFailing(String notifier, List<NoticeCursor> cursors) {
    Map<Boolean, List<FailingNotice>> failing =
        cursors.stream()
            .flatMap(cursor -> cursor.failing().stream())
            .collect(Collectors.partitioningBy(NoticeFindings::isOfEvent));
    failing.forEach(
        (isOfEvent, all) -> {
          if (!all.isEmpty()) {
            findings.add(
                NoticeFindings.failing(
                    where(notifier), isOfEvent, all.stream().limit(SAMPLES).toList(), all.size()));
          }
        });
  }

  private void addParked(String notifier, List<NoticeCursor> cursors) {
    long parked = cursors.stream().mapToLong(NoticeCursor::parkedCount).sum();
    if (parked == 0) {
      return;
    }
    Map<String, Long> failures = new TreeMap<>();
    List<Instant> times = new ArrayList<>();
    List<String> samples = new ArrayList<>();
    for (NoticeCursor cursor : cursors) {
      for (ParkedNotice notice : cursor.parked()) {
        failures.merge(notice.failure(), 1L, Long::sum);
        times.add(notice.at());
        samples.add(notice.notice());
      }
      cursor
          .older()
          .ifPresent(
              older -> {
                failures.merge(older.failure(), older.count(), Long::sum);
                times.add(older.at());
              });
    }
    findings.add(
        new Finding(
            FindingCode.NOTICE_PARKED,
            Severity.WARNING,
            where(notifier),
            Count.of(parked, "notice is", "notices are")
                + " parked, and not retried, since "
                + times.stream().min(Instant::compareTo).orElse(now)
                + ": "
                + failures.entrySet().stream()
                    .map(each -> each.getValue() + " because of " + each.getKey())
                    .collect(Collectors.joining(", "))
                + ".",
            parked,
            samples.stream().limit(SAMPLES).toList(),
            "Fix the receiver. Then run mesh deliver --parked --name "
                + notifier
                + " with its --to."
                + unused(notifier)));
  }

  private static String unused(String notifier) {
    return " If no process uses it, the operator runs mesh forget-notifier " + notifier + ".";
  }

  private static String where(String notifier) {
    return "notifier " + notifier;
  }
}
