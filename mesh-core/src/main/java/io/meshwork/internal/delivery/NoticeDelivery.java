package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
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
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notices to the notifiers of one open mesh, from their cursor in each log. Thread-safe.
 * If several processes deliver at the same time, notices may be delivered twice. Starts no thread.
 */
public final class NoticeDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeDelivery.class);

  private final ClientSession session;
  private final Map<String, Notifier> notifiers;
  private final Map<String, CursorStore> stores = new TreeMap<>();

  /**
   * Creates a delivery.
   *
   * @param notifiers the notifiers by name
   */
  public NoticeDelivery(ClientSession session, Map<String, Notifier> notifiers) {
    this.session = session;
    this.notifiers = new TreeMap<>(notifiers);
    notifiers
        .keySet()
        .forEach(name -> stores.put(name, new CursorStore(session, NameGrammar.storage(name))));
  }

  /**
   * Records when each notifier is first used, so that a new one receives no earlier events. Where
   * this process lacks the permission, a delivery by another role records it.
   */
  public void begin() {
    if (notifiers.isEmpty()) {
      return;
    }
    Deadline deadline = session.deadline();
    MaintainedDomains maintained = session.maintainedDomains();
    for (String domain : maintained.all() ? Set.of(RegistryKeys.MESH) : maintained.domains()) {
      if (maintained.all() || !PartitionCatalogs.isGovernance(domain)) {
        stores.forEach((name, store) -> begin(name, store, domain, deadline));
      }
    }
  }

  private static void begin(String name, CursorStore store, String domain, Deadline deadline) {
    try {
      store.begin(domain, deadline);
    } catch (BackendException e) {
      if (e.errorCode() != ErrorCode.PERMISSION_MISSING) {
        throw e;
      }
      LOG.warn(
          "This role does not deliver the notices of domain '{}' to notifier '{}': {}",
          domain,
          name,
          e.getMessage());
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

  /**
   * Forgets a notifier.
   *
   * @param name its name, as a builder of a mesh takes it
   * @throws io.meshwork.error.InvalidRequestException if no notifier can have this name
   */
  public static PlannedOperation<Plan<List<Finding>>, List<Finding>> forget(
      ClientSession session, String name) {
    return new NotifierRemoval(session, name);
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
   * Delivers the due notices of some products, and of their domains, if this process maintains
   * them. What fails is retried later.
   *
   * @param subjects names of products and domains, which others wrote; unknown ones are left out
   * @return why nothing could be delivered; empty otherwise, also if a notifier failed
   */
  public Optional<Finding> runOf(Set<String> subjects, Deadline deadline) {
    if (notifiers.isEmpty()) {
      return Optional.empty();
    }
    try {
      MaintainedDomains maintained = session.maintainedDomains();
      Set<String> partitions = new LinkedHashSet<>();
      subjects.forEach(subject -> addLogs(subject, partitions));
      partitions.removeIf(partition -> !maintained.includes(partition));
      List<Runnable> tasks = new ArrayList<>();
      for (String name : notifiers.keySet()) {
        tasks.add(() -> partitions.forEach(partition -> run(name, partition, deadline)));
      }
      ParallelTasks.run(session.runtime().executor(), tasks);
      return Optional.empty();
    } catch (RuntimeException e) {
      if (e instanceof MeshException named && named.errorCode() == ErrorCode.INTERRUPTED) {
        throw named;
      }
      LOG.debug("Cannot deliver the notices of {}", subjects, e);
      return Optional.of(NoticeFindings.undelivered(e));
    }
  }

  private void addLogs(String subject, Set<String> partitions) {
    int slash = subject.indexOf('/');
    try {
      session
          .catalog()
          .findDomain(slash < 0 ? subject : subject.substring(0, slash))
          .ifPresent(domain -> partitions.add(RegistryKeys.partition(domain.domain().name())));
      if (slash >= 0) {
        session
            .catalog()
            .findProduct(ProductName.of(subject))
            .ifPresent(product -> partitions.add(RegistryKeys.partition(product.name())));
      }
    } catch (MeshException e) {
      LOG.debug("Cannot find the logs of {}. Their notices are delivered later", subject, e);
    }
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
        sum = sum.plus(run(name, partition, deadline, LogDelivery::deliverParked));
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
      LogDelivery delivery = delivery(name, partition, deadline);
      List<LogDelivery.Message> messages = delivery.find(id);
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

  private DeliveryReport run(String name, String partition, Deadline deadline) {
    return run(name, partition, deadline, LogDelivery::deliver);
  }

  /** Delivers one log to one notifier; a failure is counted and retried later. */
  private DeliveryReport run(
      String name,
      String partition,
      Deadline deadline,
      Function<LogDelivery, DeliveryReport> delivering) {
    LogDelivery delivery = delivery(name, partition, deadline);
    try {
      return delivering.apply(delivery);
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

  private LogDelivery delivery(String name, String partition, Deadline deadline) {
    Notifier notifier = Optional.ofNullable(notifiers.get(name)).orElseThrow();
    CursorStore store = Optional.ofNullable(stores.get(name)).orElseThrow();
    return new LogDelivery(session, name, notifier, store, partition, deadline);
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
        executors(name).forEach(executor -> logs.add(executor.partition()));
      }
    }
    session.catalog().guestConsumers(catalog).stream()
        .map(Catalog.Consumer::partition)
        .filter(maintained::includes)
        .forEach(logs::add);
  }

  /** Documents of rights that are damaged stop no other log; the doctor names them. */
  private List<Catalog.Executor> executors(String domain) {
    try {
      return session.rights().executors(domain);
    } catch (RuntimeException e) {
      if (e instanceof MeshException failure && failure.retryable()) {
        throw e;
      }
      LOG.warn("Cannot find the logs of the executors of domain '{}'", domain, e);
      return List.of();
    }
  }

  /** The key of a product names its log, also if its document is damaged. */
  private static String logOf(Key product) {
    return product.partition() + "/" + product.sort().substring(RegistryKeys.PRODUCTS.length());
  }
}
