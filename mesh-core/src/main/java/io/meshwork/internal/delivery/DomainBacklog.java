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
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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

    /** Returns what fails of each log that has such; true for events without notices. */
    Map<Boolean, Map<String, FailingNotice>> failing() {
      Map<Boolean, Map<String, FailingNotice>> failing = new TreeMap<>();
      cursors.forEach(
          (log, cursor) ->
              cursor
                  .failing()
                  .ifPresent(
                      notice ->
                          failing
                              .computeIfAbsent(
                                  NoticeFindings.isOfEvent(notice), kind -> new TreeMap<>())
                              .put(log, notice)));
      return failing;
    }

    /** Returns until when the events of a log were passed. */
    Instant passedUntil(String log) {
      NoticeCursor cursor = cursors.get(log);
      return cursor == null ? since : cursor.at().orElse(Instant.MAX);
    }
  }

  /** What waits for a notifier: when each was recorded, and how many more there are. */
  private record WaitingChanges(List<Instant> times, long others) {
    private static final WaitingChanges NONE = new WaitingChanges(List.of(), 0);

    WaitingChanges plus(WaitingChanges more) {
      return new WaitingChanges(
          Stream.concat(times.stream(), more.times.stream()).toList(), others + more.others);
    }

    long count() {
      return times.size() + others;
    }

    Optional<Instant> since() {
      return times.stream().min(Instant::compareTo);
    }

    boolean isLateAt(Instant now) {
      return since().filter(time -> time.isBefore(now.minus(EXPECTED))).isPresent();
    }

    @Override
    public String toString() {
      return "Since "
          + since().map(Instant::toString).orElse("now")
          + ", notices of "
          + Count.of(count(), "change waits", "changes wait");
    }
  }

  /**
   * Returns for each notifier at most one finding of each kind: what waits, what failed with all
   * that waits behind it, and what is parked.
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
          Map<String, WaitingChanges> waiting = new TreeMap<>();
          for (IndexedProduct product : products) {
            waiting.merge(
                RegistryKeys.partition(product.name()),
                waiting(notifier, product),
                WaitingChanges::plus);
          }
          newest.forEach(
              (log, entry) ->
                  waiting.merge(log, waiting(notifier, log, entry), WaitingChanges::plus));
          Map<Boolean, Map<String, FailingNotice>> failing = notifier.failing();
          Map<String, WaitingChanges> others = new TreeMap<>(waiting);
          failing.values().forEach(logs -> others.keySet().removeAll(logs.keySet()));
          addWaiting(name, sum(others.values()));
          failing.forEach((isOfEvent, logs) -> addFailing(name, isOfEvent, logs, waiting));
          addParked(name, List.copyOf(notifier.cursors.values()));
        });
  }

  private static WaitingChanges waiting(KnownNotifier notifier, IndexedProduct product) {
    Instant passed = notifier.passedUntil(RegistryKeys.partition(product.name()));
    return new WaitingChanges(
        product.activity().stream()
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

  private static WaitingChanges sum(Collection<WaitingChanges> changes) {
    return changes.stream().reduce(WaitingChanges.NONE, WaitingChanges::plus);
  }

  private void addWaiting(String notifier, WaitingChanges waiting) {
    waiting
        .since()
        .ifPresent(
            since ->
                findings.add(
                    new Finding(
                        FindingCode.NOTICE_WAITING,
                        waiting.isLateAt(now) ? Severity.WARNING : Severity.NOTE,
                        where(notifier),
                        waiting + " to be delivered.",
                        waiting.count(),
                        List.of(since.toString()),
                        deliver(notifier))));
  }

  /**
   * Adds what fails, and what waits behind it: it has the same cause.
   *
   * @param failing the notice that each log waits for
   * @param waiting what waits in each log, with the event of that notice if it counts as waiting
   */
  private void addFailing(
      String notifier,
      boolean isOfEvent,
      Map<String, FailingNotice> failing,
      Map<String, WaitingChanges> waiting) {
    Map<String, WaitingChanges> behind = new TreeMap<>(waiting);
    behind.keySet().retainAll(failing.keySet());
    WaitingChanges all = sum(behind.values());
    boolean isLate = all.isLateAt(now);
    Finding failed =
        NoticeFindings.failing(where(notifier), isOfEvent, List.copyOf(failing.values()));
    findings.add(
        new Finding(
            failed.code(),
            isLate ? Severity.WARNING : failed.severity(),
            failed.where(),
            failed.what() + (all.count() == 0 ? "" : " " + all + " for that."),
            failing.keySet().stream()
                .mapToLong(
                    log -> Math.max(1, behind.getOrDefault(log, WaitingChanges.NONE).count()))
                .sum(),
            failed.samples(),
            failed.fix() + (isLate ? " " + deliver(notifier) : "")));
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

  private static String deliver(String notifier) {
    return "Operate the mesh with this notifier every few minutes, or run mesh deliver --name "
        + notifier
        + " with its --to."
        + unused(notifier);
  }

  private static String unused(String notifier) {
    return " If no process uses it, the operator runs mesh forget-notifier " + notifier + ".";
  }

  private static String where(String notifier) {
    return "notifier " + notifier;
  }
}
