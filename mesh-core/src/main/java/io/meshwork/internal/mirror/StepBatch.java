package io.meshwork.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.mirror.Mirror.BatchEntry;
import io.meshwork.internal.mirror.Mirror.CallBatch;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Steps in a row whose calls the service takes in one request. None of them depends on another.
 * Used by one thread.
 */
final class StepBatch {
  /** The most characters of its entries, far below what a registry writes at once. */
  private static final int MAX_LENGTH = 256 << 10;

  private final CallBatch request;
  private final List<ObjectStep> steps = new ArrayList<>();
  private final List<JsonNode> entries = new ArrayList<>();
  private int length;

  private StepBatch(CallBatch request, ObjectStep step, JsonNode content) {
    this.request = request;
    this.steps.add(step);
    this.entries.add(content);
    this.length = content.toString().length();
  }

  /** Returns a batch of one step; empty if its change is not a single call with such a request. */
  static Optional<StepBatch> of(Mirror mirror, ObjectStep step) {
    if (step.verdict() != Verdict.MAKE && step.verdict() != Verdict.REMOVE) {
      return Optional.empty();
    }
    List<ServiceCall> calls = mirror.calls(step.change());
    if (calls.size() != 1 || calls.get(0).entry().isEmpty()) {
      return Optional.empty();
    }
    if (step.actual().isPresent() && mirror.objection(step.change()).isPresent()) {
      return Optional.empty();
    }
    BatchEntry entry = calls.get(0).entry().get();
    return Optional.of(new StepBatch(entry.batch(), step, entry.content()));
  }

  /** Returns false if another batch is another request, would be too many, or depends on this. */
  boolean accepts(StepBatch other) {
    return request.equals(other.request)
        && steps.size() + other.steps.size() <= request.most()
        && length + other.length <= MAX_LENGTH
        && other.steps.stream().noneMatch(this::isRelated);
  }

  /** Adds another batch that is accepted. */
  void add(StepBatch other) {
    steps.addAll(other.steps);
    entries.addAll(other.entries);
    length += other.length;
  }

  /** True if an object contains another, so that one waits for the other. */
  private boolean isRelated(ObjectStep step) {
    return steps.stream()
        .anyMatch(
            each ->
                each.container().filter(step.key()::equals).isPresent()
                    || step.container().filter(each.key()::equals).isPresent());
  }

  List<ObjectStep> steps() {
    return List.copyOf(steps);
  }

  /** Sends the request, and returns for each step why it failed; empty if it did not. */
  List<Optional<RuntimeException>> send() {
    return request.send(List.copyOf(entries));
  }
}
