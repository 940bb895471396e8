package io.meshwork.internal.conformance;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The sample of tests that a build runs with {@code -Dmesh.tests.sampled=true}, by a seed that each
 * build draws. {@code -Dmesh.tests.seed=} repeats a build; {@code -Pnightly}, and tests that are
 * chosen by name, run whole.
 */
public final class TestSample {
  /** True if a build runs a sample. */
  public static final boolean SAMPLED = Boolean.getBoolean("mesh.tests.sampled");

  private static final String SEED_PROPERTY = "mesh.tests.seed";
  private static final int SEED = Integer.getInteger(SEED_PROPERTY, new Random().nextInt(1_000));

  /** Why a test runs or does not run, with the seed. */
  static final String REASON = "The build runs a sample, with -D" + SEED_PROPERTY + "=" + SEED;

  private TestSample() {}

  /**
   * Returns the number that this build gives a test or a class, from 0 to this limit, exclusively:
   * successive seeds give it each of them.
   */
  static int numberOf(String test, int limit) {
    return Math.floorMod(test.hashCode() + SEED, limit);
  }

  /**
   * Returns the seeds of a test with random input: from 1 to this number, or one of these where a
   * build runs a sample.
   */
  public static List<Long> seeds(int number) {
    return oneOf(LongStream.rangeClosed(1, number).boxed().toList());
  }

  /** Returns the cases of a test that a build runs: one of so many, never none, or all. */
  public static <T> List<T> sampleOf(List<T> cases, int oneOf) {
    if (!SAMPLED) {
      return cases;
    }
    int group = Math.min(oneOf, cases.size());
    return IntStream.range(0, cases.size())
        .filter(number -> Math.floorMod(number + SEED, group) == 0)
        .mapToObj(cases::get)
        .toList();
  }

  /**
   * Returns the cases of a long test that a build runs: one, or all. Which one it is does not
   * depend on the seeds with which the test itself runs.
   */
  public static <T> List<T> oneOf(List<T> cases) {
    return SAMPLED ? List.of(cases.get(new SplittableRandom(SEED).nextInt(cases.size()))) : cases;
  }
}
