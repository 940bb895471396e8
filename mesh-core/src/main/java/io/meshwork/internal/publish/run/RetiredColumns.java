package io.meshwork.internal.publish.run;

import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Explains why rows with the columns of a retired major version do not match its replacement.
 * Immutable.
 *
 * @param version the major version to which the rows were published
 */
record RetiredColumns(
    ClientSession session, ProductName product, VersionEntry version, MeshAction action) {

  /**
   * Returns the same failure with the retirement, if it is about a column of the retired major
   * version that differs in this one; else the failure itself.
   */
  ContractViolationException explain(ContractViolationException failure) {
    if (failure.errorCode() != ErrorCode.SCHEMA_MISMATCH) {
      return failure;
    }
    try {
      return retirement()
          .filter(rollout -> isAbout(failure.findings(), rollout.from()))
          .map(rollout -> with(failure, rollout))
          .orElse(failure);
    } catch (MeshException unreadable) {
      failure.addSuppressed(unreadable);
      return failure;
    }
  }

  private Optional<RolloutEntry> retirement() {
    return session.ledger().list(RegistryKeys.partition(product), RegistryKeys.ROLLOUTS).stream()
        .map(RolloutEntry::of)
        .filter(rollout -> rollout.leadsTo(version.major()) && rollout.state() == State.RETIRED)
        .findFirst();
  }

  /** A mismatch of a file names no column. */
  private boolean isAbout(List<Finding> findings, int retired) {
    Schema before =
        session.catalog().requireFor(Use.DESCRIBE, product, retired, action).contract().schema();
    return findings.isEmpty()
        || findings.stream()
            .anyMatch(finding -> differs(finding.where().split("[.\\[{]", 2)[0], before));
  }

  private boolean differs(String column, Schema before) {
    return type(column, before)
        .filter(old -> !type(column, version.contract().schema()).equals(Optional.of(old)))
        .isPresent();
  }

  private static Optional<Schema> type(String column, Schema columns) {
    return Optional.ofNullable(columns.getField(column)).map(Schema.Field::schema);
  }

  private ContractViolationException with(
      ContractViolationException failure, RolloutEntry rollout) {
    String columns = "the columns of major version " + version.major();
    return Failure.of(failure.action())
        .because(
            failure.reason()
                + "; major version "
                + rollout.from()
                + " was retired by rollout "
                + rollout.number()
                + rollout.dates().retiredAt().map(at -> " on " + day(at)).orElse("")
                + ", and rows must have "
                + columns)
        .state(failure.state())
        .fix("Publish rows with " + columns + ". " + failure.fix())
        .findings(failure.findings())
        .rows(failure.rowsOffered(), failure.failingRowsByRule())
        .cause(failure)
        .contractViolation(failure.errorCode());
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }
}
