package io.meshwork.internal.rollout.retirement;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rollout.LoggedRollout;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutLog;
import io.meshwork.internal.rollout.StoredRollout;
import io.meshwork.internal.rollout.consumers.ConsumerTracks;
import io.meshwork.internal.rollout.consumers.OfferBatches;
import io.meshwork.internal.rollout.consumers.ReminderSchedule;
import io.meshwork.internal.rollout.consumers.ReminderSchedule.Reminder;
import io.meshwork.internal.rollout.consumers.TrackStatus;
import io.meshwork.internal.rollout.consumers.TrackedConsumer;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What maintenance does for the announced rollouts of a product: offers dates to consumers that
 * have no offer, because the announcement was interrupted or they appeared since, and reminds
 * consumers of their dates, each reminder once.
 */
final class RolloutReminders {
  private static final DocumentCodec<SentReminders> CODEC = DocumentCodec.of(SentReminders.class);

  /** The IDs of the reminders that a consumer was sent, oldest first. */
  private record SentReminders(List<String> sent) {}

  private final ClientSession session;
  private final ProductName product;

  RolloutReminders(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
  }

  /** What is due now in the rollouts of the product. */
  List<DueTask> tasks(List<StoredRollout> rollouts, Instant now) {
    List<DueTask> due = new ArrayList<>();
    for (StoredRollout stored : rollouts) {
      RolloutEntry rollout = stored.entry();
      if (rollout.terms().isEmpty() || rollout.state().isEnded()) {
        continue;
      }
      int number = rollout.number();
      List<TrackedConsumer> consumers = ConsumerTracks.all(session, rollout, now);
      List<String> missing =
          consumers.stream()
              .filter(consumer -> consumer.offer().isEmpty())
              .map(TrackedConsumer::id)
              .toList();
      if (!missing.isEmpty()) {
        due.add(
            new DueTask(
                step("offer dates", missing.toString(), number),
                missing.toString(),
                deadline -> offer(number, deadline)));
      }
      for (TrackedConsumer consumer : consumers) {
        reminder(rollout, consumer, now)
            .ifPresent(
                reminder ->
                    due.add(
                        new DueTask(
                            step("remind", consumer.id() + " of its date", number),
                            reminder.id(),
                            deadline -> remind(number, consumer, deadline) ? 1 : 0)));
      }
    }
    return due;
  }

  private Plan.Step step(String verb, String what, int rollout) {
    return new Plan.Step(
        verb, RegistryKeys.partition(product), what + " in rollout " + rollout, "");
  }

  /** Offers the date of a rollout to the consumers that have no offer; returns how many. */
  private long offer(int rollout, Deadline deadline) {
    OfferBatches batches = new OfferBatches(session, product, rollout);
    long offered = 0;
    for (int some = batches.completeSome(deadline);
        some > 0;
        some = batches.completeSome(deadline)) {
      offered += some;
    }
    return offered;
  }

  /** Reminds a consumer, if that is still due; returns false if it is not. */
  private boolean remind(int rollout, TrackedConsumer consumer, Deadline deadline) {
    return session.ledger().commit(new ReminderChange(rollout, consumer), deadline);
  }

  private Optional<Reminder> reminder(RolloutEntry rollout, TrackedConsumer consumer, Instant now) {
    TrackStatus status = consumer.status(rollout.terms().orElseThrow(), now);
    List<String> sent = sent(session.ledger().read(key(rollout.number(), consumer.id())));
    return ReminderSchedule.due(rollout.number(), status, new TreeSet<>(sent), now);
  }

  private static List<String> sent(Optional<VersionedDocument> reminders) {
    return reminders.map(stored -> CODEC.read(stored).sent()).orElse(List.of());
  }

  private Key key(int rollout, String consumer) {
    return RegistryKeys.reminder(
        RegistryKeys.partition(product),
        "rollout." + rollout + "." + NameGrammar.storage(consumer));
  }

  /** The transaction of one reminder; its result is false if it is no longer due. */
  private final class ReminderChange implements Ledger.Change<Boolean> {
    private final int number;
    private final Catalog.Consumer domain;
    private final String consumer;

    ReminderChange(int number, TrackedConsumer consumer) {
      this.number = number;
      this.domain = consumer.consumer();
      this.consumer = consumer.id();
    }

    @Override
    public MeshAction action() {
      return MeshAction.of(Verb.REMIND, consumer + " in rollout " + number + " of " + product);
    }

    @Override
    public String partition() {
      return RegistryKeys.partition(product);
    }

    @Override
    public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
      VersionedDocument stored =
          session.ledger().read(RegistryKeys.rollout(product, number)).orElseThrow();
      RolloutEntry rollout = RolloutEntry.of(stored);
      Optional<TrackedConsumer> tracked =
          rollout.state().isEnded()
              ? Optional.empty()
              : ConsumerTracks.of(session, rollout, List.of(domain), attempt.clock()).stream()
                  .filter(each -> each.id().equals(consumer))
                  .findFirst();
      Optional<Reminder> reminder =
          tracked.flatMap(each -> reminder(rollout, each, attempt.clock()));
      if (reminder.isEmpty()) {
        return CommitDraft.unchanged(false);
      }
      TrackStatus status =
          tracked.orElseThrow().status(rollout.terms().orElseThrow(), attempt.clock());
      RolloutLog log =
          LoggedRollout.log(rollout)
              .withReason(rollout.because())
              .withRetireAfter(status.date())
              .withConsumer(consumer);
      CommitDraft<Boolean> draft =
          (reminder.get().toDomainOwner() ? log.withDomainOwner() : log)
              .draft(RolloutLog.Event.REMINDED, session.principal());
      write(draft, reminder.get().id());
      return draft.check(stored).result(true);
    }

    private void write(CommitDraft<Boolean> draft, String id) {
      Key key = key(number, consumer);
      Optional<VersionedDocument> before = session.ledger().read(key);
      List<String> sent = new ArrayList<>(sent(before));
      sent.add(id);
      ObjectNode json = CODEC.write(new SentReminders(sent), before);
      before.ifPresentOrElse(stored -> draft.replace(stored, json), () -> draft.insert(key, json));
    }
  }
}
