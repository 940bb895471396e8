package io.meshwork.publish;

import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One change of a product's rows as people want to see it. Immutable.
 *
 * @param snapshotId the snapshot it made
 * @param sequence the snapshot's sequence number, which says what came first in a major
 * @param committedAt when it became visible, by the mesh's clock
 * @param by who did it, as account and role
 * @param mode what was done with the rows that were there
 * @param scope the filter of a replace or an erase, or the snapshot that a rollback brought back;
 *     empty where there was none, where it is forgotten, and for those who do not act for the owner
 * @param reason why, where a reason was given; for those who act for the owner
 * @param contract what the rows were checked against; its major says which table it is
 * @param publishId the id of the publish, which its receipt and its files carry
 * @param rowsAdded new rows
 * @param rowsRemoved rows that are no more
 * @param rowsTotal rows in the whole table since then
 * @param files data files written
 * @param qualityScore of the new rows; empty if no rule was evaluated
 * @param derivedFrom what the rows were made from, as far as was said
 * @param readable whether the snapshot is still there to read or to roll back to
 */
public record HistoryEntry(
    String snapshotId,
    long sequence,
    Instant committedAt,
    String by,
    PublishMode mode,
    Optional<String> scope,
    Optional<String> reason,
    ContractVersion contract,
    String publishId,
    long rowsAdded,
    long rowsRemoved,
    long rowsTotal,
    long files,
    OptionalDouble qualityScore,
    List<Derivation> derivedFrom,
    boolean readable) {
  /** Copies the list. */
  public HistoryEntry {
    derivedFrom = List.copyOf(derivedFrom);
  }
}
