package io.meshwork.internal.mirror;

import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Steps in a row that are recorded at once, before and after their calls. An object and its
 * container are in different groups, and so are a change and what would let it give more. Used by
 * one thread.
 */
final class StepGroup {
  private static final int MAX_STEPS = 40;

  /** The most characters of its contents, far below what a registry writes at once. */
  private static final int MAX_LENGTH = 256 << 10;

  private final List<ObjectStep> steps = new ArrayList<>();
  private int length;

  /** Returns the steps in groups, in order. */
  static List<StepGroup> of(Mirror mirror, List<ObjectStep> steps) {
    List<StepGroup> groups = new ArrayList<>();
    StepGroup last = new StepGroup();
    for (ObjectStep step : steps) {
      if (groups.isEmpty() || !last.accepts(mirror, step)) {
        last = new StepGroup();
        groups.add(last);
      }
      last.steps.add(step);
      last.length += lengthOf(step);
    }
    return groups;
  }

  List<ObjectStep> steps() {
    return List.copyOf(steps);
  }

  private boolean accepts(Mirror mirror, ObjectStep step) {
    return steps.size() < MAX_STEPS
        && length + lengthOf(step) <= MAX_LENGTH
        && steps.stream()
            .noneMatch(
                each ->
                    isContained(each, step)
                        || isContained(step, each)
                        || isLimitedBy(mirror, each, step));
  }

  private static boolean isLimitedBy(Mirror mirror, ObjectStep other, ObjectStep step) {
    return mirror.isLimitedBy(mirror.name(), Optional.of(other.change()), step.change());
  }

  /** True if an object is in another, so that one waits for the other. */
  private static boolean isContained(ObjectStep inner, ObjectStep outer) {
    return inner.container().filter(outer.key()::equals).isPresent();
  }

  private static int lengthOf(ObjectStep step) {
    return Stream.of(
            step.wanted().map(Image::content),
            step.actual().map(ServiceObject::content),
            step.mirrorRecord().flatMap(MirrorRecord::applied).flatMap(RecordedState::content))
        .flatMap(Optional::stream)
        .mapToInt(String::length)
        .sum();
  }
}
