package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.rollout;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random walks through a rollout on a mesh, with the events of the model of its rules. A plain
 * account of the events, which uses none of the rules, agrees with the mesh about who is released
 * and whether the old version can be retired.
 */
class RolloutWalksTest {
  private static final long SEED = 15;
  private static final int EVENTS = 18;
  private static final int NOTICE_DAYS = 30;
  private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

  /** What can happen after the announcement. */
  private enum Event {
    ACTIVATE,
    CLOSE,
    RETIRE,
    ABORT,
    RESTORE,
    EXTEND_ALL,
    OFFER_LATER,
    AGREES,
    COUNTERS,
    OBJECTS,
    READS_OLD,
    READS_NEW,
    MOVED,
    UNSUBSCRIBES,
    PASSES
  }

  /** A consumer and what it did. */
  private static final class Account {
    private final String name;
    private final boolean subscribes;
    private final TreeSet<LocalDate> oldDays = new TreeSet<>();
    private @Nullable Instant lastOld;
    private @Nullable Instant lastNew;
    private @Nullable Instant moved;
    private int major = 1;
    private boolean left;
    private LocalDate date = LocalDate.MIN;

    Account(String name, boolean subscribes) {
      this.name = name;
      this.subscribes = subscribes;
    }

    /** A reader without a subscription is known by its reads of the old version. */
    boolean isKnown() {
      return subscribes || lastOld != null;
    }

    private void reads(int version, Instant now) {
      if (version == 1) {
        lastOld = now;
        oldDays.add(day(now));
      } else {
        lastNew = now;
      }
    }

    /** Twice the longest time between two days with reads. */
    private Duration quiet() {
      long longest = 0;
      LocalDate before = null;
      for (LocalDate day : oldDays) {
        longest =
            before == null ? longest : Math.max(longest, ChronoUnit.DAYS.between(before, day));
        before = day;
      }
      return Duration.ofDays(longest == 0 ? 35 : Math.min(35, Math.max(2, 2 * longest)));
    }

    boolean isGone(Instant now) {
      if (left) {
        return true;
      } else if (lastOld == null && lastNew == null) {
        return moved != null;
      } else if (lastNew == null || (subscribes && major == 1)) {
        return false;
      } else if (lastOld == null || (moved != null && !moved.isBefore(lastOld))) {
        return true;
      }
      return lastNew.isAfter(lastOld) && !now.isBefore(lastOld.plus(quiet()));
    }

    boolean isReleased(Instant now) {
      return isGone(now) || (!subscribes && isOver(date, now));
    }
  }

  private ManualClock clock = ManualClock.at(START);
  private final List<Account> accounts = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private Rollout.State state = Rollout.State.ANNOUNCED;
  private LocalDate noticeEnds = LocalDate.MIN;
  private LocalDate retireAfter = LocalDate.MIN;
  private Instant retiredAt = START;
  private int retirements;

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static boolean isOver(LocalDate date, Instant now) {
    return day(now).isAfter(date);
  }

  @Test
  void thirtyWalksAgreeWithAPlainAccount() {
    walk(30, SEED);
    assertThat(retirements).as("walks that retired the version").isPositive();
  }

  @Tag("nightly")
  @Test
  void aThousandWalksAgreeWithAPlainAccount() {
    walk(1_000, SEED + 1);
  }

  private void walk(int walks, long seed) {
    for (int walk = 0; walk < walks; walk++) {
      Random random = new Random(seed * 10_000 + walk);
      try {
        walk(random);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("walk " + walk + " of seed " + seed + " " + path + ": " + e, e);
      }
    }
  }

