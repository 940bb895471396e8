package io.meshwork.internal.erasure;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.internal.open.OpenOperation;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Erase.Proof;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Erases rows of a product from all its files. Not thread-safe. */
final class ProvenErase implements Erase.WithProof {
  private final ClientSession session;
  private final ProductName product;
  private final MeshAction action;
  private final CommitGuard once;
  private final OpenOperation open;
  private final @Nullable GivenFilter filter;
  private final Map<Integer, String> others;
  private final @Nullable String reason;
  private final String key;
  private final @Nullable Duration timeout;
  private boolean waiting = true;

  ProvenErase(
      ClientSession session,
      ProductName product,
      @Nullable GivenFilter filter,
      Map<Integer, String> others,
      @Nullable String reason,
      @Nullable String key,
      @Nullable Duration timeout) {
    this.session = session;
    this.product = product;
    this.action = MeshAction.of(Verb.ERASE, product);
    this.once = new CommitGuard(action);
    this.open = session.operation(action).begin();
    this.filter = filter;
    this.others = Map.copyOf(others);
    this.reason = reason;
    this.key = key == null ? session.runtime().ids().next() : key;
    this.timeout = timeout;
  }

  @Override
  public Erase.WithProof ignoreReaders() {
    waiting = false;
    return this;
  }

  @Override
  public Plan<Proof> plan() {
    open.settle();
    ErasureRequest request = request();
    checkCaller();
    checkOthers();
    Deadline deadline = deadline();
    return plan(request, scan(request, deadline), deadline);
  }

  /** As the erase of the rows does. */
  private void checkOthers() {
    int current = session.catalog().requireProduct(product, action).currentMajor();
    for (int major : others.keySet()) {
      session.catalog().requireFor(Use.DESCRIBE, product, major, action);
      if (major == current) {
        throw Failure.of(action)
            .because("where(" + major + ", ..) names the current major version")
            .state("Nothing was erased.")
            .fix("Give its filter with where(filter), and name other versions only.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
  }

  private ChangePlan<Proof> plan(ErasureRequest request, ErasureScan scan, Deadline deadline) {
    return ErasureSteps.of(session, request, scan, deadline, this::commitAsPlanned);
  }

  @Override
  public Proof commit() {
    return run(null);
  }

  @Override
  public Proof commitAsPlanned(String fingerprint) {
    return run(ArgumentChecks.text("fingerprint", fingerprint));
  }

  private Proof run(@Nullable String fingerprint) {
    open.settle();
    return session.observed(action, () -> erase(fingerprint));
  }

  private Proof erase(@Nullable String fingerprint) {
    ErasureRequest request = request();
    once.begin();
    try {
      checkCaller();
      Optional<Proof> earlier = StoredProof.find(session, request);
      if (earlier.isPresent()) {
        new ErasureFiles(session, request).forget(deadline());
        return earlier.get();
      }
      Deadline deadline = deadline();
      ErasureScan scan = scan(request, deadline);
      if (fingerprint != null) {
        plan(request, scan, deadline).requireSame(fingerprint, action);
      }
      return new ErasureRun(session, request, scan, deadline).run();
    } finally {
      once.end();
    }
  }

  private void checkCaller() {
    session.checkOpen(action);
    session.catalog().requireProduct(product, action);
    session.authorizer().requireOwner(product.domain(), action);
  }

  private Deadline deadline() {
    return session
        .runtime()
        .startDeadline(timeout == null ? session.runtime().deadline() : timeout);
  }

  private ErasureScan scan(ErasureRequest request, Deadline deadline) {
    return new ErasureScan(session, request, deadline);
  }

  private ErasureRequest request() {
    return new ErasureRequest(
        product,
        ErasureRequest.requiredFilter(filter, action),
        others,
        ErasureRequest.requiredReason(reason, action),
        key,
        waiting,
        action);
  }

  /** The action, for logs; without values of filters. */
  @Override
  public String toString() {
    return action.toString();
  }
}
