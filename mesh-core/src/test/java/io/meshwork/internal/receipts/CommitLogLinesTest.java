package io.meshwork.internal.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitLogLinesTest {
  record Payment(String who, double amount) {}

  @TempDir private Path folder;

  @Test
  void aPublishIsLoggedAsOneLineAndQuarantinedRowsAsAWarningWithoutValues() {
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct("commerce/orders")
          .contract(
              Contract.of(Payment.class)
                  .require(Rule.atLeast("amount", 0).id("positive"))
                  .onViolation(OnViolation.QUARANTINE)
                  .maxQuarantineShare(90))
          .commit();

      PublishReceipt receipt =
          shop.publish("commerce/orders")
              .records(
                  List.of(
                      new Payment("anna", 1),
                      new Payment("bert", -1),
                      Map.of("who", "carl", "amount", "x")))
              .commit();

      assertThat(CommitLogLines.line(receipt, Duration.ofMillis(1_250)))
          .isEqualTo(
              "commerce/orders v1: append committed, 1 row accepted, 2 quarantined, 0 removed, in"
                  + " 1.250 s; snapshot "
                  + receipt.snapshotId().orElseThrow()
                  + ", publish "
                  + receipt.publishId());
      assertThat(CommitLogLines.warning(receipt))
          .contains(
              "commerce/orders v1: 2 of 3 rows of publish "
                  + receipt.publishId()
                  + " were quarantined (positive in 1 row, type:amount in 1 row). Read them with"
                  + " quarantine(\"commerce/orders\").");
    }
  }
}
