package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.table.MarkerFile;
import io.meshwork.internal.uniqueness.ExistingKeys;
import java.io.Serializable;
import java.time.Instant;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs to check and write its rows. The same for all tasks of a publish. Immutable.
 *
 * @param product the product, as {@code domain/name}
 * @param publishId the ID of the publish
 * @param policy what happens to rows that break the contract
 * @param now the time of the publish
 * @param deadline when the publish ends at the latest
 * @param version the contract version that the rows are checked against
 * @param contract the contract as JSON
 * @param table the table
 * @param quarantine its quarantine
 * @param late decides which rows are late; null if none is
 * @param notBefore the earliest time of quarantined rows
 * @param marker the marker of the place of the table, by which a task knows that it writes where
 *     the driver commits; null for a store that is the same from everywhere
 */
public record TaskSettings(
    String product,
    String publishId,
    OnViolation policy,
    Instant now,
    Instant deadline,
    String version,
    String contract,
    Table table,
    Table quarantine,
    @Nullable LateReference late,
    Instant notBefore,
    @Nullable MarkerFile marker)
    implements Serializable {
  static TaskSettings of(
      String product,
      String publishId,
      OnViolation policy,
      Instant now,
      Instant deadline,
      RowIngestion.Target target,
      @Nullable MarkerFile marker) {
    return new TaskSettings(
        product,
        publishId,
        policy,
        now,
        deadline,
        target.version(),
        target.contract().toJson(),
        SerializableTable.copyOf(target.table()),
        SerializableTable.copyOf(target.quarantine()),
        target.late(),
        target.notBefore(),
        marker);
  }

  /** Returns true if a publish to this target checks and writes the same. */
  boolean isOf(RowIngestion.Target target) {
    return version.equals(target.version())
        && contract.equals(target.contract().toJson())
        && table.spec().equals(target.table().spec())
        && table.schema().sameSchema(target.table().schema());
  }

  RowIngestion.Target target() {
    return new RowIngestion.Target(
        version,
        Contract.fromJson(contract),
        table,
        quarantine,
        null,
        ExistingKeys.NONE,
        new AffectedPartitions(table),
        late,
        notBefore);
  }
}
