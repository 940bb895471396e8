package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The options of one publish, apart from the source of its rows.
 *
 * @param major the major version that the rows are of; null for the current one
 * @param alsoTo the other major versions that the caller named
 * @param only true to write to that major version alone
 * @param mode what happens to the existing rows
 * @param filter the filter of replace-where and erase, as the caller wrote it; otherwise null
 * @param reason the caller's reason; null if none was given
 * @param inputs the inputs from which the rows were derived
 * @param completeUpTo all rows with an event time before this are published; null if not stated
 * @param allowingEmpty true if no rows may replace existing ones
 * @param key the idempotency key; null if none was set
 * @param contentDigest the caller's digest of the rows; null if none was set
 * @param verifyingReplay true to compare the rows with those of an earlier publish under the key
 * @param policy the policy for violations; null for the contract's
 * @param ignoringUnknownColumns true to ignore columns of files that the contract does not have
 * @param progress the listener for progress
 * @param timeout the maximum duration; null for the mesh's default
 * @param code the code of custom rules
 * @param position the position of the feed whose rows these are; null if they are of none
 */
record PublishOptions(
    @Nullable Integer major,
    List<AlsoTo> alsoTo,
    boolean only,
    PublishMode mode,
    @Nullable GivenFilter filter,
    @Nullable String reason,
    List<Input> inputs,
    @Nullable Instant completeUpTo,
    boolean allowingEmpty,
    @Nullable String key,
    @Nullable String contentDigest,
    boolean verifyingReplay,
    @Nullable OnViolation policy,
    boolean ignoringUnknownColumns,
    Progress progress,
    @Nullable Duration timeout,
    Map<RuleContext.CodeName, Predicate<? super GenericRecord>> code,
    @Nullable FeedPosition position) {
  /**
   * Another major version that receives the rows.
   *
   * @param major its number
   * @param mapping maps a record of the leading major version to one of this version
   * @param rows the filter of the rows to replace or erase, in the columns of this version; null if
   *     it is the same text
   */
  record AlsoTo(int major, Function<Object, ?> mapping, @Nullable String rows) {}

  /** Returns the filter of the rows to replace or erase in another major version. */
  @Nullable GivenFilter filter(AlsoTo also) {
    return also.rows() == null || filter == null
        ? filter
        : new GivenFilter(also.rows(), filter.kept());
  }

  /** Returns the major version that the rows are of. */
  int majorOf(ClientSession session, ProductEntry product) {
    return PublishReceipts.majorOf(session, product, major, key);
  }

  /** Returns what the mode does with a major version. */
  static Use use(PublishMode mode) {
    return mode == PublishMode.ERASE || mode == PublishMode.ERASE_QUARANTINE
        ? Use.ERASE
        : Use.PUBLISH;
  }

  /** True if new rows replace existing ones. */
  static boolean replacesRows(PublishMode mode) {
    return mode == PublishMode.REPLACE_ALL
        || mode == PublishMode.REPLACE_PARTITIONS
        || mode == PublishMode.REPLACE_WHERE;
  }

  /**
   * An input of the rows.
   *
   * @param snapshot the snapshot that was read
   * @param columns pairs such as {@code total=amount}
   */
  record Input(Snapshot snapshot, List<String> columns) {}
}
