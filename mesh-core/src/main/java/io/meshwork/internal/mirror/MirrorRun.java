package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Makes the changes of one mirror, and stores what is left. Used by one thread, once. */
final class MirrorRun {
  private final Mirror mirror;
  private final MirrorStore store;
  private final MirrorMode mode;
  private final MissingObjects missing;
  private StepExecution execution;
  private final List<Finding> remaining;

  /** The keys of objects that were created, or failed, before the mirror was compared again. */
  private final Set<String> tried = new HashSet<>();

  /** What is left to do, as the mirror was compared last. */
  private MirrorInspection inspection;

  /**
   * Prepares a run.
   *
   * @param missing what the mirrors of the catalog do not have
   */
  MirrorRun(MirrorInspection inspection, MissingObjects missing, MirrorMode mode) {
    this.inspection = inspection;
    this.mirror = inspection.mirror();
    this.store = new MirrorStore(inspection.catalog(), mirror);
    this.mode = mode;
    this.missing = missing;
    this.execution = new StepExecution(inspection, store, missing, mode);
    this.remaining = new ArrayList<>(inspection.findings());
    addMissing(inspection);
  }

  /**
   * Makes the changes of the mirrors of a catalog: changes that limit one of an earlier mirror, or
   * could not be made after it; then what is wanted, in order; then what is not, in reverse,
   * because what a mirror created may depend on what earlier ones created. If a mirror fails, that
   * stays.
   *
   * @throws io.meshwork.error.MeshException if the registry failed, or the time is over
   */
  static void runAll(List<MirrorRun> runs, Deadline deadline) {
    for (int last = runs.size() - 1; last >= 0; last--) {
      runs.get(last).makeFirst(runs.subList(0, last), deadline);
    }
    Map<String, Set<String>> foreign = new HashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      MirrorRun run = runs.get(i);
      run.makeAfter(runs.subList(0, i), deadline);
      run.make(foreign, runs.subList(i + 1, runs.size()), deadline);
      foreign.put(run.mirror.name(), run.foreign());
    }
    for (int last = runs.size() - 1; last >= 0; last--) {
      runs.get(last).remove(runs.subList(last + 1, runs.size()), deadline);
    }
  }

  /** Returns the keys of wanted objects that others created, also after the inspection. */
  private Set<String> foreign() {
    Set<String> all = new HashSet<>(inspection.foreign());
    all.addAll(execution.foreign());
    return all;
  }

  /** Reads objects again that earlier runs of this catalog may have changed, and makes them. */
  private void makeAfter(List<MirrorRun> earlier, Deadline deadline) {
    if (inspection.denial() != null && earlier.stream().anyMatch(run -> !run.counts().isEmpty())) {
      inspectAgain();
    }
    if (inspection.failed() || inspection.denial() != null) {
      return;
    }
    Set<String> keys =
        earlier.stream()
            .filter(run -> !run.counts().isEmpty())
            .flatMap(run -> mirror.keysAfter(run.mirror.name()).stream())
            .collect(Collectors.toSet());
    if (!keys.isEmpty()) {
      execution.makeAgain(
          mirror.wanted().images().stream().filter(image -> keys.contains(image.key())).toList(),
          deadline);
      tried.addAll(keys);
      inspection = inspection.withoutChanges(step -> keys.contains(step.key()));
    }
  }

  /** What an earlier mirror created, such as an administrator, may permit what was denied. */
  private void inspectAgain() {
    MirrorInspection again;
    try {
      again = MirrorInspection.of(mirror, inspection.catalog(), List.of(), null, mode);
    } catch (MeshException e) {
      again = MirrorInspection.failed(mirror, inspection.catalog(), e);
    }
    remaining.removeAll(inspection.findings());
    remaining.addAll(again.findings());
    inspection = again;
    execution = new StepExecution(again, store, missing, mode);
    addMissing(again);
  }

  private void makeFirst(List<MirrorRun> earlier, Deadline deadline) {
    if (inspection.denial() != null) {
      return;
    }
    Map<ObjectStep, ObjectStep> first = first(earlier);
    if (first.values().stream().anyMatch(this::isUnseen)) {
      inspection = makeSeen(deadline);
      first = first(earlier);
    }
    if (!first.isEmpty()) {
      execution.run(List.copyOf(first.values()), deadline);
      Set<ObjectStep> executed = new HashSet<>(first.keySet());
      executed.retainAll(first.values());
      executed.forEach(step -> tried.add(step.key()));
      inspection = inspection.without(executed::contains);
    }
  }

  /** Returns the steps before changes of earlier mirrors, with the part of each to make then. */
  private Map<ObjectStep, ObjectStep> first(List<MirrorRun> earlier) {
    Map<ObjectStep, ObjectStep> first = new LinkedHashMap<>();
    for (ObjectStep step : inspection.steps()) {
      if (step.verdict().callsService()) {
        if (earlier.stream().anyMatch(run -> run.isLimitedBy(mirror, step))) {
          first.put(step, step);
        } else {
          earlier.stream()
              .flatMap(run -> run.madeBefore(mirror, step))
              .findFirst()
              .ifPresent(
                  change ->
                      first.put(step, change.equals(step.change()) ? step : step.asRemoval()));
        }
      }
    }
    return first;
  }

  /** Returns the part of a later mirror's step that is made before a change of this one. */
  private Stream<ObjectChange> madeBefore(Mirror later, ObjectStep step) {
    return inspection.changes().stream()
        .filter(each -> each.verdict().callsService())
        .flatMap(each -> later.madeBefore(mirror.name(), each.change(), step.change()).stream());
  }

  /** True if a step of a later mirror limits a change of this one. */
  private boolean isLimitedBy(Mirror later, ObjectStep step) {
    return inspection.changes().stream()
        .filter(each -> each.verdict().callsService())
        .map(ObjectStep::change)
        .filter(change -> mirror.isLimitedBy(later.name(), Optional.empty(), change))
        .anyMatch(change -> mirror.isLimitedBy(later.name(), Optional.of(step.change()), change));
  }

  private void make(Map<String, Set<String>> foreign, List<MirrorRun> later, Deadline deadline) {
    if (inspection.denial() == null && inspection.steps().stream().anyMatch(this::isUnseen)) {
      inspection = makeSeen(deadline);
    }
    inspection = inspection.withoutForeign(foreign);
    execution.run(withoutNeeded(inspection.changes(), later), deadline);
    if (inspection.removals().isEmpty()) {
      end(deadline);
    }
  }

  private void remove(List<MirrorRun> later, Deadline deadline) {
    if (inspection.removals().isEmpty()) {
      return;
    }
    execution.run(withoutNeeded(inspection.removals(), later), deadline);
    end(deadline);
  }

  /** Returns steps without steps whose objects stay because a later mirror needs them. */
  private List<ObjectStep> withoutNeeded(List<ObjectStep> steps, List<MirrorRun> later) {
    List<ObjectStep> others = new ArrayList<>(steps);
    for (MirrorRun run : later) {
      List<ObjectStep> needed = others.stream().filter(step -> run.needs(mirror, step)).toList();
      execution.keep(needed, run.name());
      others.removeAll(needed);
    }
    return others;
  }

  /** True if this mirror failed, and what it created may depend on an object of an earlier one. */
  private boolean needs(Mirror earlier, ObjectStep step) {
    return (inspection.failed() || execution.hasFailedRemoval())
        && step.verdict().callsService()
        && mirror.dependsOn(earlier.name(), step.change());
  }

  private boolean isUnseen(ObjectStep step) {
    return !mirror.sees(step.key());
  }

  /**
   * Makes what the mirror sees, compares again, and returns what is left to do: where the mirror
   * did not see an object, others may have created it. What failed is not tried twice.
   */
  private MirrorInspection makeSeen(Deadline deadline) {
    List<ObjectStep> seen = inspection.changes().stream().filter(step -> !isUnseen(step)).toList();
    MirrorInspection unseen = inspection.withoutChanges(seen::contains);
    execution.run(seen, deadline);
    MirrorInspection again;
    try {
      again = MirrorInspection.of(mirror, inspection.catalog(), List.of(), null, mode);
    } catch (BackendException e) {
      MirrorInspection unknown = MirrorInspection.failed(mirror, inspection.catalog(), e);
      remaining.addAll(unknown.findings());
      addMissing(unknown);
      return unknown;
    }
    addMissing(again);
    if (again.denial() != null || again.steps().stream().anyMatch(this::isUnseen)) {
      return unseen;
    }
    remaining.removeAll(inspection.findings());
    remaining.addAll(again.findings());
    seen.forEach(step -> tried.add(step.key()));
    return again.withoutChanges(step -> tried.contains(step.key()));
  }

  private void end(Deadline deadline) {
    // A run for one product does not see all objects.
    boolean sawAll = mirror.holdsRights() && mirror.ofProduct().isEmpty();
    if (sawAll && !inspection.failed() && inspection.denial() == null) {
      store.observe(inspection.observed(), mirror::sees, deadline);
    }
    if (!counts().isEmpty()) {
      store.log(counts(), left().size(), deadline);
      store.trim(deadline);
    }
  }

  boolean isIn(String account) {
    return inspection.mirrorFindings().account().equals(account);
  }

  /** Returns the name of the mirror, for people. */
  String name() {
    return inspection.mirrorFindings().name();
  }

  Map<Work, Long> counts() {
    return execution.counts();
  }

  List<Plan.Step> byHand() {
    return execution.byHand();
  }

  List<Finding> left() {
    return Stream.concat(remaining.stream(), execution.left().stream()).toList();
  }

  /** Adds what others created or changed, and that stays; everything if the mirror failed. */
  private void addMissing(MirrorInspection repeated) {
    if (repeated.failed()) {
      missing.addAll(repeated.mirrorFindings());
    }
    repeated.left().forEach(step -> missing.add(repeated.mirrorFindings(), step));
  }
}
