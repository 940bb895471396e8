package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Random publishes to both major versions, compactions, and expirations, while a consumer polls,
 * stops without an acknowledgement, and moves between the versions. Each appended row is delivered
 * once, and the copy that the batches describe has the rows of the table.
 */
final class MovingPolls {
  private static final int STEPS = 30;

  private final MovesFixture suite;
  private final long seed;
  private final Random random;
  private final TreeSet<Long> published = new TreeSet<>();
  private final TreeSet<Long> copied = new TreeSet<>();
  private final List<Long> added = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private Subscription<Map<String, Object>> subscription;
  private String heldId = "";
  private long nextId;
  private int major = 1;

  MovingPolls(MovesFixture suite, long seed) {
    this.suite = suite;
    this.seed = seed;
    this.random = new Random(seed);
    suite.consumedOrders();
    this.subscription = suite.copy().commit();
  }

  void run() {
    suite.publishOneByOne(0, 3);
    published.addAll(List.of(0L, 1L, 2L));
    nextId = 3;
    while (poll()) {
      steps.add("history");
    }
    suite.openSecond();
    for (int step = 0; step < STEPS; step++) {
      act(random.nextInt(12));
    }
    while (poll()) {
      steps.add("end");
    }
    assertThat(copied).as(at()).isEqualTo(published);
    assertThat(added).as(at()).doesNotHaveDuplicates();
    suite.assertWhole();
  }

  private String at() {
    return "seed " + seed + ": " + steps;
  }

  private void act(int kind) {
    switch (kind) {
      case 0, 1, 2, 3 -> append();
      case 4 -> replace();
      case 5 -> erase();
      case 6 -> {
        steps.add("compact");
        suite.mesh.maintain().compactAtLeast(2).commit();
      }
      case 7 -> {
        steps.add("expire");
        suite.clock.advance(Duration.ofHours(30));
        suite.maintain();
      }
      case 8 -> hold();
      case 9 -> move();
      default -> poll();
    }
  }

  private void append() {
    long to = nextId + 1 + random.nextInt(3);
    steps.add("append " + nextId + " to " + to);
    suite.publishBoth(nextId, to);
    for (; nextId < to; nextId++) {
      published.add(nextId);
    }
  }

  /** Replaces an order by itself, which its consumers receive as a change. */
  private void replace() {
    long id = random.nextLong(nextId);
    if (published.contains(id)) {
      steps.add("replace " + id);
      suite
          .shop()
          .publish(MeshFixture.ORDERS)
          .<Order>records(Order.range(id, id + 1))
          .majorVersion(1)
          .alsoTo(2, OrderInCents::of)
          .replaceWhere("id = " + id)
          .commit();
    }
  }

  private void erase() {
    long id = random.nextLong(nextId);
    steps.add("erase " + id);
    suite
        .shop()
        .erase(MeshFixture.ORDERS)
        .majorVersion(1)
        .where("id = " + id)
        .because("Requested")
        .commit();
    published.remove(id);
  }

  /** A process polls and stops; the next one, in either version, gets the same batch. */
  private void hold() {
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      check(batch);
      heldId = batch.isEmpty() ? "" : batch.id();
      steps.add("hold " + heldId);
    }
  }

  private void move() {
    major = 3 - major;
    steps.add("move to " + major);
    subscription = suite.copy().majorVersion(major).commit();
  }

  /** Returns true if there was a batch. */
  private boolean poll() {
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      check(batch);
      steps.add("poll " + batch.id() + " " + batch.predicate().orElse(""));
      List<Long> ids = MovesFixture.ids(batch);
      batch
          .predicate()
          .ifPresent(filter -> copied.remove(Long.parseLong(filter.replaceAll("\\D+", ""))));
      if (batch.kind() == Batch.Kind.ADDED) {
        assertThat(ids).as(at()).noneMatch(copied::contains);
        added.addAll(ids);
      }
      copied.addAll(ids);
      batch.ack();
      heldId = "";
      return !batch.isEmpty();
    }
  }

  private void check(Batch<Map<String, Object>> batch) {
    assertThat(batch.kind()).as(at() + batch.because()).isNotEqualTo(Batch.Kind.RESET);
    if (!heldId.isEmpty()) {
      assertThat(batch.id()).as(at()).isEqualTo(heldId);
    }
  }
}
