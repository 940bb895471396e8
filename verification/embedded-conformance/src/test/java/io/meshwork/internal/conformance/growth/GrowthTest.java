package io.meshwork.internal.conformance.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.testkit.InMemoryMesh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What concerns one product costs about the same in a mesh with ten times the products, grants,
 * subscriptions, or publishes. A build counts the calls of the registry in a small mesh; the
 * nightly one compares times too, as {@code scripts/bench growth} does, which also counts requests
 * to DynamoDB.
 */
class GrowthTest {
  private static final int SMALL = 12;

  private static Map<String, Integer> callsOfOperations(GrowthDimension dimension, int size) {
    CallsOfRegistry calls = new CallsOfRegistry();
    try (Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      Map<String, Integer> counts = new LinkedHashMap<>();
      growing
          .ofOneProduct()
          .forEach(
              (name, act) -> {
                act.run();
                counts.put(name, calls.of(act));
              });
      return counts;
    }
  }

  /** Pages of logs that an operation reads begin at other entries, so a few calls may differ. */
  @ParameterizedTest
  @EnumSource(GrowthDimension.class)
  void anOperationOnOneProductTakesAsManyCallsInALargerMesh(GrowthDimension dimension) {
    Map<String, Integer> small = callsOfOperations(dimension, SMALL);
    Map<String, Integer> large = callsOfOperations(dimension, SMALL * GrowthBenchmark.TIMES);

    small.forEach(
        (name, calls) ->
            assertThat(large.get(name))
                .as("calls of %s beside ten times the %s", name, dimension)
                .isLessThanOrEqualTo(calls + Math.max(8, calls / 4)));
  }

  private static Map<String, Integer> documentsOfTags(int size) {
    CallsOfRegistry calls = new CallsOfRegistry();
    try (Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(GrowthDimension.TAG_GRANTS, size);
      Map<String, Integer> counts = new LinkedHashMap<>();
      growing
          .ofTags()
          .forEach(
              (name, act) -> {
                act.run();
                counts.put(name, calls.documentsOf(act));
              });
      return counts;
    }
  }

  @Test
  void aChangeOfGrantsByTagsReadsNoOtherGrants() {
    Map<String, Integer> small = documentsOfTags(SMALL);
    Map<String, Integer> large = documentsOfTags(SMALL * GrowthBenchmark.TIMES);

    small.forEach(
        (name, documents) ->
            assertThat(large.get(name))
                .as("documents of %s beside ten times the grants by tags", name)
                .isLessThanOrEqualTo(documents + 8));
  }

  @Tag("nightly")
  @ParameterizedTest
  @EnumSource(GrowthDimension.class)
  void noOperationOnOneProductTakesMuchLongerInALargeMesh(GrowthDimension dimension)
      throws IOException {
    ByteArrayOutputStream table = new ByteArrayOutputStream();
    GrowthLines lines = new GrowthLines(new PrintStream(table, true, StandardCharsets.UTF_8));

    new GrowthBenchmark(lines, 3_000).times(dimension);

    assertThat(lines.areMet()).as(table.toString(StandardCharsets.UTF_8)).isTrue();
  }

  @Test
  void documentsAndTransactionsOfAMeshThatGrewStayWithinTheLimitsOfDynamoDb() {
    CallsOfRegistry calls = new CallsOfRegistry();
    try (Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      for (GrowthDimension dimension : GrowthDimension.values()) {
        growing.grow(dimension, SMALL * GrowthBenchmark.TIMES);
      }
      growing.ofOneProduct().values().forEach(Runnable::run);
    }

    assertThat(calls.largestDocument()).as("bytes of a document").isLessThan(400 * 1024);
    assertThat(calls.largestTransaction()).as("actions").isLessThanOrEqualTo(100);
  }
}
