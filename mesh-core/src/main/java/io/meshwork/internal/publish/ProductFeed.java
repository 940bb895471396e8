package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A feed of a product. A transaction that began keeps its rows, its idempotency key, and its
 * positions until its outcome is known. Not thread-safe.
 */
final class ProductFeed<R> implements Feed<R> {
  private final ClientSession session;
  private final ProductName product;
  private final String name;
  private final FeedLimits<R> limits;
  private final String writer;
  private final MeshAction action;
  private OptionalLong published;

  /** The highest sequence that was taken or published. */
  private OptionalLong highest;

  private List<R> waiting = new ArrayList<>();
  private long waitingBytes;
  private @Nullable Instant firstAt;
  private @Nullable Transaction<R> begun;
  private boolean closed;

  /** A transaction whose outcome is not known yet. */
  private record Transaction<R>(List<R> rows, FeedPosition position, String key) {}

  /** Reads the position of the feed. */
  ProductFeed(ClientSession session, ProductName product, String name, FeedLimits<R> limits) {
    this.session = session;
    this.product = product;
    this.name = name;
    this.limits = limits;
    this.action = MeshAction.of(Verb.PUBLISH, product).on("by feed " + name);
    session.checkOpen(action);
    session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
    this.writer = session.runtime().ids().next();
    this.published = FeedPosition.last(session.ledger(), product, name);
    this.highest = published;
  }

  @Override
  public OptionalLong lastSequence() {
    return published;
  }

  @Override
  public int waitingRows() {
    return waiting.size();
  }

  @Override
  public boolean accept(long sequence, R row) {
    return acceptAll(sequence, List.of(ArgumentChecks.required("row", row)));
  }

  @Override
  public boolean acceptAll(long sequence, Collection<? extends R> rows) {
    ArgumentChecks.required("rows", rows);
    requireOpen();
    if (highest.isPresent() && sequence <= highest.getAsLong()) {
      return false;
    }
    if (begun != null) {
      commit();
    }
    commitIfDue();
    for (R row : rows) {
      waiting.add(ArgumentChecks.required("row", row));
      waitingBytes += limits.sizeOf(row);
    }
    highest = OptionalLong.of(sequence);
    if (firstAt == null && !waiting.isEmpty()) {
      firstAt = session.runtime().clock().instant();
    }
    commitIfDue();
    return true;
  }

  @Override
  public Optional<PublishReceipt> commitIfDue() {
    requireOpen();
    return isDue() ? commit() : Optional.empty();
  }

  private boolean isDue() {
    return firstAt != null
        && (limits.reachedBy(waiting.size(), waitingBytes)
            || !session.runtime().clock().instant().isBefore(firstAt.plus(limits.time())));
  }

  @Override
  public Optional<PublishReceipt> commit() {
    return commit(waiting);
  }

  @Override
  public Optional<PublishReceipt> skip() {
    requireOpen();
    if (begun != null) {
      return commit();
    }
    return commit(List.of());
  }

  private Optional<PublishReceipt> commit(List<R> rows) {
    requireOpen();
    if (begun == null) {
      if (highest.equals(published)) {
        return Optional.empty();
      }
      begun = begin(rows, highest.orElseThrow());
    }
    Transaction<R> transaction = begun;
    PublishReceipt receipt;
    try {
      receipt = publish(transaction);
    } catch (ContractViolationException e) {
      begun = null; // nothing was committed under its key
      firstAt = session.runtime().clock().instant(); // more rows may come before the next attempt
      throw e;
    } catch (ConflictException e) {
      if (e.errorCode() == ErrorCode.FEED_TAKEN_OVER) {
        close();
      }
      throw e;
    }
    published = OptionalLong.of(transaction.position().after());
    begun = null;
    waiting = new ArrayList<>();
    waitingBytes = 0;
    firstAt = null;
    return Optional.of(receipt);
  }

  /** Begins a transaction. Its key is of this writer, so that no other one replays it. */
  private Transaction<R> begin(List<R> rows, long last) {
    FeedPosition position = new FeedPosition(name, published, last);
    return new Transaction<>(
        List.copyOf(rows), position, "feed " + name + " to " + last + " by " + writer);
  }

  private PublishReceipt publish(Transaction<R> transaction) {
    ProductPublish<?> created = new ProductPublish<>(session, product);
    Publish<R> publish = created.records(transaction.rows());
    if (limits.configured(publish) != publish) {
      throw ArgumentChecks.refused(
          "options", "returns another publish", "Return what the methods of the publish return.");
    }
    created.advance(transaction.position());
    return publish.idempotencyKey(transaction.key()).commit();
  }

  private void requireOpen() {
    if (closed) {
      throw Failure.of(action)
          .because("the feed is closed")
          .state("Nothing was published.")
          .fix("Open the feed again, and read the source after lastSequence().")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  @Override
  public void close() {
    closed = true;
    waiting = new ArrayList<>();
    waitingBytes = 0;
    firstAt = null;
    begun = null;
  }

  /** The product and the feed, without rows. */
  @Override
  public String toString() {
    return "feed " + name + " of " + product;
  }
}
