package io.meshwork.internal.publish;

import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.PublishOptions.AlsoTo;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.receipts.PublishIntent;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.publish.StagedPublish.Promote;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/** Publishes the rows of a staged publish. Not thread-safe. */
final class StagedPromotion implements Promote {
  private final ClientSession session;
  private final StagedEntry entry;
  private final MeshAction action;
  private final OpenOperation open;
  private final CommitGuard once;
  private final Map<Integer, AlsoTo> alsoTo = new TreeMap<>();
  private final Map<RuleContext.CodeName, Predicate<? super GenericRecord>> code = new HashMap<>();
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration timeout;

  StagedPromotion(ClientSession session, StagedEntry entry) {
    this.session = session;
    this.entry = entry;
    this.action = MeshAction.of(Verb.PUBLISH, entry.product());
    this.open = session.operation(action).begin();
    this.once = new CommitGuard(action);
  }

  @Override
  public Promote alsoTo(int number, Function<? super GenericRecord, ?> mapping) {
    return addMajor(number, mapping, null);
  }

  @Override
  public Promote alsoTo(int number, Function<? super GenericRecord, ?> mapping, String filter) {
    return addMajor(number, mapping, ArgumentChecks.filter("filter", filter));
  }

  @SuppressWarnings("unchecked") // staged rows are generic records
  private Promote addMajor(
      int number, Function<? super GenericRecord, ?> mapping, @Nullable String filter) {
    AlsoTo other =
        new AlsoTo(
            ArgumentChecks.majorVersion(number),
            (Function<Object, ?>) (Function<?, ?>) ArgumentChecks.required("mapping", mapping),
            filter);
    if (alsoTo.put(number, other) != null) {
      throw ArgumentChecks.refused(
          "alsoTo", "names major version " + number + " twice", "Name each major version once.");
    }
    return this;
  }

  @Override
  public Promote customRule(String name, int version, Predicate<? super GenericRecord> check) {
    code.put(
        new RuleContext.CodeName(ArgumentChecks.required("name", name), version),
        ArgumentChecks.required("check", check));
    return this;
  }

  @Override
  public Promote onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    return this;
  }

  @Override
  public Promote timeout(Duration time) {
    timeout = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public PublishPlan plan() {
    open.settle();
    session.checkOpen(action);
    return run(new DryRunFileIO(session.files())).dryRun();
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    return session.observed(action, this::promote);
  }

  private PublishReceipt promote() {
    session.checkOpen(action);
    return once.run(() -> run(session.files()).run());
  }

  private PublishRun run(FileIO files) {
    return new PublishRun(
        session, entry.product(), options(), new StagedSource(session, entry), files, action);
  }

  private PublishOptions options() {
    PublishIntent intent = entry.intent();
    return new PublishOptions(
        entry.files().major(),
        List.copyOf(alsoTo.values()),
        entry.terms().only(),
        intent.mode(),
        intent.mode() == PublishMode.REPLACE_WHERE
            ? intent.scope().map(text -> new GivenFilter(text, true)).orElse(null)
            : null,
        intent.reason().orElse(null),
        List.of(),
        intent.completeUpTo().orElse(null),
        entry.terms().allowingEmpty(),
        entry.idempotencyKey(),
        entry.terms().contentDigest().orElse(null),
        entry.terms().verifyingReplay(),
        entry.terms().policy().orElse(null),
        true,
        progress,
        timeout,
        Map.copyOf(code),
        null);
  }

  /** The action, for logs; without values of filters or rows. */
  @Override
  public String toString() {
    return action.toString();
  }
}
