package io.meshwork.internal.consume;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Unsubscribe;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.AccountEntry;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.NearestName;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.internal.session.SubscriberList;
import io.meshwork.operation.Plan;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Ends a subscription, of the caller's domain or one that nobody uses. */
final class SubscriptionEnding implements Unsubscribe {
  /** What else a transaction takes away; what is left of holds ends by itself within a day. */
  private static final int MOST_NOTES = 60;

  private final ClientSession session;
  private final ProductName product;
  private final @Nullable String namedDomain;
  private final String name;
  private final OneCommit once;
  private final OpenOperation open;
  private @Nullable String because;

  private SubscriptionEnding(
      ClientSession session, ProductName product, @Nullable String namedDomain, String name) {
    this.session = session;
    this.product = product;
    this.namedDomain = namedDomain;
    this.name = name;
    this.once = OneCommit.withoutKey(action());
    this.open = session.operation(action()).begin();
  }

  /**
   * Parses the name.
   *
   * @throws InvalidRequestException if no subscription can have such a name
   */
  static SubscriptionEnding of(
      ClientSession session, @Nullable CharSequence product, @Nullable String subscription) {
    ProductName target =
        ResolvedProduct.forConsumer(session, product, MeshAction.of(Verb.UNSUBSCRIBE, "from"))
            .product();
    int slash = subscription == null ? -1 : subscription.indexOf('/');
    return slash < 0 || subscription == null
        ? new SubscriptionEnding(
            session, target, null, NameGrammar.check("subscription", subscription))
        : new SubscriptionEnding(
            session,
            target,
            NameGrammar.check("domain", subscription.substring(0, slash)),
            NameGrammar.check("subscription", subscription.substring(slash + 1)));
  }

  @Override
  public SubscriptionEnding because(String reason) {
    because = ArgumentChecks.text("because", reason);
    return this;
  }

  @Override
  public Plan<Optional<Subscription.Card>> plan() {
    open.settle();
    session.checkOpen(action());
    Ending ending = new Ending(null);
    return ending.plan(ending.found(session.runtime().clock().instant()));
  }

  @Override
  public Optional<Subscription.Card> commit() {
    return run(null);
  }

  @Override
  public Optional<Subscription.Card> commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private Optional<Subscription.Card> run(@Nullable String fingerprint) {
    open.settle();
    session.checkOpen(action());
    Ending ending = new Ending(fingerprint);
    once.begin();
    try {
      return session.ledger().commit(ending, session.deadline());
    } finally {
      once.end();
    }
  }

  private MeshAction action() {
    return MeshAction.of(
        Verb.UNSUBSCRIBE,
        (namedDomain == null ? name : namedDomain + "/" + name) + " from " + product);
  }

  /**
   * A subscription that is there.
   *
   * @param card as the caller sees it
   */
  private record Found(SubscriberList.Entry entry, Subscription.Card card) {}

  /** The one transaction. */
  private final class Ending implements Ledger.Change<Optional<Subscription.Card>> {
    private final @Nullable String fingerprint;
    private final AccountEntry account;
    private final String domain;
    private final String partition;

    Ending(@Nullable String fingerprint) {
      this.fingerprint = fingerprint;
      this.account = session.authorizer().requireOwnDomain(action());
      this.domain = namedDomain == null ? account.domain() : namedDomain;
      this.partition = session.catalog().consumerPartition(domain, product.domain());
    }

    @Override
    public MeshAction action() {
      return SubscriptionEnding.this.action();
    }

    @Override
    public String partition() {
      return partition;
    }

    private boolean isOwn() {
      return domain.equals(account.domain());
    }

    /**
     * What is there, if the caller may end it.
     *
     * @param now by which it is dormant or not
     */
    Optional<Found> found(Instant now) {
      ProductEntry there = session.catalog().requireProduct(product, action());
      if (!isOwn()) {
        session.authorizer().requireOwner(there.name().domain(), action());
        if (because == null) {
          throw ArgumentChecks.refused(
              "because",
              "was not said, and the subscription is of domain '" + domain + "'",
              "Say because(..), which its contact is told.");
        }
      }
      Optional<Found> found =
          session
              .ledger()
              .read(RegistryKeys.subscription(partition, product, name))
              .filter(stored -> stored.json().path("name").asText().equals(name))
              .map(
                  stored ->
                      SubscriberList.entry(
                          session, new Catalog.Consumer(domain, partition), stored))
              .map(entry -> new Found(entry, SubscriptionCard.of(entry, account.domain(), now)));
      found.filter(live -> !isOwn()).ifPresent(this::requireUnused);
      return found;
    }

    private void requireUnused(Found found) {
      Subscription.Card card = found.card();
      if (card.state() == Subscription.State.ACTIVE) {
        throw new ConflictException(
            ErrorCode.STATE_CONFLICT,
            "Cannot "
                + action()
                + ": it is ACTIVE, "
                + card.lastUsed().map(at -> "last used at " + at).orElse("and was not used yet")
                + ". The owner of a product ends subscriptions that nobody used for "
                + SubscriberList.DORMANT_AFTER.toDays()
                + " days, or that may read nothing. Nothing was changed. Ask "
                + card.contact()
                + " to end it with unsubscribe(\""
                + product
                + "\", \""
                + name
                + "\"), or revoke its grants first.",
            false);
      }
    }

