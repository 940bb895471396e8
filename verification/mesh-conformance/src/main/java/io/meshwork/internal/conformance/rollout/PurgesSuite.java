package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.internal.catalog.HoldEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.RetirementFixture;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A purge deletes the rows and files of a major version that was retired or withdrawn. */
public abstract class PurgesSuite extends RetirementFixture {
  private static final ProductName PRODUCT = ProductName.of(ORDERS);

  @Test
  void erasedRowsLeaveARetiredMajorVersionForGood() {
    retired();
    String file = shop().read(ORDERS).majorVersion(1).files().get(0);
    shop().erase(ORDERS).where("id = 1").because("They asked.").commit();

    clock.advance(Duration.ofDays(10));
    maintain();

    assertThat(files.present()).doesNotContainKey(file);
    assertThat(old()).hasSize(2);
    assertWhole();
  }

  @Test
  void aPurgeDeletesTheDataForGood() {
    MajorRollout retired = retired();
    publishNew(3, 5);
    List<String> data = shop().read(ORDERS).majorVersion(1).files();
    assertConflict(() -> retired.purge().because("Done").commit(), "can be undone until");
    clock.advance(Duration.ofDays(15));

    MajorRollout purged = retired.purge().because("Done").commit();

    assertThat(purged.purgedAt()).isPresent();
    assertThat(purged.toString()).contains("purged");
    assertThat(files.present()).doesNotContainKeys(data.toArray(String[]::new));
    assertThat(files.present().keySet()).noneMatch(file -> file.contains("orders_v1/"));
    assertRetired(() -> old(), "its data was deleted");
    assertRetired(
        () -> toOrders().majorVersion(1).records(Order.range(9, 10)).commit(),
        "its data was deleted",
        "Publish to major version 2");
    assertRetired(
        () -> fromOrders().majorVersion(1).where("id = 1").because("They asked.").commit(),
        "its data was deleted",
        "Use major version 2");
    assertThat(shop().describe(ORDERS).versions())
        .extracting(version -> version.state())
        .containsExactlyInAnyOrder(MajorVersion.State.ACTIVE, MajorVersion.State.PURGED);
    assertThat(current()).hasSize(5);
    assertConflict(() -> purged.restore().because("Oh").commit(), "undone until");
    shop().erase(ORDERS).where("id = 1").because("They asked.").commit();
    maintain();
    assertWhole();
  }

  @Test
  void anInterruptedPurgeIsCompletedByMaintenanceOrByAnotherPurge() throws IOException {
    MajorRollout retired = retired();
    clock.advance(Duration.ofDays(15));
    Map<String, byte[]> ofTable = new TreeMap<>();
    for (String file : files.present().keySet()) {
      if (file.contains("orders_v1/") && !file.endsWith("/last_updated.json")) {
        try (InputStream in = files.newInputFile(file).newStream()) {
          ofTable.put(file, in.readAllBytes());
        }
      }
    }
    retired.purge().because("Done").commit();
    for (Runnable completion :
        List.<Runnable>of(() -> rollout().purge().because("Done").commit(), this::maintain)) {
      for (Map.Entry<String, byte[]> file : ofTable.entrySet()) {
        try (OutputStream out = files.newOutputFile(file.getKey()).create()) {
          out.write(file.getValue());
        }
      }

      assertThat(mesh.doctor().problems()).isEmpty();
      completion.run();

      assertThat(files.present()).doesNotContainKeys(ofTable.keySet().toArray(String[]::new));
    }
    assertWhole();
  }

  @Test
  void aLongReadPreventsAPurge() {
    MajorRollout retired = retired();
    registerFinance();
    clock.advance(Duration.ofDays(15));
    HoldEntry hold =
        new HoldEntry(
            PRODUCT,
            1,
            "1",
            clock.instant(),
            clock.instant().plus(Duration.ofHours(1)),
            Optional.empty());
    assertThat(
            registry.commit(
                Transaction.attempt(IdGenerator.secure(clock).next())
                    .insert(
                        RegistryKeys.hold(consumerLog("finance"), PRODUCT, "long"),
                        DocumentJson.write(hold.toDocument(Optional.empty()).put("format", 1)))
                    .build()))
        .isEqualTo(Outcome.COMMITTED);

    assertConflict(() -> retired.purge().because("Done").commit(), "hold of finance");
    clock.advance(Duration.ofHours(2));
    assertThat(retired.purge().because("Done").commit().purgedAt()).isPresent();
  }

  @Test
  void anAbortedRolloutIsPurged() {
    inParallel().abort().because("Wrong unit").commit();
    assertThat(current()).hasSize(3);

    assertThat(rollout().purge().because("Copies of persons").commit().purgedAt()).isPresent();

    assertRetired(() -> current(), "its data was deleted");
    assertThat(old()).hasSize(3);
    publishOneByOne(3, 4);
    maintain();
    assertWhole();
  }
}
