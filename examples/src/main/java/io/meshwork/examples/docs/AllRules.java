package io.meshwork.examples.docs;

import static io.meshwork.contract.Partition.identity;
import static io.meshwork.contract.Partition.month;
import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.time.LocalDateTime;

/** A contract with a rule of each kind, and with partitions. */
public final class AllRules {
  private AllRules() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    // tag::rules[]
    record Trip(
        String tripId,
        LocalDateTime pickup,
        LocalDateTime dropoff,
        Integer passengers,
        double fare,
        String currency,
        String vendor) {}

    Contract contract =
        Contract.of(Trip.class)
            .require(
                notNull("passengers").toleratePercent(10).warn(),
                unique("tripId"),
                between("fare", 0, 2000).id("fare-in-range"),
                atLeast("passengers", 1).tolerateRows(5),
                inSet("vendor", "A", "B"),
                matches("currency", "[A-Z]{3}"),
                length("tripId", 1, 36),
                compare("dropoff >= pickup"),
                rowCount(1, 10_000_000))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(5);
    // end::rules[]
    contract.rules().stream().map(Rule::id).forEach(System.out::println);

    try (Mesh mesh = LocalMesh.open(Folder.of(arguments))) {
      MeshClient mobility = mesh.clientAs(Principal.of("mobility", "etl"));
      mobility.registerDomain("mobility").owner("trips@example.org").commit();
      // tag::partitions[]
      mobility
          .defineProduct("mobility/trips")
          .contract(contract)
          .partitionBy(month("pickup"), identity("vendor"))
          .commit();
      // end::partitions[]
    }
  }
}