  private void walk(Random random) {
    clock = ManualClock.at(START);
    accounts.clear();
    path.clear();
    state = Rollout.State.ANNOUNCED;
    accounts.add(new Account("daily", true));
    accounts.add(new Account("silent", true));
    accounts.add(new Account("@", false));
    try (MemoryPlace place = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
        Mesh mesh = place.open().clock(clock).testing().idSeed(random.nextLong()).open()) {
      announce(mesh);
      check(mesh);
      for (int event = 0; event < EVENTS && state != Rollout.State.ABORTED; event++) {
        clock.advance(Duration.ofDays(1 + (random.nextInt(3) == 0 ? random.nextInt(25) : 0)));
        Account account = accounts.get(random.nextInt(accounts.size()));
        happen(mesh, Event.values()[random.nextInt(Event.values().length)], account);
        check(mesh);
      }
    }
  }

  private void announce(Mesh mesh) {
    OrdersRollout.start(mesh);
    OrdersRollout.unsubscribe(mesh);
    OrdersRollout.backFill(mesh);
    sales(mesh).registerDomain("sales").owner("sales@example.org").commit();
    subscription(mesh, accounts.get(0), 1);
    subscription(mesh, accounts.get(1), 1);
    for (int day = 0; day < 5; day++) {
      read(mesh, accounts.get(0), 1);
      clock.advance(Duration.ofDays(1));
    }
    OrdersRollout.announce(mesh);
    noticeEnds = day(clock.instant()).plusDays(NOTICE_DAYS);
    retireAfter = noticeEnds;
    accounts.forEach(account -> account.date = noticeEnds);
  }

  private static MeshClient sales(Mesh mesh) {
    return mesh.clientAs(Principal.of("sales", "job"));
  }

  private static Subscription<Map<String, Object>> subscription(
      Mesh mesh, Account account, int major) {
    return sales(mesh)
        .subscribe(ORDERS)
        .name(account.name)
        .purpose("Reports")
        .columns("id")
        .majorVersion(major)
        .asMaps()
        .commit();
  }

  private void read(Mesh mesh, Account account, int major) {
    if (account.subscribes) {
      try (Rows<Map<String, Object>> rows = subscription(mesh, account, major).rows()) {
        assertThat(rows.stream().count()).isEqualTo(3);
      }
      account.major = major;
    } else {
      assertThat(OrdersRollout.read(sales(mesh), major)).hasSize(3);
    }
    account.reads(major, clock.instant());
  }

  private void happen(Mesh mesh, Event event, Account account) {
    path.add(event + " " + account.name);
    Instant now = clock.instant();
    MajorRollout rollout = rollout(mesh);
    boolean open = !state.isEnded();
    switch (event) {
      case ACTIVATE -> {
        if (state == Rollout.State.ANNOUNCED) {
          state = rollout.activate().commit().state();
        }
      }
      case CLOSE -> {
        if (state == Rollout.State.PARALLEL) {
          state = rollout.close().commit().state();
        }
      }
      case RETIRE -> retire(rollout, now);
      case ABORT -> abort(rollout);
      case RESTORE -> {
        if (state == Rollout.State.RETIRED && now.isBefore(retiredAt.plus(Duration.ofDays(14)))) {
          state = rollout.restore().because("Needed").commit().state();
        }
      }
      case EXTEND_ALL -> extend(rollout, now);
      case PASSES -> clock.advance(Duration.ofDays(NOTICE_DAYS));
      default -> {
        if (open && account.isKnown() && !account.left) {
          ofConsumer(mesh, event, account, now);
        } else if (open && event == Event.READS_OLD && !account.subscribes) {
          account.date = retireAfter;
          read(mesh, account, 1);
        }
      }
    }
  }

  private void ofConsumer(Mesh mesh, Event event, Account account, Instant now) {
    Track.Move track = sales(mesh).rollout(ORDERS).track(account.name);
    switch (event) {
      case OFFER_LATER -> {
        LocalDate later = account.date.plusDays(30);
        if (!isOver(later, now)) {
          rollout(mesh).track("sales/" + account.name).offer(later).commit();
          account.date = later;
        }
      }
      case AGREES -> track.agree().commit();
      case COUNTERS -> {
        LocalDate later = account.date.plusDays(20);
        if (!isOver(later, now)) {
          track.counter(later).because("Year end").commit();
        }
      }
      case OBJECTS -> track.object().because("Too soon").commit();
      case READS_OLD -> read(mesh, account, 1);
      case READS_NEW -> {
        if (state != Rollout.State.ANNOUNCED) {
          read(mesh, account, 2);
        }
      }
      case MOVED -> declare(track, account, now);
      case UNSUBSCRIBES -> {
        if (account.subscribes) {
          sales(mesh).unsubscribe(ORDERS, account.name).commit();
          account.left = true;
        }
      }
      default -> throw new IllegalStateException(event.toString());
    }
  }

