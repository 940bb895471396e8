package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CommitTurnTest {
  private final List<String> named = new ArrayList<>();
  private final CommitTurn first = place("orders");
  private final CommitTurn second = place("orders");
  private final CommitTurn other = place("sales");

  private int asked;

  private CommitTurn place(String partition) {
    return place(partition, new Thread());
  }

  private CommitTurn place(String partition, Thread thread) {
    return new CommitTurn(
        () -> {
          named.add(partition);
          return "mesh " + partition;
        },
        thread);
  }

  private static boolean isNext(CommitTurn place) throws InterruptedException {
    return place.await(() -> Duration.ZERO);
  }

  @Test
  void whoGivesUpItsPlaceLetsThoseBehindItGo() throws Exception {
    first.join();
    second.join();
    Thread waiting =
        new Thread(
            () -> {
              try {
                second.await(() -> Duration.ofMinutes(1));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    waiting.start();
    first.leave();
    waiting.join(Duration.ofSeconds(30).toMillis());

    assertThat(waiting.isAlive()).isFalse();
    second.leave();
  }

  @Test
  void whoWaitedLongestIsNext() throws InterruptedException {
    first.join();
    second.join();
    first.join();
    other.join();

    assertThat(isNext(first)).isTrue();
    assertThat(isNext(second)).isFalse();
    assertThat(isNext(other)).isTrue();
    first.leave();
    assertThat(isNext(second)).isTrue();
    second.leave();
    other.leave();
  }

  @Test
  void whoWaitsGoesOnAsLongAsThoseBeforeCommit() throws InterruptedException {
    CommitTurn third = place("orders");
    List.of(first, second, third).forEach(CommitTurn::join);
    List<CommitTurn> committing = new ArrayList<>(List.of(first));

    boolean isNext =
        third.await(
            () -> {
              committing.forEach(CommitTurn::leave);
              committing.clear();
              asked++;
              return Duration.ofMillis(1);
            });

    assertThat(isNext).as("the second one hangs, and goes last").isTrue();
    assertThat(asked).isEqualTo(3);
    assertThat(isNext(second)).as("it was next already").isTrue();
    third.leave();
    second.leave();
  }

  @Test
  void whoComesWhileNobodyWaitsNeedsNoName() {
    assertThat(first.anyWaits()).isFalse();
    first.leave();
    assertThat(named).isEmpty();

    second.joinAfterLoss();

    assertThat(first.anyWaits()).isTrue();
    assertThat(other.anyWaits()).isFalse();
    second.leave();
    assertThat(first.anyWaits()).isFalse();
  }

  @Test
  void whoIsTriedFirstDoesNotWaitUntilItLoses() {
    first.join();

    assertThat(first.anyWaits()).isFalse();
    assertThat(second.anyWaits()).as("it may go on beside the first one").isFalse();
    second.join();
    assertThat(second.anyWaits()).isTrue();
    second.leave();
    first.joinAfterLoss();
    assertThat(second.anyWaits()).isTrue();
    first.leave();
  }

  @Test
  void aChangeDoesNotWaitForAnotherOneOfItsThread() throws InterruptedException {
    CommitTurn outer = place("orders", Thread.currentThread());
    CommitTurn inner = place("orders", Thread.currentThread());
    outer.join();
    inner.join();

    assertThat(inner.await(() -> Duration.ofDays(1))).isFalse();
    inner.leave();
    outer.leave();
  }

  @Test
  void theTurnOfTheProcessGoesToEightChangesInSuccession() throws InterruptedException {
    AtomicInteger ended = new AtomicInteger();
    CommitTurn before = place("orders");
    before.join();
    before.keep(ended::incrementAndGet);
    for (int change = 2; change <= 8; change++) {
      CommitTurn following = follow(before);
      assertThat(following.hasTurnOfProcess()).isTrue();
      before = following;
    }
    assertThat(ended).hasValue(0);

    CommitTurn ninth = follow(before);

    assertThat(ninth.hasTurnOfProcess()).isFalse();
    assertThat(ended).hasValue(1);
    ninth.leave();
    assertThat(ended).hasValue(1);
  }

  /** Returns a change that waited until the one before it left. */
  private CommitTurn follow(CommitTurn before) throws InterruptedException {
    CommitTurn following = place("orders");
    following.join();
    following.await(
        () -> {
          before.leave();
          return Duration.ofMinutes(1);
        });
    return following;
  }

  @Test
  void theTurnOfTheProcessEndsIfNoChangeWaits() {
    AtomicInteger ended = new AtomicInteger();
    first.join();
    second.join();
    first.keep(ended::incrementAndGet);

    first.leave();

    assertThat(second.hasTurnOfProcess()).as("it may sleep after a loss").isFalse();
    assertThat(ended).hasValue(1);
    second.keep(ended::incrementAndGet);
    second.leave();
    assertThat(ended).hasValue(2);
  }

  @Test
  void whoGivesUpEndsTheTurnThatItWasHanded() throws InterruptedException {
    AtomicInteger ended = new AtomicInteger();
    first.join();
    first.keep(ended::incrementAndGet);
    CommitTurn following = follow(first);

    following.leave();

    assertThat(ended).hasValue(1);
  }
}
