package io.meshwork.walk;

import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
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
   * @param differences one line for each answer that differs, for each door without arguments, and
   *     for each exception that the API does not declare
   * @param outcomes how the doors replied
   */
  record Result(Set<String> doors, List<String> differences, DoorOutcomes outcomes) {}

  /** Asks both worlds as each principal. */
  static Result compare(long seed) {
    return compare(seed, World.STRANGERS);
  }

  /** Asks both worlds as some of the principals. */
  static Result compare(long seed, Collection<Principal> principals) {
    Random random = new Random(seed);
    Set<Secret> differing = EnumSet.noneOf(Secret.class);
    for (Secret secret : Secret.values()) {
      if (random.nextInt(3) > 0) {
        differing.add(secret);
      }
    }
    Set<String> doors = new TreeSet<>();
    List<String> differences = new ArrayList<>();
    DoorOutcomes outcomes = new DoorOutcomes();
    for (Principal principal : World.STRANGERS) {
      long calls = random.nextLong();
      if (!principals.contains(principal)) {
        continue;
      }
      Set<Secret> hidden = EnumSet.copyOf(differing);
      hidden.removeIf(secret -> !secret.isHiddenFrom(principal));
      List<Inquiry> inquiries = new ArrayList<>(List.of(WorldPair::inMemory));
      if (principal.equals(World.STRANGERS.get(Math.floorMod(seed, World.STRANGERS.size())))) {
        inquiries.add(WorldPair::byEngine);
      }
      for (Inquiry inquiry : inquiries) {
        DoorWalk one = ask(inquiry, Set.of(), seed, principal, calls);
        DoorWalk other = ask(inquiry, hidden, seed, principal, calls);
        doors.addAll(one.doors());
        outcomes.add(one.outcomes());
        String where = "seed " + seed + " " + hidden + " as " + principal + ": ";
        one.uncallable().forEach(door -> differences.add(where + "no arguments for " + door));
        Set<String> faults = new TreeSet<>(one.faults());
        faults.addAll(other.faults());
        faults.forEach(fault -> differences.add(where + fault));
        differences.addAll(differing(where, one.answers(), other.answers()));
      }
    }
    return new Result(doors, differences, outcomes);
  }

  /** Creates a world in which some secrets are other ones, and asks it. */
  @FunctionalInterface
  private interface Inquiry {
    DoorWalk ask(Set<Secret> other, long seed, Principal principal, long calls, Path folder);
  }

  private static DoorWalk ask(
      Inquiry inquiry, Set<Secret> other, long seed, Principal principal, long calls) {
    try {
      Path folder = FileTree.temporary("worlds-walk");
      try {
        return inquiry.ask(other, seed, principal, calls, folder);
      } finally {
        FileTree.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DoorWalk inMemory(
      Set<Secret> other, long seed, Principal principal, long calls, Path folder) {
    try (World world = World.inMemory(other, seed, principal)) {
      DoorWalk walk = new DoorWalk(new DoorArguments(calls, principal, world.known()));
      world.ask(walk, folder);
      return walk;
    }
  }

  /** Asks through the Iceberg catalog, which opens a mesh by its folder and has no other clock. */
  private static DoorWalk byEngine(
      Set<Secret> other, long seed, Principal principal, long calls, Path folder) {
    try (World world = World.in(folder, other, seed, principal)) {
      DoorWalk walk = new DoorWalk(new DoorArguments(calls, principal, world.known()));
      new CatalogDoors(walk).ask(folder, principal);
      return walk;
    }
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
