package io.meshwork.internal.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Stored;
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
public final class AmendingMark {
  private static final Duration LONGEST = Duration.ofHours(24);
  private static final String AT = "at";

  private AmendingMark() {}

  /** Where it is. */
  public static Key key(ProductName product, int major) {
    return Keys.amending(product, major);
  }

  /** Its document. */
  public static ObjectNode document(Instant now) {
    return Documents.create().put(AT, now.toString());
  }

  /**
   * Has a subscription fail if a mark comes.
   *
   * @throws ConflictException if one is there and counts
   */
  public static void keepAway(
      Session session, ProductName product, int major, Draft<?> draft, Instant now, String doing) {
    Optional<Stored> mark = session.ledger().read(key(product, major));
    if (mark.isEmpty()) {
      draft.checkAbsent(key(product, major));
      return;
    }
    if (Instant.parse(mark.get().json().path(AT).asText()).plus(LONGEST).isAfter(now)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing
              + ": the contract of its major "
              + major
              + " is just being amended in a way that is for products without subscriptions."
              + " Nothing was done. Try again in a moment.");
    }
    draft.check(mark.get());
  }
}
