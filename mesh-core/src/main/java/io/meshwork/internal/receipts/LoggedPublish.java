package io.meshwork.internal.receipts;

import io.meshwork.internal.session.PublishQuality;
import io.meshwork.product.ContractVersion;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A change of rows, read from its log entry, receipt, and snapshot. */
record LoggedPublish(
    String snapshotId,
    long sequence,
    Instant committedAt,
    String by,
    PublishMode mode,
    Optional<String> scope,
    Optional<String> because,
    ContractVersion contract,
    String publishId,
    long rowsAdded,
    long rowsRemoved,
    long rowsTotal,
    long files,
    OptionalDouble qualityScore,
    List<PublishReceipt.Input> derivedFrom,
    List<String> brokenRules,
    boolean readable)
    implements RowChange {
  LoggedPublish {
    brokenRules = List.copyOf(brokenRules);
    derivedFrom = List.copyOf(derivedFrom);
  }

  /** The change in one line, without its filter and reasons, which can contain values. */
  @Override
  public String toString() {
    return "RowChange[sequence="
        + sequence
        + ", committedAt="
        + committedAt
        + ", by="
        + by
        + ", mode="
        + mode.text()
        + ", contract="
        + contract
        + ", rowsAdded="
        + rowsAdded
        + ", rowsRemoved="
        + rowsRemoved
        + ", rowsTotal="
        + rowsTotal
        + ", qualityScore="
        + PublishQuality.text(qualityScore)
        + ", snapshotId="
        + snapshotId
        + ", publishId="
        + publishId
        + "]";
  }
}
