package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the changes of steps of one mirror. Records a group of changes before its calls, and after
 * them. An interrupted run leaves objects that are changed and not recorded so: the next run finds
 * them in the wanted state. Used by one thread.
 */
final class StepExecution {
  /** How often an object is read again that others change at the same time. */
  private static final int MAX_TRIES = 4;

  /** The time to record what was done when the time of the run is over. */
  private static final Duration TIME_TO_RECORD = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(StepExecution.class);

  private final Mirror mirror;
  private final MirrorStore store;
  private final MirrorFindings mirrorFindings;
  private final MeshRuntime runtime;
  private final @Nullable MeshException denial;
  private final MissingObjects missing;
  private final MirrorMode mode;
  private final Map<Work, Long> counts = new EnumMap<>(Work.class);
  private final List<Plan.Step> byHand = new ArrayList<>();
  private final List<Finding> remaining = new ArrayList<>();

  /** The keys of objects that were not created. */
  private final Set<String> failed = new HashSet<>();

  /** The keys of objects with content that was not removed. */
  private final Set<String> occupied = new HashSet<>();

  private final Set<String> foreign = new HashSet<>();
  private final Map<String, Long> blocked = new TreeMap<>();
  private boolean hasFailedRemoval;

  StepExecution(
      MirrorInspection inspection, MirrorStore store, MissingObjects missing, MirrorMode mode) {
    this.mirror = inspection.mirror();
    this.store = store;
    this.mirrorFindings = inspection.mirrorFindings();
    this.runtime = inspection.catalog().session().runtime();
    this.denial = inspection.denial();
    this.missing = missing;
    this.mode = mode;
  }

  /** Makes the changes of steps; if a service cannot be reached, people have to make them. */
  void run(List<ObjectStep> steps, Deadline deadline) {
    if (denial != null) {
      steps.stream()
          .filter(step -> step.verdict().callsService())
          .forEach(
              step -> {
                byHand.add(MirrorSteps.byHand(mirrorFindings, mirror, step, denial));
                missing.add(mirrorFindings, step);
              });
      return;
    }
    for (StepGroup group : StepGroup.of(mirror, steps)) {
      runAtOnce(group.steps().stream().filter(this::isAllowed).toList(), deadline);
    }
  }

  /** Reads objects again, and creates or changes any that is not as wanted. */
  void makeAgain(List<Image> images, Deadline deadline) {
    for (Image image : images) {
      runAgain(
          new ObjectStep(
              image.key(), Verdict.MAKE, Optional.of(image), Optional.empty(), Optional.empty()),
          deadline);
    }
  }

  /**
   * Leaves objects that are to be removed or reduced, and what contains them, for another mirror.
   *
   * @param by the name of the mirror that may need them
   */
  void keep(List<ObjectStep> steps, String by) {
    if (!steps.isEmpty()) {
      steps.forEach(this::fail);
      hasFailedRemoval = true;
      remaining.add(mirrorFindings.kept(steps.size(), by));
    }
  }

  /** Makes the changes of steps that are recorded at once. */
  private void runAtOnce(List<ObjectStep> steps, Deadline deadline) {
    List<ObjectStep> calling =
        steps.stream().filter(step -> step.verdict().callsService()).toList();
    Map<ObjectStep, MirrorRecord> records = new HashMap<>();
    steps.forEach(step -> records.put(step, step.knownOrNew()));
    try {
      intend(calling, records, deadline);
    } catch (ConflictException e) {
      steps.forEach(step -> runAgain(step, deadline));
      return;
    }
    List<ObjectStep> done = new ArrayList<>(steps);
    done.removeAll(calling);
    try {
      for (StepBatch batch : StepBatch.of(mirror, calling)) {
        deadline.check(MeshAction.of(Verb.UPDATE, "the mirror " + mirrorFindings.name()));
        done.addAll(
            batch.isRequest()
                ? sendTogether(batch, deadline)
                : sendAlone(batch.steps().get(0), deadline));
      }
    } catch (BackendException e) {
      if (e.errorCode() == ErrorCode.DEADLINE_PASSED) {
        record(done, records, runtime.startDeadline(TIME_TO_RECORD));
      }
      throw e;
    }
    record(done, records, deadline);
  }

