package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.publish.run.FeedPosition;
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
 * A feed of a product. A transaction whose outcome is unknown retains its rows, idempotency key,
 * and positions until it is settled. Even if it arrives later, no other one is committed after the
 * same position. Not thread-safe.
 */
final class ProductFeed<R> implements Feed<R> {
  private final ClientSession session;
  private final ProductName product;
  private final String name;
  private final FeedLimits<R> limits;
  private final String writer;
  private final MeshAction action;

  /** The current major version when the feed was opened. */
  private final int major;

  private OptionalLong published;

  /** The highest sequence that was taken or published. */
  private OptionalLong highest;

  private List<R> waiting = new ArrayList<>();
  private long waitingBytes;

  /** The waiting rows and bytes that the contract refused; more of them can change that. */
  private int refusedRows;

  private long refusedBytes;
  private @Nullable Instant firstAt;

  /** The transaction whose outcome is unknown. */
  private @Nullable Transaction<R> unknown;

  private boolean closed;

  /** True if the options of the last publish name a major version. */
  private boolean namesMajor;

  /** The rows of a commit, its positions, and its idempotency key. */
  private record Transaction<R>(List<R> rows, FeedPosition position, String key) {}

  /** Reads the position of the feed. */
  ProductFeed(ClientSession session, ProductName product, String name, FeedLimits<R> limits) {
    this.session = session;
    this.product = product;
    this.name = name;
    this.limits = limits;
    this.action = MeshAction.of(Verb.PUBLISH, product).on("by feed " + name);
    session.checkOpen(action);
    this.major = session.catalog().requireProduct(product, action).currentMajor();
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
    List<R> accepted = new ArrayList<>(rows.size());
    long bytes = 0;
    for (R row : rows) {
      accepted.add(ArgumentChecks.required("row", row));
      bytes = sum(bytes, limits.sizeOf(row));
    }
    if (unknown != null) {
      commit();
    }
    commitIfDue();
    Instant now = session.runtime().clock().instant();
    waiting.addAll(accepted);
    waitingBytes = sum(waitingBytes, bytes);
    highest = OptionalLong.of(sequence);
    if (firstAt == null && !waiting.isEmpty()) {
      firstAt = now;
    }
    commitIfDue();
    return true;
  }

  private static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  @Override
  public Optional<PublishReceipt> commitIfDue() {
    requireOpen();
    return isDue() ? commit() : Optional.empty();
  }

  private boolean isDue() {
    if (firstAt == null) {
      return false;
    }
    if (limits.reachedBy(waiting.size() - refusedRows, waitingBytes - refusedBytes)
        || limits.exhaustedBy(waiting.size(), waitingBytes)) {
      return true;
    }
    Instant now = session.runtime().clock().instant();
    return now.isBefore(firstAt) // the clock was set back
        || !now.isBefore(firstAt.plus(limits.time()));
  }

  @Override
  public Optional<PublishReceipt> commit() {
    return commit(waiting);
  }

  @Override
  public Optional<PublishReceipt> skip() {
    requireOpen();
    return commit(List.of());
  }

  private Optional<PublishReceipt> commit(List<R> rows) {
    requireOpen();
    Transaction<R> transaction = unknown;
    if (transaction == null) {
      if (highest.equals(published)) {
        return Optional.empty();
      }
      transaction = begin(rows, highest.orElseThrow());
    }
    PublishReceipt receipt;
    try {
      receipt = publish(transaction);
    } catch (OutcomeUnknownException e) {
      unknown = transaction;
      throw Failure.of(action)
          .because(e.reason())
          .state("The commit may have succeeded; nothing was deleted.")
          .fix(
              "Call commit() again, which settles it; or close the feed, open it again, and read"
                  + " the source after lastSequence().")
          .cause(e)
          .outcomeUnknown(e.idempotencyKey());
    } catch (ContractViolationException e) {
      unknown = null; // nothing was committed under its key
      requireSameMajor();
      refusedRows = waiting.size(); // more rows may come before the next attempt
      refusedBytes = waitingBytes;
      firstAt = session.runtime().clock().instant();
      throw e;
    } catch (ConflictException e) {
      if (e.errorCode() == ErrorCode.FEED_TAKEN_OVER) {
        close();
      }
      throw e;
    }
    published = OptionalLong.of(transaction.position().after());
    clear();
    return Optional.of(receipt);
  }

  /** Rows of the version that was current cannot meet the contract of another one. */
  private void requireSameMajor() {
    int current = session.catalog().requireProduct(product, action).currentMajor();
    if (current != major && !namesMajor) {
      close();
      throw Failure.of(action)
          .because(
              "major version "
                  + current
                  + " became the current one since the feed was opened for "
                  + major
                  + ", and the rows do not meet its contract")
          .state("Nothing was published. The feed is closed.")
          .fix(
              "Open the feed again with rows of the new contract, or name the version in"
                  + " publishOptions(..), and read the source after lastSequence().")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }

  private void clear() {
    waiting = new ArrayList<>();
    waitingBytes = 0;
    refusedRows = 0;
    refusedBytes = 0;
    firstAt = null;
    unknown = null;
  }

  /** Begins a transaction. Its key belongs to this writer, so that no other one replays it. */
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
    namesMajor = created.namesMajor();
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
    clear();
  }

  /** The product and the feed, without rows. */
  @Override
  public String toString() {
    return "feed " + name + " of " + product;
  }
}
