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
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.CursorStore.StoredCursor;
import io.meshwork.internal.delivery.RecipientDomains.RecipientDomain;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notices to the notifiers of one open mesh, from their cursor in each log. Thread-safe.
 * If several processes deliver at the same time, notices may be delivered twice. Starts no thread.
 */
public final class NoticeDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeDelivery.class);

  /** Partition, number of the event, and the effect of a notice. */
  private static final Pattern MESSAGE_ID = Pattern.compile("(.+)/([0-9]{1,18})(?:/[^/]+)?");

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
    String partition = partition(id);
    boolean isKnown = logs(session.maintainedDomains()).contains(partition);
    DeliveryReport sum = DeliveryReport.NOTHING;
    boolean isFound = false;
    for (String name : isKnown ? notifiers.keySet() : Set.<String>of()) {
      LogDelivery delivery = new LogDelivery(name, partition, deadline);
      Optional<Message> message = delivery.find(id);
      isFound |= message.isPresent();
      if (message.isPresent()) {
        sum = sum.plus(delivery.redeliver(message.get()));
      }
    }
    if (!isFound) {
      throw Failure.of(MeshAction.of(Verb.DELIVER, "notice '" + id + "' again"))
          .because("no notice of the domains that this process maintains has this ID now")
          .fix("Use the ID of a notice, such as commerce/orders/17/published.finance.revenue.")
          .notFound(ErrorCode.NOT_FOUND);
    }
    return sum;
  }

  private static String partition(String id) {
    Matcher parts = MESSAGE_ID.matcher(id);
    return parts.matches() ? parts.group(1) : "";
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

  /** Delivers one log to one notifier; a failure is logged and retried later. */
  private DeliveryReport run(String name, String partition, Deadline deadline) {
    try {
      return new LogDelivery(name, partition, deadline).deliver();
    } catch (MeshException e) {
      if (session.closedAt().get().isPresent()) {
        return DeliveryReport.NOTHING;
      }
      LOG.warn(
          "Cannot deliver the log of {} to notifier '{}': {}. It is retried later",
          partition,
          name,
          e.errorCode());
      return DeliveryReport.NOTHING;
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
        for (ProductEntry product : session.catalog().products(name)) {
          logs.add(RegistryKeys.partition(product.name()));
        }
        session.rights().executors(name).forEach(executor -> logs.add(executor.partition()));
      }
    }
    session.catalog().guestConsumers(catalog).stream()
        .map(Catalog.Consumer::partition)
        .filter(maintained::includes)
        .forEach(logs::add);
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
    private final RecipientDomain owner;
    private long delivered;
    private long failed;
    private long parked;
    private @Nullable VirtualMachineError fatal;

    LogDelivery(String name, String partition, Deadline deadline) {
      this.name = name;
      this.notifier = Optional.ofNullable(notifiers.get(name)).orElseThrow();
      this.partition = partition;
      this.deadline = deadline;
      this.store = store(name);
      this.owner = new RecipientDomains(session).of(PartitionCatalogs.domain(partition));
    }

    /** Returns the event with this number, if the notifier delivers events, and its notices. */
    private List<Message> messages(long sequence) {
      List<Message> messages = new ArrayList<>();
      session
          .ledger()
          .entry(partition, sequence)
          .map(entry -> MeshEvent.fromJson(partition, DocumentJson.write(entry.json())))
          .ifPresent(
              event -> {
                if (notifier.deliversEvents()) {
                  messages.add(Message.of(event, owner));
                }
                notices.of(event).forEach(notice -> messages.add(Message.of(notice)));
              });
      return messages;
    }

    /** Empty if a notice has no recipient now, such as after the end of a subscription. */
    Optional<Message> find(String id) {
      Matcher parts = MESSAGE_ID.matcher(id);
      return parts.matches()
          ? messages(Long.parseLong(parts.group(2))).stream()
              .filter(message -> message.id().equals(id))
              .findFirst()
          : Optional.empty();
    }

    DeliveryReport deliver() {
      StoredCursor position = store.read(partition);
      long last = session.ledger().newestSequence(partition);
      long written = position.cursor().sequence();
      boolean proceeds = !position.cursor().waitsAt(session.runtime().clock().instant());
      while (proceeds && position.cursor().sequence() < last && !deadline.passed()) {
        List<Message> due = messages(position.cursor().sequence() + 1);
        NoticeCursor after = deliver(position.cursor(), due);
        proceeds = after.failing().isEmpty() && after.sequence() > position.cursor().sequence();
        boolean mustWrite = !due.isEmpty() || !proceeds || after.sequence() == last;
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
      return new DeliveryReport(delivered, failed, parked);
    }

    /** Deliveries are recorded even after the deadline. */
    private Deadline writeDeadline() {
      return session.runtime().startDeadline(WRITE_TIMEOUT);
    }

    /** Retries each parked notice once, in the order of the events. */
    DeliveryReport deliverParked() {
      StoredCursor position = store.read(partition);
      for (NoticeCursor.ParkedNotice parkedNotice : position.cursor().parked()) {
        if (deadline.passed()) {
          break;
        }
        Optional<Message> message = find(parkedNotice.notice());
        if (message.isPresent() && !isDelivered(message.get())) {
          continue;
        }
        Optional<StoredCursor> stored = withoutParked(position, parkedNotice.notice());
        if (stored.isEmpty()) {
          break;
        }
        position = stored.get();
      }
      return new DeliveryReport(delivered, failed, 0);
    }

    DeliveryReport redeliver(Message message) {
      StoredCursor position = store.read(partition);
      if (isDelivered(message)
          && position.cursor().parked().stream().anyMatch(p -> p.notice().equals(message.id()))) {
        // If another process delivers now, the notice stays parked, and may be delivered once more.
        withoutParked(position, message.id());
      }
      return new DeliveryReport(delivered, failed, 0);
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

    /** Delivers what one event causes until something fails, unless that is parked. */
    private NoticeCursor deliver(NoticeCursor from, List<Message> due) {
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
      return cursor.afterNextEvent();
    }

    private NoticeCursor deliver(NoticeCursor cursor, Message message) {
      Optional<Throwable> failure = tryDelivery(message);
      if (failure.isEmpty()) {
        delivered++;
        return cursor.delivered(message.id());
      }
      String kind = failure.get().getClass().getName();
      boolean retries = !(failure.get() instanceof BackendException e) || e.retryable();
      Instant now = session.runtime().clock().instant();
      NoticeCursor after =
          retries ? cursor.failed(message.id(), kind, now) : cursor.parked(message.id(), kind, now);
      if (after.failing().isPresent()) {
        failed++;
      } else {
        parked++;
      }
      LOG.warn(
          "Notifier '{}' failed on {} with {}; it is {}",
          name,
          message.id(),
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
