package io.meshwork.internal.publish;

import io.meshwork.contract.OnViolation;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a caller said of one publish, apart from the source of rows.
 *
 * @param mode what happens to the rows that are there
 * @param filter the filter of replace-where and erase, as it was written; else null
 * @param reason why rows are erased; else null
 * @param inputs what the rows were made from
 * @param completeUpTo all rows of an event time before this are there with it; null if not said
 * @param key the idempotency key; null if none was given
 * @param contentDigest the caller's own digest of the rows; null if none was given
 * @param verifyingReplay true if rows are to be compared where the key was used before
 * @param policy the policy; null for the contract's
 * @param limit how long it may take; null for the mesh's deadline
 * @param code of custom rules
 */
record PublishOptions(
    PublishMode mode,
    @Nullable String filter,
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
    @Nullable Duration limit,
    Map<RuleContext.CodeName, Predicate<? super GenericRecord>> code) {
  /** True if new rows replace existing ones. */
  static boolean replacesRows(PublishMode mode) {
    return mode == PublishMode.REPLACE_ALL
        || mode == PublishMode.REPLACE_PARTITIONS
        || mode == PublishMode.REPLACE_WHERE;
  }

  /**
   * An input that the caller named.
   *
   * @param snapshot what was read
   * @param columns pairs such as {@code total=amount}
   */
  record Input(Snapshot snapshot, List<String> columns) {}
}
