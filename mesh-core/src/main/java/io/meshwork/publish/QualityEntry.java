package io.meshwork.publish;

import io.meshwork.product.ContractVersion;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;

/** The quality of the rows of one accepted publish. Immutable and thread-safe. */
public interface QualityEntry {
  /** Returns the ID of the publish, which its receipt and its files contain. */
  String publishId();

  /**
   * Returns the version of the contract that the rows were checked against. Its major version
   * identifies the table.
   */
  ContractVersion contract();

  /** Returns when the rows became visible, by the mesh's clock. */
  Instant committedAt();

  /** Returns the number of published rows. */
  long rowsAccepted();

  /** Returns the number of quarantined rows. */
  long rowsQuarantined();

  /** Returns the share of evaluated rules that passed, in percent; empty if none was evaluated. */
  OptionalDouble qualityScore();

  /**
   * Returns the share of offered rows without a failure of severity ERROR, in percent; empty if no
   * row was offered.
   */
  OptionalDouble rowScore();

  /** Returns the number of rules that passed. */
  int rulesPassed();

  /** Returns the number of rules that count; skipped ones do not. */
  int rulesEvaluated();

  /**
   * Returns the measured values by name, in the contract's order: {@code rowCount}, and what the
   * contract's rules measure, such as {@code mean(fare)}. Dates are in days since 1970-01-01, times
   * in seconds. Values that are not finite are left out. Empty in a {@link DomainQuality}.
   */
  Map<String, Double> measures();
}
