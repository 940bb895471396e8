package io.meshwork.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Walks over a product with several major versions: publishes, erasures, rights, suspensions,
 * subscriptions, rollouts, clocks, and crashes, of which each may meet each. After each step, the
 * laws of {@link Law} are checked from outside.
 */
public final class RolloutWalk {
  private static final String USAGE = "scripts/walk rollouts [WALKS [SEED [STEPS]]]";
  private static final int WALKS = 300;
  private static final int STEPS = 60;

  private final boolean onFiles;

  /**
   * Walks over products on one kind of mesh.
   *
   * @param onFiles true for SQLite and files, false for memory
   */
  RolloutWalk(boolean onFiles) {
    this.onFiles = onFiles;
  }

  /** Runs the walks that {@code scripts/walk rollouts} names. */
  public static void main(String[] texts) throws IOException {
    WalkArguments arguments = new WalkArguments(USAGE, texts).atMost(3);
    int walks = arguments.count("WALKS", 0, WALKS);
    long seed = arguments.seed("SEED", 1, 1);
    int steps = arguments.count("STEPS", 2, STEPS);
    RolloutWalk walk = new RolloutWalk(Boolean.parseBoolean(System.getenv("MESHWORK_WALK_FILES")));
    Result result = walk.run(walks, seed, steps);
    for (Failure failure : result.failures()) {
      System.out.println(failure + " " + RolloutProgram.write(failure));
    }
    System.out.printf(
        "RESULT {\"walks\":%d,\"steps\":%d,\"violations\":%d,\"lawsChecked\":{%s}}%n",
        walks,
        (long) walks * steps,
        result.failures().size(),
        result.checked().entrySet().stream()
            .map(law -> "\"" + law.getKey() + "\":" + law.getValue())
            .collect(Collectors.joining(",")));
    System.exit(result.failures().isEmpty() ? 0 : 1);
  }

  /** Walks that broke a law, and how often each law was checked. */
  record Result(List<Failure> failures, Map<Law, Long> checked) {}

  /**
   * A walk that broke a law, with the fewest steps that were found to break it.
   *
   * @param step the number of the step that broke it, from 1, in the whole walk
   */
  record Failure(long seed, int step, BrokenLaw broken, List<String> program) {
    @Override
    public String toString() {
      return "seed "
          + seed
          + " step "
          + step
          + " "
          + broken.law()
          + ": "
          + broken.sentence().replaceAll("\\s+", " ");
    }
  }

  /** The outcome of a walk. */
  private record Outcome(Optional<Failure> failure, Map<Law, Long> checked) {}

  /** Runs walks with consecutive seeds. */
  Result run(int walks, long seed, int steps) {
    List<Outcome> outcomes =
        IntStream.range(0, walks).parallel().mapToObj(index -> walk(seed + index, steps)).toList();
    Map<Law, Long> checked = new EnumMap<>(Law.class);
    for (Law law : Law.values()) {
      checked.put(law, 0L);
    }
    outcomes.forEach(
        outcome -> outcome.checked().forEach((law, count) -> checked.merge(law, count, Long::sum)));
    return new Result(
        outcomes.stream().flatMap(outcome -> outcome.failure().stream()).toList(), checked);
  }

  private Outcome walk(long seed, int count) {
    List<RolloutStep> steps = RolloutStep.of(seed, count);
    Outcome whole = attempt(seed, steps);
    if (whole.failure().isEmpty()) {
      return whole;
    }
    Failure failure = whole.failure().get();
    int step = failure.step();
    String kind = failure.broken().kind();
    steps = steps.subList(0, Math.min(step, count));
    int before;
    do {
      before = steps.size();
      for (int size = Math.max(1, steps.size() / 2); size > 0; size /= 2) {
        for (int from = steps.size() - size; from >= 0; from -= size) {
          List<RolloutStep> fewer = new ArrayList<>(steps);
          fewer.subList(from, Math.min(steps.size(), from + size)).clear();
          Optional<Failure> smaller = attempt(seed, fewer).failure();
          if (smaller.isPresent() && smaller.get().broken().kind().equals(kind)) {
            failure = smaller.get();
            steps = fewer;
            from = Math.min(from, steps.size());
          }
        }
      }
    } while (steps.size() < before);
    return new Outcome(
        Optional.of(new Failure(seed, step, failure.broken(), failure.program())), whole.checked());
  }

  private Outcome attempt(long seed, List<RolloutStep> steps) {
    try (RolloutWorld world = new RolloutWorld(onFiles)) {
      RolloutSteps all = new RolloutSteps(world);
      int number = 0;
      try {
        all.start();
        for (RolloutStep step : steps) {
          number++;
          all.run(step);
        }
        number++;
        all.end();
        return new Outcome(Optional.empty(), world.checked);
      } catch (BrokenLaw e) {
        return new Outcome(
            Optional.of(new Failure(seed, number, e, world.program())), world.checked);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
