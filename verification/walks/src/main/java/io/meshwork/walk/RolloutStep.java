package io.meshwork.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A step of a walk over rollouts with its own random numbers, so that steps around it can be left
 * out.
 *
 * @param kind what is done
 * @param first chooses the process
 * @param second chooses the subject
 * @param third chooses among its variants
 */
record RolloutStep(Kind kind, int first, int second, int third) {
  private static final int NUMBERS = 1 << 20;

  /** What a step does. */
  enum Kind {
    PUBLISH(12),
    PUBLISH_TO_ONE(4),
    REPLACE(5),
    ERASE(6),
    ERASE_NOW(2),
    ROLL_BACK(2),
    STAGE(2),
    PROMOTE(2),
    REPUBLISH(6),
    CLEAR_QUARANTINE(4),
    ADVANCE(34),
    BACK_FILL(3),
    RESTORE(6),
    ABORT(1),
    PURGE(2),
    VERIFY(6),
    MAKE_CURRENT(1),
    SUBSCRIBE(7),
    POLL(13),
    POLL_AGAIN(3),
    MOVE(9),
    TRY_OUT(2),
    RAISE(3),
    LOWER(1),
    PURPOSES(1),
    FOUR_EYES(1),
    TAG(1),
    GRANT(1),
    REVOKE(1),
    SUSPEND(3),
    APPROVE(3),
    RESUME(2),
    MAINTAIN(2),
    JUMP(2),
    CRASH(3),
    FAIL_READ(2),
    MEANWHILE(2);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    static Kind choose(SplittableRandom random) {
      int total = 0;
      for (Kind kind : values()) {
        total += kind.weight;
      }
      int remaining = random.nextInt(total);
      for (Kind kind : values()) {
        remaining -= kind.weight;
        if (remaining < 0) {
          return kind;
        }
      }
      return PUBLISH;
    }
  }

  static List<RolloutStep> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<RolloutStep> steps = new ArrayList<>();
    steps.add(step(Kind.PUBLISH, random));
    steps.add(step(Kind.SUBSCRIBE, random));
    while (steps.size() < count) {
      steps.add(step(Kind.choose(random), random));
    }
    return List.copyOf(steps);
  }

  private static RolloutStep step(Kind kind, SplittableRandom random) {
    return new RolloutStep(
        kind, random.nextInt(NUMBERS), random.nextInt(NUMBERS), random.nextInt(NUMBERS));
  }

  /** Chooses one of a list that is not empty, by the number that chooses subjects. */
  <T> T subject(List<T> all) {
    return all.get(second % all.size());
  }

  /** Returns true once in so many steps, by the number that chooses variants. */
  boolean oneIn(int times, int salt) {
    return Math.floorMod((third + salt * 7919) * 31 + third / 97, times) == 0;
  }
}
