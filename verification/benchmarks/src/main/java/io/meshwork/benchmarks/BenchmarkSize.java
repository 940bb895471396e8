package io.meshwork.benchmarks;

/**
 * How much a benchmark measures.
 *
 * @param rows number of rows
 * @param rounds measured rounds, after one to warm up
 * @param seed of the rows
 */
record BenchmarkSize(int rows, int rounds, long seed) {
  /** The exit code for arguments that do not fit. */
  private static final int USAGE = 2;

  /**
   * Reads {@code [ROWS [ROUNDS [SEED]]]}; five rounds and seed 42 are the default. Ends the process
   * if the arguments are others.
   */
  static BenchmarkSize of(String[] arguments, int rows) {
    try {
      BenchmarkSize size =
          new BenchmarkSize(
              arguments.length > 0 ? Integer.parseInt(arguments[0]) : rows,
              arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5,
              arguments.length > 2 ? Long.parseLong(arguments[2]) : 42);
      if (size.rows > 0 && size.rounds > 0 && arguments.length <= 3) {
        return size;
      }
    } catch (NumberFormatException e) {
      // Refused below, as numbers that are not positive.
    }
    throw refused(
        "the arguments are [ROWS [ROUNDS [SEED]]]: ROWS and ROUNDS from 1 to 2147483647, SEED a"
            + " whole number; not: "
            + String.join(" ", arguments));
  }

  /**
   * Reads a number that may be left out. Ends the process if it is not from 1 to 2147483647.
   *
   * @param name of the argument
   * @param index of the argument
   */
  static int count(String name, String[] arguments, int index, int otherwise) {
    if (arguments.length <= index) {
      return otherwise;
    }
    try {
      int count = Integer.parseInt(arguments[index]);
      if (count > 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Refused below, as a number that is not positive.
    }
    throw refused(name + " is from 1 to 2147483647, not: " + arguments[index]);
  }

  /** Ends the process with the exit code for arguments that do not fit. */
  static IllegalStateException refused(String why) {
    System.err.println("scripts/bench: " + why);
    System.exit(USAGE);
    return new IllegalStateException(why);
  }
}
