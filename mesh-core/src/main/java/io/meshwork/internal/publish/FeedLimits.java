package io.meshwork.internal.publish;

import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Feed;
import io.meshwork.publish.Publish;
import java.time.Duration;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/**
 * The limits and options of a feed, until it is opened. Not thread-safe.
 *
 * @param <R> the type of the rows
 */
final class FeedLimits<R> implements Feed.Open<R> {
  private static final int MAX_ROWS = 10_000_000;

  /** How many times its limit a feed waits with rows that the contract refuses. */
  private static final int MAX_REFUSED = 10;

  private final ClientSession session;
  private final ProductName product;
  private final String name;
  private int rows = 100_000;
  private long bytes = Long.MAX_VALUE;
  private ToLongFunction<? super R> size = row -> 0;
  private Duration time = Duration.ofMinutes(1);
  private UnaryOperator<Publish<R>> options = UnaryOperator.identity();

  FeedLimits(ClientSession session, ProductName product, String name) {
    this.session = session;
    this.product = product;
    this.name = name;
  }

  @Override
  public Feed.Open<R> rowsPerCommit(int limit) {
    if (limit < 1 || limit > MAX_ROWS) {
      throw ArgumentChecks.refused(
          "rows", "is not from 1 to 10,000,000", "Set how many rows may wait in memory.");
    }
    rows = limit;
    return this;
  }

  @Override
  public Feed.Open<R> bytesPerCommit(long limit, ToLongFunction<? super R> sizeOfRow) {
    if (limit < 1) {
      throw ArgumentChecks.refused("bytes", "is not positive", "Set a positive number of bytes.");
    }
    bytes = limit;
    size = ArgumentChecks.required("size", sizeOfRow);
    return this;
  }

  @Override
  public Feed.Open<R> timePerCommit(Duration limit) {
    time = ArgumentChecks.span("time", limit);
    return this;
  }

  @Override
  public Feed.Open<R> publishOptions(UnaryOperator<Publish<R>> configuration) {
    options = ArgumentChecks.required("options", configuration);
    return this;
  }

  @Override
  public Feed<R> open() {
    return new ProductFeed<>(session, product, name, this);
  }

  /** True if so many rows of this size end a transaction. */
  boolean reachedBy(int waitingRows, long waitingBytes) {
    return waitingRows >= rows || waitingBytes >= bytes;
  }

  /** True if so many rows of this size wait that the feed takes no further ones. */
  boolean exhaustedBy(int waitingRows, long waitingBytes) {
    return waitingRows / MAX_REFUSED >= rows || waitingBytes / MAX_REFUSED >= bytes;
  }

  long sizeOf(R row) {
    return Math.max(0, size.applyAsLong(row));
  }

  Duration time() {
    return time;
  }

  Publish<R> configured(Publish<R> publish) {
    return options.apply(publish);
  }
}
