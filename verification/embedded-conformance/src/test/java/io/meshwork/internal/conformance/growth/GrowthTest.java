package io.meshwork.internal.conformance.growth;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;
import org.assertj.core.api.SoftAssertions;
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
  private static final String ROOT = "memory:/mesh";

  /** It reads pages of entries until ten concern the product. */
  private static final String SEARCH_OF_LOGS = "audit of ten";

  /** The calls of operations in a mesh that grew, and the documents that they read, by name. */
  private static Map<String, Integer> counts(
      GrowthDimension dimension,
      int size,
      Function<GrowingMesh, Map<String, Runnable>> operations) {
    CallsOfRegistry calls = new CallsOfRegistry();
    try (Mesh mesh = InMemoryMesh.builder().testing().wrapRegistry(calls::counting).open()) {
      GrowingMesh growing = new GrowingMesh(mesh);
      growing.grow(dimension, size);
      Map<String, Integer> counts = new LinkedHashMap<>();
      operations
          .apply(growing)
          .forEach(
              (name, act) -> {
                act.run();
                int documents =
                    calls.documentsOf(() -> counts.put("calls of " + name, calls.of(act)));
                if (!GrowthBenchmark.isListing(name, dimension) && !name.equals(SEARCH_OF_LOGS)) {
                  counts.put("documents of " + name, documents);
                }
              });
      return counts;
    }
  }

  /** Pages of logs that an operation reads begin at other entries, so a few may differ. */
  private static void assertFlat(
      GrowthDimension dimension, Function<GrowingMesh, Map<String, Runnable>> operations) {
    Map<String, Integer> small = counts(dimension, SMALL, operations);
    Map<String, Integer> large = counts(dimension, SMALL * GrowthBenchmark.TIMES, operations);

    SoftAssertions all = new SoftAssertions();
    small.forEach(
        (name, before) ->
            all.assertThat(large.get(name))
                .as("%s beside ten times the %s, after %s", name, dimension, before)
                .isLessThanOrEqualTo(before + Math.max(8, before / 4)));
    all.assertAll();
  }

  @ParameterizedTest
  @EnumSource(GrowthDimension.class)
  void anOperationOnOneProductTakesAsManyCallsAndDocumentsInALargerMesh(GrowthDimension dimension) {
    assertFlat(dimension, GrowingMesh::ofOneProduct);
  }

  @Test
  void aChangeOfGrantsByTagsReadsNoOtherGrants() {
    assertFlat(GrowthDimension.TAG_GRANTS, GrowingMesh::ofTags);
  }

  @Test
  void aNewProcessRevokesAGrantWithoutReadingTheOthers() {
    Registry registry = InMemoryMesh.registry();
    FileIO files = InMemoryMesh.files();
    CallsOfRegistry calls = new CallsOfRegistry();
    try (Mesh earlier = Mesh.builder(registry, files, ROOT).open();
        Mesh mesh = Mesh.builder(calls.counting(registry), files, ROOT).open()) {
      MeshClient etl = earlier.clientAs(Principal.of("shop", "etl"));
      etl.registerDomain("shop").owner("shop@example.org").commit();
      etl.defineProduct("shop/orders").contract(Contract.of(Order.class)).commit();
      List<String> granted = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Principal reader = Principal.of("account" + i, "etl");
        granted.add(etl.grant("shop/orders").to(reader).because("Reports").commit().get(0).id());
      }
      MeshClient shop = mesh.clientAs(Principal.of("shop", "etl"));

      int documents = calls.documentsOf(() -> shop.revoke(granted.get(7)).commit());

      assertThat(documents).as("documents read").isLessThan(60);
      assertThat(shop.access().grants()).hasSize(199);
    }
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