    @Override
    public CommitDraft<Optional<Subscription.Card>> draft(Ledger.Attempt attempt) {
      if (!session.authorizer().requireOwnDomain(action()).domain().equals(account.domain())) {
        throw new ConflictException(
            ErrorCode.CONFLICT,
            "Cannot " + action() + ": the account was given to another domain. Nothing was done.");
      }
      Optional<Found> found = found(attempt.clock());
      if (fingerprint != null) {
        plan(found).requireSame(fingerprint, action());
      }
      return found
          .map(there -> ended(there, attempt))
          .orElseGet(() -> CommitDraft.unchanged(Optional.empty()));
    }

    private CommitDraft<Optional<Subscription.Card>> ended(Found found, Ledger.Attempt attempt) {
      SubscriberList.Entry entry = found.entry();
      CommitDraft<Optional<Subscription.Card>> draft =
          CommitDraft.of("subscription.ended", session.principal(), product.toString());
      draft
          .check(account.stored())
          .detail("subscription", domain + "/" + name)
          .detail("major", entry.major())
          .detail("state", found.card().state().name())
          .detail("endedBy", isOwn() ? "consumer" : "owner");
      if (because != null) {
        draft.detail("reason", because);
      }
      draft.delete(entry.stored());
      remember(draft, entry, attempt);
      takeAwayNotes(draft, entry);
      if (!isOwn()) {
        restOnRights(draft, entry);
      }
      return draft.result(Optional.of(found.card()));
    }

    /** The next one of its name is another: so no id of a batch comes twice. */
    private void remember(
        CommitDraft<?> draft, SubscriberList.Entry entry, Ledger.Attempt attempt) {
      Key key = RegistryKeys.endedSubscription(partition, product, name);
      Optional<VersionedDocument> before = session.ledger().read(key);
      ObjectNode json =
          before.map(stored -> stored.json().deepCopy()).orElseGet(DocumentJson::create);
      long generation = entry.stored().json().path(LiveSubscription.GENERATION).asLong();
      json.put("product", product.toString());
      json.put("domain", domain);
      json.put("name", name);
      json.put("contact", entry.contact());
      json.put(LiveSubscription.GENERATION, generation + 1);
      json.put("at", attempt.now().toString());
      json.put("by", session.principal().toString());
      json.remove("reason");
      if (because != null) {
        json.put("reason", because);
      }
      before.ifPresentOrElse(stored -> draft.replace(stored, json), () -> draft.insert(key, json));
    }

    /** Whoever uses it at the same time either comes first, and it is looked at anew, or fails. */
    private void takeAwayNotes(CommitDraft<?> draft, SubscriberList.Entry entry) {
      Ledger ledger = session.ledger();
      Key position = RegistryKeys.position(partition, product, name);
      ledger.read(position).ifPresentOrElse(draft::delete, () -> draft.checkAbsent(position));
      List<VersionedDocument> usages = ledger.list(partition, RegistryKeys.usages(product, name));
      Key usage = RegistryKeys.usage(partition, product, name, entry.major());
      if (usages.stream().noneMatch(stored -> stored.key().equals(usage))) {
        draft.checkAbsent(usage);
      }
      Stream.concat(usages.stream(), holds().stream()).limit(MOST_NOTES).forEach(draft::delete);
    }

    private List<VersionedDocument> holds() {
      return session.ledger().list(partition, RegistryKeys.holds(product)).stream()
          .filter(hold -> name.equals(hold.json().path("subscription").textValue()))
          .toList();
    }

    /** Nothing was granted, opened or amended since it was looked at. */
    private void restOnRights(CommitDraft<?> draft, SubscriberList.Entry entry) {
      draft.check(session.authorizer().requireOwner(product.domain(), action()).stored());
      draft.check(session.catalog().requireProduct(product, action()).stored());
      draft.check(
          session.catalog().requireVersion(product, entry.major(), action()).contractStored());
      for (String rights : List.of(product.domain(), partition)) {
        session
            .rights()
            .policy(rights)
            .ifPresentOrElse(draft::check, () -> draft.checkAbsent(RegistryKeys.policy(rights)));
      }
    }

    SubscriptionPlan plan(Optional<Found> found) {
      String subscription = domain + "/" + name;
      return new SubscriptionPlan(
          "Unsubscribe " + subscription + " from " + product,
          found.stream().map(this::step).toList(),
          found.isPresent() ? List.of() : List.of(notThere()),
          found
              .map(
                  there ->
                      there.card().state()
                          + "@"
                          + there.entry().stored().version()
                          + (because == null ? "" : " " + because))
              .orElse(""),
          SubscriptionEnding.this::commitAsPlanned);
    }

    private Step step(Found found) {
      return new Step(
          "end",
          domain + "/" + name,
          "reads "
              + product
              + " v"
              + found.card().major()
              + ", "
              + found.card().state()
              + "; its position and what is kept for it go",
          "subscribe again, which begins anew");
    }

    private Finding notThere() {
      List<String> names =
          session.ledger().list(partition, RegistryKeys.subscriptions(product)).stream()
              .map(stored -> stored.json().path("name").asText())
              .toList();
      return new Finding(
          "NOT_THERE",
          Severity.NOTE,
          domain + "/" + name,
          "Domain '"
              + domain
              + "' has no subscription of this name to "
              + product
              + ": nothing to end.",
          0,
          List.of(),
          NearestName.to(name, names)
              .map(near -> "Did you mean '" + near + "'?")
              .orElse("Look at subscriptions()."));
    }
  }
}
