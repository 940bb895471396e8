package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.FRESH;
import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.STALER;
import static io.meshwork.testkit.OrdersRollout.last;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random walks through the end of a product and through an announced amendment, on a mesh. A plain
 * account of the events, which uses none of the rules, agrees with the mesh about who is released,
 * whether the last step is possible, and what the contract states.
 */
class EndAndAmendmentWalksTest {
  private static final long SEED = 46;
  private static final int EVENTS = 16;
  private static final int NOTICE_DAYS = 30;
  private static final Instant START = Instant.parse("2026-01-01T10:00:00Z");

  /** What can happen after the announcement. */
  private enum Event {
    CLOSE,
    RETIRE,
    ABORT,
    RESTORE,
    EXTEND_ALL,
    OFFER_LATER,
    AGREES,
    COUNTERS,
    OBJECTS,
    READS,
    UNSUBSCRIBES,
    HOT_FIX,
    PASSES
  }

  /** A consumer and what it did. */
  private static final class Account {
    private final String name;
    private final boolean subscribes;
    private boolean known;
    private boolean left;
    private boolean agreed;
    private @Nullable LocalDate requested;
    private LocalDate date = LocalDate.MIN;

    Account(String name, boolean subscribes) {
      this.name = name;
      this.subscribes = subscribes;
      known = subscribes;
    }

    private void offered(LocalDate day) {
      if (requested != null && !day.isBefore(requested)) {
        agreed = true;
      }
      requested = null;
      date = date.isBefore(day) ? day : date;
    }

    private void answered(boolean agrees, @Nullable LocalDate request) {
      agreed = agrees;
      requested = request;
    }

    private boolean isReleased(Kind kind, Instant now) {
      boolean accepts = kind == Kind.AMENDMENT || !subscribes || agreed;
      return left || (accepts && isOver(date, now));
    }
  }

  private enum Kind {
    END,
    AMENDMENT
  }

  private Kind kind = Kind.END;
  private ManualClock clock = ManualClock.at(START);
  private final List<Account> accounts = new ArrayList<>();
  private final List<String> path = new ArrayList<>();
  private Rollout.State state = Rollout.State.ANNOUNCED;
  private LocalDate noticeEnds = LocalDate.MIN;
  private LocalDate retireAfter = LocalDate.MIN;
  private Instant retiredAt = START;
  private String description = "";
  private int lastSteps;

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  private static boolean isOver(LocalDate date, Instant now) {
    return day(now).isAfter(date);
  }

