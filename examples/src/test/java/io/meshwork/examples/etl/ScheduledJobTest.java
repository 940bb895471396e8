package io.meshwork.examples.etl;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes and the result file of the task. */
class ScheduledJobTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-16");

  @TempDir private Path folder;

  private int run(Path mesh, String... more) throws IOException {
    Path result = folder.resolve("return.json");
    int code =
        ScheduledJob.run(List.of(mesh.toString(), DAY.toString(), "--result-file", result + ""));
    assertThat(Files.readString(result)).contains("\"exitCode\":" + code + ",").contains(more);
    return code;
  }

  @Test
  void theExitCodeTellsWhetherTheDayWasPublishedNothingIsNewOrTheRequestIsWrong()
      throws IOException {
    Path place = folder.resolve("mesh");
    assertThat(run(place, "\"status\":\"failed\"", "\"errorCode\":\"MESH-")).isNotZero();
    try (Mesh mesh = LocalMesh.open(place)) {
      MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").owner("sales@example.org").commit();
      mesh.clientAs(Principal.of("finance", "etl"))
          .registerDomain("finance")
          .owner("finance@example.org")
          .commit();
      sales
          .defineProduct("sales/sales")
          .contract(Contract.of(ScheduledJob.Sale.class))
          .openToMesh()
          .commit();
      sales
          .publish("sales/sales")
          .records(List.of(new ScheduledJob.Sale("s-1", DAY, new BigDecimal("9.50"))))
          .completeUpTo(Instant.parse("2026-11-17T00:00:00Z"))
          .commit();
    }

    assertThat(run(place, "\"status\":\"published\"", "\"receipt\":{")).isZero();
    assertThat(run(place, "\"status\":\"nothing-new\"")).isEqualTo(99);
    assertThat(ScheduledJob.run(List.of(place.toString()))).isEqualTo(2);
  }

  @Test
  void aDayThatIsNotCompleteInTimeIsLate() {
    ManualClock clock = ManualClock.at(Instant.parse("2026-11-17T06:00:00Z"));
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("late"))
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .open()) {
      MeshClient sales = mesh.clientAs(Principal.of("sales", "etl"));
      sales.registerDomain("sales").owner("sales@example.org").commit();
      MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
      finance.registerDomain("finance").owner("finance@example.org").commit();
      sales
          .defineProduct("sales/sales")
          .contract(Contract.of(ScheduledJob.Sale.class))
          .openToMesh()
          .commit();

      ScheduledJob.Result result = ScheduledJob.copy(finance, DAY);

      assertThat(result.exitCode()).isEqualTo(12);
      assertThat(result.toJson()).contains("\"status\":\"late\"");
    }
  }
}
