package io.meshwork.internal.publish.run;

import io.meshwork.contract.Contract;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.scan.NewestEvent;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.table.NewestEventTime;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The term {@code maxLateness} of a contract, as the rule that a publish evaluates on each row. Its
 * bound follows from the rows before, so that it is part of no stored contract. Stateless.
 */
public final class LatenessLimit {
  private static final MeshAction ACTION = MeshAction.of(Verb.PUBLISH, "rows with an event time");

  private LatenessLimit() {}

  /**
   * Returns what makes an added row late; empty if the contract names no column of the event time,
   * or for the first rows.
   */
  public static Optional<LateReference> reference(Contract contract, Table table, Instant now) {
    return NewestEventTime.of(contract.serviceLevel(), table)
        .flatMap(
            column ->
                newest(new NewestEvent(column, table, table.io(), ACTION), now)
                    .map(newest -> new LateReference(column, NewestEventTime.capped(newest, now))));
  }

  /** The newest event time of a table's rows; read from their files if no snapshot has it. */
  static Optional<Instant> newest(NewestEvent event, Instant now) {
    Snapshot newest = event.table().currentSnapshot();
    return newest == null
        ? Optional.empty()
        : event
            .column()
            .asOf(event.table(), newest)
            .or(() -> event.of(SnapshotFiles.of(event.table(), newest), now, Optional::empty));
  }

  /**
   * Returns the contract with the rule; without the term, the contract unchanged.
   *
   * @param late what the rows are compared with; null if no row is late
   */
  public static Contract added(Contract contract, @Nullable LateReference late) {
    return late == null
        ? contract
        : contract
            .serviceLevel()
            .maxLateness()
            .map(
                limit ->
                    // Its ID is reserved for the term, which the evaluation does not need.
                    contract
                        .serviceLevel(ServiceLevel.NONE)
                        .require(
                            late.column()
                                .notBefore(
                                    contract.serviceLevel().eventTime().orElseThrow(),
                                    late.newest().minus(limit))))
            .orElse(contract);
  }
}
