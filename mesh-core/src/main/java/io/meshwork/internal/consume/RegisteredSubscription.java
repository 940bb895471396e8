package io.meshwork.internal.consume;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.error.ConflictException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A subscription as it was when it was registered or amended.
 *
 * @param <T> the type of a row
 */
final class RegisteredSubscription<T> implements Subscription<T> {
  private final LiveSubscription live;
  private volatile SubscriptionTerms terms; // change only if the subscription follows
  private final RowType<T> type;
  private final ClientSession session;

  RegisteredSubscription(LiveSubscription live, SubscriptionTerms terms, RowType<T> type) {
    this.live = live;
    this.terms = terms;
    this.type = type;
    this.session = live.session();
  }

  @Override
  public String domain() {
    return live.domain();
  }

  @Override
  public String name() {
    return live.name();
  }

  @Override
  public ProductName product() {
    return live.product();
  }

  @Override
  public int major() {
    return terms.major();
  }

  @Override
  public String purpose() {
    return terms.purpose();
  }

  @Override
  public String contact() {
    return terms.contact();
  }

  @Override
  public Optional<List<String>> columns() {
    return terms.columns().isEmpty() ? Optional.empty() : Optional.of(terms.columns());
  }

  @Override
  public Optional<String> where() {
    return terms.where();
  }

  @Override
  public long limit() {
    return terms.limit();
  }

  @Override
  public Rows<T> rows() {
    session.checkOpen(MeshAction.of(Verb.READ, product()));
    MeshAction action = MeshAction.of(Verb.READ, product());
    live.require(action);
    follow(action);
    return read().rows();
  }

  @Override
  public ProductRead<T> read() {
    return ProductRead.bySubscription(
        live,
        type,
        ReadOptions.of(terms.major())
            .withFilter(terms.where().orElse(null))
            .withColumns(terms.columns()));
  }

  @Override
  public Batch<T> poll() {
    MeshAction action = MeshAction.of(Verb.POLL, product());
    session.checkOpen(action);
    follow(action);
    while (true) {
      try {
        return subscriptionPoll().poll(read());
      } catch (ConflictException moved) {
        int before = major();
        follow(action);
        if (before == major()) {
          throw moved;
        }
      }
    }
  }

  /** Moves the subscription to the current major version if it follows and can. */
  private void follow(MeshAction action) {
    if (terms.follows()) {
      terms = new MoveToCurrentVersion<>(live, type).run(action);
    }
  }

  @Override
  public Batch<T> poll(Duration atMost) {
    PollBackoff backoff =
        PollBackoff.start(session, atMost, MeshAction.of(Verb.WAIT, "changes of " + product()));
    Batch<T> batch = poll();
    while (batch.isEmpty() && backoff.pause()) {
      batch.close();
      batch = poll();
    }
    return batch;
  }

  @Override
  public Position position() {
    MeshAction action = MeshAction.of(Verb.QUERY, "the position in " + product());
    session.checkOpen(action);
    return SubscriptionSummary.position(subscriptionPoll().place(action));
  }

  @Override
  public Freshness freshness() {
    MeshAction action = MeshAction.of(Verb.QUERY, "the freshness of " + product());
    live.require(action);
    return FreshnessCheck.of(session, product(), read().majorVersion(action), action);
  }

  @Override
  public boolean awaitFresh(Duration atMost) {
    return await(Freshness::isFresh, atMost);
  }

  @Override
  public boolean awaitComplete(Instant upTo, Duration atMost) {
    ArgumentChecks.required("upTo", upTo);
    return await(freshness -> freshness.isCompleteUpTo(upTo), atMost);
  }

  private boolean await(Predicate<Freshness> condition, Duration atMost) {
    PollBackoff backoff = PollBackoff.start(session, atMost, MeshAction.of(Verb.WAIT, product()));
    while (!condition.test(freshness())) {
      if (!backoff.pause()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Operation<Position> seekToStart() {
    return seek(StartPosition.beginning());
  }

  @Override
  public Operation<Position> seekToNow() {
    return seek(StartPosition.newest());
  }

  @Override
  public Operation<Position> seekToSnapshot(String id) {
    return seek(StartPosition.snapshot(ArgumentChecks.text("id", id)));
  }

  @Override
  public Operation<Position> seekToTime(Instant time) {
    return seek(StartPosition.time(ArgumentChecks.required("time", time)));
  }

  private PositionSeek seek(StartPosition target) {
    return new PositionSeek(session, subscriptionPoll(), read(), target);
  }

  SubscriptionPoll subscriptionPoll() {
    return new SubscriptionPoll(
        session,
        live.domain(),
        live.name(),
        live.product(),
        terms.major(),
        terms.limit(),
        terms.columns(),
        live.generation());
  }

  @Override
  public String toString() {
    return "subscription '"
        + name()
        + "' of domain "
        + domain()
        + " to "
        + product()
        + " version "
        + major();
  }
}
