package io.meshwork.internal.staging;

import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.quality.RuleContext.RuleCode;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.Publish.StoredRows;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Publishes the rows of a staged publish. Not thread-safe. */
final class StagedPromotion implements StoredRows<GenericRecord> {
  private final ClientSession session;
  private final StagedEntry entry;
  private final MeshAction action;
  private final OpenOperation open;
  private final CommitGuard once;
  private final PublishOptions options;

  StagedPromotion(ClientSession session, StagedEntry entry) {
    this.session = session;
    this.entry = entry;
    this.action = MeshAction.of(Verb.PUBLISH, entry.product());
    this.open = session.operation(action).begin();
    this.once = new CommitGuard(action);
    this.options = staged(entry);
  }

  /** The options that the rows were staged with. */
  private static PublishOptions staged(StagedEntry entry) {
    PublishIntent intent = entry.intent();
    return new PublishOptions()
        .major(entry.files().major())
        .only(entry.terms().only())
        .mode(intent.mode())
        .filter(
            intent.mode() == PublishMode.REPLACE_WHERE
                ? intent.scope().map(text -> new GivenFilter(text, true)).orElse(null)
                : null)
        .reason(intent.reason().orElse(null))
        .completeUpTo(intent.completeUpTo().orElse(null))
        .allowEmpty(entry.terms().allowEmpty())
        .key(entry.idempotencyKey())
        .contentDigest(entry.terms().contentDigest().orElse(null))
        .verifyReplay(entry.terms().verifyReplay())
        .policy(entry.terms().onViolation().orElse(null))
        .ignoreUnknownColumns(true);
  }

  @Override
  public StoredRows<GenericRecord> alsoTo(int number, Function<? super GenericRecord, ?> mapping) {
    return addMajor(number, mapping, null);
  }

  @Override
  public StoredRows<GenericRecord> alsoTo(
      int number, Function<? super GenericRecord, ?> mapping, String filter) {
    return addMajor(number, mapping, ArgumentChecks.filter("filter", filter));
  }

  @SuppressWarnings("unchecked") // staged rows are generic records
  private StoredRows<GenericRecord> addMajor(
      int number, Function<? super GenericRecord, ?> mapping, @Nullable String filter) {
    options.alsoTo(number, (Function<Object, ?>) (Function<?, ?>) mapping, filter);
    return this;
  }

  @Override
  public StoredRows<GenericRecord> customRule(
      String name, int version, Predicate<? super GenericRecord> check) {
    options.customRule(name, version, new RuleCode.OnRecords(check));
    return this;
  }

  @Override
  public StoredRows<GenericRecord> onProgress(Progress listener) {
    options.progress(ArgumentChecks.required("onProgress", listener));
    return this;
  }

  @Override
  public StoredRows<GenericRecord> timeout(Duration time) {
    options.timeout(ArgumentChecks.span("timeout", time));
    return this;
  }

  @Override
  public PublishPlan plan() {
    open.settle();
    session.checkOpen(action);
    return PublishRun.plan(begin());
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action, this::promote);
  }

  private PublishReceipt promote() {
    session.checkOpen(action);
    try {
      return once.run(() -> new PublishRun(begin()).run());
    } catch (OutcomeUnknownException e) {
      throw Failure.of(action)
          .because(e.reason())
          .state("The commit may have succeeded; nothing was deleted.")
          .fix("Promote it again; its rows are published once.")
          .cause(e)
          .outcomeUnknown(e.idempotencyKey());
    }
  }

  private PublishContext begin() {
    return PublishContext.begin(
        session, entry.product(), options, new StagedSource(session, entry), action);
  }

  /** The action, for logs; without values of filters or rows. */
  @Override
  public String toString() {
    return action.toString();
  }
}
