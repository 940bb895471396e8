package io.meshwork.testkit;

import io.meshwork.testkit.CallTurns.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Two generated processes over few files. What a step accesses, and how many follow, depends on
 * what the process read before. Used by one thread.
 */
final class RandomProgram {
  private static final List<String> NAMES = List.of("a/1", "a/2", "b/1", "b/2");

  private final List<List<Instruction>> processes = new ArrayList<>();

  private enum Kind {
    READ,
    LIST,
    WRITE,
    WRITE_IF_UNCHANGED,
    SKIP_IF_ODD
  }

  /** An instruction on one file, or on a file that depends on the state of the process. */
  private record Instruction(Kind kind, int file, boolean byState) {
    int file(int state) {
      return Math.floorMod(byState ? file + state : file, NAMES.size());
    }
  }

  /** The steps, and what remains after both processes ended. */
  record Result(List<Step> steps, String outcome) {}

  private RandomProgram() {}

  /** A generated program of two processes with 2 to 6 steps each. */
  static RandomProgram of(Random random) {
    RandomProgram program = new RandomProgram();
    for (int process = 0; process < 2; process++) {
      List<Instruction> instructions = new ArrayList<>();
      int length = 2 + random.nextInt(5);
      for (int step = 0; step < length; step++) {
        instructions.add(
            new Instruction(
                Kind.values()[random.nextInt(Kind.values().length)],
                random.nextInt(NAMES.size()),
                random.nextInt(4) == 0));
      }
      program.processes.add(instructions);
    }
    return program;
  }

  /** Runs the program in a schedule. */
  Result run(int[] schedule) {
    return new Execution(this, schedule).run();
  }

  /** One execution. */
  private static final class Execution {
    private final RandomProgram program;
    private final int[] schedule;
    private final Map<String, Integer> files = new TreeMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final int[] position = new int[2];
    private final int[] state = {1, 2};
    private final List<Map<String, Integer>> known = List.of(new TreeMap<>(), new TreeMap<>());

    Execution(RandomProgram program, int[] schedule) {
      this.program = program;
      this.schedule = schedule;
      NAMES.forEach(name -> files.put(name, 0));
    }

    Result run() {
      int process = 0;
      for (int calls : schedule) {
        run(process, calls);
        process = 1 - process;
      }
      run(process, Integer.MAX_VALUE);
      run(1 - process, Integer.MAX_VALUE);
      return new Result(steps, files + " " + state[0] + " " + state[1]);
    }

    private void run(int process, int calls) {
      List<Instruction> instructions = program.processes.get(process);
      for (int call = 0; call < calls && position[process] < instructions.size(); call++) {
        Instruction instruction = instructions.get(position[process]++);
        Accesses accesses = new Accesses();
        steps.add(new Step(process, accesses));
        run(process, instruction, accesses);
      }
    }

    private void run(int process, Instruction instruction, Accesses accesses) {
      String name = NAMES.get(instruction.file(state[process]));
      switch (instruction.kind()) {
        case READ, SKIP_IF_ODD -> {
          accesses.readFile(name);
          int content = files.get(name);
          known.get(process).put(name, content);
          see(process, content);
          if (instruction.kind() == Kind.SKIP_IF_ODD && content % 2 != 0) {
            position[process]++;
          }
        }
        case LIST -> {
          String prefix = name.substring(0, 2);
          accesses.listFiles(prefix);
          files.forEach(
              (file, content) -> {
                if (file.startsWith(prefix)) {
                  see(process, content);
                }
              });
        }
        case WRITE -> {
          accesses.writeFile(name);
          files.put(name, state[process]);
        }
        case WRITE_IF_UNCHANGED -> {
          accesses.readFile(name);
          boolean unchanged = files.get(name).equals(known.get(process).getOrDefault(name, 0));
          see(process, unchanged ? 1 : 0);
          if (unchanged) {
            accesses.writeFile(name);
            files.put(name, state[process]);
          }
        }
      }
    }

    private void see(int process, int content) {
      state[process] = state[process] * 31 + content;
    }
  }
}
