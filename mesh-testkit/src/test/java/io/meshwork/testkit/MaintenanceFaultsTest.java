package io.meshwork.testkit;

import static io.meshwork.testkit.Faults.Death.THROW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshException;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Principal;
import io.meshwork.testkit.Faults.Phase;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MaintenanceFaultsTest {
  private static final String SALES = "commerce/sales";

  record Sale(long id, double amount) {}

  private static void publish(OpenedMesh open, int times) {
    MeshClient commerce = open.mesh().clientAs(Principal.of("commerce", "etl"));
    commerce.registerDomain("commerce").owner("sales@example.org").commit();
    commerce.defineProduct(SALES).contract(Contract.of(Sale.class)).openToMesh().commit();
    for (int publish = 0; publish < times; publish++) {
      List<Sale> sales =
          LongStream.range(publish * 6L, publish * 6L + 6)
              .mapToObj(id -> new Sale(id, id * 1.25))
              .toList();
      commerce.publish(SALES).records(sales).commit();
    }
  }

  @Test
  void anErrorAfterTheCommitOfACompactionDeletesNothing() {
    Faults faults = Faults.seeded(1);
    try (MeshPlace place = MeshPlace.inMemory();
        OpenedMesh open = OpenedMesh.of(place, OpenedMesh.clock(), 1, faults)) {
      publish(open, 3);
      faults.on(Port.REGISTRY_COMMIT).path(SALES).nth(1).crash(Phase.AFTER, THROW);

      assertThatThrownBy(() -> open.mesh().maintain().compactAtLeast(2).commit())
          .isInstanceOf(SimulatedCrash.class);

      assertThat(MeshInvariants.of(open).broken()).isEmpty();
      assertThat(open.story().rows()).hasSize(18);
    }
  }

  @Test
  void anUnreadableStoreFailsMaintenanceWithAMeshException() {
    Faults faults = Faults.seeded(1);
    int failed = 0;
    try (MeshPlace place = MeshPlace.inMemory();
        OpenedMesh open = OpenedMesh.of(place, OpenedMesh.clock(), 1, faults)) {
      publish(open, 3);
      for (int read = 1; read <= 30; read++) {
        faults.clear();
        faults.on(Port.FILE_READ).nth(read).failBefore();

        Throwable failure = catchThrowable(() -> open.mesh().maintain().compactAtLeast(2).commit());

        if (failure != null) {
          failed++;
          assertThat(failure).as("read %d", read).isInstanceOf(MeshException.class);
        }
      }
      faults.clear();
      assertThat(MeshInvariants.of(open).broken()).isEmpty();
    }
    assertThat(failed).isPositive();
  }

  @Test
  void anArchiveTornByAnErrorIsRewritten() {
    Faults faults = Faults.seeded(1);
    try (MeshPlace place = MeshPlace.inMemory();
        OpenedMesh open = OpenedMesh.of(place, OpenedMesh.clock(), 1, faults)) {
      publish(open, 3);
      open.time().advance(Duration.ofDays(90));
      faults.on(Port.FILE_WRITE).path("**/archive/**").nth(2).crash(Phase.TORN, THROW);
      assertThatThrownBy(() -> open.mesh().maintain().commit()).isInstanceOf(SimulatedCrash.class);

      Maintain.Report again = open.mesh().maintain().commit();

      assertThat(again.remaining()).isEmpty();
      assertThat(open.mesh().doctor().problems()).isEmpty();
    }
  }
}
