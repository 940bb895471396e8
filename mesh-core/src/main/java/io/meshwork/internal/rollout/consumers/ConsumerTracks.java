package io.meshwork.internal.rollout.consumers;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.EndedSubscription;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.UsageEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Departure;
import io.meshwork.internal.rollout.consumers.TrackFacts.Dormancy;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.stewards.StoredRequest;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.StewardRequest.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Gathers the tracks of an announced rollout from the offers of the owner, the answers, the
 * subscriptions, and the recorded use of its consumers. Used by one thread.
 *
 * <p>A subscription of the old major version has a track, as one that was on it when its date was
 * offered. The reads of a domain without a subscription are one track, named {@code @}. A consumer
 * without a stored offer has the date of the rollout, so that one that appears after the
 * announcement has a track at once.
 */
public final class ConsumerTracks {
  private final ClientSession session;
  private final RolloutEntry rollout;
  private final RolloutTerms terms;
  private final Instant now;
  private final ProductEntry product;
  private final Map<String, VersionedDocument> offers = new TreeMap<>();
  private final Map<Integer, VersionEntry> versions = new HashMap<>();
  private final List<StoredRequest> dormant;
  private final List<TrackedConsumer> tracked = new ArrayList<>();

  private ConsumerTracks(
      ClientSession session, RolloutEntry rollout, RolloutTerms terms, Instant now) {
    this.session = session;
    this.rollout = rollout;
    this.terms = terms;
    this.now = now;
    this.product = session.catalog().requireProduct(rollout.product(), action());
    this.dormant = StoredRequest.open(session, rollout.product(), Kind.DORMANT, rollout.number());
    for (VersionedDocument stored :
        session
            .ledger()
            .list(
                RegistryKeys.partition(rollout.product()), RegistryKeys.offers(rollout.number()))) {
      offers.put(NameGrammar.storage(OfferEntry.of(stored).consumer()), stored);
    }
  }

  /** The consumers of all domains, by name; none if the rollout was not announced. */
  public static List<TrackedConsumer> all(
      ClientSession session, RolloutEntry rollout, Instant now) {
    return of(session, rollout, session.catalog().consumers(rollout.product().domain()), now);
  }

  /** The consumers that the caller may see: all for the owner, for others its domain's. */
  public static List<TrackedConsumer> visible(
      ClientSession session, RolloutEntry rollout, Instant now) {
    return of(
        session,
        rollout,
        SubscriberList.visibleConsumers(
            session,
            rollout.product().domain(),
            MeshAction.of(Verb.LIST, "the tracks of rollout " + rollout.number())),
        now);
  }

  /** The consumers of these domains, by name; none if the rollout was not announced. */
  public static List<TrackedConsumer> of(
      ClientSession session, RolloutEntry rollout, List<Catalog.Consumer> domains, Instant now) {
    if (rollout.terms().isEmpty()) {
      return List.of();
    }
    ConsumerTracks tracks =
        new ConsumerTracks(session, rollout, rollout.terms().orElseThrow(), now);
    domains.forEach(tracks::add);
    tracks.tracked.sort(Comparator.comparing(TrackedConsumer::id));
    return List.copyOf(tracks.tracked);
  }

  /** The tracks of all consumers at a time, by name. */
  public static List<TrackStatus> statuses(
      ClientSession session, RolloutEntry rollout, Instant now) {
    return all(session, rollout, now).stream()
        .map(consumer -> consumer.status(rollout.terms().orElseThrow(), now))
        .toList();
  }

  /** What decides when the old promise ends; empty if the rollout was not announced. */
  public static Optional<RetireGuard> guard(
      ClientSession session, RolloutEntry rollout, Instant now) {
    return rollout
        .terms()
        .map(
            terms ->
                new RetireGuard(
                    terms, rollout.state(), rollout.mayDiffer(), statuses(session, rollout, now)));
  }

  private MeshAction action() {
    return MeshAction.of(Verb.LIST, "the consumers of " + rollout.product());
  }

  private ProductName name() {
    return product.name();
  }

