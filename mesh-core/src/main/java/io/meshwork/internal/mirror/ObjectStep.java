package io.meshwork.internal.mirror;

import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import java.util.Optional;
import java.util.Set;

/**
 * One object with what the mesh wants, knows, and found of it. Immutable.
 *
 * @param key the key of the object
 * @param verdict what is to be done
 * @param wanted empty if the object is not wanted
 * @param mirrorRecord empty if the mesh never wrote it
 * @param actual empty if it does not exist, or that is not known
 */
record ObjectStep(
    String key,
    Verdict verdict,
    Optional<Image> wanted,
    Optional<MirrorRecord> mirrorRecord,
    Optional<ServiceObject> actual) {
  /**
   * Compares the states of an object.
   *
   * @param mode what is done to objects of others
   */
  static ObjectStep of(
      Mirror mirror,
      String key,
      Optional<Image> wanted,
      Optional<MirrorRecord> mirrorRecord,
      Optional<ServiceObject> actual,
      MirrorMode mode) {
    Verdict verdict = ObjectComparison.compare(mirror, wanted, mirrorRecord, actual);
    if (mode.repairing() && verdict == Verdict.CHANGED_BY_OTHERS) {
      verdict = wanted.isPresent() ? Verdict.RESTORE : Verdict.REMOVE;
    }
    if (verdict == Verdict.FOREIGN
        && wanted.isEmpty()
        && actual.filter(object -> mirror.isInterim(key, object.content())).isPresent()) {
      verdict = Verdict.REMOVE;
    }
    ObjectStep step = new ObjectStep(key, verdict, wanted, mirrorRecord, actual);
    if (mode.adopting()
        && step.difference(mirror)
            .filter(each -> mode.repairing() || each.onlyAdds())
            .isPresent()) {
      step = new ObjectStep(key, Verdict.TAKE_OVER, wanted, mirrorRecord, actual);
    }
    if (verdict == Verdict.MAKE && mirror.calls(step.change()).isEmpty()) {
      return new ObjectStep(key, Verdict.NOTHING, wanted, mirrorRecord, actual);
    }
    return step.isLeftToOthers(mirror)
        ? new ObjectStep(key, Verdict.FORGET, wanted, mirrorRecord, actual)
        : step;
  }

  /** True if the object is not wanted, and its service does not let the mesh remove it. */
  private boolean isLeftToOthers(Mirror mirror) {
    return wanted.isEmpty()
        && (verdict == Verdict.REMOVE || verdict == Verdict.CHANGED_BY_OTHERS)
        && mirror.calls(change()).isEmpty();
  }

  /**
   * Returns how an object of others, which the mesh wants and can take over, differs from what it
   * wants; empty for all other objects.
   */
  Optional<ContentDifference> difference(Mirror mirror) {
    return (verdict == Verdict.FOREIGN || verdict == Verdict.TAKE_OVER)
            && wanted.isPresent()
            && mirror.isAdoptable(key)
        ? actual.map(
            object ->
                ContentDifference.between(
                    object.content(), wanted.get().content(), mirror.movingProperties()))
        : Optional.empty();
  }

  /** Returns the command that ends the access that others give by the object; empty if none. */
  Optional<String> closing(Mirror mirror) {
    return actual.flatMap(object -> mirror.closing(key, object));
  }

  ObjectStep asRemoval() {
    return new ObjectStep(key, Verdict.REMOVE, Optional.empty(), mirrorRecord, actual);
  }

  /** Returns the change of the service. */
  ObjectChange change() {
    return new ObjectChange(
        key, wanted, mirrorRecord.map(MirrorRecord::known).orElse(Set.of()), actual);
  }

  /** Returns the record of the object, also if the mesh never wrote it. */
  MirrorRecord knownOrNew() {
    return mirrorRecord.orElseGet(
        () -> MirrorRecord.none(key, stage(), container(), actual.isPresent()));
  }

  /** Returns the version that a change expects. */
  String version() {
    return actual.map(ServiceObject::version).orElse("");
  }

  int stage() {
    return wanted.map(Image::stage).or(() -> mirrorRecord.map(MirrorRecord::stage)).orElse(0);
  }

  Optional<String> container() {
    return wanted
        .map(Image::container)
        .or(() -> mirrorRecord.map(MirrorRecord::container))
        .or(() -> actual.map(ServiceObject::container))
        .orElse(Optional.empty());
  }
}