  private static void declare(Track.Move track, Account account, Instant now) {
    boolean needsRead = account.lastOld != null && account.lastNew == null;
    try {
      track.moved().because("Done").commit();
      assertThat(needsRead).as("a declaration without a read").isFalse();
      account.moved = now;
    } catch (ConflictException refused) {
      assertThat(needsRead).as(refused.getMessage()).isTrue();
    }
  }

  private void extend(MajorRollout rollout, Instant now) {
    LocalDate later = retireAfter.plusDays(30);
    if (state.isEnded() || isOver(later, now)) {
      return;
    }
    boolean possible =
        accounts.stream()
            .filter(Account::isKnown)
            .allMatch(account -> account.isGone(now) || !account.date.isAfter(later));
    assertThat(errors(rollout.extend(later).plan().findings())).isEqualTo(!possible);
    if (possible) {
      rollout.extend(later).commit();
      retireAfter = later;
      for (Account account : accounts) {
        account.date = account.date.isBefore(later) ? later : account.date;
      }
    }
  }

  private static boolean errors(List<Finding> findings) {
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
  }

  private boolean mayRetire(Instant now) {
    List<Account> known = accounts.stream().filter(Account::isKnown).toList();
    boolean over =
        isOver(noticeEnds, now)
            && known.stream().allMatch(account -> account.isGone(now) || isOver(account.date, now));
    return state == Rollout.State.CLOSING
        && known.stream().allMatch(account -> account.isReleased(now))
        && (over || known.stream().allMatch(account -> account.isGone(now)));
  }

  private void retire(MajorRollout rollout, Instant now) {
    if (state.isEnded()) {
      return;
    }
    boolean possible = mayRetire(now);
    try {
      state = rollout.retire().commit().state();
      assertThat(possible).as("retired on %s", now).isTrue();
      retiredAt = now;
      retirements++;
    } catch (ConflictException refused) {
      assertThat(possible).as(refused.getMessage()).isFalse();
    }
  }

  /** The new version is not withdrawn while a subscription is on it, or a reader read it lately. */
  private void abort(MajorRollout rollout) {
    if (state.isEnded() || path.size() < EVENTS / 2) {
      return;
    }
    boolean subscribed =
        accounts.stream().anyMatch(each -> each.subscribes && !each.left && each.major == 2);
    boolean read = accounts.stream().anyMatch(each -> !each.subscribes && each.lastNew != null);
    try {
      state = rollout.abort().because("Not now").commit().state();
      assertThat(subscribed).isFalse();
    } catch (ConflictException refused) {
      assertThat(subscribed || read).as(refused.getMessage()).isTrue();
    }
  }

  private void check(Mesh mesh) {
    MajorRollout rollout = rollout(mesh);
    assertThat(rollout.state()).isEqualTo(state);
    if (state.isEnded()) {
      return;
    }
    Instant now = clock.instant();
    for (Account account : accounts) {
      if (account.isKnown()) {
        Track track = shop(mesh).rollout(ORDERS).track("sales/" + account.name);
        assertThat(track.released())
            .as("%s is %s on %s: %s", account.name, track.state(), now, track.reason())
            .isEqualTo(account.isReleased(now));
        assertThat(account.left || track.date().equals(account.date))
            .as("%s has %s, not %s", account.name, track.date(), account.date)
            .isTrue();
      }
    }
    if (state == Rollout.State.CLOSING) {
      assertThat(errors(rollout.retire().plan().findings())).isEqualTo(!mayRetire(now));
    }
  }
}
