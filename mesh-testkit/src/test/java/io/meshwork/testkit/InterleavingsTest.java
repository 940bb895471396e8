package io.meshwork.testkit;

import static io.meshwork.testkit.OrdersRollout.ORDERS;
import static io.meshwork.testkit.OrdersRollout.shop;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The reduced search finds a race that the test plants. */
class InterleavingsTest {
  private static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

  /** Collects the descriptions that remain. */
  private record Descriptions(Set<String> found) implements Interleavings.Check {
    @Override
    public void check(
        Mesh mesh, Optional<RuntimeException> first, Optional<RuntimeException> second) {
      assertThat(first).isEmpty();
      assertThat(second).isEmpty();
      found.add(description(mesh));
    }

    @Override
    public String results() {
      return "";
    }

    @Override
    public void reset() {}
  }

  private static String description(Mesh mesh) {
    return shop(mesh).describe(ORDERS).versions().get(0).contract().description();
  }

  /** Reads the description, and later replaces it, whatever it is by then. */
  private static void extendWithoutCondition(Mesh mesh, String text) {
    String before = description(mesh);
    describe(mesh, contract -> before + text);
  }

  /** Replaces the description on condition that it is the one that was read. */
  private static void extendWithCondition(Mesh mesh, String text) {
    describe(mesh, before -> before + text);
  }

  private interface Change {
    String after(String before);
  }

  private static void describe(Mesh mesh, Change change) {
    while (true) {
      try {
        shop(mesh)
            .amendContract(ORDERS)
            .change(contract -> contract.description(change.after(contract.description())))
            .because("For readers")
            .commit();
        return;
      } catch (ConflictException moved) {
        // The contract was amended meanwhile: the change is applied to the new one.
      }
    }
  }

  private static Interleavings.Coverage run(
      Consumer<Mesh> first,
      Consumer<Mesh> second,
      int limit,
      ScheduleSearch search,
      Set<String> found) {
    MemoryPlace place = new MemoryPlace(new InMemoryRegistry(), new MemoryFileIO());
    try (Mesh mesh = place.open().clock(ManualClock.at(START)).testing().idSeed(1).open()) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      shop(mesh).defineProduct(ORDERS).contract(Contract.of(OrdersRollout.OrderRow.class)).commit();
    }
    Instant later = START.plus(Duration.ofHours(1));
    return new Interleavings(place, later, limit, search)
        .run(first, second, new Descriptions(found));
  }

  private static Set<String> found(Consumer<Mesh> first, Consumer<Mesh> second, int limit) {
    Set<String> found = new TreeSet<>();
    Interleavings.Coverage coverage =
        run(first, second, limit, ScheduleSearch.reduced(15, 3), found);
    assertThat(coverage.complete() || coverage.run() == limit).as(coverage.toString()).isTrue();
    return found;
  }

  @Test
  void aLostUpdateIsFound() {
    Consumer<Mesh> first = mesh -> extendWithoutCondition(mesh, "a");
    Consumer<Mesh> second = mesh -> extendWithoutCondition(mesh, "b");

    assertThat(found(first, second, 2)).as("without a preemption").containsExactly("ab", "ba");
    assertThat(found(first, second, Integer.MAX_VALUE)).containsExactly("a", "ab", "b", "ba");
  }

  @Test
  void anUpdateWithAConditionIsNeverLost() {
    assertThat(
            found(
                mesh -> extendWithCondition(mesh, "a"),
                mesh -> extendWithCondition(mesh, "b"),
                Integer.MAX_VALUE))
        .containsExactly("ab", "ba");
  }

  @Tag("nightly")
  @Test
  void aReducedSearchFindsEachOutcomeOfAFullOne() {
    Consumer<Mesh> first = mesh -> extendWithoutCondition(mesh, "a");
    Consumer<Mesh> second = mesh -> extendWithoutCondition(mesh, "b");
    Interleavings.Coverage all =
        run(first, second, Integer.MAX_VALUE, ScheduleSearch.full(15, 1), new TreeSet<>());
    Interleavings.Coverage reduced =
        run(first, second, Integer.MAX_VALUE, ScheduleSearch.reduced(15, 1), new TreeSet<>());

    assertThat(all.complete() && reduced.complete()).isTrue();
    assertThat(reduced.outcomes()).isEqualTo(all.outcomes());
    assertThat(reduced.run()).isLessThan(all.run());
  }
}
