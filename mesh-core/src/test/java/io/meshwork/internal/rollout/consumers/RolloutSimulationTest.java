package io.meshwork.internal.rollout.consumers;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.rollout.RolloutTerms;
import io.meshwork.internal.rollout.consumers.TrackFacts.Offer;
import io.meshwork.internal.rollout.consumers.TrackFacts.Reply;
import io.meshwork.internal.stewards.ForcedRetirementRequest;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two virtual years of one product with 200 consumers and three rollouts, over the rules alone: the
 * owner retires a version as soon as the rules allow it, and by force 45 days after the date.
 */
class RolloutSimulationTest {
  private static final LocalDate DAY_0 = LocalDate.of(2026, 1, 1);
  private static final int DAYS = 730;
  private static final int CONSUMERS = 200;
  private static final Period NOTICE = Period.ofDays(90);
  private static final int[] ANNOUNCED_ON = {30, 180, 400};
  private static final int FORCE_AFTER_DAYS = 45;

  /** How a consumer behaves. */
  private enum Kind {
    /** Moves within weeks. */
    PROMPT,
    /** Moves shortly before its date. */
    SLOW,
    /** Answers nothing and moves late. */
    SILENT,
    /** Objects, asks for 40 more days, and moves within them. */
    OBJECTING,
    /** Declares its move, perhaps after one read, and goes on reading the old version. */
    LYING,
    /** Reads without a subscription and moves on its date. */
    READER
  }

  private static final class Consumer {
    private final String name;
    private final Kind kind;
    private final int every;
    private final int movesAfter;
    private final Map<Integer, List<LocalDate>> days = new TreeMap<>();
    private final Map<Integer, ReadHistory> reads = new TreeMap<>();
    private final Set<String> reminders = new HashSet<>();
    private int major = 1;
    private TrackFacts facts = null;

    private Consumer(int number, Random random) {
      this.kind = Kind.values()[number % Kind.values().length];
      this.name = kind == Kind.READER ? "d" + number + "/@" : "d" + number + "/orders";
      this.every = 1 + random.nextInt(number % 7 == 0 ? 30 : 7);
      this.movesAfter = random.nextInt(20);
    }

    /** The use of a version is stored with its last 30 days. */
    private void note(int version, Instant at) {
      List<LocalDate> all = days.computeIfAbsent(version, key -> new ArrayList<>());
      all.add(LocalDate.ofInstant(at, ZoneOffset.UTC));
      List<LocalDate> kept = all.subList(Math.max(0, all.size() - 30), all.size());
      Instant first = kept.get(0).atStartOfDay(ZoneOffset.UTC).toInstant();
      reads.put(version, ReadHistory.of(first, at, kept));
    }

    private TrackFacts seen() {
      TrackFacts seen = kind == Kind.READER ? facts : facts.on(major);
      for (Map.Entry<Integer, ReadHistory> read : reads.entrySet()) {
        seen = seen.read(read.getKey(), read.getValue());
      }
      return seen;
    }
  }

  private final List<Consumer> consumers = new ArrayList<>();
  private final Set<Integer> live = new HashSet<>(Set.of(1));
  private final List<String> broken = new ArrayList<>();
  private final Map<Kind, Integer> forced = new EnumMap<>(Kind.class);
  private final Set<String> overridden = new HashSet<>();
  private final List<Integer> daysToRetire = new ArrayList<>();
  private RolloutTerms terms = new RolloutTerms(1, 2, noon(0), NOTICE);
  private Rollout.State state = Rollout.State.RETIRED;
  private LocalDate date = DAY_0;

  @ParameterizedTest
  @ValueSource(longs = {15, 2026})
  void noConsumerLosesAVersionThatItAgreedToKeep(long seed) {
    Random random = new Random(seed);
    for (int number = 0; number < CONSUMERS; number++) {
      consumers.add(new Consumer(number, random));
    }
    int rollouts = 0;
    for (int day = 0; day < DAYS; day++) {
      if (rollouts < ANNOUNCED_ON.length && day == ANNOUNCED_ON[rollouts]) {
        announce(++rollouts, day);
      }
      for (Consumer consumer : consumers) {
        act(consumer, day);
      }
      if (state == Rollout.State.CLOSING) {
        own(rollouts, day);
      }
    }

    String report = "seed " + seed + ", days to retire " + daysToRetire + ", forced " + forced;
    assertThat(broken).as(report).isEmpty();
    assertThat(daysToRetire).as(report).hasSize(ANNOUNCED_ON.length);
    assertThat(daysToRetire).as(report).allMatch(days -> days > NOTICE.getDays());
    assertThat(forced.keySet()).as(report).contains(Kind.LYING).doesNotContain(Kind.PROMPT);
  }

