package io.meshwork.internal.rollout.consumers;

import io.meshwork.rollout.Rollout.Track;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * What the documents of a rollout, a subscription, and its use state about one consumer. Immutable.
 *
 * @param consumer the subscription as {@code domain/name}, or {@code domain/@} for reads without
 *     one
 * @param pinned the major version of the subscription; empty for reads without one
 * @param returned true if the subscription was on a later major version and is on the old one again
 * @param since when the subscription was created or the first read was recorded
 * @param offers the dates that the owner offered, in order of their versions, at least one
 * @param replies the consumer's answers, in order
 * @param reads the reads by major version
 * @param departure how the consumer left; empty if it did not
 * @param movedAt when it declared its move; empty if it did not
 * @param dormancy the request to continue without it; empty if there is none
 * @param forcedAt when the version was retired by force under it; empty if it was not
 */
public record TrackFacts(
    String consumer,
    OptionalInt pinned,
    boolean returned,
    Instant since,
    List<Offer> offers,
    List<Reply> replies,
    SortedMap<Integer, ReadHistory> reads,
    Optional<Departure> departure,
    Optional<Instant> movedAt,
    Optional<Dormancy> dormancy,
    Optional<Instant> forcedAt) {

  public TrackFacts {
    offers = List.copyOf(offers);
    replies = List.copyOf(replies);
    reads = Collections.unmodifiableSortedMap(new TreeMap<>(reads));
    if (offers.isEmpty()) {
      throw new IllegalArgumentException("a track starts with an offer");
    }
  }

  /**
   * A date that the owner offers.
   *
   * @param version counts the offers to this consumer from 1
   * @param date the last day of the old major version, in UTC
   * @param at when it was offered
   */
  public record Offer(int version, LocalDate date, Instant at) {}

  /**
   * An answer to an offer.
   *
   * @param offer the version of the offer that it answers
   * @param answer the answer; not {@link Track.Answer#NONE}
   * @param date the date that a counter-offer asks for; empty for other answers
   * @param reason the reason; empty without one
   * @param at when it was given
   */
  public record Reply(
      int offer,
      Track.Answer answer,
      Optional<LocalDate> date,
      Optional<String> reason,
      Instant at) {
    public Reply {
      if ((answer == Track.Answer.COUNTERED) != date.isPresent()) {
        throw new IllegalArgumentException("a counter-offer, and only it, has a date");
      }
    }
  }

  /**
   * How a consumer left.
   *
   * @param revoked true if it lost the right to read, false if its subscription was closed
   * @param by who did it
   * @param at when
   */
  public record Departure(boolean revoked, String by, Instant at) {}

  /**
   * The owner's request to continue without a consumer that reads nothing.
   *
   * @param askedAt when the owner asked
   * @param approvedBy the steward who approved it; empty if none did yet
   */
  public record Dormancy(Instant askedAt, Optional<String> approvedBy) {}

  /** Creates the facts of a consumer that did nothing yet. */
  public static TrackFacts of(String consumer, OptionalInt pinned, Instant since, Offer first) {
    return new TrackFacts(
        consumer,
        pinned,
        false,
        since,
        List.of(first),
        List.of(),
        new TreeMap<>(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the facts with another offer. */
  public TrackFacts offered(LocalDate date, Instant at) {
    List<Offer> all = new ArrayList<>(offers);
    all.add(new Offer(latestOffer() + 1, date, at));
    return withOffers(all);
  }

  /** Returns the facts with another answer. */
  public TrackFacts replied(Reply reply) {
    List<Reply> all = new ArrayList<>(replies);
    all.add(reply);
    return withAnswers(all, movedAt);
  }

  /** Returns the facts with these offers. */
  public TrackFacts withOffers(List<Offer> all) {
    return with(copy -> copy.offers = all);
  }

  /** Returns the facts with these answers. */
  public TrackFacts withAnswers(List<Reply> all, Optional<Instant> declaredAt) {
    return with(
        copy -> {
          copy.replies = all;
          copy.movedAt = declaredAt;
        });
  }

  /** Returns the facts of a subscription that is on another major version. */
  public TrackFacts on(int major) {
    return with(copy -> copy.pinned = OptionalInt.of(major));
  }

  /** Returns the facts of a subscription that was on a later major version. */
  TrackFacts afterReturn() {
    return with(copy -> copy.returned = true);
  }

  /** Returns the facts with other reads of a major version. */
  public TrackFacts read(int major, ReadHistory history) {
    SortedMap<Integer, ReadHistory> all = new TreeMap<>(reads);
    all.put(major, history);
    return with(copy -> copy.reads = all);
  }

  /** Returns the facts of a consumer that left. */
  public TrackFacts left(Departure how) {
    return with(copy -> copy.departure = Optional.of(how));
  }

  /** Returns the facts with the consumer's declaration that it moved. */
  public TrackFacts moved(Instant at) {
    return with(copy -> copy.movedAt = Optional.of(at));
  }

  /** Returns the facts with a request to continue without the consumer. */
  public TrackFacts dormant(Dormancy request) {
    return with(copy -> copy.dormancy = Optional.of(request));
  }

  /** Returns the facts after a retirement by force. */
  public TrackFacts forced(Instant at) {
    return with(copy -> copy.forcedAt = Optional.of(at));
  }

  private TrackFacts with(Consumer<Copy> change) {
    Copy copy = new Copy();
    change.accept(copy);
    return new TrackFacts(
        consumer,
        copy.pinned,
        copy.returned,
        since,
        copy.offers,
        copy.replies,
        copy.reads,
        copy.departure,
        copy.movedAt,
        copy.dormancy,
        copy.forcedAt);
  }

  /** The facts that can change. */
  private final class Copy {
    private OptionalInt pinned = TrackFacts.this.pinned;
    private boolean returned = TrackFacts.this.returned;
    private List<Offer> offers = TrackFacts.this.offers;
    private List<Reply> replies = TrackFacts.this.replies;
    private SortedMap<Integer, ReadHistory> reads = TrackFacts.this.reads;
    private Optional<Departure> departure = TrackFacts.this.departure;
    private Optional<Instant> movedAt = TrackFacts.this.movedAt;
    private Optional<Dormancy> dormancy = TrackFacts.this.dormancy;
    private Optional<Instant> forcedAt = TrackFacts.this.forcedAt;
  }

  /** Returns true if the consumer subscribes. */
  public boolean subscribed() {
    return pinned.isPresent();
  }

  /** Returns the version of the latest offer. */
  public int latestOffer() {
    return offers.get(offers.size() - 1).version();
  }

  /** Returns the last read of a major version or a later one; empty if there is none. */
  Optional<Instant> lastReadFrom(int major) {
    return reads.tailMap(major).values().stream().map(ReadHistory::last).max(Instant::compareTo);
  }

  /** Returns when the consumer last read, answered, or subscribed. */
  Instant lastActivity() {
    Instant last = since;
    for (ReadHistory history : reads.values()) {
      last = last.isAfter(history.last()) ? last : history.last();
    }
    for (Reply reply : replies) {
      last = last.isAfter(reply.at()) ? last : reply.at();
    }
    return movedAt.filter(last::isBefore).orElse(last);
  }
}
