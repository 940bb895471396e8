package io.meshwork.internal.conformance.lifecycle;

import io.meshwork.Mesh;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.testkit.InMemoryMesh;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Longer sequences of random operations, in memory. */
class RandomLifecycleTest extends MeshFixture {
  private static final int OPERATIONS = 150;

  static Stream<Arguments> seeds() {
    long first = Long.getLong("mesh.lifecycle.from", 1_000);
    return LongStream.range(first, first + Long.getLong("mesh.lifecycle.seeds", 40))
        .boxed()
        .flatMap(seed -> Stream.of(Interference.values()).map(other -> Arguments.of(seed, other)));
  }

  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  @ParameterizedTest
  @CsvSource({"1, NONE", "2, MEANWHILE", "3, FAULT"})
  void longSequencesMatchTheModel(long seed, Interference interference) {
    new RandomOperations(this, seed, interference).run(OPERATIONS);
  }

  @Tag("nightly")
  @ParameterizedTest
  @MethodSource("seeds")
  void longSequencesMatchTheModelForManySeeds(long seed, Interference interference) {
    new RandomOperations(this, seed, interference).run(OPERATIONS);
  }
}