  private void intend(
      List<ObjectStep> calling, Map<ObjectStep, MirrorRecord> records, Deadline deadline) {
    if (calling.isEmpty()) {
      return;
    }
    List<MirrorRecord> intended = store.intend(calling, deadline);
    for (int i = 0; i < calling.size(); i++) {
      records.put(calling.get(i), intended.get(i));
    }
  }

  private void record(
      List<ObjectStep> done, Map<ObjectStep, MirrorRecord> records, Deadline deadline) {
    if (done.isEmpty()) {
      return;
    }
    try {
      store.changed(done.stream().map(records::get).toList(), done, deadline);
      done.forEach(this::count);
    } catch (ConflictException e) {
      done.forEach(step -> runAgain(step, deadline));
    }
  }

  /** Makes the calls of a step, and returns it if all succeeded. */
  private List<ObjectStep> sendAlone(ObjectStep step, Deadline deadline) {
    try {
      send(step);
      return List.of(step);
    } catch (ServiceFailure e) {
      failed(step, e.failure);
    } catch (ConflictException e) {
      runAgain(step, deadline);
    }
    return List.of();
  }

  /** Sends a request, and returns the steps that succeeded. */
  private List<ObjectStep> sendTogether(StepBatch batch, Deadline deadline) {
    List<ObjectStep> done = new ArrayList<>();
    List<ObjectStep> steps = batch.steps();
    List<Optional<RuntimeException>> failures;
    try {
      failures = batch.send();
    } catch (RuntimeException e) {
      if (isOfRequest(e)) {
        steps.forEach(step -> failed(step, e));
      } else {
        steps.forEach(step -> done.addAll(sendAlone(step, deadline)));
      }
      return done;
    }
    for (int i = 0; i < steps.size(); i++) {
      ObjectStep step = steps.get(i);
      failures
          .get(i)
          .ifPresentOrElse(
              failure -> done.addAll(afterFailure(step, failure, deadline)), () -> done.add(step));
    }
    return done;
  }

  /**
   * True if a failure does not concern an entry: it passes, ends the run, or denies the operation.
   */
  private static boolean isOfRequest(RuntimeException failure) {
    return failure instanceof BackendException backend
        && (backend.retryable() || endsRun(backend) || MirrorInspection.isDenied(backend));
  }

  /** An entry that failed for now is sent again alone: only requests are repeated by clients. */
  private List<ObjectStep> afterFailure(
      ObjectStep step, RuntimeException failure, Deadline deadline) {
    if (failure instanceof BackendException backend && backend.retryable()) {
      return sendAlone(step, deadline);
    }
    if (failure instanceof ConflictException) {
      runAgain(step, deadline);
    } else {
      failed(step, failure);
    }
    return List.of();
  }

  /** Returns how many objects were created, changed, or removed. */
  Map<Work, Long> counts() {
    return counts;
  }

  /** Returns the keys of objects that others created meanwhile. */
  Set<String> foreign() {
    return foreign;
  }

  /** True if an object was to be removed or changed, and was not, for a reason that may pass. */
  boolean hasFailedRemoval() {
    return hasFailedRemoval;
  }

  /** Returns what people are to do instead. */
  List<Plan.Step> byHand() {
    return byHand;
  }

  /** Returns what failed, what waits for it, and what the mirror objects to. */
  List<Finding> left() {
    return Stream.concat(
            remaining.stream(),
            blocked.entrySet().stream()
                .map(waiting -> MirrorFindings.blocked(waiting.getKey(), waiting.getValue())))
        .toList();
  }

  /** False if a step waits for another that failed, or is never made. */
  private boolean isAllowed(ObjectStep step) {
    if (isBlocked(step)) {
      return false;
    }
    try {
      return !hasObjection(step);
    } catch (ServiceFailure e) {
      failed(step, e.failure);
      return false;
    }
  }

  /**
   * What is created waits for its container, and for what prevents it from giving more than the
   * mesh; a container is removed only if all in it could be removed.
   */
  private boolean isBlocked(ObjectStep step) {
    Optional<String> waitsFor =
        step.wanted().isPresent()
            ? step.container()
                .filter(failed::contains)
                .map(mirrorFindings::subject)
                .or(() -> missing.limit(mirror, step))
            : Optional.of(step.key()).filter(occupied::contains).map(mirrorFindings::subject);
    waitsFor.ifPresent(
        subject -> {
          blocked.merge(subject, 1L, Long::sum);
          failed.add(step.key());
          fail(step);
        });
    return waitsFor.isPresent();
  }

