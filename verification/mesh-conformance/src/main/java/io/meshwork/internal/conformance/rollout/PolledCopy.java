package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A copy of the orders that a consumer makes from the batches of its subscription. */
final class PolledCopy {
  private final Subscription<Map<String, Object>> subscription;
  final TreeSet<Long> ids = new TreeSet<>();
  private int resets;

  PolledCopy(Subscription<Map<String, Object>> subscription) {
    this.subscription = subscription;
  }

  /** Polls until there is nothing new. */
  PolledCopy poll() {
    boolean more = true;
    while (more) {
      try (Batch<Map<String, Object>> batch = subscription.poll()) {
        more = !batch.isEmpty();
        List<Long> received = new ArrayList<>();
        batch.forEach(row -> received.add((Long) row.get("id")));
        if (batch.kind() == Batch.Kind.RESET) {
          resets++;
          ids.clear();
        }
        batch
            .predicate()
            .ifPresent(filter -> ids.remove(Long.parseLong(filter.replaceAll("\\D+", ""))));
        assertThat(received).doesNotHaveDuplicates().noneMatch(ids::contains);
        ids.addAll(received);
        if (more) {
          batch.ack();
        }
      }
    }
    return this;
  }

  void assertHas(int expectedResets, Long... expected) {
    assertThat(ids).containsExactly(expected);
    assertThat(resets).as("resets").isEqualTo(expectedResets);
  }

  int resets() {
    return resets;
  }
}
