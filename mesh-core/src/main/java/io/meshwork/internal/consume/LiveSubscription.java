package io.meshwork.internal.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.Optional;

/**
 * A subscription that somebody works with, which may be ended meanwhile. Thread-safe.
 *
 * @param domain the consuming domain
 * @param name its name there
 * @param generation how many subscriptions of this name were ended before it
 */
record LiveSubscription(
    ClientSession session, String domain, String name, ProductName product, long generation) {
  /** How many of its name were ended before, in its document; absent if none was. */
  static final String GENERATION = "generation";

  /** Where its domain writes about the product. */
  String partition() {
    return session.catalog().consumerPartition(domain, product.domain());
  }

  private Key key() {
    return RegistryKeys.subscription(partition(), product, name);
  }

  /**
   * Its document.
   *
   * @throws NotFoundException if it was ended, also if another one has its name since
   */
  VersionedDocument require(MeshAction action) {
    return session
        .ledger()
        .read(key())
        .filter(there -> there.json().path(GENERATION).asLong() == generation)
        .orElseThrow(() -> ended(action));
  }

  private NotFoundException ended(MeshAction action) {
    boolean anew = session.ledger().holds(key());
    Optional<VersionedDocument> kept =
        session.ledger().read(RegistryKeys.endedSubscription(partition(), product, name));
    return new NotFoundException(
        ErrorCode.SUBSCRIPTION_ENDED,
        "Cannot "
            + action
            + ": the subscription '"
            + name
            + "' of domain '"
            + domain
            + "' was ended"
            + kept.map(LiveSubscription::how).orElse("")
            + (anew ? ", and another one of its name was made since" : "")
            + ". Nothing was done. "
            + (anew
                ? "Call subscribe(\""
                    + product
                    + "\").named(\""
                    + name
                    + "\").commit() to use that"
                    + " one."
                : "If it is still needed, subscribe again: subscribe(\""
                    + product
                    + "\").named(\""
                    + name
                    + "\").purpose(..).commit(). It begins with all there is, unless"
                    + " fromNow() or the like says otherwise, and its batches have other ids."),
        null);
  }

  private static String how(VersionedDocument kept) {
    String reason = kept.json().path("reason").asText();
    return " by "
        + kept.json().path("by").asText()
        + " at "
        + kept.json().path("at").asText()
        + (reason.isEmpty() ? "" : " (" + reason + ")");
  }
}
