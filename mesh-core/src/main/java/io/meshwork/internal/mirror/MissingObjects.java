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
  private final List<Unmade> all = new ArrayList<>();

  private record Unmade(MirrorFindings texts, Optional<ObjectChange> change) {
    String subject() {
      return change.map(unmade -> texts.subject(unmade.key())).orElseGet(texts::name);
    }
  }

  /** Adds everything, of a mirror that failed. */
  void addAll(MirrorFindings texts) {
    all.add(new Unmade(texts, Optional.empty()));
  }

  /** Adds a change that was not made. */
  void add(MirrorFindings texts, ObjectStep step) {
    all.add(new Unmade(texts, Optional.of(step.change())));
  }

  /** Returns the subject of what a change has to wait for; empty if it does not have to. */
  Optional<String> limit(Mirror mirror, ObjectStep step) {
    return step.wanted().isEmpty() || !step.verdict().callsService()
        ? Optional.empty()
        : all.stream()
            .filter(
                unmade ->
                    mirror.isLimitedBy(unmade.texts().mirror(), unmade.change(), step.change()))
            .map(Unmade::subject)
            .findFirst();
  }
}
