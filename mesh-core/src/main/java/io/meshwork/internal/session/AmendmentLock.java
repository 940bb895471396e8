package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Blocks new subscriptions to a major while its contract is amended on the condition that it has
 * none. An amendment writes the lock, counts the subscriptions, and commits with the lock. A new
 * subscription checks that there is no lock, so it is either counted or fails. The lock of a killed
 * process ends after a day.
 */
public final class AmendmentLock {
  private static final Duration MAX_AGE = Duration.ofHours(24);

  private AmendmentLock() {}

  /** When an amendment began, as the registry stores it. */
  private record LockDocument(Instant at) {}

  /** The key of the lock's document. */
  public static Key key(ProductName product, int major) {
    return RegistryKeys.amending(product, major);
  }

  /** The lock's document. */
  public static ObjectNode document(Instant now) {
    return DocumentCodec.document(new LockDocument(now));
  }

  /**
   * Makes the commit of a subscription fail if the major is locked by then.
   *
   * @throws ConflictException if it is locked now
   */
  public static void requireUnlocked(
      ClientSession session,
      ProductName product,
      int major,
      CommitDraft<?> draft,
      Instant now,
      MeshAction action) {
    Optional<VersionedDocument> lock = session.ledger().read(key(product, major));
    if (lock.isEmpty()) {
      draft.checkAbsent(key(product, major));
      return;
    }
    Instant locked = DocumentCodec.of(LockDocument.class).read(lock.get()).at();
    if (locked.plus(MAX_AGE).isAfter(now)) {
      throw Failure.of(action)
          .because(
              "the contract of its major "
                  + major
                  + " is being amended in a way that is only allowed without subscriptions")
          .state("Nothing was done.")
          .fix("Try again in a moment.")
          .conflict(ErrorCode.CONFLICT);
    }
    draft.check(lock.get());
  }
}
