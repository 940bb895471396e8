package io.meshwork.testkit;

import io.meshwork.MeshBuilder;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Copies by polling, from many more seeds. */
class PollSeedsTest extends MeshSuite {
  static LongStream seeds() {
    long from = Long.getLong("mesh.poll.from", 1_000);
    return LongStream.range(from, from + Long.getLong("mesh.poll.seeds", 30));
  }

  @Override
  protected MeshBuilder mesh() {
    return InMemoryMesh.with();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void copiesHoldTheRows(long seed) {
    new PolledSales(this, seed, PolledSales.layout(seed), () -> {}).run();
  }
}
