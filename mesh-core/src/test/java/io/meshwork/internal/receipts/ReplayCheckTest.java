package io.meshwork.internal.receipts;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReplayCheckTest {
  private static StoredReceipt ofRows(long offered, Optional<String> digest) {
    QualityReport quality = new QualityReport(offered, offered, 0, 0, List.of(), List.of());
    return new StoredReceipt(
        "p-1",
        "monday",
        ProductName.of("commerce/orders"),
        1,
        ContractVersion.parse("1.0.0"),
        Optional.of("7"),
        OptionalLong.of(1),
        quality,
        PublishIntent.append(),
        0,
        0,
        digest,
        1,
        100,
        Instant.parse("2026-11-20T08:00:00Z"),
        true);
  }

  @Test
  void anotherRowCountUnderAUsedKeyIsAWarningWithBothFingerprints() {
    assertThat(
            ReplayCheck.difference(
                    ofRows(4, Optional.of("rows-1:abc")),
                    OptionalLong.of(5),
                    MeshAction.of(Verb.PUBLISH, "it"))
                .orElseThrow())
        .contains(
            "publish to it",
            "p-1",
            "first publish: rows-1:abc, 4 rows",
            "of this one: 5 rows",
            "verifyReplay()",
            "another key");
  }

  @Test
  void theSameOrAnUnknownRowCountCausesNoWarning() {
    assertThat(
            ReplayCheck.difference(
                ofRows(4, Optional.empty()), OptionalLong.of(4), MeshAction.of(Verb.PUBLISH)))
        .isEmpty();
    assertThat(
            ReplayCheck.difference(
                ofRows(4, Optional.empty()), OptionalLong.empty(), MeshAction.of(Verb.PUBLISH)))
        .isEmpty();
  }
}
