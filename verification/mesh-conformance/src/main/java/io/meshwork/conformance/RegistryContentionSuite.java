package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The part of {@link RegistryConformance} with concurrent threads and processes. */
abstract class RegistryContentionSuite extends RegistryFixture {
  private static final Key COUNTER = new Key("commerce/orders", "counter");
  private static final Key LEFT = new Key("commerce", "left");
  private static final Key RIGHT = new Key("commerce/orders", "right");
  private static final int THREADS = 8;
  private static final int INCREMENTS = 25;

  @Test
  void eightThreadsOnOneCounterLoseNoUpdate() throws Exception {
    List<Callable<Integer>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          () -> {
            for (int n = 0; n < INCREMENTS; n++) {
              CounterClient.increment(registry, COUNTER, ids);
            }
            return INCREMENTS;
          });
    }

    int commits = ConcurrentCalls.run(threads).stream().mapToInt(Integer::intValue).sum();

    assertCounted(commits);
  }

  @Test
  void twoProcessesOnOneCounterLoseNoUpdate() throws Exception {
    Optional<RegistryConformance.Address> address = backend().address();
    assumeTrue(address.isPresent(), "this registry has no address that another process can open");

    try (ChildCounter one = ChildCounter.start(address.get(), COUNTER, INCREMENTS);
        ChildCounter two = ChildCounter.start(address.get(), COUNTER, INCREMENTS)) {
      one.go();
      two.go();
      for (int n = 0; n < INCREMENTS; n++) {
        CounterClient.increment(registry, COUNTER, ids);
      }
      one.awaitSuccess();
      two.awaitSuccess();
    }

    assertCounted(3 * INCREMENTS);
  }

  @Test
  void aReaderNeverSeesHalfOfATransaction() throws Exception {
    registry.commit(Transaction.attempt(nextId()).insert(LEFT, "0").insert(RIGHT, "0").build());
    AtomicBoolean done = new AtomicBoolean();
    List<Callable<Integer>> threads = new ArrayList<>();
    threads.add(
        () -> {
          try {
            for (int n = 1; n <= 100; n++) {
              writeBoth(n);
            }
          } finally {
            done.set(true);
          }
          return 0;
        });
    for (int i = 0; i < 2; i++) {
      threads.add(
          () -> {
            int last = 0;
            while (!done.get()) {
              int left = valueOf(LEFT);
              int right = valueOf(RIGHT);
              int leftAgain = valueOf(LEFT);
              assertThat(left).isGreaterThanOrEqualTo(last);
              assertThat(right)
                  .as("the second read is at least as new as the first")
                  .isGreaterThanOrEqualTo(left);
              assertThat(leftAgain).isGreaterThanOrEqualTo(right);
              last = leftAgain;
            }
            return last;
          });
    }

    ConcurrentCalls.run(threads);

    assertThat(valueOf(LEFT)).isEqualTo(100);
    assertThat(valueOf(RIGHT)).isEqualTo(100);
  }

  @Test
  void exactlyOneOfTwoWritersOnOneBaseSucceeds() throws Exception {
    String base = commitOne(COUNTER, "0");
    List<Callable<Outcome>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Transaction transaction =
          Transaction.attempt(nextId()).replace(COUNTER, "" + i, base).build();
      threads.add(() -> CounterClient.settle(registry, transaction));
    }

    List<Outcome> outcomes = ConcurrentCalls.run(threads);

    assertThat(outcomes).filteredOn(Outcome.COMMITTED::equals).hasSize(1);
    assertThat(outcomes)
        .filteredOn(outcome -> outcome.equals(Outcome.conflict(List.of(COUNTER))))
        .hasSize(THREADS - 1);
    assertThat(valueOf(COUNTER)).isEqualTo(outcomes.indexOf(Outcome.COMMITTED));
  }

  @Test
  void anAttemptDeliveredConcurrentlyIsAppliedOnce() throws Exception {
    Transaction transaction = Transaction.attempt(nextId()).insert(COUNTER, "1").build();
    List<Callable<Outcome>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(() -> CounterClient.settle(registry, transaction));
    }

    assertThat(ConcurrentCalls.run(threads)).containsOnly(Outcome.COMMITTED);
    assertThat(registry.read(COUNTER)).map(Document::version).contains(transaction.attemptId());
  }

  @Test
  void aFenceAndALateDeliveryAgreeOnOneOutcome() throws Exception {
    for (int round = 0; round < 20; round++) {
      Key key = new Key("commerce", "raced/" + round);
      Transaction late = Transaction.attempt(nextId()).insert(key, "1").build();

      List<Outcome> ends =
          ConcurrentCalls.run(
              List.of(
                  () -> CounterClient.settle(registry, late),
                  () -> CounterClient.resolve(registry, late)));

      assertThat(ends.get(0)).isEqualTo(ends.get(1));
      assertThat(registry.read(key).isPresent()).isEqualTo(ends.get(0).equals(Outcome.COMMITTED));
    }
  }

  private void assertCounted(int commits) {
    assertThat(valueOf(COUNTER)).isEqualTo(commits);
    assertThat(walk(COUNTER.partition(), Registry.ATTEMPT_PREFIX))
        .filteredOn(row -> row.json().equals(Registry.ATTEMPT_COMMITTED))
        .hasSize(commits);
  }

  private void writeBoth(int value) {
    Outcome outcome;
    do {
      Transaction transaction =
          Transaction.attempt(nextId())
              .replace(LEFT, "" + value, registry.read(LEFT).orElseThrow().version())
              .replace(RIGHT, "" + value, registry.read(RIGHT).orElseThrow().version())
              .build();
      outcome = CounterClient.settle(registry, transaction);
    } while (!outcome.equals(Outcome.COMMITTED));
  }
}
