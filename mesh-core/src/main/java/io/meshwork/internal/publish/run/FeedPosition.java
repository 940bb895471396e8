package io.meshwork.internal.publish.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.product.ProductName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The position of a feed before and after a transaction. The document that records it is written in
 * the transaction of the rows.
 *
 * @param feed the name of the feed
 * @param before the last sequence before the transaction; empty if it is the first
 * @param after the last sequence after the transaction
 */
public record FeedPosition(String feed, OptionalLong before, long after) {
  private static final DocumentCodec<StoredFeed> CODEC = DocumentCodec.of(StoredFeed.class);

  private record StoredFeed(String feed, long lastSequence, String publishId) {}

  /** The last sequence that a feed published. */
  public static OptionalLong last(Ledger ledger, ProductName product, String feed) {
    return last(ledger.read(RegistryKeys.feed(product, feed)));
  }

  private static OptionalLong last(Optional<VersionedDocument> stored) {
    return stored.stream().mapToLong(each -> CODEC.read(each).lastSequence()).findFirst();
  }

  /**
   * Adds the position to the transaction of its rows.
   *
   * @throws io.meshwork.error.ConflictException if another writer continued the feed
   */
  public void addTo(CommitDraft<?> draft, Ledger ledger, PublishRequest request) {
    Optional<VersionedDocument> stored = ledger.read(RegistryKeys.feed(request.product(), feed));
    OptionalLong now = last(stored);
    if (!now.equals(before)) {
      throw takenOver(request.action(), now);
    }
    ObjectNode json = CODEC.write(new StoredFeed(feed, after, request.publishId()), stored);
    if (stored.isPresent()) {
      draft.replace(stored.get(), json);
    } else {
      draft.insert(RegistryKeys.feed(request.product(), feed), json);
    }
  }

  private RuntimeException takenOver(MeshAction action, OptionalLong now) {
    return Failure.of(action.on("by feed " + feed))
        .because(
            "another writer continued the feed"
                + (now.isPresent() ? " up to sequence " + now.getAsLong() : "")
                + " after this one knew "
                + (before.isPresent() ? "sequence " + before.getAsLong() : "no sequence"))
        .state("Nothing was published, and this feed is closed.")
        .fix("Let one process write the feed. To continue it here, open it again.")
        .lastingConflict(ErrorCode.FEED_TAKEN_OVER);
  }
}
