package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.conformance.fixture.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Random changes of a product whose old major version was restored. */
final class RandomRestoration {
  private final RestoredBackFillsSuite suite;
  private final Random random;
  private final TreeSet<Long> published = new TreeSet<>(List.of(0L, 1L, 2L));
  private final List<String> steps = new ArrayList<>();
  private long nextId = 3;

  RandomRestoration(RestoredBackFillsSuite suite, long seed) {
    this.suite = suite;
    this.random = new Random(seed);
    steps.add("seed " + seed);
  }

  void run() {
    PolledCopy copy = suite.retiredUnderAConsumer();
    for (int step = 0; step < 4; step++) {
      change();
    }
    append();
    suite.restored();
    for (int step = 0; step < 4; step++) {
      change();
      copy.poll();
      suite
          .backFill()
          .timeout(Duration.ofSeconds(90))
          .onProgress(
              (phase, done, total) -> {
                suite.clock.advance(Duration.ofMinutes(1));
                change();
                copy.poll();
              })
          .commit();
      if (suite.rollout().newOnlySince().isEmpty()) {
        break;
      }
    }
    if (suite.rollout().newOnlySince().isPresent()) {
      suite.backFill().commit();
    }
    copy.poll();
    assertThat(suite.rollout().newOnlySince()).as(steps.toString()).isEmpty();
    assertThat(suite.old().stream().map(Order::id).sorted().toList())
        .as(steps.toString())
        .containsExactlyElementsOf(published);
    assertThat(copy.ids).as(steps.toString()).isEqualTo(published);
    suite.assertWhole();
  }

  private void change() {
    switch (random.nextInt(6)) {
      case 0, 1, 2 -> append();
      case 3 -> {
        long id = random.nextLong(nextId);
        if (published.contains(id)) {
          steps.add("replace " + id);
          suite.replaceNew(id);
        }
      }
      case 4 -> {
        long id = random.nextLong(nextId);
        steps.add("erase " + id);
        suite.eraseFromEach(id);
        published.remove(id);
      }
      default -> {
        steps.add("compact");
        suite.compact();
      }
    }
  }

  private void append() {
    steps.add("append " + nextId);
    suite.publishNew(nextId, nextId + 1);
    published.add(nextId++);
  }
}
