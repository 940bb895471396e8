package io.meshwork.benchmarks;

/** One way of doing the work. */
@FunctionalInterface
interface BenchmarkContender {
  void run() throws Exception;
}