  private static Instant noon(int day) {
    return DAY_0.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC);
  }

  private void announce(int from, int day) {
    assertThat(state).as("the rollout before").isEqualTo(Rollout.State.RETIRED);
    terms = new RolloutTerms(from, from + 1, noon(day), NOTICE);
    date = terms.noticeDate();
    state = Rollout.State.CLOSING;
    live.add(from + 1);
    for (Consumer consumer : consumers) {
      OptionalInt pinned =
          consumer.kind == Kind.READER ? OptionalInt.empty() : OptionalInt.of(from);
      consumer.facts = TrackFacts.of(consumer.name, pinned, noon(0), new Offer(1, date, noon(day)));
      consumer.reminders.clear();
    }
  }

  /** A consumer answers, decides whether to move, and reads what it is on. */
  private void act(Consumer consumer, int day) {
    if (state == Rollout.State.CLOSING) {
      answer(consumer, day);
      if (consumer.major == terms.from() && moves(consumer, day)) {
        consumer.major = terms.to();
      }
    }
    if ((day + consumer.movesAfter) % consumer.every != 0) {
      return;
    }
    if (live.contains(consumer.major)) {
      consumer.note(consumer.major, noon(day));
    } else {
      breaks(consumer, day);
      consumer.major = terms.to();
    }
  }

  private void answer(Consumer consumer, int day) {
    int since = (int) Duration.between(terms.announcedAt(), noon(day)).toDays();
    TrackFacts facts = consumer.facts;
    if (since == 5 && consumer.kind == Kind.SLOW) {
      consumer.facts = facts.replied(reply(facts, Answer.AGREED, null, day));
    } else if (since == 6 && consumer.kind == Kind.OBJECTING) {
      consumer.facts = facts.replied(reply(facts, Answer.OBJECTED, null, day));
    } else if (since == 9 && consumer.kind == Kind.OBJECTING) {
      consumer.facts = facts.replied(reply(facts, Answer.COUNTERED, date.plusDays(40), day));
    } else if (since == 12 && consumer.kind == Kind.OBJECTING) {
      consumer.facts = facts.offered(date.plusDays(40), noon(day));
    } else if (since == 20 && consumer.kind == Kind.LYING) {
      if (consumer.movesAfter > 10) {
        consumer.note(terms.to(), noon(day));
      }
      consumer.facts = facts.moved(noon(day));
    }
  }

  private static Reply reply(TrackFacts facts, Answer answer, LocalDate wanted, int day) {
    return new Reply(
        facts.latestOffer(), answer, Optional.ofNullable(wanted), Optional.empty(), noon(day));
  }

  private boolean moves(Consumer consumer, int day) {
    LocalDate today = DAY_0.plusDays(day);
    return switch (consumer.kind) {
      case PROMPT -> noon(day - 3 - consumer.movesAfter).isAfter(terms.announcedAt());
      case SLOW -> today.isAfter(date.minusDays(10));
      case SILENT -> today.isAfter(date.plusDays(consumer.movesAfter));
      case OBJECTING -> today.isAfter(date.plusDays(20L + consumer.movesAfter / 2));
      case LYING -> false;
      case READER -> !today.isBefore(date.minusDays(1));
    };
  }

  /** A read may fail only after force, or without a subscription; its date has passed by then. */
  private void breaks(Consumer consumer, int day) {
    boolean expected =
        overridden.contains(consumer.name + " " + consumer.major) || consumer.kind == Kind.READER;
    if (!expected) {
      broken.add("day " + day + ": " + consumer.name + " " + consumer.kind);
    }
  }

  /** The owner retires as soon as it may, and the machinery reminds. */
  private void own(int rollout, int day) {
    Instant now = noon(day).plusSeconds(60);
    List<TrackStatus> tracks = new ArrayList<>();
    for (Consumer consumer : consumers) {
      TrackStatus track = TrackRules.derive(consumer.seen(), terms, now);
      tracks.add(track);
      ReminderSchedule.due(rollout, track, consumer.reminders, now)
          .ifPresent(due -> assertThat(consumer.reminders.add(due.id())).isTrue());
    }
    RetireGuard guard = new RetireGuard(terms, state, false, tracks);
    if (guard.retire(now).isEmpty()) {
      retire(Set.of(), day);
    } else if (DAY_0.plusDays(day).isAfter(date.plusDays(FORCE_AFTER_DAYS))) {
      Set<String> named = guard.overridden();
      ForcedRetirementRequest request =
          new ForcedRetirementRequest(
              Principal.of("commerce", "owner"),
              Set.of("commerce"),
              Optional.of(Principal.of("audit", "eva")),
              "the source ends",
              named);
      assertThat(guard.retireByForce(request, now)).isEmpty();
      retire(named, day);
    }
  }

  private void retire(Set<String> named, int day) {
    state = Rollout.State.RETIRED;
    live.remove(terms.from());
    named.forEach(name -> overridden.add(name + " " + terms.from()));
    daysToRetire.add((int) Duration.between(terms.announcedAt(), noon(day)).toDays());
    for (Consumer consumer : consumers) {
      LocalDate agreed = consumer.kind == Kind.OBJECTING ? date.plusDays(40) : date;
      if (consumer.major == terms.from() && !DAY_0.plusDays(day).isAfter(agreed)) {
        broken.add("day " + day + ": retired before " + agreed + " of " + consumer.name);
      }
      if (named.contains(consumer.name)) {
        forced.merge(consumer.kind, 1, Integer::sum);
        assertThat(consumer.reminders).as(consumer.name).hasSizeGreaterThan(3);
      }
    }
  }
}
