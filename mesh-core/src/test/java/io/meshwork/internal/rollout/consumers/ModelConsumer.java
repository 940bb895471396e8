package io.meshwork.internal.rollout.consumers;

import io.meshwork.internal.rollout.RolloutEntry.Kind;
import io.meshwork.internal.rollout.consumers.TrackFacts.Departure;
import io.meshwork.internal.rollout.consumers.TrackFacts.Dormancy;
import io.meshwork.internal.rollout.consumers.TrackFacts.Offer;
import io.meshwork.internal.rollout.consumers.TrackFacts.Reply;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * A consumer of the model: the facts that the rules see, and beside them a plain account of the
 * same events, from which the invariants are computed without the rules. Times are seconds since
 * the announcement; 0 stands for never.
 *
 * @param quietDays the quiet period that the consumer must have, computed by hand
 * @param date the day that it is entitled to, counted from the announcement
 * @param agreed true if its last answer is that the date suits it
 */
record ModelConsumer(
    TrackFacts facts,
    int quietDays,
    long read1,
    long read2,
    long moved,
    boolean left,
    int date,
    int earlier,
    int requested,
    long asked,
    boolean approved,
    long active,
    Set<String> sent,
    int remindedDay,
    boolean agreed) {

  static final LocalDate DAY_0 = LocalDate.of(2026, 1, 1);
  static final Instant START = DAY_0.atStartOfDay(ZoneOffset.UTC).toInstant();
  private static final long DAY = 86_400;

  static Instant time(long seconds) {
    return START.plusSeconds(seconds);
  }

  static LocalDate date(int day) {
    return DAY_0.plusDays(day);
  }

  /** A subscription that read v1 every day before the announcement. */
  static ModelConsumer daily(String name, int date) {
    ReadHistory reads =
        new ReadHistory(time(-60 * DAY), time(-DAY), Optional.of(Duration.ofDays(1)));
    return of(name, OptionalInt.of(1), date, 0).with(1, reads, -DAY).quiet(2);
  }

  /** A subscription of which no read was ever recorded. */
  static ModelConsumer unobserved(String name, int date) {
    return of(name, OptionalInt.of(1), date, 0).quiet(35);
  }

  /** A reader without a subscription, first seen by a read of v1 at this time. */
  static ModelConsumer reader(String name, int date, long at) {
    return of(name, OptionalInt.empty(), date, at).quiet(35).read(1, at);
  }

  private static ModelConsumer of(String name, OptionalInt pinned, int date, long offeredAt) {
    Instant since = pinned.isPresent() ? time(-200 * DAY) : time(offeredAt);
    return new ModelConsumer(
        TrackFacts.of(name, pinned, since, new Offer(1, date(date), time(offeredAt))),
        0,
        0,
        0,
        0,
        false,
        date,
        0,
        0,
        0,
        false,
        pinned.isPresent() ? -200 * DAY : offeredAt,
        Set.of(),
        -1,
        false);
  }

  private ModelConsumer quiet(int days) {
    return new ModelConsumer(
        facts,
        days,
        read1,
        read2,
        moved,
        left,
        date,
        earlier,
        requested,
        asked,
        approved,
        active,
        sent,
        remindedDay,
        agreed);
  }

  private ModelConsumer with(int major, ReadHistory history, long at) {
    TrackFacts pinned = subscribes() ? facts.on(major) : facts;
    return new ModelConsumer(
        pinned.read(major, history),
        quietDays,
        major == 1 ? at : read1,
        major == 2 ? at : read2,
        moved,
        left,
        date,
        earlier,
        requested,
        asked,
        approved,
        Math.max(active, at),
        sent,
        remindedDay,
        agreed);
  }

  /** Reads a version in a phase; once more in the same phase proves nothing new. */
  ModelConsumer reads(int major, long phaseStart) {
    long own = major == 1 ? read1 : read2;
    long other = Math.max(major == 1 ? read2 : read1, Math.max(moved, asked));
    return left || (own >= phaseStart && own >= other) ? this : read(major, next(phaseStart));
  }

  private ModelConsumer read(int major, long at) {
    ReadHistory before = facts.reads().get(major);
    ReadHistory now =
        before == null
            ? new ReadHistory(time(at), time(at), Optional.empty())
            : new ReadHistory(before.first(), time(at), before.largestGap());
    return with(major, now, at);
  }

  ModelConsumer declaresMove(long phaseStart) {
    if (left || moved >= Math.max(phaseStart, read1)) {
      return this;
    }
    long at = next(phaseStart);
    return new ModelConsumer(
        facts.moved(time(at)),
        quietDays,
        read1,
        read2,
        at,
        left,
        date,
        earlier,
        requested,
        asked,
        approved,
        Math.max(active, at),
        sent,
        remindedDay,
        agreed);
  }

  /** What a consumer did before it left matters no more, and is forgotten. */
  ModelConsumer leave(boolean revoked, long at) {
    if (left) {
      return this;
    }
    ModelConsumer plain = of(facts.consumer(), facts.pinned(), date, 0);
    return new ModelConsumer(
        plain.facts.left(new Departure(revoked, "someone", time(at))),
        quietDays,
        0,
        0,
        0,
        true,
        date,
        0,
        0,
        0,
        false,
        plain.active,
        Set.of(),
        -1,
        false);
  }

  ModelConsumer reply(Answer answer, int day, long at) {
    List<Reply> replies = facts.replies();
    if (left
        || (!replies.isEmpty()
            && replies.get(replies.size() - 1).answer() == answer
            && replies.get(replies.size() - 1).offer() == facts.latestOffer())) {
      return this;
    }
    Reply reply =
        new Reply(
            facts.latestOffer(),
            answer,
            answer == Answer.COUNTERED ? Optional.of(date(day)) : Optional.empty(),
            Optional.empty(),
            time(at));
    boolean agrees = answer == Answer.AGREED;
    int nextRequest = answer == Answer.SEEN ? requested : answer == Answer.COUNTERED ? day : 0;
    return new ModelConsumer(
        facts.replied(reply),
        quietDays,
        read1,
        read2,
        moved,
        left,
        agrees && earlier > 0 ? earlier : date,
        agrees ? 0 : earlier,
        nextRequest,
        asked,
        approved,
        Math.max(active, at),
        sent,
        remindedDay,
        answer == Answer.SEEN ? agreed : agrees);
  }

  ModelConsumer offer(int day, long at) {
    boolean repeats = left || requested == 0 && (earlier > 0 ? earlier : date) == day;
    if (repeats || facts.latestOffer() > 4) {
      return this;
    }
    boolean wished = requested > 0 && day >= requested;
    return new ModelConsumer(
        facts.offered(date(day), time(at)),
        quietDays,
        read1,
        read2,
        moved,
        left,
        wished || day > date ? day : date,
        !wished && day < date ? day : 0,
        0,
        asked,
        approved,
        active,
        sent,
        remindedDay,
        wished || agreed);
  }

  ModelConsumer askDormant(long at) {
    return new ModelConsumer(
        facts.dormant(new Dormancy(time(at), Optional.empty())),
        quietDays,
        read1,
        read2,
        moved,
        left,
        date,
        earlier,
        requested,
        at,
        false,
        active,
        sent,
        remindedDay,
        agreed);
  }

  ModelConsumer approveDormant() {
    if (approved) {
      return this;
    }
    Dormancy request = new Dormancy(facts.dormancy().orElseThrow().askedAt(), Optional.of("audit"));
    return new ModelConsumer(
        facts.dormant(request),
        quietDays,
        read1,
        read2,
        moved,
        left,
        date,
        earlier,
        requested,
        asked,
        true,
        active,
        sent,
        remindedDay,
        agreed);
  }

  ModelConsumer remind(String id, int day) {
    Set<String> all = new TreeSet<>(sent);
    all.add(id);
    return new ModelConsumer(
        facts, quietDays, read1, read2, moved, left, date, earlier, requested, asked, approved,
        active, all, day, agreed);
  }

  /** The time of the next event in a phase: after all events of this consumer so far. */
  long next(long phaseStart) {
    long latest = Math.max(Math.max(read1, read2), Math.max(moved, Math.max(asked, active)));
    return latest < phaseStart ? phaseStart : latest + 1;
  }

  boolean subscribes() {
    return facts.subscribed();
  }

  /** The reads and words of the consumer prove that v1 is of no use to it. */
  boolean hasMoved(long now) {
    boolean neverRead = facts.reads().isEmpty();
    if (neverRead) {
      return moved > 0;
    }
    boolean never1 = facts.reads().get(1) == null;
    return read2 > 0
        && (never1
            || (moved > 0 && moved >= read1 && (!subscribes() || read2 >= read1))
            || (read2 >= read1 && now - read1 >= quietDays * DAY));
  }

  /** Two persons agreed that it is not active, and it did nothing since. */
  boolean isDormant(long now) {
    return approved && active <= asked && now - active >= 90 * DAY;
  }

  /** It needs what the rollout takes no more, whatever its date. */
  boolean isGone(Kind kind, long now) {
    return left || (kind != Kind.AMENDMENT && hasMoved(now));
  }

  /**
   * The rollout may take from it what it takes, as soon as the notice ends: v1, the product, or the
   * promises of the contract.
   */
  boolean isReleased(Kind kind, long now) {
    boolean reached = now >= (date + 1) * DAY;
    return isGone(kind, now)
        || isDormant(now)
        || switch (kind) {
          case NEW_MAJOR_VERSION -> reached && !subscribes();
          case END -> reached && (!subscribes() || agreed);
          case AMENDMENT -> reached;
        };
  }
}
