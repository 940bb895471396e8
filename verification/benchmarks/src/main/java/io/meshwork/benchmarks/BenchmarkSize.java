package io.meshwork.benchmarks;

/**
 * How much a benchmark measures.
 *
 * @param rows number of rows
 * @param rounds measured rounds, after one to warm up
 * @param seed of the rows
 */
record BenchmarkSize(int rows, int rounds, long seed) {
  /** Reads {@code [ROWS [ROUNDS [SEED]]]}; five rounds and seed 42 are the default. */
  static BenchmarkSize of(String[] arguments, int rows) {
    BenchmarkSize size =
        new BenchmarkSize(
            arguments.length > 0 ? Integer.parseInt(arguments[0]) : rows,
            arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5,
            arguments.length > 2 ? Long.parseLong(arguments[2]) : 42);
    if (size.rows < 1 || size.rounds < 1 || arguments.length > 3) {
      throw new IllegalArgumentException("the arguments are [ROWS [ROUNDS [SEED]]], each above 0");
    }
    return size;
  }
}
