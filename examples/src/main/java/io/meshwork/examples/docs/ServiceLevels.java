package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.util.List;

/** An owner promises how fresh, how long, and how reliably data is delivered. */
public final class ServiceLevels {
  private Instant now = Instant.parse("2026-11-20T08:00:00Z");

  private ServiceLevels() {}

  /** A row. */
  record Visit(long id, Instant at) {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    new ServiceLevels().run(Folder.of(arguments));
  }

  private void run(Path folder) {
    // tag::level[]
    Contract contract =
        Contract.of(Visit.class)
            .serviceLevel(
                ServiceLevel.NONE
                    .eventTime("at")
                    .freshWithin(Duration.ofHours(2))
                    .retention(Period.ofYears(2))
                    .availability(99.5)
                    .pollHorizon(Duration.ofDays(60)));
    // end::level[]
    try (Mesh mesh = LocalMesh.builder(folder).clock(() -> now).open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("visits@example.org").commit();
      commerce.defineProduct("commerce/visits").contract(contract).commit();
      commerce
          .publish("commerce/visits")
          .records(List.of(new Visit(1, now.minus(Duration.ofHours(1)))))
          .commit();
      now = now.plus(Duration.ofHours(2));
      Freshness freshness =
          commerce.subscribe("commerce/visits").name("own").purpose("Check").commit().freshness();
      System.out.println(freshness.status() + " by " + freshness.lateBy());
    }
  }
}
