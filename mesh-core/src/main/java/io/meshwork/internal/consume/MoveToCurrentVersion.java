package io.meshwork.internal.consume;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.consumers.SubscriberList;
import io.meshwork.internal.majors.ConsumerImpact;
import io.meshwork.internal.session.ClientSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a subscription that follows to the current major version, before it is read. If that
 * version breaks what it reads, it stays.
 *
 * @param <T> the type of a row
 */
record MoveToCurrentVersion<T>(LiveSubscription live, RowType<T> type) {
  private static final Logger LOG = LoggerFactory.getLogger(MoveToCurrentVersion.class);

  /**
   * Returns what the subscription reads now.
   *
   * @throws io.meshwork.error.NotFoundException if it was ended
   */
  SubscriptionTerms run(MeshAction action) {
    SubscriptionTerms terms = live.terms(action);
    if (!terms.follows()) {
      return terms;
    }
    ClientSession session = live.session();
    ProductEntry product = session.catalog().requireProduct(live.product(), action);
    if (terms.major() == product.currentMajor()) {
      return terms;
    }
    VersionEntry next =
        session.catalog().requireFor(Use.DESCRIBE, live.product(), product.currentMajor(), action);
    if (!next.state().allows(Use.FOLLOW)
        || !mayRead(product, next)
        || isBroken(terms, next, action)) {
      return terms;
    }
    try {
      SubscriptionRegistration.following(live, type, terms, next.major()).commit();
    } catch (InvalidRequestException | AccessDeniedException | ConflictException stays) {
      LOG.info(
          "subscription '{}' of domain '{}' stays on major version {} of {}: {}",
          live.name(),
          live.domain(),
          terms.major(),
          live.product(),
          stays.getMessage());
    }
    return live.terms(action);
  }

  private boolean mayRead(ProductEntry product, VersionEntry version) {
    ClientSession session = live.session();
    return live.domain().equals(product.name().domain())
        || session
            .policy()
            .permission(session.principal(), product, version, session.runtime().clock().instant())
            .permission()
            .isPresent();
  }

  private boolean isBroken(SubscriptionTerms terms, VersionEntry next, MeshAction action) {
    ClientSession session = live.session();
    SubscriberList.Entry entry =
        SubscriberList.entry(
            session,
            new Catalog.Consumer(live.domain(), live.partition()),
            live.requireReading(terms.major(), action));
    return ConsumerImpact.waitsBecause(session, entry, next).isPresent();
  }
}
