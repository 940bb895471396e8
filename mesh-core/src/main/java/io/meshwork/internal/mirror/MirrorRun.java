package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the changes of one mirror, one object after the other. Before the calls of an object, the
 * registry has what the object is to be; after them, that it is so. Used by one thread, once.
 */
final class MirrorRun {
  /** How often an object is read again that others change at the same time. */
  private static final int MAX_TRIES = 4;

  private static final Logger LOG = LoggerFactory.getLogger(MirrorRun.class);

  private final MirrorInspection inspection;
  private final Mirror mirror;
  private final MirrorStore store;
  private final MirrorFindings texts;
  private final boolean repairing;
  private final Map<Work, Long> counts = new EnumMap<>(Work.class);
  private final List<Plan.Step> byHand = new ArrayList<>();
  private final List<Finding> left;
  private final Set<String> failed = new HashSet<>();
  private final Map<String, Long> blocked = new TreeMap<>();
  private final List<ObjectStep> removals;

  MirrorRun(MirrorInspection inspection, boolean repairing) {
    this.inspection = inspection;
    this.mirror = inspection.mirror();
    this.store = new MirrorStore(inspection.catalog(), mirror);
    this.texts = inspection.texts();
    this.repairing = repairing;
    this.left = new ArrayList<>(inspection.findings());
    this.removals = inspection.steps().stream().filter(step -> step.wanted().isEmpty()).toList();
  }

  /**
   * Makes the changes of the mirrors of a catalog: what is wanted in their order, then what is not
   * in reverse, because what a mirror made may depend on what those before it made.
   *
   * @throws MeshException if the registry failed, or the time is over
   */
  static void runAll(List<MirrorRun> runs, Deadline deadline) {
    for (MirrorRun run : runs) {
      run.make(deadline);
    }
    for (int last = runs.size() - 1; last >= 0; last--) {
      runs.get(last).remove(deadline);
    }
  }

  private void make(Deadline deadline) {
    run(inspection.steps().stream().filter(step -> step.wanted().isPresent()).toList(), deadline);
    if (removals.isEmpty()) {
      end(deadline);
    }
  }

  private void remove(Deadline deadline) {
    if (!removals.isEmpty()) {
      run(removals, deadline);
      end(deadline);
    }
  }

  private void run(List<ObjectStep> steps, Deadline deadline) {
    MeshException denial = inspection.denial();
    StepBatch pending = null;
    for (ObjectStep step : steps) {
      deadline.check(MeshAction.of(Verb.UPDATE, "the mirror " + texts.name()));
      if (denial != null) {
        if (step.verdict().callsService()) {
          byHand.add(MirrorSteps.byHand(texts, mirror, step, denial));
        }
        continue;
      }
      StepBatch next = StepBatch.of(mirror, step).orElse(null);
      if (pending != null && (next == null || !pending.accepts(next))) {
        run(pending, deadline);
        pending = null;
      }
      if (isBlocked(step)) {
        continue;
      }
      if (next == null) {
        run(step, deadline);
      } else if (pending == null) {
        pending = next;
      } else {
        pending.add(next);
      }
    }
    if (pending != null) {
      run(pending, deadline);
    }
  }

