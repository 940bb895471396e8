package io.meshwork.internal.publish.run;

import io.meshwork.contract.OnViolation;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of one publish, without the source of its rows. The operation that collects them sets
 * each by its name; a run reads them. Not thread-safe.
 */
public final class PublishOptions {
  private @Nullable Integer major;
  private final SortedMap<Integer, AlsoTo> alsoTo = new TreeMap<>();
  private boolean only;
  private PublishMode mode = PublishMode.APPEND;
  private @Nullable GivenFilter filter;
  private @Nullable String reason;
  private final List<PublishReceipt.Input> inputs = new ArrayList<>();
  private @Nullable Instant completeUpTo;
  private boolean allowEmpty;
  private @Nullable String key;
  private @Nullable String contentDigest;
  private boolean verifyReplay;
  private @Nullable OnViolation policy;
  private boolean ignoreUnknownColumns;
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration timeout;
  private final Map<RuleContext.CodeName, RuleContext.RuleCode> code = new HashMap<>();
  private @Nullable FeedPosition position;

  /**
   * Another major version that receives the rows.
   *
   * @param major its number
   * @param mapping maps a record of the leading major version to one of this version
   * @param rows the filter of the rows to replace or erase, in the columns of this version; null if
   *     it is the same string
   */
  public record AlsoTo(int major, Function<Object, ?> mapping, @Nullable String rows) {}

  /** The major version to which the rows belong; null for the current one. */
  public @Nullable Integer major() {
    return major;
  }

  public PublishOptions major(@Nullable Integer number) {
    major = number;
    return this;
  }

  /** Returns the major version to which the rows belong. */
  public int majorOf(ClientSession session, ProductEntry product) {
    return PublishReceipts.majorOf(session, product, major, key);
  }

  /** The other major versions that the caller named, by number. */
  public List<AlsoTo> alsoTo() {
    return List.copyOf(alsoTo.values());
  }

  /**
   * Names another major version.
   *
   * @param rows the filter of its rows; null if it is the leading one's
   * @throws io.meshwork.error.InvalidRequestException if it was named before
   */
  public PublishOptions alsoTo(int number, Function<Object, ?> mapping, @Nullable String rows) {
    AlsoTo erase =
        new AlsoTo(
            ArgumentChecks.majorVersion(number), ArgumentChecks.required("mapping", mapping), rows);
    if (alsoTo.put(number, erase) != null) {
      throw ArgumentChecks.refused(
          "alsoTo", "names major version " + number + " twice", "Name each major version once.");
    }
    return this;
  }

  /** True to write to that major version alone. */
  public boolean only() {
    return only;
  }

  public PublishOptions only(boolean alone) {
    only = alone;
    return this;
  }

  /** What happens to the existing rows; by default they stay. */
  public PublishMode mode() {
    return mode;
  }

  public PublishOptions mode(PublishMode newMode) {
    mode = newMode;
    return this;
  }

  /** The filter of replace-where and erase, as the caller wrote it; otherwise null. */
  public @Nullable GivenFilter filter() {
    return filter;
  }

  public PublishOptions filter(@Nullable GivenFilter rows) {
    filter = rows;
    return this;
  }

  /** Returns the filter of the rows to replace or erase in another major version. */
  public @Nullable GivenFilter filter(AlsoTo also) {
    return also.rows() == null || filter == null
        ? filter
        : new GivenFilter(also.rows(), filter.kept());
  }

  /** The caller's reason; null if none was given. */
  public @Nullable String reason() {
    return reason;
  }

  public PublishOptions reason(@Nullable String why) {
    reason = why;
    return this;
  }

  /** The inputs from which the rows were derived. */
  public List<PublishReceipt.Input> inputs() {
    return List.copyOf(inputs);
  }

  public PublishOptions derivedFrom(PublishReceipt.Input input) {
    inputs.add(input);
    return this;
  }

  /** Adds a snapshot that the rows were derived from, and pairs of columns. */
  public PublishOptions derivedFrom(Snapshot input, String... columns) {
    Snapshot snapshot = ArgumentChecks.required("derivedFrom", input);
    return derivedFrom(
        new PublishReceipt.Input(
            snapshot.product(),
            snapshot.contract(),
            snapshot.id(),
            ArgumentChecks.all("columns", columns)));
  }

  /** All rows with an event time before this are published; null if not stated. */
  public @Nullable Instant completeUpTo() {
    return completeUpTo;
  }

  public PublishOptions completeUpTo(@Nullable Instant eventTime) {
    completeUpTo = eventTime;
    return this;
  }

  /** True if no rows may replace existing ones. */
  public boolean allowEmpty() {
    return allowEmpty;
  }

  public PublishOptions allowEmpty(boolean allowed) {
    allowEmpty = allowed;
    return this;
  }

  /** The idempotency key; null if none was set. */
  public @Nullable String key() {
    return key;
  }

  public PublishOptions key(@Nullable String text) {
    key = text;
    return this;
  }

  /** The caller's digest of the rows; null if none was set. */
  public @Nullable String contentDigest() {
    return contentDigest;
  }

  public PublishOptions contentDigest(@Nullable String digest) {
    contentDigest = digest;
    return this;
  }

  /** True to compare the rows with an earlier publish under the key. */
  public boolean verifyReplay() {
    return verifyReplay;
  }

  public PublishOptions verifyReplay(boolean verified) {
    verifyReplay = verified;
    return this;
  }

  /** The policy for violations; null for the contract's. */
  public @Nullable OnViolation policy() {
    return policy;
  }

  public PublishOptions policy(@Nullable OnViolation stricter) {
    policy = stricter;
    return this;
  }

  /** True to ignore columns of files that the contract does not have. */
  public boolean ignoreUnknownColumns() {
    return ignoreUnknownColumns;
  }

  public PublishOptions ignoreUnknownColumns(boolean ignored) {
    ignoreUnknownColumns = ignored;
    return this;
  }

  /** The listener for progress. */
  public Progress progress() {
    return progress;
  }

  public PublishOptions progress(Progress listener) {
    progress = listener;
    return this;
  }

  /** The maximum duration; null for the mesh's default. */
  public @Nullable Duration timeout() {
    return timeout;
  }

  public PublishOptions timeout(@Nullable Duration time) {
    timeout = time;
    return this;
  }

  /** The code of custom rules. */
  public Map<RuleContext.CodeName, RuleContext.RuleCode> code() {
    return Map.copyOf(code);
  }

  public PublishOptions customRule(String name, long version, RuleContext.RuleCode check) {
    code.put(new RuleContext.CodeName(ArgumentChecks.required("name", name), version), check);
    return this;
  }

  /** The position of the feed whose rows these are; null if they come from none. */
  public @Nullable FeedPosition position() {
    return position;
  }

  public PublishOptions position(FeedPosition feed) {
    position = feed;
    return this;
  }
}
