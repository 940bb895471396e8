package io.meshwork.walk;

import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** Two worlds of a seed that differ in some secrets, and what principals learn of them. */
final class WorldPair {
  private WorldPair() {}

  /**
   * What the principals learned.
   *
   * @param doors the doors that were asked
   * @param differences one line for each answer that differs, and for each door without arguments
   */
  record Result(Set<String> doors, List<String> differences) {}

  /** Asks both worlds. */
  static Result compare(long seed) {
    Random random = new Random(seed);
    Set<Secret> differing = EnumSet.noneOf(Secret.class);
    for (Secret secret : Secret.values()) {
      if (random.nextInt(3) > 0) {
        differing.add(secret);
      }
    }
    Set<String> doors = new TreeSet<>();
    List<String> differences = new ArrayList<>();
    for (Principal principal : World.STRANGERS) {
      long calls = random.nextLong();
      try (World one = new World(Set.of(), seed);
          World other = new World(differing, seed)) {
        DoorWalk first = new DoorWalk(new DoorArguments(calls));
        DoorWalk second = new DoorWalk(new DoorArguments(calls));
        one.ask(principal, first);
        other.ask(principal, second);
        doors.addAll(first.doors());
        String where = "seed " + seed + " " + differing + " as " + principal + ": ";
        first.uncallable().forEach(door -> differences.add(where + "no arguments for " + door));
        differences.addAll(differing(where, first.answers(), second.answers()));
      }
    }
    return new Result(doors, differences);
  }

  private static List<String> differing(
      String where, List<DoorWalk.Answer> first, List<DoorWalk.Answer> second) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
      String one = i < first.size() ? first.get(i).toString() : "not asked";
      String other = i < second.size() ? second.get(i).toString() : "not asked";
      if (!one.equals(other)) {
        lines.add(where + one + " | " + other);
        if (i >= first.size()
            || i >= second.size()
            || !first.get(i).door().equals(second.get(i).door())) {
          return lines; // The answers after this one belong to other doors.
        }
      }
    }
    return lines;
  }
}
