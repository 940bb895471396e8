package io.meshwork.internal.rollout;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.meshwork.internal.event.EventDetails.ConsumerAnswer;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.event.EventDetails.RolloutChange;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.table.TableState;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.Input;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.Rollout;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The log entry of a change of a rollout. All rollout events have the same details. Create one with
 * {@link #of}, add what the event has, and start the draft of the change with {@link #draft}.
 * Immutable.
 *
 * @param product the product
 * @param number the number of the rollout, from 1 for each product
 * @param from the major version that consumers leave
 * @param to the major version that replaces it; empty without a successor in this product
 * @param state the state of the rollout after the change
 * @param because the reason; empty if none was given
 * @param retireAfter the last day of the old major version, in UTC; empty if none was named
 * @param consumers {@code domain/subscription}, or {@code domain/@} for reads without a
 *     subscription; empty if the change is not about certain consumers
 * @param answer the consumer's answer; empty if the change is not one
 * @param toDomainOwner true for a reminder that the owner of the consumer's domain receives too
 */
public record RolloutLog(
    ProductName product,
    int number,
    int from,
    OptionalInt to,
    Rollout.State state,
    Optional<String> because,
    Optional<LocalDate> retireAfter,
    List<String> consumers,
    Optional<ConsumerAnswer> answer,
    boolean toDomainOwner) {
  public RolloutLog {
    consumers = List.copyOf(consumers);
  }

  /** The events of a rollout; {@code MeshEvent} describes them. */
  public enum Event {
    /** The rollout was started. */
    PLANNED,
    /** The table of the new major version was created. */
    PREPARED,
    /** Each consumer was notified. */
    ANNOUNCED,
    /** Consumers can read the new major version. */
    ACTIVATED,
    /** Both major versions have the same rows again. */
    VERIFIED,
    /** The new major version is the current one. */
    MADE_CURRENT,
    /** The old major version is retired later. */
    EXTENDED,
    /** The old major version no longer accepts subscriptions. */
    CLOSING,
    /** The consumers of a major version are counted for the last time. */
    FENCED,
    /** A major version is open to its consumers again, because it is still needed. */
    REOPENED,
    /** Consumers can no longer read the old major version. */
    RETIRED,
    /** A retired major version is readable again. */
    RESTORED,
    /** The new major version was withdrawn. */
    ABORTED,
    /** The data of a retired major version was deleted. */
    PURGED,
    /** The owner offered consumers a day. */
    OFFERED,
    /** A consumer answered. */
    ANSWERED,
    /** Maintenance reminded a consumer of its day. */
    REMINDED,
    /** The owner escalated a consumer's answer to the owners of both domains. */
    ESCALATED;

    /** Returns the type in the log, such as {@code rollout.planned}. */
    String text() {
      return "rollout." + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The rows of one commit of a back-fill, as a publish to one major version is logged.
   *
   * @param publishId the ID of the commit, a UUIDv7, which its files contain
   * @param contractVersion the contract version that the rows were checked against
   * @param rowsAccepted the number of rows that were added
   * @param rowsQuarantined the number of rows that were quarantined
   * @param rowsRemoved the number of rows that were removed, because the source no longer has them
   * @param files the number of data files written
   * @param snapshot the snapshot of the commit
   * @param derivedFrom the snapshot that was copied
   */
  public record CopiedRows(
      String publishId,
      int major,
      ContractVersion contractVersion,
      long rowsAccepted,
      long rowsQuarantined,
      long rowsRemoved,
      long files,
      PublishMode mode,
      @JsonUnwrapped NewSnapshot snapshot,
      List<Input> derivedFrom) {}

  public static NewSnapshot snapshot(TableState after) {
    return new NewSnapshot(
        Objects.requireNonNull(after.snapshotId()), after.sequence(), after.rows());
  }

  /** An entry without a reason, a day, a consumer, or an answer. */
  static RolloutLog of(
      ProductName product, int number, int from, OptionalInt to, Rollout.State state) {
    return new RolloutLog(
        product,
        number,
        from,
        to,
        state,
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        false);
  }

  /** The same entry with the reason. */
  public RolloutLog withReason(String reason) {
    return with(Optional.of(reason), retireAfter, consumers, answer, toDomainOwner);
  }

  /** The same entry with the last day of the old major version. */
  public RolloutLog withRetireAfter(LocalDate day) {
    return with(because, Optional.of(day), consumers, answer, toDomainOwner);
  }

  /** The same entry about one consumer. */
  public RolloutLog withConsumer(String name) {
    return withConsumers(List.of(name));
  }

  /** The same entry about these consumers. */
  public RolloutLog withConsumers(List<String> names) {
    return with(because, retireAfter, names, answer, toDomainOwner);
  }

  /** The same entry with the consumer's answer. */
  public RolloutLog withAnswer(ConsumerAnswer reply) {
    return with(because, retireAfter, consumers, Optional.of(reply), toDomainOwner);
  }

  /** The same entry of a reminder that the owner of the consumer's domain receives too. */
  public RolloutLog withDomainOwner() {
    return with(because, retireAfter, consumers, answer, true);
  }

  private RolloutLog with(
      Optional<String> reason,
      Optional<LocalDate> day,
      List<String> names,
      Optional<ConsumerAnswer> reply,
      boolean escalated) {
    return new RolloutLog(product, number, from, to, state, reason, day, names, reply, escalated);
  }

  /** The draft of the change with this log entry. */
  public <R> CommitDraft<R> draft(Event event, Principal by) {
    return CommitDraft.<R>of(event.text(), by, product.toString()).details(details());
  }

  /** The draft of one commit of a back-fill with its log entry, {@code product.back-filled}. */
  public static <R> CommitDraft<R> backFill(CopiedRows rows, Principal by) {
    return CommitDraft.<R>of(
            "product.back-filled", by, rows.derivedFrom().get(0).product().toString())
        .details(rows);
  }

  /** The details of the log entry. */
  RolloutChange details() {
    return new RolloutChange(
        product,
        number,
        from,
        to,
        state,
        because,
        retireAfter,
        consumers,
        answer,
        toDomainOwner,
        List.of());
  }
}
