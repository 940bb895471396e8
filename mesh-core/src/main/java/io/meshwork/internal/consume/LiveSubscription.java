package io.meshwork.internal.consume;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.EndedSubscription;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;

/**
 * A subscription that a client uses and that another may end at any time. Thread-safe.
 *
 * @param domain the consuming domain
 * @param name its name in that domain
 * @param generation how many subscriptions of this name were ended before it
 */
record LiveSubscription(
    ClientSession session, String domain, String name, ProductName product, long generation) {
  /** Returns the partition in which the domain stores its records of the product. */
  String partition() {
    return session.catalog().consumerPartition(domain, product.domain());
  }

  private Key key() {
    return RegistryKeys.subscription(partition(), product, name);
  }

  /**
   * Returns its document. Everything that is done with an open subscription passes here.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller's account left the domain
   * @throws NotFoundException if it was ended, even if another subscription has its name now
   */
  VersionedDocument require(MeshAction action) {
    session.authorizer().requireStillActsFor(domain, action);
    return session
        .ledger()
        .read(key())
        .filter(stored -> SubscriptionEntry.generation(stored) == generation)
        .orElseThrow(() -> ended(action));
  }

  /**
   * Returns what it reads now.
   *
   * @throws NotFoundException if it was ended, even if another subscription has its name now
   */
  SubscriptionTerms terms(MeshAction action) {
    return SubscriptionEntry.of(require(action)).terms();
  }

  /**
   * Returns its document if it reads a major version.
   *
   * @throws NotFoundException if it was ended, even if another subscription has its name now
   * @throws io.meshwork.error.ConflictException if it was moved to another major version
   */
  VersionedDocument requireReading(int major, MeshAction action) {
    VersionedDocument stored = require(action);
    int now = SubscriptionEntry.major(stored);
    if (now != major) {
      throw moved(major, now, action);
    }
    return stored;
  }

  /** Returns the exception for a process that reads a major version that the subscription left. */
  ConflictException moved(int from, int to, MeshAction action) {
    return Failure.of(action)
        .because(
            "the subscription '"
                + name
                + "' of domain '"
                + domain
                + "' moved to major version "
                + to
                + ", and this process opened it when it read major version "
                + from)
        .state("Its position did not change.")
        .fix(
            "Deploy the program that reads major version "
                + to
                + "; there, call subscribe(\""
                + product
                + "\").name(\""
                + name
                + "\").majorVersion("
                + to
                + ").commit().")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  private NotFoundException ended(MeshAction action) {
    boolean replaced = session.ledger().holds(key());
    Optional<EndedSubscription> ended =
        session
            .ledger()
            .read(RegistryKeys.endedSubscription(partition(), product, name))
            .map(EndedSubscription::of);
    String call = "subscribe(\"" + product + "\").name(\"" + name + "\")";
    return Failure.of(action)
        .because(
            "the subscription '"
                + name
                + "' of domain '"
                + domain
                + "' was ended"
                + ended.map(LiveSubscription::endedBy).orElse("")
                + (replaced ? ", and another subscription has its name now" : ""))
        .fix(
            replaced
                ? "Call " + call + ".commit() to use the other subscription."
                : "To subscribe again, call "
                    + call
                    + ".purpose(..).commit(). The new subscription starts with all current rows"
                    + " unless you call fromNow(), fromSnapshot(..), or fromTime(..), and its"
                    + " batches have other IDs.")
        .notFound(ErrorCode.SUBSCRIPTION_ENDED);
  }

  private static String endedBy(EndedSubscription ended) {
    return " by "
        + ended.by()
        + " at "
        + ended.at()
        + ended.reason().map(reason -> " (" + reason + ")").orElse("");
  }
}
