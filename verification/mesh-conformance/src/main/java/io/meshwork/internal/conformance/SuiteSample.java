package io.meshwork.internal.conformance;

import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The sample of suites, or of their tests, that a build runs: one of {@code -Dmesh.suites.oneOf=},
 * by a seed that each build draws. {@code -Dmesh.suites.seed=} repeats a build, and {@code
 * -Pnightly} runs all.
 */
public final class SuiteSample {
  /** One of so many suites, or of their tests, runs. */
  public static final int ONE_OF = Integer.getInteger("mesh.suites.oneOf", 1);

  private static final String ONE_SEED = "mesh.suites.oneSeed";
  private static final String SEED_PROPERTY = "mesh.suites.seed";
  private static final int SEED = Integer.getInteger(SEED_PROPERTY, new Random().nextInt(1_000));

  private SuiteSample() {}

  /**
   * Returns the seeds of a test with random input: from 1 to this number, or one of these where a
   * build samples the tests of the suites.
   */
  public static List<Long> seeds(int number) {
    List<Long> all = LongStream.rangeClosed(1, number).boxed().toList();
    return Boolean.getBoolean(ONE_SEED) ? List.of(drawn(all)) : all;
  }

  private static <T> T drawn(List<T> all) {
    return all.get(new SplittableRandom(SEED).nextInt(all.size()));
  }

  /**
   * Returns true if this build runs a suite or a test; each runs with one of so many successive
   * seeds.
   *
   * @param member the name of the suite or the test
   * @param offset differs where one build is to run different suites
   * @param oneOf one of so many members runs
   */
  public static boolean includes(String member, int offset, int oneOf) {
    return Math.floorMod(member.hashCode() + SEED + offset, oneOf) == 0;
  }

  /** Returns the numbers of the members that this build runs: one of each group, never none. */
  public static List<Integer> numbersOf(int members, int offset, int oneOf) {
    return numbersOf(members, oneOf, (long) SEED + offset);
  }

  /** As {@link #numbersOf(int, int, int)}, with a seed. */
  public static List<Integer> numbersOf(int members, int oneOf, long seed) {
    int group = Math.max(1, Math.min(oneOf, members));
    return IntStream.range(0, members)
        .filter(number -> Math.floorMod(number + seed, group) == 0)
        .boxed()
        .toList();
  }

  /**
   * Returns the cases of a long test that this build runs: one, or all if all suites run. Which one
   * it is does not depend on the seeds with which the test itself runs.
   */
  public static <T> List<T> casesOf(List<T> cases) {
    return ONE_OF == 1 ? cases : List.of(drawn(cases));
  }

  /**
   * Returns the reason for which a suite runs or does not run, with the seed.
   *
   * @param where what the suites run on, such as {@code on each backend}
   */
  public static String reason(String where) {
    return "One of "
        + ONE_OF
        + " suites or tests runs "
        + where
        + ", -D"
        + SEED_PROPERTY
        + "="
        + SEED;
  }
}
