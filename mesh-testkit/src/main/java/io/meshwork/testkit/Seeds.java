package io.meshwork.testkit;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Checks a property on many random inputs, each with its own seed, and reports the seed of the
 * input that failed. The seeds are the same in each run, so that builds are repeatable.
 *
 * <pre>{@code
 * Seeds.forEach(100, random -> {
 *   List<Order> orders = Samples.of(Order.class, CONTRACT, random.nextLong()).rows(10);
 *   assertThat(revenueByDay(orders)).isEqualTo(revenueByDay(shuffled(orders, random)));
 * });
 * }</pre>
 *
 * <p>With {@code -Dmesh.seed=17}, only that seed runs, once; a failure's message contains the
 * option. With {@code -Dmesh.seed=new}, each run has other seeds, for nightly builds.
 */
public final class Seeds {
  /** The system property that chooses the seeds. */
  public static final String PROPERTY = "mesh.seed";

  private static final String NEW = "new";

  private Seeds() {}

  /** A property that holds for every input. */
  @FunctionalInterface
  public interface Property {
    /**
     * Creates an input from the random numbers and checks it.
     *
     * @throws Exception or an {@code Error} if it does not hold
     */
    void check(Random random) throws Exception;
  }

  /**
   * Checks a property this many times.
   *
   * @throws AssertionError if an input fails; names the seed and has the failure as its cause
   * @throws IllegalArgumentException if {@code times} is not positive, or {@code mesh.seed} is
   *     neither a whole number nor {@code new}
   */
  public static void forEach(int times, Property property) {
    if (times < 1) {
      throw new IllegalArgumentException("A property must be checked at least once, not " + times);
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
              + " for this input only. "
              + textOf(failure.getMessage()),
          failure);
    }
  }

  private static String textOf(@Nullable String message) {
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