  private void add(Catalog.Consumer consumer) {
    Map<String, ConsumerAnswers> replies = new HashMap<>();
    Map<String, VersionedDocument> answers = new HashMap<>();
    for (VersionedDocument stored :
        session
            .ledger()
            .list(consumer.partition(), RegistryKeys.answers(name(), rollout.number()))) {
      ConsumerAnswers answer = ConsumerAnswers.of(stored);
      replies.put(NameGrammar.storage(answer.name()), answer);
      answers.put(NameGrammar.storage(answer.name()), stored);
    }
    OneDomain domain = new OneDomain(consumer, replies, answers);
    Map<String, SubscriberList.Entry> live = new TreeMap<>();
    for (SubscriberList.Entry entry :
        SubscriberList.toProduct(session, rollout.product(), consumer)) {
      live.put(NameGrammar.storage(entry.name()), entry);
    }
    live.values().forEach(domain::addSubscription);
    String prefix = NameGrammar.storage(consumer.domain() + "/");
    String reader = prefix + UsageEntry.WITHOUT_SUBSCRIPTION;
    for (Map.Entry<String, VersionedDocument> offer : offers.entrySet()) {
      if (offer.getKey().startsWith(prefix)
          && !offer.getKey().equals(reader)
          && !live.containsKey(offer.getKey().substring(prefix.length()))) {
        domain.addEnded(OfferEntry.of(offer.getValue()));
      }
    }
    domain.addReader();
  }

  private VersionEntry version(int major) {
    return versions.computeIfAbsent(
        major, number -> session.catalog().requireFor(Use.DESCRIBE, name(), number, action()));
  }

  /** The tracks of one domain. */
  private final class OneDomain {
    private final Catalog.Consumer consumer;
    private final Map<String, ConsumerAnswers> replies;
    private final Map<String, VersionedDocument> answers;

    OneDomain(
        Catalog.Consumer consumer,
        Map<String, ConsumerAnswers> replies,
        Map<String, VersionedDocument> answers) {
      this.consumer = consumer;
      this.replies = replies;
      this.answers = answers;
    }

    /** A subscription that can read nothing and was never offered a date has no track. */
    void addSubscription(SubscriberList.Entry entry) {
      Optional<VersionedDocument> offer = offer(entry.name());
      boolean onOld = entry.major() == rollout.from();
      if (offer.isEmpty() && !(onOld && entry.readable())) {
        return;
      }
      Instant since = entry.registered().registeredAt();
      TrackFacts facts = facts(entry.name(), OptionalInt.of(entry.major()), since, offer);
      facts = withReads(facts, usages(entry.name()));
      if (onOld && entry.isMovedBack()) {
        facts = facts.afterReturn();
      }
      if (!entry.readable()) {
        facts = facts.left(loss(entry.lastReader(), facts));
      }
      tracked.add(
          new TrackedConsumer(
              consumer,
              entry.name(),
              entry.contact(),
              entry.readColumns(),
              facts,
              offer,
              answer(entry.name()),
              Optional.of(entry.stored())));
    }

    /** A subscription that was offered a date and was ended since. */
    void addEnded(OfferEntry offered) {
      String name = offered.consumer().substring(offered.consumer().indexOf('/') + 1);
      Optional<EndedSubscription> ended =
          session
              .ledger()
              .read(RegistryKeys.endedSubscription(consumer.partition(), name(), name))
              .map(EndedSubscription::of);
      TrackFacts facts =
          facts(name, OptionalInt.of(rollout.from()), rollout.startedAt(), offer(name))
              .left(
                  ended
                      .map(last -> new Departure(false, last.by().toString(), last.at()))
                      .orElseGet(() -> new Departure(false, consumer.domain(), now)));
      tracked.add(
          new TrackedConsumer(
              consumer,
              name,
              ended.map(EndedSubscription::contact).orElseGet(this::owner),
              List.of(),
              facts,
              offer(name),
              answer(name),
              Optional.empty()));
    }

    /** The reads without a subscription, if there were any shortly before the announcement. */
    void addReader() {
      String name = UsageEntry.WITHOUT_SUBSCRIPTION;
      SortedMap<Integer, UsageEntry> usages = usages(name);
      Optional<UsageEntry> older =
          Optional.ofNullable(usages.get(rollout.from()))
              .filter(usage -> usage.at().plus(UsageEntry.RECENT).isAfter(terms.announcedAt()));
      Optional<VersionedDocument> offer = offer(name);
      if (offer.isEmpty() && (older.isEmpty() || !mayBeRead(List.of(older.get())))) {
        return;
      }
      Instant since = older.map(UsageEntry::first).orElse(rollout.startedAt());
      TrackFacts facts = withReads(facts(name, OptionalInt.empty(), since, offer), usages);
      String last = usages.values().stream().map(UsageEntry::by).reduce("", (all, by) -> by);
      if (!last.isEmpty() && !mayBeRead(usages.values())) {
        facts = facts.left(loss(last, facts));
      }
      tracked.add(
          new TrackedConsumer(
              consumer,
              name,
              owner(),
              older.map(UsageEntry::columnPaths).orElse(List.of()),
              facts,
              offer,
              answer(name),
              Optional.empty()));
    }

    private String owner() {
      return session.catalog().requireDomain(consumer.domain(), action()).domain().owner();
    }

