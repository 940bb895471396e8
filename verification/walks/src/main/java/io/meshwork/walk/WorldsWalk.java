package io.meshwork.walk;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks each public door of two meshes that differ only in what the principal may not know. The
 * answers are equal. Prints one line for each difference, and one for each door that cannot be
 * called; to the standard error, how many doors answered, and why others refused.
 */
public final class WorldsWalk {
  private static final int PAIRS = 10;

  private WorldsWalk() {}

  /** Arguments: pairs (default 10), and a seed (default 1). */
  public static void main(String[] texts) {
    WalkArguments arguments =
        new WalkArguments("scripts/walk worlds [PAIRS [SEED]]", texts).atMost(2);
    int pairs = arguments.count("PAIRS", 0, PAIRS);
    long seed = arguments.seed("SEED", 1, 1);
    Set<String> doors = new TreeSet<>();
    DoorOutcomes outcomes = new DoorOutcomes();
    int differences = 0;
    for (int pair = 0; pair < pairs; pair++) {
      WorldPair.Result result = WorldPair.compare(seed + pair);
      doors.addAll(result.doors());
      outcomes.add(result.outcomes());
      List<String> lines = result.differences();
      lines.forEach(System.out::println);
      differences += lines.size();
    }
    if (System.getenv("MESHWORK_WALK_DOORS") != null) {
      System.err.print(outcomes.refusals());
    }
    System.err.println(outcomes.summary());
    System.out.println(
        "RESULT {\"pairs\":"
            + pairs
            + ",\"doors\":"
            + doors.size()
            + ",\"differences\":"
            + differences
            + "}");
    System.exit(differences == 0 ? 0 : 1);
  }
}
