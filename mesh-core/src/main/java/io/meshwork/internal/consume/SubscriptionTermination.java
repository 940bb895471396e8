package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Catalog.AccountEntry;
import io.meshwork.internal.catalog.EndedSubscription;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.consume.ConsumerOperations.Tracks;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.ReviewedOperation;
import io.meshwork.internal.text.NearestName;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.operation.PlannedOperation;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ends a subscription of the caller's domain, or an unused one of another domain. */
final class SubscriptionTermination
    extends ReviewedOperation<Plan<Optional<Subscription.Summary>>, Optional<Subscription.Summary>>
    implements PlannedOperation.WithReason<Optional<Subscription.Summary>> {
  /** The maximum number of usage records and holds to delete; other holds expire within a day. */
  private static final int MAX_READER_RECORDS = 60;

  private final Tracks tracks;
  private final ProductName product;
  private final @Nullable String namedDomain;
  private final String name;
  private @Nullable String reason;

  private SubscriptionTermination(
      ClientSession session,
      Tracks tracks,
      ProductName product,
      @Nullable String namedDomain,
      String name) {
    super(
        session,
        MeshAction.of(
            Verb.UNSUBSCRIBE,
            (namedDomain == null ? name : namedDomain + "/" + name) + " from " + product));
    this.tracks = tracks;
    this.product = product;
    this.namedDomain = namedDomain;
    this.name = name;
    begin();
  }

  /**
   * Creates the operation.
   *
   * @throws InvalidRequestException if the subscription's name is not valid
   */
  static SubscriptionTermination of(
      ClientSession session,
      Tracks tracks,
      @Nullable CharSequence product,
      @Nullable String subscription) {
    ProductName target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.UNSUBSCRIBE, "from"))
            .product();
    int slash = subscription == null ? -1 : subscription.indexOf('/');
    return slash < 0 || subscription == null
        ? new SubscriptionTermination(
            session, tracks, target, null, NameGrammar.check("subscription", subscription))
        : new SubscriptionTermination(
            session,
            tracks,
            target,
            NameGrammar.check("domain", subscription.substring(0, slash)),
            NameGrammar.check("subscription", subscription.substring(slash + 1)));
  }

  @Override
  public SubscriptionTermination because(String text) {
    reason = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  protected Plan<Optional<Subscription.Summary>> evaluate() {
    Termination termination = new Termination(null);
    return termination.plan(termination.find(session.runtime().clock().instant()));
  }

  @Override
  protected Supplier<Optional<Subscription.Summary>> prepare(@Nullable String reviewed) {
    Termination termination = new Termination(reviewed);
    return () -> session.commit(termination);
  }

  /**
   * An existing subscription.
   *
   * @param track its track in the open rollout; empty if it has none
   * @param summary as the caller sees it
   */
  private record Found(
      SubscriberList.Entry entry, Optional<Track> track, Subscription.Summary summary) {
    /** Returns true if the rollout waits for it. */
    boolean isWaitedFor() {
      return track.filter(each -> !each.released()).isPresent();
    }
  }

  /** The one transaction. */
  private final class Termination implements Ledger.Change<Optional<Subscription.Summary>> {
    private final @Nullable String fingerprint;
    private final AccountEntry account;
    private final String domain;
    private final String partition;

    Termination(@Nullable String fingerprint) {
      this.fingerprint = fingerprint;
      this.account = session.authorizer().requireOwnDomain(action());
      this.domain = namedDomain == null ? account.domain() : namedDomain;
      this.partition = session.catalog().consumerPartition(domain, product.domain());
    }

    @Override
    public MeshAction action() {
      return SubscriptionTermination.this.action();
    }

    @Override
    public String partition() {
      return partition;
    }

    private boolean isOwn() {
      return domain.equals(account.domain());
    }

    /**
     * Finds the subscription, if the caller may end it.
     *
     * @param now the time at which it is dormant or not
     */
    Optional<Found> find(Instant now) {
      ProductEntry entry = session.catalog().requireProduct(product, action());
      if (!isOwn()) {
        session.authorizer().requireOwner(entry.name().domain(), action());
        if (reason == null) {
          throw ArgumentChecks.refused(
              "because",
              "is missing, and the subscription is of domain '" + domain + "'",
              "Call because(..); the reason is sent to the subscription's contact.");
        }
      }
      Optional<Found> subscription =
          session
              .ledger()
              .read(RegistryKeys.subscription(partition, product, name))
              .filter(stored -> SubscriptionEntry.of(stored).name().equals(name))
              .map(
                  stored ->
                      SubscriberList.entry(
                          session, new Catalog.Consumer(domain, partition), stored))
              .map(live -> endable(live, now));
      subscription.filter(any -> !isOwn()).ifPresent(this::requireUnused);
      if (subscription.isEmpty() && !wasEnded()) {
        throw neverExisted();
      }
      return subscription;
    }

    private Found endable(SubscriberList.Entry live, Instant now) {
      Optional<Track> track = Optional.ofNullable(tracks.of(session, List.of(live)).get(live));
      return new Found(
          live, track, SubscriptionSummary.of(session, live, track, account.domain(), now));
    }

    private boolean wasEnded() {
      return session
          .ledger()
          .read(RegistryKeys.endedSubscription(partition, product, name))
          .filter(ended -> EndedSubscription.of(ended).name().equals(name))
          .isPresent();
    }

    private NotFoundException neverExisted() {
      Optional<String> nearest = nearest();
      return Failure.of(action())
          .because("domain '" + domain + "' has no such subscription and never had one")
          .fix(
              nearest
                  .map(near -> "Did you mean '" + near + "'?")
                  .orElse("List the subscriptions with subscriptions(..)."))
          .notFound(ErrorCode.NOT_FOUND, nearest.orElse(null));
    }

    private Optional<String> nearest() {
      return NearestName.to(
          name,
          session.ledger().list(partition, RegistryKeys.subscriptions(product)).stream()
              .map(stored -> SubscriptionEntry.of(stored).name())
              .toList());
    }

    private void requireUnused(Found subscription) {
      Subscription.Summary summary = subscription.summary();
      if (summary.state() == Subscription.State.ACTIVE) {
        throw Failure.of(action())
            .because(
                "it is ACTIVE, "
                    + summary
                        .lastUsed()
                        .map(at -> "last used at " + at)
                        .orElse("and was not used yet")
                    + ". The owner of a product can end only subscriptions that were not used for "
                    + SubscriberList.DORMANT_AFTER.toDays()
                    + " days or that may read nothing")
            .fix(
                "Ask "
                    + summary.contact()
                    + " to end it with unsubscribe(\""
                    + product
                    + "\", \""
                    + name
                    + "\"), or revoke its grants first.")
            .lastingConflict(ErrorCode.STATE_CONFLICT);
      }
    }

    @Override
    public CommitDraft<Optional<Subscription.Summary>> draft(Ledger.Attempt attempt) {
      if (!session.authorizer().requireOwnDomain(action()).domain().equals(account.domain())) {
        throw Failure.of(action())
            .because("the account was moved to another domain")
            .fix("Commit again.")
            .conflict(ErrorCode.CONFLICT);
      }
      Optional<Found> subscription = find(attempt.clock());
      plan(subscription).requireSame(fingerprint, action());
      return subscription
          .map(live -> draft(live, attempt))
          .orElseGet(() -> CommitDraft.unchanged(Optional.empty()));
    }

    private CommitDraft<Optional<Subscription.Summary>> draft(
        Found subscription, Ledger.Attempt attempt) {
      SubscriberList.Entry entry = subscription.entry();
      CommitDraft<Optional<Subscription.Summary>> draft =
          CommitDraft.of("subscription.ended", session.principal(), product.toString());
      draft
          .check(account.stored())
          .details(
              new EventDetails.SubscriptionEnd(
                  domain + "/" + name,
                  entry.major(),
                  subscription.summary().state().name(),
                  isOwn() ? "consumer" : "owner",
                  Optional.ofNullable(reason)));
      draft.delete(entry.stored());
      recordGeneration(draft, entry, attempt);
      deleteReaderRecords(draft, entry);
      if (!isOwn()) {
        checkRights(draft, entry);
      }
      return draft.result(Optional.of(subscription.summary()));
    }

    /** Gives the next subscription of this name another generation, and so other batch IDs. */
    private void recordGeneration(
        CommitDraft<?> draft, SubscriberList.Entry entry, Ledger.Attempt attempt) {
      Key key = RegistryKeys.endedSubscription(partition, product, name);
      Optional<VersionedDocument> before = session.ledger().read(key);
      ObjectNode json =
          new EndedSubscription(
                  product,
                  domain,
                  name,
                  entry.contact(),
                  entry.registered().generation() + 1,
                  attempt.now(),
                  session.principal(),
                  Optional.ofNullable(reason))
              .toDocument(before);
      before.ifPresentOrElse(stored -> draft.replace(stored, json), () -> draft.insert(key, json));
    }

    /** A concurrent use either commits first, so that this commit is drafted again, or fails. */
    private void deleteReaderRecords(CommitDraft<?> draft, SubscriberList.Entry entry) {
      Ledger ledger = session.ledger();
      Key position = RegistryKeys.position(partition, product, name);
      ledger.read(position).ifPresentOrElse(draft::delete, () -> draft.checkAbsent(position));
      List<VersionedDocument> usages = ledger.list(partition, RegistryKeys.usages(product, name));
      Key usage = RegistryKeys.usage(partition, product, name, entry.major());
      if (usages.stream().noneMatch(stored -> stored.key().equals(usage))) {
        draft.checkAbsent(usage);
      }
      Stream.concat(usages.stream(), holds().stream())
          .limit(MAX_READER_RECORDS)
          .forEach(draft::delete);
    }

    private List<VersionedDocument> holds() {
      return session.ledger().list(partition, RegistryKeys.holds(product)).stream()
          .filter(hold -> name.equals(hold.json().path("subscription").textValue()))
          .toList();
    }

    /** Makes the commit fail if rights, product or contract changed since they were read. */
    private void checkRights(CommitDraft<?> draft, SubscriberList.Entry entry) {
      draft.check(session.authorizer().requireOwner(product.domain(), action()).stored());
      draft.check(session.catalog().requireProduct(product, action()).stored());
      draft.check(
          session
              .catalog()
              .requireFor(Use.DESCRIBE, product, entry.major(), action())
              .contractStored());
      Map<Key, Optional<VersionedDocument>> policies =
          new LinkedHashMap<>(session.rights().policies(product));
      policies.put(RegistryKeys.policy(partition), session.rights().policy(partition));
      policies.forEach(
          (key, policy) -> policy.ifPresentOrElse(draft::check, () -> draft.checkAbsent(key)));
    }

    ChangePlan<Optional<Subscription.Summary>> plan(Optional<Found> subscription) {
      return ChangePlan.of(
          action().toString(),
          subscription.stream().flatMap(this::steps).toList(),
          subscription.isPresent() ? List.of() : List.of(notFound()),
          subscription
              .map(
                  live ->
                      live.summary().state()
                          + "@"
                          + live.entry().stored().version()
                          + (reason == null ? "" : " " + reason))
              .orElse(""),
          SubscriptionTermination.this::commitAsPlanned);
    }

    private Stream<Step> steps(Found subscription) {
      return subscription.isWaitedFor()
          ? Stream.of(end(subscription), release())
          : Stream.of(end(subscription));
    }

    private Step release() {
      return new Step(
          "release",
          domain + "/" + name,
          "the rollout of " + product + " no longer waits for it",
          "subscribe again; the rollout then waits for the new subscription");
    }

    private Step end(Found subscription) {
      return new Step(
          "end",
          domain + "/" + name,
          "reads "
              + product
              + " v"
              + subscription.summary().major()
              + ", "
              + subscription.summary().state()
              + "; its position and its usage records are deleted",
          "subscribe again; the new subscription starts from the beginning");
    }

    private Finding notFound() {
      return new Finding(
          FindingCode.NOTHING_TO_REMOVE,
          Severity.NOTE,
          domain + "/" + name,
          "Domain '"
              + domain
              + "' has no subscription of this name to "
              + product
              + ". It was ended already.",
          0,
          List.of(),
          nearest()
              .map(near -> "Did you mean '" + near + "'?")
              .orElse("List them with subscriptions(..)."));
    }
  }
}
