package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.CursorStore.StoredCursor;
import io.meshwork.internal.delivery.NoticeCursor.OlderParked;
import io.meshwork.internal.delivery.RecipientDomains.RecipientDomain;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notices to the notifiers of one open mesh, from their cursor in each log. Thread-safe.
 * If several processes deliver at the same time, notices may be delivered twice. Starts no thread.
 */
public final class NoticeDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeDelivery.class);

  private static final Duration WRITE_TIMEOUT = Duration.ofMinutes(1);

  /** The number of events without notices after which the cursor is written. */
  private static final long MAX_UNWRITTEN = 100;

  private final ClientSession session;
  private final Map<String, Notifier> notifiers;

  /**
   * An event, or a notice of it.
   *
   * @param id its ID, by which a receiver knows it again
   */
  private record Message(String id, Consumer<Notifier> delivery) {
    static Message of(Notice notice) {
      return new Message(notice.id(), notifier -> notifier.deliver(notice));
    }

    static Message of(MeshEvent event, RecipientDomain owner) {
      return new Message(event.id(), notifier -> notifier.deliver(event, owner.domain()));
    }
  }

  /**
   * Creates a delivery.
   *
   * @param notifiers the notifiers by name
   */
  public NoticeDelivery(ClientSession session, Map<String, Notifier> notifiers) {
    this.session = session;
    this.notifiers = new TreeMap<>(notifiers);
  }

  /** Records when each notifier is first used, so that a new one receives no earlier events. */
  public void begin() {
    if (notifiers.isEmpty()) {
      return;
    }
    Deadline deadline = session.deadline();
    MaintainedDomains maintained = session.maintainedDomains();
    for (String domain : maintained.all() ? Set.of(RegistryKeys.MESH) : maintained.domains()) {
      for (String name : notifiers.keySet()) {
        if (maintained.all() || !PartitionCatalogs.isGovernance(domain)) {
          store(name).begin(domain, session.runtime().clock().instant(), deadline);
        }
      }
    }
  }

  /**
   * Returns the doctor's findings about notices that were not delivered: one for each notifier and
   * log with parked notices or with a notice to retry.
   *
   * @param maintained the domains that this process maintains
   * @param governances the governance partitions of the available catalogs
   */
  public static List<Finding> findings(
      ClientSession session, MaintainedDomains maintained, Collection<String> governances) {
    List<Finding> findings = new ArrayList<>();
    for (String partition : CursorStore.partitions(session, maintained, governances)) {
      findings.addAll(NoticeFindings.of(session.ledger(), partition));
    }
    return List.copyOf(findings);
  }

  /**
   * Returns how many notices about each domain are parked, by the storage name of the domain; none
   * for a domain without parked notices.
   *
   * @param maintained as for {@link #findings}
   * @param governances as for {@link #findings}
   */
  public static Map<String, Long> parked(
      ClientSession session, MaintainedDomains maintained, Collection<String> governances) {
    Map<String, Long> parked = new TreeMap<>();
    for (String partition : CursorStore.partitions(session, maintained, governances)) {
      NoticeFindings.countParked(session.ledger(), partition, parked);
    }
    return parked;
  }

  /** Returns the names of the notifiers. */
  List<String> names() {
    return List.copyOf(notifiers.keySet());
  }

  /**
   * Returns what schedules the delivery for a log after a commit: one task at a time for each
   * notifier. It returns immediately, and never throws.
   *
   * @param executor runs the tasks; its creator shuts it down
   */
  public Consumer<String> afterCommits(Executor executor) {
    return new AfterCommits(session, this, executor)::committed;
  }

  /**
   * Delivers all due notices of the domains that this process maintains to each notifier, in
   * parallel if the mesh has an executor. The failure of a notifier is recorded and retried later;
   * a VirtualMachineError other than a StackOverflowError is then thrown.
   *
   * @throws BackendException if no catalog can list its domains and products; the notices of a
   *     failing catalog are retried later
   */
  public DeliveryReport run(Deadline deadline) {
    return notifiers.isEmpty()
        ? DeliveryReport.NOTHING
        : run(session.maintainedDomains(), deadline);
  }

  /**
   * As {@link #run(Deadline)}.
   *
   * @param maintained the domains that this process maintains
   */
  public DeliveryReport run(MaintainedDomains maintained, Deadline deadline) {
    if (notifiers.isEmpty()) {
      return DeliveryReport.NOTHING;
    }
    Set<String> logs = logs(maintained);
    Queue<DeliveryReport> reports = new ConcurrentLinkedQueue<>();
    List<Runnable> tasks = new ArrayList<>();
    for (String name : notifiers.keySet()) {
      tasks.add(
          () -> {
            for (String partition : logs) {
              reports.add(run(name, partition, deadline));
            }
          });
    }
    ParallelTasks.run(session.runtime().executor(), tasks);
    return reports.stream().reduce(DeliveryReport.NOTHING, DeliveryReport::plus);
  }

  /**
   * Retries the parked notices once; a notice that fails again stays parked.
   *
   * @throws io.meshwork.error.BackendException as {@link #run(Deadline)}
   */
  public DeliveryReport runParked(Deadline deadline) {
    DeliveryReport sum = DeliveryReport.NOTHING;
    for (String partition :
        notifiers.isEmpty() ? Set.<String>of() : logs(session.maintainedDomains())) {
      for (String name : notifiers.keySet()) {
        sum = sum.plus(new LogDelivery(name, partition, deadline).deliverParked());
      }
    }
    return sum;
  }

  /**
   * Delivers one notice again to each notifier, or one event to each that delivers events, also if
   * it was delivered or parked.
   *
   * @param id the ID of the notice or the event
   * @throws NotFoundException if there is a notifier, and no notice or event of the domains that
   *     this process maintains, for one of them, has this ID
   */
  public DeliveryReport redeliver(String id, Deadline deadline) {
    if (notifiers.isEmpty()) {
      return DeliveryReport.NOTHING;
    }
    String partition = NoticeId.parse(id).map(NoticeId::partition).orElse("");
    boolean isKnown = logs(session.maintainedDomains()).contains(partition);
    DeliveryReport sum = DeliveryReport.NOTHING;
    boolean isFound = false;
    for (String name : isKnown ? notifiers.keySet() : Set.<String>of()) {
      LogDelivery delivery = new LogDelivery(name, partition, deadline);
      List<Message> messages = delivery.find(id);
      isFound |= !messages.isEmpty();
      sum = sum.plus(delivery.redeliver(id, messages));
    }
    if (!isFound) {
      throw Failure.of(MeshAction.of(Verb.DELIVER, "notice '" + id + "' again"))
          .because("no notice or event of the domains that this process maintains has this ID now")
          .fix(
              "Use the ID of a notice, such as commerce/orders/17/published.finance.revenue, or of"
                  + " an event, such as commerce/orders/17.")
          .notFound(ErrorCode.NOT_FOUND);
    }
    return sum;
  }

  /**
   * As {@link #run(String, String, Deadline)}, if this process maintains the log's domain.
   *
   * @param isMaintained reads whether it does
   */
  void runAfterCommit(
      String name, String partition, BooleanSupplier isMaintained, Deadline deadline) {
    boolean delivers;
    try {
      delivers = isMaintained.getAsBoolean();
    } catch (MeshException e) {
      LOG.debug("Cannot determine who delivers the log of {}. It is retried later", partition, e);
      return;
    }
    if (delivers) {
      run(name, partition, deadline);
    }
  }

  /** Delivers one log to one notifier; a failure is counted and retried later. */
  private DeliveryReport run(String name, String partition, Deadline deadline) {
    LogDelivery delivery = new LogDelivery(name, partition, deadline);
    try {
      return delivery.deliver();
    } catch (RuntimeException e) {
      if (session.closedAt().get().isPresent()) {
        return DeliveryReport.NOTHING;
      }
      LOG.warn(
          "Cannot deliver the log of {} to notifier '{}': {}. It is retried later",
          partition,
          name,
          e instanceof MeshException named ? named.errorCode() : e.getClass().getName());
      return delivery.report().plus(new DeliveryReport(0, 1, 0));
    }
  }

  private Set<String> logs(MaintainedDomains maintained) {
    Set<String> logs = new LinkedHashSet<>();
    List<String> catalogs = session.catalog().catalogs();
    BackendException failure = null;
    for (String catalog : catalogs) {
      try {
        addLogs(catalog, maintained, logs);
      } catch (BackendException e) {
        if (catalogs.size() > 1) {
          LOG.warn(
              "Cannot deliver the notices of catalog '{}': {}. They are retried later",
              catalog,
              e.errorCode());
        }
        failure = e;
      }
    }
    if (failure != null && logs.isEmpty()) {
      throw failure;
    }
    return logs;
  }

  private void addLogs(String catalog, MaintainedDomains maintained, Set<String> logs) {
    for (DomainEntry domain : session.catalog().domainsOf(catalog)) {
      String name = domain.domain().name();
      if (maintained.includes(RegistryKeys.partition(name))) {
        logs.add(RegistryKeys.partition(name));
        logs.add(session.catalog().homeConsumerPartition(name));
        session
            .ledger()
            .listLenient(RegistryKeys.partition(name), RegistryKeys.PRODUCTS)
            .forEach(product -> logs.add(logOf(product.key())));
        session.rights().executors(name).forEach(executor -> logs.add(executor.partition()));
      }
    }
    session.catalog().guestConsumers(catalog).stream()
        .map(Catalog.Consumer::partition)
        .filter(maintained::includes)
        .forEach(logs::add);
  }

  /** The key of a product names its log, also if its document is damaged. */
  private static String logOf(Key product) {
    return product.partition() + "/" + product.sort().substring(RegistryKeys.PRODUCTS.length());
  }

  private CursorStore store(String name) {
    return new CursorStore(session, NameGrammar.storage(name));
  }

  /** One delivery of one log to one notifier. */
  private final class LogDelivery {
    private final String name;
    private final Notifier notifier;
    private final String partition;
    private final Deadline deadline;
    private final CursorStore store;
    private final EventNotices notices = new EventNotices(session);
    private long delivered;
    private long failed;
    private long parked;
    private @Nullable RecipientDomain owner;
    private @Nullable VirtualMachineError fatal;

    LogDelivery(String name, String partition, Deadline deadline) {
      this.name = name;
      this.notifier = Optional.ofNullable(notifiers.get(name)).orElseThrow();
      this.partition = partition;
      this.deadline = deadline;
      this.store = store(name);
    }

    /** Returns the event of an entry, if the notifier delivers events, and its notices. */
    private List<Message> messages(VersionedDocument entry) {
      MeshEvent event = MeshEvent.fromJson(partition, DocumentJson.write(entry.json()));
      List<Message> messages = new ArrayList<>();
      if (notifier.deliversEvents()) {
        messages.add(Message.of(event, owner()));
      }
      notices.of(event).forEach(notice -> messages.add(Message.of(notice)));
      return messages;
    }

    private RecipientDomain owner() {
      RecipientDomain known = owner;
      if (known == null) {
        known = new RecipientDomains(session).of(PartitionCatalogs.domain(partition));
        owner = known;
      }
      return known;
    }

    /**
     * Returns the event or the notice with an ID, or all of an event. A notice is missing if it has
     * no recipient now, such as after the end of a subscription.
     */
    private List<Message> find(String id) {
      return NoticeId.parse(id).stream()
          .flatMap(
              parsed ->
                  session.ledger().entry(partition, parsed.event()).stream()
                      .flatMap(entry -> messages(entry).stream())
                      .filter(message -> parsed.isOfAll() || message.id().equals(id)))
          .toList();
    }

    DeliveryReport deliver() {
      StoredCursor position = store.read(partition);
      long last = session.ledger().newestSequence(partition);
      long written = position.cursor().sequence();
      boolean proceeds = !position.cursor().waitsAt(session.runtime().clock().instant());
      while (proceeds && position.cursor().sequence() < last && !deadline.passed()) {
        DeliveryReport before = report();
        NoticeCursor after = next(position.cursor());
        proceeds = after.failing().isEmpty() && after.sequence() > position.cursor().sequence();
        boolean mustWrite = !report().equals(before) || !proceeds || after.sequence() == last;
        if (mustWrite || after.sequence() - written >= MAX_UNWRITTEN) {
          Optional<StoredCursor> stored = store.write(partition, position, after, writeDeadline());
          if (stored.isEmpty()) {
            break; // another process delivers to the same notifier, and continues from there
          }
          position = stored.get();
          written = after.sequence();
        } else {
          position = new StoredCursor(after, position.stored());
        }
        throwFatalError();
      }
      throwFatalError();
      return report();
    }

    /** Returns what was done until now. */
    DeliveryReport report() {
      return new DeliveryReport(delivered, failed, parked);
    }

    /**
     * Delivers what the next event causes until something fails, unless that is parked. An event
     * whose notices cannot be made fails as a whole.
     */
    private NoticeCursor next(NoticeCursor from) {
      long number = from.sequence() + 1;
      Optional<VersionedDocument> entry = session.ledger().entry(partition, number);
      Optional<Instant> recorded = Optional.empty();
      List<Message> due;
      try {
        recorded = entry.map(Ledger::time);
        due = entry.map(this::messages).orElse(List.of());
      } catch (RuntimeException e) {
        if (mayPass(e)) {
          throw e;
        }
        NoticeCursor after = failed(from, NoticeId.ofAll(partition, number), e);
        return after.failing().isPresent() ? after : after.afterNextEvent(recorded);
      }
      NoticeCursor cursor = from;
      for (Message message : due) {
        if (!cursor.handedOver().contains(message.id())) {
          if (deadline.passed()) {
            return cursor;
          }
          cursor = deliver(cursor, message);
          if (cursor.failing().isPresent() || fatal != null) {
            return cursor;
          }
        }
      }
      return cursor.afterNextEvent(recorded);
    }

    /** Returns true for a failure of the registry or of this process, not of what the log has. */
    private boolean mayPass(RuntimeException failure) {
      return session.closedAt().get().isPresent()
          || (failure instanceof MeshException named
              && (named.retryable() || named.errorCode() == ErrorCode.INTERRUPTED));
    }

    /** Deliveries are recorded even after the deadline. */
    private Deadline writeDeadline() {
      return session.runtime().startDeadline(WRITE_TIMEOUT);
    }

    /** Retries each parked notice once, in the order of the events. */
    DeliveryReport deliverParked() {
      Optional<StoredCursor> position = deliverOlder(store.read(partition));
      for (NoticeCursor.ParkedNotice parkedNotice :
          position.map(found -> found.cursor().parked()).orElse(List.of())) {
        if (position.isEmpty() || deadline.passed()) {
          break;
        }
        if (undelivered(parkedNotice.notice(), Set.of()) == 0) {
          position = withoutParked(position.get(), parkedNotice.notice());
        }
      }
      return report();
    }

    /**
     * Tries once to deliver each notice of the events in the range of parked notices without an ID
     * in the cursor. The notices are made again, also those that were delivered.
     *
     * @return empty if another process changed the cursor meanwhile
     */
    private Optional<StoredCursor> deliverOlder(StoredCursor position) {
      Optional<OlderParked> older = position.cursor().older();
      if (older.isEmpty()) {
        return Optional.of(position);
      }
      OlderParked range = older.get();
      Set<String> named =
          position.cursor().parked().stream()
              .map(NoticeCursor.ParkedNotice::notice)
              .collect(Collectors.toSet());
      Optional<OlderParked> left = Optional.empty();
      for (long event = range.first(); event <= range.last(); event++) {
        if (deadline.passed()) {
          long first = left.map(OlderParked::first).orElse(event);
          left =
              Optional.of(
                  new OlderParked(range.count(), first, range.last(), range.at(), range.failure()));
          break;
        }
        long missed = undelivered(NoticeId.ofAll(partition, event), named);
        if (missed > 0) {
          left =
              Optional.of(
                  new OlderParked(
                      left.map(OlderParked::count).orElse(0L) + missed,
                      left.map(OlderParked::first).orElse(event),
                      event,
                      range.at(),
                      range.failure()));
        }
      }
      return store.write(partition, position, position.cursor().withOlder(left), writeDeadline());
    }

    /**
     * Tries once to deliver an event or a notice, or all of an event, and returns how many were
     * not.
     *
     * @param others the IDs of those that are not tried, nor counted
     */
    private long undelivered(String id, Set<String> others) {
      if (others.contains(id)) {
        return 0;
      }
      List<Message> found;
      try {
        found = find(id);
      } catch (RuntimeException e) {
        if (mayPass(e)) {
          throw e;
        }
        failed++;
        return 1;
      }
      return found.stream()
          .filter(message -> !others.contains(message.id()) && !isDelivered(message))
          .count();
    }

    /**
     * Tries once to deliver messages.
     *
     * @param id the ID that they were found by
     */
    DeliveryReport redeliver(String id, List<Message> messages) {
      StoredCursor position = store.read(partition);
      Set<String> done = new HashSet<>();
      for (Message message : messages) {
        if (isDelivered(message)) {
          done.add(message.id());
        }
      }
      if (!messages.isEmpty() && done.size() == messages.size()) {
        done.add(id);
      }
      NoticeCursor after = position.cursor();
      for (NoticeCursor.ParkedNotice each : position.cursor().parked()) {
        after = done.contains(each.notice()) ? after.withoutParked(each.notice()) : after;
      }
      if (!after.equals(position.cursor())) {
        // If another process delivers now, they stay parked, and may be delivered once more.
        store.write(partition, position, after, writeDeadline());
      }
      return report();
    }

    /** Tries once to deliver the message, and counts it. */
    private boolean isDelivered(Message message) {
      boolean isDelivered = tryDelivery(message).isEmpty();
      delivered += isDelivered ? 1 : 0;
      failed += isDelivered ? 0 : 1;
      throwFatalError();
      return isDelivered;
    }

    private Optional<StoredCursor> withoutParked(StoredCursor position, String id) {
      NoticeCursor after = position.cursor().withoutParked(id);
      return store.write(partition, position, after, writeDeadline());
    }

    private NoticeCursor deliver(NoticeCursor cursor, Message message) {
      Optional<Throwable> failure = tryDelivery(message);
      if (failure.isEmpty()) {
        delivered++;
        return cursor.delivered(message.id());
      }
      return failed(cursor, message.id(), failure.get());
    }

    /**
     * Returns the cursor after a failure, and counts it.
     *
     * @param id the ID of the event or the notice, or of all of an event whose notices cannot be
     *     made
     */
    private NoticeCursor failed(NoticeCursor cursor, String id, Throwable failure) {
      String kind =
          failure.getClass().getName()
              + (failure instanceof MeshException named ? " " + named.errorCode() : "");
      boolean retries =
          NoticeId.parse(id).filter(NoticeId::isOfAll).isPresent()
              || !(failure instanceof BackendException e)
              || e.retryable();
      Instant now = session.runtime().clock().instant();
      NoticeCursor after = retries ? cursor.failed(id, kind, now) : cursor.parked(id, kind, now);
      if (after.failing().isPresent()) {
        failed++;
      } else {
        parked++;
      }
      LOG.warn(
          "Notifier '{}' failed on {} with {}; it is {}",
          name,
          id,
          kind,
          after.failing().isPresent() ? "retried later" : "parked; doctor() lists it");
      return after;
    }

    /** Delivers a message; any exception of the notifier means that it was not delivered. */
    private Optional<Throwable> tryDelivery(Message message) {
      try {
        message.delivery().accept(notifier);
        return Optional.empty();
      } catch (Throwable e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        } else if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
          fatal = error;
        }
        return Optional.of(e);
      }
    }

    /** Throws an error of the virtual machine after the failure was recorded. */
    private void throwFatalError() {
      VirtualMachineError error = fatal;
      if (error != null) {
        throw error;
      }
    }
  }
}
