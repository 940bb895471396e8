package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps new subscriptions to a major away while its contract is amended because there are none:
 * whoever amends marks first, counts then, and commits with the mark. Each subscription checks that
 * there is no mark, so it is either counted or it fails. A mark that a dead process left keeps
 * nobody away after a day, which no request outlives.
 */
public final class AmendmentLock {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final String AT = "at";

  private AmendmentLock() {}

  /** Where it is. */
  public static Key key(ProductName product, int major) {
    return RegistryKeys.amending(product, major);
  }

  /** Its document. */
  public static ObjectNode document(Instant now) {
    return DocumentJson.create().put(AT, now.toString());
  }

  /**
   * Has a subscription fail if a mark comes.
   *
   * @throws ConflictException if one is there and counts
   */
  public static void keepAway(
      ClientSession session,
      ProductName product,
      int major,
      CommitDraft<?> draft,
      Instant now,
      MeshAction action) {
    Optional<VersionedDocument> mark = session.ledger().read(key(product, major));
    if (mark.isEmpty()) {
      draft.checkAbsent(key(product, major));
      return;
    }
    if (Instant.parse(mark.get().json().path(AT).asText()).plus(LONGEST).isAfter(now)) {
      throw Failure.of(action)
          .because(
              "the contract of its major "
                  + major
                  + " is just being amended in a way that is for products without subscriptions")
          .state("Nothing was done.")
          .fix("Try again in a moment.")
          .conflict(ErrorCode.CONFLICT);
    }
    draft.check(mark.get());
  }
}
