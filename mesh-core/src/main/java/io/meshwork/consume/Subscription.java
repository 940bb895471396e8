package io.meshwork.consume;

import io.meshwork.internal.runtime.Arguments;
import io.meshwork.internal.session.Session;
import io.meshwork.product.Freshness;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A consumer's durable, named relation to a product. Thread-safe: each read is an object of its
 * own.
 *
 * @param <T> what a row is given as
 */
public final class Subscription<T> {
  private final Session session;
  private final String domain;
  private final String name;
  private final ProductName product;
  private final int major;
  private final String purpose;
  private final String contact;
  private final List<String> columns;
  private final @Nullable String filter;
  private final long atMost;
  private final RowType<T> type;

  Subscription(
      Session session,
      String domain,
      String name,
      ProductName product,
      int major,
      String purpose,
      String contact,
      List<String> columns,
      @Nullable String filter,
      long atMost,
      RowType<T> type) {
    this.session = session;
    this.domain = domain;
    this.name = name;
    this.product = product;
    this.major = major;
    this.purpose = purpose;
    this.contact = contact;
    this.columns = List.copyOf(columns);
    this.filter = filter;
    this.atMost = atMost;
    this.type = type;
  }

  /** The consuming domain. */
  public String domain() {
    return domain;
  }

  /** Its name, unique for the product in the consuming domain. */
  public String name() {
    return name;
  }

  /** What is consumed. */
  public ProductName product() {
    return product;
  }

  /** The major version that is read; it stays the same until the consumer says another. */
  public int major() {
    return major;
  }

  /** What it is read for. */
  public String purpose() {
    return purpose;
  }

  /** Whom notices reach. */
  public String contact() {
    return contact;
  }

  /** The columns that are read, as paths; empty if it is all of them. */
  public Optional<List<String>> columns() {
    return columns.isEmpty() ? Optional.empty() : Optional.of(columns);
  }

  /** The rows that are read, in the filter's canonical form; empty if it is all of them. */
  public Optional<String> where() {
    return Optional.ofNullable(filter);
  }

  /** How many added rows one batch joins at most; a snapshot is never split. */
  public long atMost() {
    return atMost;
  }

  /**
   * The whole newest snapshot. Close what comes back.
   *
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read it
   * @throws io.meshwork.error.BackendException if files cannot be read
   */
  public Rows<T> read() {
    return readAt().read();
  }

  /**
   * The same columns, rows and type, with more to say, such as a snapshot or a limit. Another
   * filter takes the place of the subscription's for this look.
   */
  public Read<T> readAt() {
    Read<T> read = Read.of(session, product).version(major).with(type).of(name);
    if (filter != null) {
      read.where(filter);
    }
    return columns.isEmpty() ? read : read.columns(columns.toArray(String[]::new));
  }

  /**
   * What came since the last acknowledged batch, of one kind; empty if nothing did. Until it is
   * acknowledged every poll, from any process, gives the same batch, even if more has come. Close
   * it.
   *
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read it
   * @throws io.meshwork.error.InvalidRequestException if a column is no longer in the contract, or
   *     the row type does not fit
   * @throws io.meshwork.error.ConflictException if other processes kept moving the position until
   *     the deadline
   * @throws io.meshwork.error.BackendException if registry or files cannot be read
   */
  public Batch<T> poll() {
    session.checkOpen("poll " + product);
    return polling().poll(readAt());
  }

  /**
   * The same, and waits for news if there are none.
   *
   * @param atMost how long; then the batch is empty
   * @throws io.meshwork.error.BackendException as {@link #poll()}, and if the thread was
   *     interrupted while it waited
   */
  public Batch<T> poll(Duration atMost) {
    Waiting waiting = Waiting.atMost(session, atMost, "wait for news of " + product);
    Batch<T> batch = poll();
    while (batch.isEmpty() && waiting.goesOn()) {
      batch.close();
      batch = poll();
    }
    return batch;
  }

  /**
   * Where the subscription stands.
   *
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  public Position position() {
    session.checkOpen("ask for the position in " + product);
    return Position.of(polling().place());
  }

  /**
   * How fresh the product is now.
   *
   * @throws io.meshwork.error.AccessDeniedException if the consumer may no longer read it
   * @throws io.meshwork.error.BackendException if registry or files cannot be read
   */
  public Freshness freshness() {
    String doing = "ask how fresh " + product + " is";
    return FreshnessCheck.of(session, product, readAt().version(doing), doing);
  }

  /**
   * Waits until the product is as fresh as its contract promises; at once if it promises nothing.
   *
   * @param atMost how long
   * @return false if it is not when the time is over
   * @throws io.meshwork.error.BackendException as {@link #freshness()}, and if the thread was
   *     interrupted
   */
  public boolean awaitFresh(Duration atMost) {
    return await(Freshness::isFresh, atMost);
  }

  /**
   * Waits until the producer has stated, by {@code completeUpTo}, that all rows of an event time
   * before this are there.
   *
   * @param atMost how long
   * @return false if nobody has when the time is over
   * @throws io.meshwork.error.BackendException as {@link #awaitFresh}
   */
  public boolean awaitComplete(Instant upTo, Duration atMost) {
    Arguments.given("upTo", upTo);
    return await(freshness -> freshness.isCompleteUpTo(upTo), atMost);
  }

  private boolean await(Predicate<Freshness> wanted, Duration atMost) {
    Waiting waiting = Waiting.atMost(session, atMost, "wait for " + product);
    while (!wanted.test(freshness())) {
      if (!waiting.goesOn()) {
        return false;
      }
    }
    return true;
  }

  /** Moves the position by hand: say where to, then {@code commit()}. */
  public Seek seek() {
    return new Seek(session, polling(), readAt());
  }

  Polling polling() {
    return new Polling(session, domain, name, product, major, atMost);
  }

  /** What it is, for logs; no value of a filter or row is in it. */
  @Override
  public String toString() {
    return "subscription '"
        + name
        + "' of domain "
        + domain
        + " to "
        + product
        + " version "
        + major;
  }
}
