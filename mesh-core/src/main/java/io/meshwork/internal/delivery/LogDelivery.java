package io.meshwork.internal.delivery;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.delivery.CursorStore.StoredCursor;
import io.meshwork.internal.delivery.NoticeCursor.OlderParked;
import io.meshwork.internal.delivery.RecipientDomains.RecipientDomain;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.routing.PartitionCatalogs;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One delivery of one log to one notifier. Used by one thread. */
final class LogDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(LogDelivery.class);

  private static final Duration WRITE_TIMEOUT = Duration.ofMinutes(1);

  /** The number of events without notices after which the cursor is written. */
  private static final long MAX_UNWRITTEN = 100;

  private final ClientSession session;
  private final String name;
  private final Notifier notifier;
  private final String partition;
  private final Deadline deadline;
  private final CursorStore store;
  private final EventNotices notices;
  private long delivered;
  private long failed;
  private long parked;
  private @Nullable RecipientDomain owner;
  private @Nullable VirtualMachineError fatal;

  /**
   * An event, or a notice of it.
   *
   * @param id its ID, by which a receiver knows it again
   */
  record Message(String id, Consumer<Notifier> delivery) {
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
   * @param name the name of the notifier
   * @param store its cursors
   */
  LogDelivery(
      ClientSession session,
      String name,
      Notifier notifier,
      CursorStore store,
      String partition,
      Deadline deadline) {
    this.session = session;
    this.name = name;
    this.notifier = notifier;
    this.partition = partition;
    this.deadline = deadline;
    this.store = store;
    this.notices = new EventNotices(session);
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
    RecipientDomain cached = owner;
    if (cached == null) {
      cached = new RecipientDomains(session).of(PartitionCatalogs.domain(partition));
      owner = cached;
    }
    return cached;
  }

  /**
   * Returns the event or the notice with an ID, or all of an event. A notice is missing if it has
   * no recipient now, such as after the end of a subscription.
   */
  List<Message> find(String id) {
    return NoticeId.parse(id).stream()
        .flatMap(
            parsed ->
                session.ledger().entry(partition, parsed.event()).stream()
                    .flatMap(entry -> messages(entry).stream())
                    .filter(message -> parsed.isOfAll() || message.id().equals(id)))
        .toList();
  }

  DeliveryReport deliver() {
    StoredCursor position = store.read(partition, deadline);
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
   * whose notices cannot be created fails as a whole.
   */
  private NoticeCursor next(NoticeCursor from) {
    long number = from.sequence() + 1;
    Optional<Instant> recorded = Optional.empty();
    List<Message> due;
    try {
      Optional<VersionedDocument> entry = session.ledger().entry(partition, number);
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
    Optional<StoredCursor> position = deliverOlder(store.read(partition, deadline));
    for (NoticeCursor.ParkedNotice parkedNotice :
        position.map(stored -> stored.cursor().parked()).orElse(List.of())) {
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
   * Tries once to deliver each notice of the events in the range of parked notices without an ID in
   * the cursor. The notices are created again, also the delivered ones.
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
    Optional<OlderParked> olderParked = Optional.empty();
    for (long event = range.first(); event <= range.last(); event++) {
      if (deadline.passed()) {
        long first = olderParked.map(OlderParked::first).orElse(event);
        olderParked =
            Optional.of(
                new OlderParked(range.count(), first, range.last(), range.at(), range.failure()));
        break;
      }
      long missed = undelivered(NoticeId.ofAll(partition, event), named);
      if (missed > 0) {
        olderParked =
            Optional.of(
                new OlderParked(
                    olderParked.map(OlderParked::count).orElse(0L) + missed,
                    olderParked.map(OlderParked::first).orElse(event),
                    event,
                    range.at(),
                    range.failure()));
      }
    }
    return store.write(
        partition, position, position.cursor().withOlder(olderParked), writeDeadline());
  }

  /**
   * Tries once to deliver an event or a notice, or all of an event, and returns how many were not.
   *
   * @param others the IDs that are not tried, nor counted
   */
  private long undelivered(String id, Set<String> others) {
    if (others.contains(id)) {
      return 0;
    }
    List<Message> messages;
    try {
      messages = find(id);
    } catch (RuntimeException e) {
      if (mayPass(e)) {
        throw e;
      }
      failed++;
      return 1;
    }
    return messages.stream()
        .filter(message -> !others.contains(message.id()) && !deliverOnce(message))
        .count();
  }

  /**
   * Tries once to deliver messages.
   *
   * @param id the ID that they were found by
   */
  DeliveryReport redeliver(String id, List<Message> messages) {
    StoredCursor position = store.read(partition, deadline);
    Set<String> done = new HashSet<>();
    for (Message message : messages) {
      if (deliverOnce(message)) {
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

  /** Tries once to deliver the message, counts it, and returns true if it was delivered. */
  private boolean deliverOnce(Message message) {
    boolean succeeded = tryDelivery(message).isEmpty();
    delivered += succeeded ? 1 : 0;
    failed += succeeded ? 0 : 1;
    throwFatalError();
    return succeeded;
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
   *     created
   */
  private NoticeCursor failed(NoticeCursor cursor, String id, Throwable failure) {
    String kind =
        failure instanceof MeshException named
            ? named.errorCode().toString()
            : failure.getClass().getName();
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