    private Optional<VersionedDocument> offer(String subscription) {
      return Optional.ofNullable(
          offers.get(NameGrammar.storage(consumer.domain() + "/" + subscription)));
    }

    private Optional<VersionedDocument> answer(String subscription) {
      return Optional.ofNullable(answers.get(NameGrammar.storage(subscription)));
    }

    /** Answers of an earlier subscription with the same name do not count. */
    private TrackFacts facts(
        String subscription, OptionalInt pinned, Instant since, Optional<VersionedDocument> offer) {
      Instant first = since.isAfter(terms.announcedAt()) ? since : terms.announcedAt();
      OfferEntry stored =
          offer
              .map(OfferEntry::of)
              .orElseGet(
                  () ->
                      new OfferEntry(
                          rollout.number(),
                          consumer.domain() + "/" + subscription,
                          List.of(new OfferEntry.Offer(1, rollout.retireAfter(), first, ""))));
      Optional<ConsumerAnswers> answer =
          Optional.ofNullable(replies.get(NameGrammar.storage(subscription)));
      return new TrackFacts(
          consumer.domain() + "/" + subscription,
          pinned,
          false,
          since,
          stored.offers().stream().map(OfferEntry.Offer::facts).toList(),
          answer.stream()
              .flatMap(each -> each.replies().stream())
              .filter(reply -> !reply.at().isBefore(since))
              .map(ConsumerAnswers.Reply::facts)
              .toList(),
          new TreeMap<>(),
          Optional.empty(),
          answer.flatMap(ConsumerAnswers::movedAt).filter(at -> !at.isBefore(since)),
          dormancy(stored),
          rollout.retirement().overridden().contains(stored.consumer())
              ? rollout.dates().retiredAt()
              : Optional.empty());
    }

    private Optional<Dormancy> dormancy(OfferEntry stored) {
      return dormant.stream()
          .filter(each -> each.entry().consumers().contains(stored.consumer()))
          .reduce((earlier, later) -> later)
          .map(each -> new Dormancy(each.entry().at(), each.approvedBy().map(Principal::toString)));
    }

    private SortedMap<Integer, UsageEntry> usages(String subscription) {
      SortedMap<Integer, UsageEntry> usages = new TreeMap<>();
      for (VersionedDocument stored :
          session.ledger().list(consumer.partition(), RegistryKeys.usages(name(), subscription))) {
        UsageEntry usage = UsageEntry.of(stored);
        usages.put(usage.major(), usage);
      }
      return usages;
    }

    private TrackFacts withReads(TrackFacts facts, SortedMap<Integer, UsageEntry> usages) {
      TrackFacts all = facts;
      for (UsageEntry usage : usages.values()) {
        if (rollout.newMajor().isPresent() || usage.major() == rollout.from()) {
          all =
              all.read(
                  usage.major(), ReadHistory.of(usage.first(), usage.at(), usage.days().all()));
        }
      }
      Optional<UsageEntry> moved = successorUsage();
      return moved.isEmpty()
          ? all
          : all.read(
              terms.newer(),
              ReadHistory.of(moved.get().first(), moved.get().at(), moved.get().days().all()));
    }

    /**
     * The last use of the product that replaces one that ends, by any subscription of the domain:
     * subscriptions of different products do not correspond by name.
     */
    private Optional<UsageEntry> successorUsage() {
      return rollout
          .elsewhere()
          .flatMap(
              next ->
                  session
                      .ledger()
                      .list(
                          session
                              .catalog()
                              .consumerPartition(consumer.domain(), next.product().domain()),
                          RegistryKeys.usages(next.product()))
                      .stream()
                      .map(UsageEntry::of)
                      .filter(usage -> usage.major() >= next.major())
                      .max(Comparator.comparing(UsageEntry::at)));
    }

    /** Returns true if one of the principals that read it recently may still read. */
    private boolean mayBeRead(Collection<UsageEntry> usages) {
      return usages.stream()
          .flatMap(usage -> usage.readers().keySet().stream())
          .anyMatch(this::mayRead);
    }

    private boolean mayRead(String principal) {
      String[] parts = principal.split("/", 2);
      return parts.length < 2
          || session
              .policy()
              .permission(Principal.of(parts[0], parts[1]), product, version(rollout.from()), now)
              .permission()
              .isPresent();
    }

    private Departure loss(String reader, TrackFacts facts) {
      List<String> writers = new ArrayList<>(List.of(consumer.partition()));
      session
          .rights()
          .executors(name().domain())
          .forEach(executor -> writers.add(executor.partition()));
      return new RightsLoss(session.ledger(), name(), writers, facts.offers().get(0).at())
          .by(reader.split("/", 2)[0], now);
    }
  }
}
