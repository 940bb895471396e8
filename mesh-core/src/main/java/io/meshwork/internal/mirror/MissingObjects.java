package io.meshwork.internal.mirror;

import io.meshwork.internal.mirror.Mirror.ObjectChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the mirrors of a catalog should have and do not have: changes that could give readers more
 * without it are not made. Used by one thread.
 */
final class MissingObjects {
  private final List<MissingObject> all = new ArrayList<>();

  private record MissingObject(MirrorFindings mirrorFindings, Optional<ObjectChange> change) {
    String subject() {
      return change
          .map(missing -> mirrorFindings.subject(missing.key()))
          .orElseGet(mirrorFindings::name);
    }
  }

  /** Adds everything, of a mirror that failed. */
  void addAll(MirrorFindings mirrorFindings) {
    all.add(new MissingObject(mirrorFindings, Optional.empty()));
  }

  /** Adds a change that was not made. */
  void add(MirrorFindings mirrorFindings, ObjectStep step) {
    all.add(new MissingObject(mirrorFindings, Optional.of(step.change())));
  }

  /** Returns the subject of what a change has to wait for; empty if it does not have to. */
  Optional<String> limit(Mirror mirror, ObjectStep step) {
    return step.wanted().isEmpty() || !step.verdict().callsService()
        ? Optional.empty()
        : all.stream()
            .filter(
                missing ->
                    mirror.isLimitedBy(
                        missing.mirrorFindings().mirror(), missing.change(), step.change()))
            .map(MissingObject::subject)
            .findFirst();
  }
}
