package io.meshwork.benchmarks;

/** One way of doing the work. */
@FunctionalInterface
interface Contender {
  void run() throws Exception;
}
