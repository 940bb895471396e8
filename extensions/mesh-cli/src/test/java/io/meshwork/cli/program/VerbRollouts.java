package io.meshwork.cli.program;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.testkit.SampleMesh.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Products of {@link VerbShop} whose rollouts are at each step, and contracts to start others. */
final class VerbRollouts {
  private static final Principal ETL = Principal.of("commerce", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal STEWARD = Principal.of("hr", "etl");

  record Total(String orderId, double amount) {}

  private final MeshClient commerce;
  private final MeshClient finance;

  private VerbRollouts(Mesh mesh) {
    this.commerce = mesh.clientAs(ETL);
    this.finance = mesh.clientAs(ANALYST);
  }

  /** Makes those that began long ago; the mesh has no later commit. */
  static void longAgo(Path folder, Instant then) {
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("mesh")).clock(InstantSource.fixed(then)).open()) {
      mesh.clientAs(STEWARD).registerDomain("hr").owner("hr@example.org").commit();
      VerbRollouts rollouts = new VerbRollouts(mesh);
      rollouts.commerce.governance().appoint(STEWARD).commit();
      rollouts.closed("old").retire().commit();
      rollouts.announced("silent");
    }
  }

  /** Makes the others, and writes the contracts. */
  static void now(Path folder, Mesh mesh) throws IOException {
    VerbRollouts rollouts = new VerbRollouts(mesh);
    rollouts.started("planned");
    rollouts.filled("filled");
    MajorRollout countered = rollouts.announced("countered");
    rollouts
        .finance
        .rollout(countered.product())
        .track("weekly")
        .counter(LocalDate.now(ZoneOffset.UTC).plusYears(1))
        .because("Holidays")
        .commit();
    rollouts.announced("open");
    rollouts.closed("closing");
    rollouts.closed("retired").retire().commit();
    rollouts.defined("stopped");
    rollouts.commerce.governance().suspendReads("commerce/stopped").because("Wrong").commit();
    Files.writeString(folder.resolve("total.json"), Contract.of(Total.class).toJson());
    Contract weaker =
        Contract.of(Order.class).require(Rule.unique("orderId"), Rule.between("amount", 0, 100));
    Files.writeString(folder.resolve("weaker.json"), weaker.toJson());
  }

  private String defined(String name) {
    String product = "commerce/" + name;
    commerce.defineProduct(product).contract(Contract.of(Order.class)).openToMesh().commit();
    return product;
  }

  private MajorRollout started(String name) {
    return commerce
        .startRollout(defined(name))
        .contract(Contract.of(Total.class))
        .because("Countries are private")
        .commit();
  }

  private MajorRollout filled(String name) {
    return started(name).backFill().commit();
  }

  /** Both versions are open, and finance/weekly has a notice. */
  private MajorRollout announced(String name) {
    MajorRollout rollout = filled(name);
    finance.subscribe(rollout.product()).name("weekly").purpose("Test").commit();
    return rollout.activate().commit().announce().commit();
  }

  /** No consumer reads the old version. */
  private MajorRollout closed(String name) {
    return filled(name).activate().commit().announce().commit().close().commit();
  }
}
