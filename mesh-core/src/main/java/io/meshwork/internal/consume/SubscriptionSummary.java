package io.meshwork.internal.consume;

import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Subscription;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.PositionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.consume.ConsumerOperations.Tracks;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ResolvedProduct;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A subscription as others see it. Immutable. */
record SubscriptionSummary(
    String domain,
    String name,
    ProductName product,
    int major,
    MajorVersion.State majorState,
    ProductConsumer.MajorMode majorMode,
    Optional<String> waitsBecause,
    Optional<String> deprecatedBecause,
    Optional<LocalDate> rolloutDate,
    String purpose,
    String contact,
    List<String> columns,
    Optional<String> where,
    Optional<Subscription.Position> position,
    Optional<Instant> lastUsed,
    Subscription.State state)
    implements Subscription.Summary {
  SubscriptionSummary {
    columns = List.copyOf(columns);
  }

  static List<Subscription.Summary> all(ClientSession session, Tracks tracks) {
    MeshAction action = MeshAction.of(Verb.LIST, "subscriptions");
    session.checkOpen(action);
    String own = session.authorizer().requireOwnDomain(action).domain();
    return summaries(session, tracks, SubscriberList.ofConsumer(session, own), own);
  }

  static List<Subscription.Summary> to(
      ClientSession session, Tracks tracks, @Nullable CharSequence productOrDomain) {
    MeshAction listing = MeshAction.of(Verb.LIST, "subscriptions to");
    String text = ArgumentChecks.required("productOrDomain", productOrDomain).toString();
    boolean isDomain = text.indexOf('/') < 0 && text.indexOf('.') < 0;
    Optional<ProductName> product =
        isDomain
            ? Optional.empty()
            : Optional.of(ResolvedProduct.forConsumer(session, text, listing).product());
    MeshAction action =
        listing.on(product.map(ProductName::toString).orElse(NameGrammar.quoted(text)));
    session.checkOpen(action);
    String owning =
        product.map(ProductName::domain).orElseGet(() -> NameGrammar.check("domain", text));
    session.catalog().requireDomain(owning, action);
    product.ifPresent(one -> session.catalog().requireProduct(one, action));
    String own = session.authorizer().requireOwnDomain(action).domain();
    List<Catalog.Consumer> consumers = SubscriberList.visibleConsumers(session, owning, action);
    List<SubscriberList.Entry> entries =
        new ArrayList<>(SubscriberList.toDomain(session, owning, consumers));
    entries.removeIf(entry -> product.filter(one -> !one.equals(entry.product())).isPresent());
    return summaries(session, tracks, entries, own);
  }

  private static List<Subscription.Summary> summaries(
      ClientSession session, Tracks tracks, List<SubscriberList.Entry> entries, String own) {
    Instant now = session.runtime().clock().instant();
    Map<SubscriberList.Entry, Track> tracked = tracks.of(session, entries);
    return entries.stream()
        .<Subscription.Summary>map(
            entry -> of(session, entry, Optional.ofNullable(tracked.get(entry)), own, now))
        .toList();
  }

  /**
   * Returns the summary of a subscription.
   *
   * @param track its track in the open rollout; empty if it has none
   * @param own the caller's domain; the filter and position of other domains are hidden
   */
  static SubscriptionSummary of(
      ClientSession session,
      SubscriberList.Entry entry,
      Optional<Track> track,
      String own,
      Instant now) {
    boolean isOwn = entry.domain().equals(own);
    SubscriptionTerms terms = entry.terms();
    return new SubscriptionSummary(
        entry.domain(),
        entry.name(),
        entry.product(),
        entry.major(),
        entry.majorState().publicState(),
        terms.majorMode(),
        ConsumerImpact.waitsBecause(session, entry),
        terms.deprecatedBecause(),
        track.map(Track::date),
        terms.purpose(),
        terms.contact(),
        terms.columns(),
        terms.where().filter(filter -> isOwn),
        isOwn
            ? Optional.of(
                position(
                    entry
                        .position()
                        .map(PositionEntry::place)
                        .orElseGet(() -> PositionEntry.Place.start(entry.major()))))
            : Optional.empty(),
        entry.lastUsed(),
        Subscription.State.valueOf(entry.state(now)));
  }

  /** Converts a stored position. */
  static Subscription.Position position(PositionEntry.Place place) {
    return new Subscription.Position(
        place.major(), place.snapshotId(), place.sequence(), place.committedAt());
  }

  /** Returns the summary as one line, without its filter. */
  @Override
  public String toString() {
    return domain
        + "/"
        + name
        + " -> "
        + product
        + " v"
        + major
        + "  "
        + state
        + (majorState.isRetired() ? ", its major version is " + majorState : "")
        + waitsBecause.map(why -> ", follows but waits: " + why).orElse("")
        + deprecatedBecause.map(why -> ", though it is deprecated: " + why).orElse("")
        + rolloutDate.map(date -> ", its date in the rollout is " + date).orElse("")
        + lastUsed.map(at -> ", last used " + at).orElse(", never used")
        + "  ("
        + purpose
        + "; contact "
        + contact
        + ")";
  }
}
