package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.CursorStore.Place;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ParallelTasks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands notices to the notifiers of one open mesh, each from where it stands in each log.
 * Thread-safe; several processes may deliver at once, and then notices may come twice. Starts no
 * thread.
 */
public final class NoticeDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(NoticeDelivery.class);

  private static final Duration WRITING = Duration.ofMinutes(1);

  /** So many events that nobody is told of are passed before that is noted. */
  private static final long UNNOTED = 100;

  private final ClientSession session;
  private final Map<String, Notifier> notifiers;

  /**
   * A delivery.
   *
   * @param notifiers by their names
   */
  public NoticeDelivery(ClientSession session, Map<String, Notifier> notifiers) {
    this.session = session;
    this.notifiers = new TreeMap<>(notifiers);
  }

  /** Notes from when on each notifier is told, so that a new one is not told the whole past. */
  public void begin() {
    Deadline deadline = session.deadline();
    for (String name : notifiers.keySet()) {
      store(name).begin(session.runtime().clock().instant(), deadline);
    }
  }

  /** The names of the notifiers. */
  public List<String> names() {
    return List.copyOf(notifiers.keySet());
  }

  /**
   * Delivers what is due to each notifier, the notifiers side by side where the mesh has an
   * executor. What one of them throws is noted and tried again another time; of errors of the
   * virtual machine, all but an overflown stack are then thrown on.
   *
   * @throws BackendException if the registry cannot list domains and products; notices of one
   *     catalog of several that cannot wait
   */
  public DeliveryReport run(Deadline deadline) {
    if (notifiers.isEmpty()) {
      return DeliveryReport.NOTHING;
    }
    List<String> logs = logs();
    Queue<DeliveryReport> done = new ConcurrentLinkedQueue<>();
    List<Runnable> tasks = new ArrayList<>();
    for (String name : notifiers.keySet()) {
      tasks.add(
          () -> {
            for (String partition : logs) {
              done.add(run(name, partition, deadline));
            }
          });
    }
    ParallelTasks.run(session.runtime().executor(), tasks);
    return done.stream().reduce(DeliveryReport.NOTHING, DeliveryReport::plus);
  }

  /**
   * Tries once more what was parked, whatever came after it; what fails stays parked.
   *
   * @throws io.meshwork.error.BackendException as {@link #run(Deadline)}
   */
  public DeliveryReport runParked(Deadline deadline) {
    DeliveryReport sum = DeliveryReport.NOTHING;
    for (String partition : notifiers.isEmpty() ? List.<String>of() : logs()) {
      for (String name : notifiers.keySet()) {
        sum = sum.plus(new OneLog(name, partition, deadline).deliverParked());
      }
    }
    return sum;
  }

  /** The same for one notifier and one log; what fails is logged and left for another time. */
  DeliveryReport run(String name, String partition, Deadline deadline) {
    try {
      return new OneLog(name, partition, deadline).deliver();
    } catch (MeshException e) {
      if (session.closedAt().get().isPresent()) {
        return DeliveryReport.NOTHING;
      }
      LOG.warn(
          "Notifier '{}' could not go on in the log of {}: {}. It is tried again later",
          name,
          partition,
          e.errorCode());
      return DeliveryReport.NOTHING;
    }
  }

  private List<String> logs() {
    List<String> logs = new ArrayList<>();
    List<String> catalogs = session.catalog().catalogs();
    BackendException failure = null;
    for (String catalog : catalogs) {
      try {
        addLogs(catalog, logs);
      } catch (BackendException e) {
        if (catalogs.size() > 1) {
          LOG.warn("Notices of catalog '{}' wait: {}", catalog, e.errorCode());
        }
        failure = e;
      }
    }
    if (failure != null && logs.isEmpty()) {
      throw failure;
    }
    return logs;
  }

  private void addLogs(String catalog, List<String> logs) {
    for (DomainEntry domain : session.catalog().domainsOf(catalog)) {
      String name = domain.domain().name();
      logs.add(RegistryKeys.partition(name));
      for (ProductEntry product : session.catalog().products(name)) {
        logs.add(RegistryKeys.partition(product.name()));
      }
    }
    session.catalog().guestConsumers(catalog).forEach(guest -> logs.add(guest.partition()));
  }

  private CursorStore store(String name) {
    return new CursorStore(session.ledger(), session.catalog(), NameGrammar.storage(name));
  }

  /** One notifier in one log, once. */
  private final class OneLog {
    private final String name;
    private final Notifier notifier;
    private final String partition;
    private final Deadline deadline;
    private final CursorStore store;
    private final NoticesOfEvent notices = new NoticesOfEvent(session);
    private long delivered;
    private long failed;
    private long parked;
    private @Nullable VirtualMachineError death;

    OneLog(String name, String partition, Deadline deadline) {
      this.name = name;
      this.notifier = Optional.ofNullable(notifiers.get(name)).orElseThrow();
      this.partition = partition;
      this.deadline = deadline;
      this.store = store(name);
    }

    DeliveryReport deliver() {
      Place place = store.read(partition);
      long last =
          session
              .ledger()
              .newestEntry(partition)
              .map(entry -> entry.json().path("sequence").asLong())
              .orElse(0L);
      long written = place.cursor().sequence();
      boolean goesOn = !place.cursor().waitsAt(session.runtime().clock().instant());
      while (goesOn && place.cursor().sequence() < last && !deadline.passed()) {
        List<Notice> due = next(place.cursor());
        NoticeCursor after = handOver(place.cursor(), due);
        goesOn = after.failing().isEmpty() && after.sequence() > place.cursor().sequence();
        boolean worthWriting = !due.isEmpty() || !goesOn || after.sequence() == last;
        if (worthWriting || after.sequence() - written >= UNNOTED) {
          Optional<Place> now = store.write(partition, place, after, writingTime());
          if (now.isEmpty()) {
            break; // another process delivers to the same notifier, and goes on from there
          }
          place = now.get();
          written = after.sequence();
        } else {
          place = new Place(after, place.stored());
        }
        dieOfWhatWasThrown();
      }
      dieOfWhatWasThrown();
      return new DeliveryReport(delivered, failed, parked);
    }

    /** What was delivered is noted, even if the time for delivering is over. */
    private Deadline writingTime() {
      return session.runtime().startDeadline(WRITING);
    }

    private List<Notice> next(NoticeCursor cursor) {
      return noticesOf(cursor.sequence() + 1);
    }

    private List<Notice> noticesOf(long sequence) {
      return session
          .ledger()
          .entry(partition, sequence)
          .map(entry -> MeshEvent.fromJson(partition, DocumentJson.write(entry.json())))
          .map(notices::of)
          .orElse(List.of());
    }

    /** Each once more, in the order of their events; those that fail again stay parked. */
    DeliveryReport deliverParked() {
      Place place = store.read(partition);
      for (NoticeCursor.Parked given : place.cursor().parked()) {
        if (deadline.passed()) {
          break;
        }
        Optional<Notice> notice = find(given.notice());
        if (notice.flatMap(this::failure).isPresent()) {
          failed++;
          dieOfWhatWasThrown();
          continue;
        }
        delivered += notice.isPresent() ? 1 : 0;
        NoticeCursor after = place.cursor().without(given.notice());
        Optional<Place> now = store.write(partition, place, after, writingTime());
        if (now.isEmpty()) {
          break;
        }
        place = now.get();
      }
      return new DeliveryReport(delivered, failed, 0);
    }

    /** Empty if nobody would be told any more, such as one who no longer subscribes. */
    private Optional<Notice> find(String id) {
      String rest = id.substring(partition.length() + 1);
      long sequence = Long.parseLong(rest.substring(0, rest.indexOf('/')));
      return noticesOf(sequence).stream().filter(notice -> notice.id().equals(id)).findFirst();
    }

    /** All notices of one event; the first that fails ends it, unless that was its last try. */
    private NoticeCursor handOver(NoticeCursor from, List<Notice> due) {
      NoticeCursor cursor = from;
      for (Notice notice : due) {
        if (!cursor.handedOver().contains(notice.id())) {
          if (deadline.passed()) {
            return cursor;
          }
          cursor = handOver(cursor, notice);
          if (cursor.failing().isPresent() || death != null) {
            return cursor;
          }
        }
      }
      return cursor.passed();
    }

    private NoticeCursor handOver(NoticeCursor cursor, Notice notice) {
      Optional<Throwable> failure = failure(notice);
      if (failure.isEmpty()) {
        delivered++;
        return cursor.delivered(notice.id());
      }
      String kind = failure.get().getClass().getName();
      NoticeCursor after = cursor.failed(notice.id(), kind, session.runtime().clock().instant());
      if (after.failing().isPresent()) {
        failed++;
      } else {
        parked++;
      }
      LOG.warn(
          "Notifier '{}' failed on notice {} with {}; it is {}",
          name,
          notice.id(),
          kind,
          after.failing().isPresent() ? "tried again later" : "parked, doctor() names it");
      return after;
    }

    /** Whatever a notifier of somebody's throws only means that it was not delivered. */
    private Optional<Throwable> failure(Notice notice) {
      try {
        notifier.deliver(notice);
        return Optional.empty();
      } catch (Throwable e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        } else if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
          death = error;
        }
        return Optional.of(e);
      }
    }

    /** Nothing goes on in a machine that is out of memory, but only once the failure is noted. */
    private void dieOfWhatWasThrown() {
      VirtualMachineError error = death;
      if (error != null) {
        throw error;
      }
    }
  }
}
