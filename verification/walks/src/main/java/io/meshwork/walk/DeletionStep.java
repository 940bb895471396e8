package io.meshwork.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A step of a walk with its own random numbers, so that steps around it can be left out.
 *
 * @param kind what is done
 * @param first chooses the subject
 * @param second chooses among its variants
 */
record DeletionStep(Kind kind, int first, int second) {
  /** What a step does. */
  enum Kind {
    DEFINE(6),
    PUBLISH(14),
    REPLACE(3),
    REPLACE_WHERE(3),
    QUARANTINE(3),
    STAGE(2),
    PROMOTE(2),
    DISCARD(1),
    ERASE(4),
    ERASE_NOW(7),
    INTERRUPTED_PUBLISH(4),
    SLOW_PUBLISH(4),
    ROLL_OUT(2),
    RETIRE(2),
    PURGE(3),
    ONBOARD(4),
    ADD_LAKE_FILE(3),
    REFRESH(4),
    RENAME_LAKE_FILE(4),
    COPY_LAKE_FILE(2),
    LINK_LAKE_FILE(1),
    ONBOARD_BY_OTHER_NAME(2),
    MAINTAIN(14),
    DOCTOR(4),
    REPAIR(2),
    BACK_UP(3),
    FOREIGN_FILE(5),
    COPY_OWN_FILE(6),
    RENAME_FOLDER(4),
    RENAME_FILE(3),
    LINK_FILE(4),
    LINK_DOMAIN(2),
    SWAP_DISKS(4),
    SAVE_REGISTRY(5),
    OLDER_REGISTRY(6),
    UNDO(5),
    COPY_MESH(1),
    JUMP(12);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    static Kind choose(SplittableRandom random) {
      int total = 0;
      for (Kind kind : values()) {
        total += kind.weight;
      }
      int left = random.nextInt(total);
      for (Kind kind : values()) {
        left -= kind.weight;
        if (left < 0) {
          return kind;
        }
      }
      return JUMP;
    }
  }

  /** Returns the steps of a seed. */
  static List<DeletionStep> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DeletionStep> steps = new ArrayList<>();
    steps.add(new DeletionStep(Kind.DEFINE, random.nextInt(1 << 20), random.nextInt(1 << 20)));
    steps.add(new DeletionStep(Kind.PUBLISH, random.nextInt(1 << 20), random.nextInt(1 << 20)));
    while (steps.size() < count) {
      Kind kind = Kind.choose(random);
      steps.add(new DeletionStep(kind, random.nextInt(1 << 20), random.nextInt(1 << 20)));
    }
    return steps;
  }
}
