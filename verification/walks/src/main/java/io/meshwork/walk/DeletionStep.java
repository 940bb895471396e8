package io.meshwork.walk;

import java.util.ArrayList;
import java.util.Arrays;
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
  /** Which steps belong together: each walk has all steps of one subject, and few of the others. */
  private enum Subject {
    WRITERS,
    LAKE,
    REGISTRY,
    FILES,
    /** All walks have these steps. */
    EACH
  }

  /** The first steps, without which others do nothing. */
  private static final List<Kind> FIRST =
      List.of(Kind.DEFINE, Kind.PUBLISH, Kind.ONBOARD, Kind.SAVE_REGISTRY);

  /** What a step does. */
  enum Kind {
    DEFINE(4, Subject.EACH),
    DEFINE_BESIDE(5, Subject.REGISTRY),
    PUBLISH(8, Subject.EACH),
    REPLACE(3, Subject.FILES),
    REPLACE_WHERE(3, Subject.REGISTRY),
    QUARANTINE(3, Subject.REGISTRY),
    STAGE(2, Subject.WRITERS),
    PROMOTE(2, Subject.WRITERS),
    DISCARD(1, Subject.WRITERS),
    ERASE(4, Subject.LAKE),
    ERASE_NOW(5, Subject.EACH),
    INTERRUPTED_PUBLISH(4, Subject.WRITERS),
    SLOW_PUBLISH(4, Subject.WRITERS),
    ROLL_OUT(2, Subject.WRITERS),
    RETIRE(2, Subject.WRITERS),
    PURGE(3, Subject.WRITERS),
    ONBOARD(5, Subject.LAKE),
    ADD_LAKE_FILE(3, Subject.LAKE),
    REFRESH(5, Subject.LAKE),
    RENAME_LAKE_FILE(5, Subject.LAKE),
    COPY_LAKE_FILE(2, Subject.LAKE),
    LINK_LAKE_FILE(1, Subject.LAKE),
    ONBOARD_BY_OTHER_NAME(2, Subject.LAKE),
    MAINTAIN(10, Subject.EACH),
    DOCTOR(4, Subject.FILES),
    REPAIR(2, Subject.REGISTRY),
    BACK_UP(3, Subject.FILES),
    FOREIGN_FILE(5, Subject.FILES),
    COPY_OWN_FILE(6, Subject.FILES),
    RENAME_FOLDER(4, Subject.FILES),
    RENAME_FILE(3, Subject.FILES),
    LINK_FILE(4, Subject.FILES),
    LINK_DOMAIN(2, Subject.FILES),
    SWAP_DISKS(5, Subject.WRITERS),
    SAVE_REGISTRY(5, Subject.REGISTRY),
    OLDER_REGISTRY(8, Subject.REGISTRY),
    UNDO(3, Subject.EACH),
    COPY_MESH(1, Subject.WRITERS),
    JUMP(6, Subject.EACH);

    private static final int TENTH = 10;

    private final int weight;
    private final Subject subject;

    Kind(int weight, Subject subject) {
      this.weight = weight;
      this.subject = subject;
    }

    static List<Kind> some(SplittableRandom random) {
      Subject chosen = Subject.values()[random.nextInt(Subject.EACH.ordinal())];
      return Arrays.stream(values())
          .filter(
              kind ->
                  random.nextInt(TENTH) == 0
                      || kind.subject == Subject.EACH
                      || kind.subject == chosen)
          .toList();
    }

    static Kind choose(List<Kind> kinds, SplittableRandom random) {
      int remaining = random.nextInt(kinds.stream().mapToInt(kind -> kind.weight).sum());
      for (Kind kind : kinds) {
        remaining -= kind.weight;
        if (remaining < 0) {
          return kind;
        }
      }
      return JUMP;
    }
  }

  static List<DeletionStep> of(long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Kind> kinds = Kind.some(random);
    List<DeletionStep> steps = new ArrayList<>();
    for (Kind kind : FIRST) {
      if (kinds.contains(kind)) {
        steps.add(new DeletionStep(kind, random.nextInt(1 << 20), random.nextInt(1 << 20)));
      }
    }
    while (steps.size() < count) {
      Kind kind = Kind.choose(kinds, random);
      steps.add(new DeletionStep(kind, random.nextInt(1 << 20), random.nextInt(1 << 20)));
    }
    return steps.subList(0, count);
  }
}