  /** Runs a step whose object may have changed since it was read. */
  private void runAgain(ObjectStep step, Deadline deadline) {
    try {
      attempts(step, deadline);
    } catch (ServiceFailure e) {
      failed(step, e.failure);
    } catch (ConflictException e) {
      failed(step, e);
    }
  }

  private ObjectStep read(ObjectStep step) {
    return ObjectStep.of(
        mirror,
        step.key(),
        step.wanted(),
        store.find(step.key()),
        service(() -> mirror.read(step.key())),
        mode);
  }

  private void failed(ObjectStep step, RuntimeException failure) {
    if (failure instanceof BackendException ended && endsRun(ended)) {
      throw ended;
    }
    fail(step);
    if (failure instanceof MeshException denial && MirrorInspection.isDenied(denial)) {
      byHand.add(MirrorSteps.byHand(mirrorFindings, mirror, step, denial));
    } else {
      LOG.warn("The mirror {} failed at {}", mirrorFindings.name(), step.key(), failure);
      hasFailedRemoval |= step.wanted().isEmpty() || step.verdict() == Verdict.CHANGE;
      remaining.add(mirrorFindings.failed(step.key(), failure));
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

  /** An object that was not created blocks its content; one that was not removed, its container. */
  private void fail(ObjectStep step) {
    missing.add(mirrorFindings, step);
    if (step.wanted().isEmpty()) {
      step.container().ifPresent(occupied::add);
    } else if (step.verdict() == Verdict.MAKE
        || step.verdict() == Verdict.RESTORE
        || step.verdict() == Verdict.TAKE_OVER) {
      failed.add(step.key());
    }
  }

  private void attempts(ObjectStep step, Deadline deadline) {
    for (int tries = 1; ; tries++) {
      try {
        attempt(read(step), deadline);
        return;
      } catch (ConflictException e) {
        if (tries == MAX_TRIES) {
          throw e;
        }
      }
    }
  }

  private void attempt(ObjectStep step, Deadline deadline) {
    switch (step.verdict()) {
      case NOTHING -> {}
      case CHANGED_BY_OTHERS -> {
        if (!hasObjection(step)) {
          remaining.add(mirrorFindings.changedByOthers(step));
          missing.add(mirrorFindings, step);
        }
      }
      case FOREIGN -> {
        remaining.add(mirrorFindings.foreign(step, step.closing(mirror), adoption(step)));
        missing.add(mirrorFindings, step);
        failed.add(step.key());
        foreign.add(step.key());
      }
      case ADOPT, RECORD, FORGET -> change(step, step.knownOrNew(), deadline);
      case MAKE, CHANGE, RESTORE, TAKE_OVER, REMOVE -> {
        if (!hasObjection(step)) {
          MirrorRecord intended = store.intend(List.of(step), deadline).get(0);
          send(step);
          change(step, intended, deadline);
        }
      }
    }
  }

  private Optional<ContentDifference> adoption(ObjectStep step) {
    return step.difference(mirror)
        .filter(each -> service(() -> mirror.objection(step.change())).isEmpty());
  }

  private void change(ObjectStep step, MirrorRecord before, Deadline deadline) {
    store.changed(List.of(before), List.of(step), deadline);
    count(step);
  }

  /** Makes the calls of a step. */
  private void send(ObjectStep step) {
    for (ServiceCall call : mirror.calls(step.change())) {
      service(
          () -> {
            call.send().run();
            return true;
          });
    }
  }

  /** True if the mirror objects to a change; the reason is left for people. */
  private boolean hasObjection(ObjectStep step) {
    boolean isDue = step.verdict().callsService() || step.verdict() == Verdict.CHANGED_BY_OTHERS;
    Optional<Finding> objection =
        isDue && step.actual().isPresent()
            ? service(() -> mirror.objection(step.change()))
            : Optional.empty();
    objection.ifPresent(
        reason -> {
          remaining.add(reason);
          fail(step);
        });
    return objection.isPresent();
  }

  private void count(ObjectStep step) {
    switch (step.verdict()) {
      case MAKE -> count(Work.MADE);
      case REMOVE -> count(Work.REMOVED);
      case RESTORE -> count(Work.RESTORED);
      case CHANGE -> count(Work.CHANGED);
      case ADOPT, TAKE_OVER -> count(Work.ADOPTED);
      default -> {}
    }
  }

  private void count(Work work) {
    counts.merge(work, 1L, Long::sum);
  }
}
