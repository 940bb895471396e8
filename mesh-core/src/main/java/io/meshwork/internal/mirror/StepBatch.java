package io.meshwork.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.mirror.Mirror.BatchEntry;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps in a row whose calls the service takes in one request, or one step whose calls are sent
 * alone. Used by one thread.
 */
final class StepBatch {
  private final List<ObjectStep> steps = new ArrayList<>();

  /** The entry of each step; empty if its calls are sent alone. */
  private final List<BatchEntry> entries = new ArrayList<>();

  private StepBatch() {}

  /** Returns steps in batches, in order. */
  static List<StepBatch> of(Mirror mirror, List<ObjectStep> steps) {
    List<StepBatch> batches = new ArrayList<>();
    StepBatch last = new StepBatch();
    for (ObjectStep step : steps) {
      Optional<BatchEntry> entry = entry(mirror, step);
      if (batches.isEmpty() || entry.filter(last::accepts).isEmpty()) {
        last = new StepBatch();
        batches.add(last);
      }
      last.steps.add(step);
      entry.ifPresent(last.entries::add);
    }
    return batches;
  }

  /** Returns the entry of a change that is a single call with such an entry. */
  private static Optional<BatchEntry> entry(Mirror mirror, ObjectStep step) {
    if (step.verdict() != Verdict.MAKE && step.verdict() != Verdict.REMOVE) {
      return Optional.empty();
    }
    List<ServiceCall> calls = mirror.calls(step.change());
    return calls.size() == 1 ? calls.get(0).entry() : Optional.empty();
  }

  private boolean accepts(BatchEntry entry) {
    return !entries.isEmpty()
        && entries.get(0).batch().equals(entry.batch())
        && entries.size() < entry.batch().maxEntries();
  }

  List<ObjectStep> steps() {
    return List.copyOf(steps);
  }

  /** Returns true if the steps are sent in one request. */
  boolean isRequest() {
    return entries.size() > 1;
  }

  /** Sends the request, and returns for each step why it failed; empty if it did not. */
  List<Optional<RuntimeException>> send() {
    List<JsonNode> contents = entries.stream().map(BatchEntry::content).toList();
    return entries.get(0).batch().send(contents);
  }
}
