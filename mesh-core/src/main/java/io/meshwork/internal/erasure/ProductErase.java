package io.meshwork.internal.erasure;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.publish.EraseOptions;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects the options of an erase, and runs it. Not thread-safe. */
final class ProductErase implements Erase {
  private static final String QUARANTINE = "quarantineWhere(..)";

  private final ClientSession session;
  private final ProductName product;
  private final CommitGuard once;
  private final OpenOperation open;
  private final Map<Integer, String> others = new TreeMap<>();

  /** The calls that an erasure with a proof does not have. */
  private final Set<String> unproven = new LinkedHashSet<>();

  private @Nullable GivenFilter filter;
  private boolean quarantine;
  private @Nullable Integer major;
  private boolean only;
  private @Nullable String reason;
  private @Nullable String key;
  private Progress progress = (phase, done, total) -> {};
  private @Nullable Duration timeout;

  ProductErase(ClientSession session, ProductName product) {
    this.session = session;
    this.product = product;
    MeshAction action = MeshAction.of(Verb.ERASE, product);
    this.once = new CommitGuard(action);
    this.open = session.operation(action).begin();
  }

  @Override
  public Erase where(String text) {
    return select(GivenFilter.of("where", text), quarantine);
  }

  @Override
  public Erase whereIn(String column, Collection<?> values) {
    return select(GivenFilter.in("whereIn", column, values), quarantine);
  }

  @Override
  public Erase where(int majorVersion, String text) {
    others.put(ArgumentChecks.majorVersion(majorVersion), ArgumentChecks.filter("where", text));
    return this;
  }

  @Override
  public Erase quarantineWhere(String text) {
    select(GivenFilter.of("quarantineWhere", text), filter != null);
    quarantine = true;
    unproven.add(QUARANTINE);
    return this;
  }

  private Erase select(GivenFilter rows, boolean another) {
    if (another) {
      throw ArgumentChecks.refused(
          "filter", "was set twice", "Erase from the quarantine alone in another call.");
    }
    filter = rows;
    return this;
  }

  @Override
  public Erase majorVersion(int number) {
    major = ArgumentChecks.majorVersion(number);
    unproven.add("majorVersion(..)");
    return this;
  }

  @Override
  public Erase onlyMajorVersion(int number) {
    major = ArgumentChecks.majorVersion(number);
    only = true;
    unproven.add("onlyMajorVersion(..)");
    return this;
  }

  @Override
  public Erase because(String text) {
    reason = ArgumentChecks.text("because", text);
    return this;
  }

  @Override
  public Erase idempotencyKey(String text) {
    key = ArgumentChecks.idempotencyKey(text);
    return this;
  }

  @Override
  public Erase onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    unproven.add("onProgress(..)");
    return this;
  }

  @Override
  public Erase timeout(Duration time) {
    timeout = ArgumentChecks.span("timeout", time);
    return this;
  }

  @Override
  public WithProof withProof() {
    open.settle();
    for (String call : unproven) {
      throw refused(
          call + " was called, and an erasure with a proof erases from all major versions",
          "Remove " + call + ", or erase without withProof().");
    }
    return new ProvenErase(session, product, filter, others, reason, key, timeout);
  }

  @Override
  public PublishPlan plan() {
    open.settle();
    return PublishOperations.planErase(session, options());
  }

  @Override
  public PublishReceipt commit() {
    open.settle();
    EraseOptions options = options();
    return session.observed(
        options.action(), () -> once.run(() -> PublishOperations.erase(session, options)));
  }

  private EraseOptions options() {
    MeshAction action = MeshAction.of(Verb.ERASE, product);
    GivenFilter rows = ErasureRequest.requiredFilter(filter, action);
    String why = ErasureRequest.requiredReason(reason, action);
    if (quarantine && (only || !others.isEmpty())) {
      String call = only ? "onlyMajorVersion(..)" : "where(majorVersion, filter)";
      throw refused(
          QUARANTINE + " erases the same rows from the quarantines of all major versions",
          "Remove " + call + ".");
    }
    return new EraseOptions(
        product, rows, quarantine, others, major, only, why, key, progress, timeout);
  }

  private RuntimeException refused(String why, String fix) {
    return Failure.of(MeshAction.of(Verb.ERASE, product))
        .because(why)
        .state("Nothing was erased.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** The action, for logs; without values of filters. */
  @Override
  public String toString() {
    return MeshAction.of(Verb.ERASE, quarantine ? "the quarantine of " + product : product)
        .toString();
  }
}
