package io.meshwork.testkit;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Runs a property on many random inputs, each from a seed of its own, and says the seed of the one
 * that failed. The seeds are the same in each run, so that a build that passed passes again.
 *
 * <pre>{@code
 * Seeds.forEach(100, random -> {
 *   List<Order> orders = Samples.of(Order.class, CONTRACT, random.nextLong()).rows(10);
 *   assertThat(revenueByDay(orders)).isEqualTo(revenueByDay(shuffled(orders, random)));
 * });
 * }</pre>
 *
 * <p>With {@code -Dmesh.seed=17} only that seed runs, once: what a failure's message asks for. With
 * {@code -Dmesh.seed=new} the seeds are others in each run, for a nightly build that searches on.
 */
public final class Seeds {
  /** The system property that chooses the seeds. */
  public static final String PROPERTY = "mesh.seed";

  private static final String NEW = "new";

  private Seeds() {}

  /** What must hold for every input. */
  @FunctionalInterface
  public interface Property {
    /**
     * Makes an input from this and checks it.
     *
     * @throws Exception or an {@code Error} if it does not hold
     */
    void check(Random random) throws Exception;
  }

  /**
   * Checks a property so many times.
   *
   * @throws AssertionError naming the seed of the first input that it does not hold for, with what
   *     was thrown as its cause
   * @throws IllegalArgumentException if {@code times} is not positive, or {@code mesh.seed} is
   *     neither a whole number nor {@code new}
   */
  public static void forEach(int times, Property property) {
    if (times < 1) {
      throw new IllegalArgumentException("A property is checked once or more, not " + times);
    }
    String chosen = System.getProperty(PROPERTY);
    if (chosen != null && !chosen.equals(NEW)) {
      check(property, chosenSeed(chosen), "");
      return;
    }
    Random seeds = chosen == null ? new Random(0) : new Random();
    for (int i = 1; i <= times; i++) {
      check(property, seeds.nextInt(), " in run " + i + " of " + times);
    }
  }

  private static void check(Property property, long seed, String run) {
    try {
      property.check(new Random(seed));
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "Failed with seed "
              + seed
              + run
              + "; run the test again with -D"
              + PROPERTY
              + "="
              + seed
              + " for this input alone. "
              + shown(failure.getMessage()),
          failure);
    }
  }

  private static String shown(@Nullable String message) {
    return message == null ? "" : message;
  }

  private static long chosenSeed(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "-D" + PROPERTY + "=" + text + " is neither a whole number nor '" + NEW + "'", e);
    }
  }
}
