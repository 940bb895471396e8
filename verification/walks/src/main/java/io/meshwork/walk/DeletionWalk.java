package io.meshwork.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Walks over everything that deletes. Law: no row of a readable version and no file that Meshwork
 * did not write is deleted or changed, except by an explicit erasure or purge of exactly that; what
 * a plan, the doctor, a backup, or a proof says is true; what was committed stays readable.
 */
public final class DeletionWalk {
  private static final String USAGE = "scripts/walk deletion [WALKS [SEED [STEPS]]]";
  private static final int WALKS = 200;
  private static final int STEPS = 16;

  private DeletionWalk() {}

  /** Runs the walks that {@code scripts/walk deletion} names. */
  public static void main(String[] texts) throws IOException {
    WalkArguments arguments = new WalkArguments(USAGE, texts).atMost(3);
    int walks = arguments.count("WALKS", 0, WALKS);
    long seed = arguments.seed("SEED", 1, 1);
    int steps = arguments.count("STEPS", 2, STEPS);
    List<Failure> failures = run(walks, seed, steps);
    failures.forEach(failure -> System.out.println(failure + "\n"));
    SortedMap<String, Long> kinds =
        failures.stream()
            .collect(
                Collectors.groupingBy(
                    failure -> failure.violation().kind(), TreeMap::new, Collectors.counting()));
    kinds.forEach((kind, count) -> System.out.println(kind + ": " + count));
    System.out.printf(
        "RESULT {\"walks\":%d,\"steps\":%d,\"violations\":%d}%n",
        walks, (long) walks * steps, failures.size());
    System.exit(failures.isEmpty() ? 0 : 1);
  }

  /** A walk that broke a law, with the fewest steps that were found to break it. */
  record Failure(long seed, int steps, Violation violation, List<String> program) {
    @Override
    public String toString() {
      return "Seed "
          + seed
          + " with "
          + steps
          + " steps breaks a law. "
          + violation.getMessage()
          + "\n  "
          + String.join("\n  ", program);
    }
  }

  /** Runs walks with consecutive seeds, and returns those that broke a law. */
  static List<Failure> run(int walks, long seed, int steps) throws IOException {
    LakeFiles lake = LakeFiles.create();
    return IntStream.range(0, walks)
        .parallel()
        .mapToObj(index -> walk(lake, seed + index, steps))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Failure> walk(LakeFiles lake, long seed, int count) {
    List<DeletionStep> steps = DeletionStep.of(seed, count);
    Optional<Failure> failure = attempt(lake, seed, count, steps);
    if (failure.isEmpty()) {
      return failure;
    }
    String kind = failure.get().violation().kind();
    for (int size = Math.max(1, steps.size() / 2); size > 0; size /= 2) {
      for (int from = steps.size() - size; from >= 0; from -= size) {
        List<DeletionStep> fewer = new ArrayList<>(steps);
        fewer.subList(from, Math.min(steps.size(), from + size)).clear();
        Optional<Failure> smaller = attempt(lake, seed, count, fewer);
        if (smaller.isPresent() && smaller.get().violation().kind().equals(kind)) {
          failure = smaller;
          steps = fewer;
          from = Math.min(from, steps.size());
        }
      }
    }
    return failure;
  }

  private static Optional<Failure> attempt(
      LakeFiles lake, long seed, int count, List<DeletionStep> steps) {
    try (DeletionWorld world = new DeletionWorld(lake, seed)) {
      try {
        for (DeletionStep step : steps) {
          world.run(step);
        }
        world.end();
        return Optional.empty();
      } catch (Violation e) {
        return Optional.of(new Failure(seed, count, e, world.program()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