  private void run(StepBatch batch, Deadline deadline) {
    List<ObjectStep> steps = batch.steps();
    if (steps.size() == 1) {
      run(steps.get(0), deadline);
      return;
    }
    List<MirrorRecord> known;
    try {
      known = store.intend(steps, deadline);
    } catch (ConflictException e) {
      steps.forEach(step -> runAgain(step, deadline));
      return;
    }
    List<Optional<RuntimeException>> failures;
    try {
      failures = batch.send();
    } catch (RuntimeException e) {
      steps.forEach(step -> failed(step, e));
      return;
    }
    List<MirrorRecord> changed = new ArrayList<>();
    List<ObjectStep> done = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      if (failures.get(i).isEmpty()) {
        changed.add(known.get(i));
        done.add(steps.get(i));
      }
    }
    record(changed, done, deadline);
    for (int i = 0; i < steps.size(); i++) {
      ObjectStep step = steps.get(i);
      failures.get(i).ifPresent(failure -> entryFailed(step, failure, deadline));
    }
  }

  private void record(List<MirrorRecord> known, List<ObjectStep> done, Deadline deadline) {
    if (done.isEmpty()) {
      return;
    }
    try {
      store.changed(known, done, deadline);
      done.forEach(this::count);
    } catch (ConflictException e) {
      done.forEach(step -> runAgain(step, deadline));
    }
  }

  /** An entry that failed for now is tried again alone: only requests are repeated by clients. */
  private void entryFailed(ObjectStep step, RuntimeException failure, Deadline deadline) {
    if (failure instanceof ConflictException
        || (failure instanceof BackendException backend && backend.retryable())) {
      runAgain(step, deadline);
    } else {
      failed(step, failure);
    }
  }

  private void end(Deadline deadline) {
    blocked.forEach((container, count) -> left.add(texts.blocked(container, count)));
    if (mirror.holdsRights() && inspection.denial() == null) {
      store.observe(inspection.observed(), deadline);
    }
    if (!counts.isEmpty()) {
      store.log(counts, left.size(), deadline);
      store.trim(deadline);
    }
  }

  /** Returns the name of the mirror, for people. */
  String name() {
    return texts.name();
  }

  Map<Work, Long> counts() {
    return counts;
  }

  List<Plan.Step> byHand() {
    return byHand;
  }

  List<Finding> left() {
    return left;
  }

  /**
   * What is made waits for its container; a container is removed only if all in it could be
   * removed.
   */
  private boolean isBlocked(ObjectStep step) {
    Optional<String> waitsFor =
        step.wanted().isPresent()
            ? step.container().filter(failed::contains)
            : Optional.of(step.key()).filter(failed::contains);
    waitsFor.ifPresent(
        container -> {
          blocked.merge(container, 1L, Long::sum);
          failed.add(step.key());
        });
    return waitsFor.isPresent();
  }

  private void run(ObjectStep step, Deadline deadline) {
    catching(step, () -> attempts(step, deadline));
  }

  /** Runs a step whose object may have changed since it was read. */
  private void runAgain(ObjectStep step, Deadline deadline) {
    catching(step, () -> attempts(read(step), deadline));
  }

  private ObjectStep read(ObjectStep step) {
    return ObjectStep.of(
        mirror,
        step.key(),
        step.wanted(),
        store.find(step.key()),
        service(() -> mirror.read(step.key())),
        repairing);
  }

  private void catching(ObjectStep step, Runnable work) {
    try {
      work.run();
    } catch (ServiceFailure e) {
      failed(step, e.failure);
    } catch (ConflictException e) {
      fail(step);
      left.add(texts.failed(step.key(), e));
    }
  }

  private void failed(ObjectStep step, RuntimeException failure) {
    if (failure instanceof BackendException ended && endsRun(ended)) {
      throw ended;
    }
    fail(step);
    if (failure instanceof MeshException denial && MirrorInspection.isDenied(denial)) {
      byHand.add(MirrorSteps.byHand(texts, mirror, step, denial));
    } else {
      LOG.warn("The mirror {} failed at {}", texts.name(), step.key(), failure);
      left.add(texts.failed(step.key(), failure));
    }
  }

  /**
   * The failure of a service, which concerns one object; a failure of the registry ends the run.
   */
  private static final class ServiceFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final RuntimeException failure;

    ServiceFailure(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** Calls the service; a conflict is passed on. */
  private static <R> R service(Supplier<R> call) {
    try {
      return call.get();
    } catch (ConflictException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ServiceFailure(e);
    }
  }

  private static boolean endsRun(BackendException failure) {
    return failure.errorCode() == ErrorCode.INTERRUPTED
        || failure.errorCode() == ErrorCode.DEADLINE_PASSED;
  }

  /** An object that was not made blocks its content; one that was not removed, its container. */
  private void fail(ObjectStep step) {
    if (step.wanted().isEmpty()) {
      step.container().ifPresent(failed::add);
    } else if (step.verdict() == Verdict.MAKE || step.verdict() == Verdict.RESTORE) {
      failed.add(step.key());
    }
  }

  private void attempts(ObjectStep first, Deadline deadline) {
    ObjectStep step = first;
    for (int tries = 1; ; tries++) {
      try {
        attempt(step, deadline);
        return;
      } catch (ConflictException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
        step = read(first);
      }
    }
  }

  private void attempt(ObjectStep step, Deadline deadline) {
    switch (step.verdict()) {
      case NOTHING -> {}
      case ADOPT, RECORD -> record(step, deadline);
      case FORGET -> store.forget(step.knownOrNew(), deadline);
      case CHANGED_BY_OTHERS -> left.add(texts.changedByOthers(step));
      case FOREIGN -> {
        left.add(texts.foreign(step));
        failed.add(step.key());
      }
      case MAKE, CHANGE, RESTORE, REMOVE -> call(step, deadline);
    }
  }

  private void record(ObjectStep step, Deadline deadline) {
    Image image = step.wanted().orElseThrow();
    store.applied(step.knownOrNew(), image, step.version(), deadline);
    if (step.verdict() == Verdict.ADOPT) {
      count(Work.ADOPTED);
    }
  }

  private void call(ObjectStep step, Deadline deadline) {
    ObjectChange change = step.change();
    Optional<Finding> objection =
        step.actual().isPresent() ? service(() -> mirror.objection(change)) : Optional.empty();
    if (objection.isPresent()) {
      left.add(objection.get());
      fail(step);
      return;
    }
    MirrorRecord known = store.intend(step, deadline);
    for (ServiceCall call : mirror.calls(change)) {
      service(
          () -> {
            call.send().run();
            return true;
          });
    }
    if (step.wanted().isPresent()) {
      store.applied(known, step.wanted().get(), step.version(), deadline);
    } else {
      store.forget(known, deadline);
    }
    count(step);
  }

  private void count(ObjectStep step) {
    count(
        switch (step.verdict()) {
          case MAKE -> Work.MADE;
          case REMOVE -> Work.REMOVED;
          case RESTORE -> Work.RESTORED;
          default -> Work.CHANGED;
        });
  }

  private void count(Work work) {
    counts.merge(work, 1L, Long::sum);
  }
}
