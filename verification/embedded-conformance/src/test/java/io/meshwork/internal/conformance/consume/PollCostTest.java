package io.meshwork.internal.conformance.consume;

import static io.meshwork.contract.Partition.identity;
import static io.meshwork.internal.testkit.SampleMesh.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.CountedFiles;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.SampleMesh;
import io.meshwork.testkit.InMemoryMesh;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The number of files that a poll opens. */
class PollCostTest {
  private final ConcurrentHashMap<String, Integer> opened = new ConcurrentHashMap<>();

  private SampleMesh open() {
    SampleMesh mesh =
        SampleMesh.open(
            InMemoryMesh.builder().testing().wrapFiles(real -> new CountedFiles(real, opened)));
    mesh.commerce().defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    return mesh;
  }

  @Test
  void aBatchOfManyPublishesReadsOneManifestListAndEachManifestOnce() {
    try (SampleMesh mesh = open()) {
      MeshClient shop = mesh.commerce();
      for (int i = 0; i < 30; i++) {
        shop.publish(ORDERS).records(Order.range(i, i + 1)).commit();
      }
      var copy = mesh.finance().subscribe(ORDERS).name("copy").purpose("A copy").asMaps().commit();
      opened.clear();

      try (Batch<Map<String, Object>> batch = copy.poll()) {
        assertThat(batch.stream()).hasSize(30);
      }

      Map<String, Integer> manifests = CountedFiles.manifests(opened);
      assertThat(manifests).as("1 list and 30 manifests").hasSize(31);
      assertThat(manifests.values()).containsOnly(1);
    }
  }

  @Test
  void aBatchJoinsPublishesUpToFiveHundredFiles() {
    try (SampleMesh mesh = SampleMesh.open(InMemoryMesh.builder())) {
      MeshClient shop = mesh.commerce();
      shop.defineProduct(ORDERS)
          .contract(Contract.of(Order.class))
          .partitionBy(identity("id"))
          .commit();
      for (int i = 0; i < 3; i++) {
        shop.publish(ORDERS).records(Order.range(i * 250, (i + 1) * 250)).commit();
      }
      var copy = shop.subscribe(ORDERS).name("copy").purpose("A copy").asMaps().commit();

      List<Long> sizes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        try (Batch<Map<String, Object>> batch = copy.poll()) {
          sizes.add(batch.stream().count());
          batch.ack();
        }
      }

      assertThat(sizes).as("rows, each in its file").containsExactly(500L, 250L);
    }
  }

  /** What polls open until they are at the end, by numbers of snapshots behind it. */
  private List<Map<String, Integer>> openedBehind(int... behind) {
    List<Map<String, Integer>> all = new ArrayList<>();
    try (SampleMesh mesh = open()) {
      MeshClient shop = mesh.commerce();
      var copy = mesh.finance().subscribe(ORDERS).name("copy").purpose("A copy").asMaps().commit();
      int next = 0;
      for (int count : behind) {
        for (int end = next + count; next < end; next++) {
          shop.publish(ORDERS).records(Order.range(next, next + 1)).commit();
        }
        opened.clear();
        long rows = 0;
        while (rows < count) {
          try (Batch<Map<String, Object>> batch = copy.poll()) {
            rows += batch.stream().count();
            batch.ack();
          }
        }
        assertThat(rows).isEqualTo(count);
        all.add(Map.copyOf(opened));
      }
    }
    return all;
  }

  @Tag("nightly")
  @Test
  void aPollFromMoreThanTwoThousandSnapshotsBehindOpensAsManyFilesForEachNewOne() {
    List<Map<String, Integer>> polls = openedBehind(100, 2_100, 100);

    List<Integer> counts =
        polls.stream()
            .map(files -> files.values().stream().mapToInt(Integer::intValue).sum())
            .toList();
    assertThat(counts.get(0)).as("100 data files and what lists them").isBetween(100, 500);
    assertThat(counts.get(1)).as("21 times the snapshots").isLessThanOrEqualTo(22 * counts.get(0));
    assertThat(counts.get(2))
        .as("100 snapshots after 2,200")
        .isLessThanOrEqualTo(counts.get(0) * 2);
  }
}
