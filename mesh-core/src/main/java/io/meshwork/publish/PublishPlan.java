package io.meshwork.publish;

import io.meshwork.contract.QualityReport;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Optional;

/**
 * What a publish or an erase would do, provided that the product does not change and the source
 * returns the same rows again. Unlike a {@link io.meshwork.operation.Plan}, it cannot be committed,
 * because it does not contain the rows. Immutable and thread-safe.
 */
public interface PublishPlan {
  /** Returns the product. */
  ProductName product();

  /** Returns the version of the contract that the rows were checked against. */
  ContractVersion contract();

  /** Returns what would happen to the existing rows. */
  PublishMode mode();

  /**
   * Returns the exception that {@code commit()} would throw, so that the caller knows what to do
   * next; empty if the publish would be accepted.
   */
  Optional<MeshException> failure();

  /**
   * Returns why the publish would be rejected, in the words of {@code commit()}; empty if it would
   * be accepted.
   */
  default Optional<String> rejection() {
    return failure().map(failure -> String.valueOf(failure.getMessage()));
  }

  /**
   * Returns the quality report: the rows offered, accepted, quarantined, and rejected, and the
   * result of each rule. If the key was used before, this is the report of the first publish.
   */
  QualityReport quality();

  /** Returns the violations of the contract, with samples. */
  List<Finding> findings();

  /** Returns the number of rows that would be removed; 0 if the publish would be rejected. */
  long rowsRemoved();

  /**
   * Returns the number of rows that would leave the quarantine with an erase of the product's rows,
   * or because they are published again; otherwise 0. An erase of the quarantine counts its rows in
   * {@link #rowsRemoved()}.
   */
  long quarantineRowsRemoved();

  /**
   * Returns the receipt of the first publish if the key was used before; then nothing would be
   * published.
   */
  Optional<PublishReceipt> earlierReceipt();

  /**
   * Returns true if {@code commit()} would publish the rows or return the receipt of an earlier
   * publish.
   */
  default boolean isAccepted() {
    return failure().isEmpty();
  }

  /** Returns the outcome, the counts, and each rule that failed, without samples, for people. */
  @Override
  String toString();
}