  @ParameterizedTest
  @EnumSource
  void twelveWalksAgreeWithAPlainAccount(Kind ofRollout) {
    walk(ofRollout, 12, SEED);
    assertThat(lastSteps).as("walks that took the last step").isPositive();
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource
  void aThousandWalksAgreeWithAPlainAccount(Kind ofRollout) {
    walk(ofRollout, 1_000, SEED + 1);
  }

  private void walk(Kind ofRollout, int walks, long seed) {
    kind = ofRollout;
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
    path.clear();
    accounts.clear();
    accounts.addAll(
        List.of(new Account("daily", true), new Account("silent", true), new Account("@", false)));
    state = Rollout.State.ANNOUNCED;
    description = "";
    try (MemoryPlace place = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
        Mesh mesh = place.open().clock(clock).testing().idSeed(random.nextLong()).open()) {
      announce(mesh);
      check(mesh);
      for (int event = 0; event < EVENTS && !isFinal(); event++) {
        clock.advance(Duration.ofDays(1 + (random.nextInt(3) == 0 ? random.nextInt(25) : 0)));
        Account account = accounts.get(random.nextInt(accounts.size()));
        happen(mesh, Event.values()[random.nextInt(Event.values().length)], account);
        check(mesh);
      }
    }
  }

  private boolean isFinal() {
    return state == Rollout.State.ABORTED || state == Rollout.State.AMENDED;
  }

  private void announce(Mesh mesh) {
    if (kind == Kind.END) {
      OrdersRollout.startEnd(mesh);
    } else {
      OrdersRollout.startAmendment(mesh);
    }
    OrdersRollout.unsubscribe(mesh);
    sales(mesh).registerDomain("sales").owner("sales@example.org").commit();
    subscription(mesh, accounts.get(0));
    subscription(mesh, accounts.get(1));
    read(mesh, accounts.get(0));
    clock.advance(Duration.ofDays(1));
    OrdersRollout.announce(mesh);
    noticeEnds = day(clock.instant()).plusDays(NOTICE_DAYS);
    retireAfter = noticeEnds;
    accounts.forEach(account -> account.date = noticeEnds);
  }

  private static MeshClient sales(Mesh mesh) {
    return mesh.clientAs(Principal.of("sales", "job"));
  }

  private static Subscription<Map<String, Object>> subscription(Mesh mesh, Account account) {
    return sales(mesh)
        .subscribe(ORDERS)
        .name(account.name)
        .purpose("Reports")
        .columns("id")
        .asMaps()
        .commit();
  }

  private static void read(Mesh mesh, Account account) {
    if (account.subscribes) {
      try (Rows<Map<String, Object>> rows = subscription(mesh, account).rows()) {
        assertThat(rows.stream().count()).isEqualTo(3);
      }
    } else {
      assertThat(OrdersRollout.read(sales(mesh), 1)).hasSize(3);
    }
  }

  private void happen(Mesh mesh, Event event, Account account) {
    path.add(event + " " + account.name);
    Instant now = clock.instant();
    Rollout<?> rollout = last(mesh);
    switch (event) {
      case CLOSE -> {
        if (kind == Kind.END && state == Rollout.State.ANNOUNCED) {
          state = OrdersRollout.end(mesh).close().commit().state();
        }
      }
      case RETIRE -> retire(rollout, now);
      case ABORT -> {
        if (!state.isEnded() && path.size() > EVENTS / 2) {
          state = rollout.abort().because("Not now").commit().state();
        }
      }
      case RESTORE -> {
        if (state == Rollout.State.RETIRED && now.isBefore(retiredAt.plus(Duration.ofDays(14)))) {
          state = OrdersRollout.end(mesh).restore().because("Needed").commit().state();
        }
      }
      case EXTEND_ALL -> extend(rollout, now);
      case HOT_FIX -> {
        if (kind == Kind.AMENDMENT) {
          describe(mesh);
        }
      }
      case PASSES -> clock.advance(Duration.ofDays(NOTICE_DAYS));
      default -> {
        if (!state.isEnded() && !account.left) {
          ofConsumer(mesh, event, account, now);
        }
      }
    }
  }

  private void describe(Mesh mesh) {
    description = "Orders of the shop, text " + path.size();
    String text = description;
    shop(mesh)
        .amendContract(ORDERS)
        .change(contract -> contract.description(text))
        .because("For readers")
        .commit();
  }

  private void ofConsumer(Mesh mesh, Event event, Account account, Instant now) {
    if (event == Event.READS) {
      read(mesh, account);
      if (!account.known) {
        account.known = true;
        account.date = retireAfter;
      }
      return;
    } else if (!account.known) {
      return;
    }
    Track track = last(sales(mesh)).track(account.name);
    switch (event) {
      case OFFER_LATER -> {
        LocalDate later = account.date.plusDays(30);
        if (!isOver(later, now)) {
          last(mesh).track("sales/" + account.name).offer(later).commit();
          account.offered(later);
        }
      }
      case AGREES -> {
        track.agree().commit();
        account.answered(true, null);
      }
      case COUNTERS -> {
        LocalDate later = account.date.plusDays(20);
        if (!isOver(later, now)) {
          track.counter(later).because("Year end").commit();
          account.answered(false, later);
        }
      }
      case OBJECTS -> {
        track.object().because("Too soon").commit();
        account.answered(false, null);
      }
      case UNSUBSCRIBES -> {
        if (account.subscribes) {
          sales(mesh).unsubscribe(ORDERS, account.name).commit();
          account.left = true;
        }
      }
      default -> throw new IllegalStateException(event.toString());
    }
  }

  private void extend(Rollout<?> rollout, Instant now) {
    LocalDate later = retireAfter.plusDays(30);
    boolean possible =
        accounts.stream()
            .filter(account -> account.known && !account.left)
            .noneMatch(account -> account.date.isAfter(later));
    if (!state.isEnded() && !isOver(later, now) && possible) {
      rollout.extend(later).commit();
      retireAfter = later;
      for (Account account : accounts) {
        if (!account.left && account.date.isBefore(later)) { // others keep what they asked for
          account.offered(later);
        }
      }
    }
  }

  private boolean mayRetire(Instant now) {
    List<Account> known = accounts.stream().filter(account -> account.known).toList();
    boolean over =
        isOver(noticeEnds, now)
            && known.stream().allMatch(account -> account.left || isOver(account.date, now));
    boolean released = known.stream().allMatch(account -> account.isReleased(kind, now));
    return state == lastOpenState()
        && released
        && (over || known.stream().allMatch(account -> account.left));
  }

  private Rollout.State lastOpenState() {
    return kind == Kind.END ? Rollout.State.CLOSING : Rollout.State.ANNOUNCED;
  }

  private void retire(Rollout<?> rollout, Instant now) {
    if (state.isEnded()) {
      return;
    }
    boolean possible = mayRetire(now);
    try {
      state = rollout.retire().commit().state();
      assertThat(possible).as("retired on %s", now).isTrue();
      retiredAt = now;
      lastSteps++;
    } catch (ConflictException refused) {
      assertThat(possible).as(refused.getMessage()).isFalse();
    }
  }

  private void check(Mesh mesh) {
    Rollout<?> rollout = last(mesh);
    assertThat(rollout.state()).isEqualTo(state);
    checkContract(mesh);
    if (state == Rollout.State.RETIRED) {
      assertThatThrownBy(() -> OrdersRollout.read(sales(mesh), 1))
          .isInstanceOf(MeshException.class)
          .hasMessageContaining(ORDERS);
    }
    if (state.isEnded()) {
      return;
    }
    Instant now = clock.instant();
    for (Account account : accounts) {
      if (account.known) {
        Track track = rollout.track("sales/" + account.name);
        assertThat(track.released())
            .as("%s is %s on %s: %s", account.name, track.state(), now, track.reason())
            .isEqualTo(account.isReleased(kind, now));
        assertThat(account.left || track.date().equals(account.date))
            .as("%s has %s, not %s", account.name, track.date(), account.date)
            .isTrue();
      }
    }
    if (state == lastOpenState()) {
      boolean errors =
          rollout.retire().plan().findings().stream()
              .anyMatch(finding -> finding.severity() == Severity.ERROR);
      assertThat(errors).as("the plan of %s", now).isEqualTo(!mayRetire(now));
    }
  }

  private void checkContract(Mesh mesh) {
    if (kind == Kind.AMENDMENT) {
      Contract contract = shop(mesh).describe(ORDERS).versions().get(0).contract();
      assertThat(contract.freshWithin()).contains(state == Rollout.State.AMENDED ? STALER : FRESH);
      assertThat(contract.description()).isEqualTo(description);
    }
  }
}
