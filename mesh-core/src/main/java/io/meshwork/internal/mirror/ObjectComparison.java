package io.meshwork.internal.mirror;

import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.mirror.MirrorRecord.RecordedState;
import java.util.Optional;

/**
 * Compares what the mesh wants of one object, what it recorded, and what the service has.
 * Stateless.
 */
final class ObjectComparison {
  private ObjectComparison() {}

  /** What follows from a comparison. */
  enum Verdict {
    /** The object is as wanted, or does not concern the mesh. */
    NOTHING,
    /** The object does not exist, and is wanted. */
    MAKE,
    /** The object is as the mesh left it, and something else is wanted. */
    CHANGE,
    /** The object was changed by others, and a repair overwrites that. */
    RESTORE,
    /** The object was created by others, differs from what is wanted, and becomes the mesh's. */
    TAKE_OVER,
    /** The object is as the mesh left it, and the mesh does not have it now. */
    REMOVE,
    /** The object is as wanted, and the record of that is missing. */
    ADOPT,
    /** The object is as wanted, and only times or files in its record change. */
    RECORD,
    /** The object is neither wanted nor there, or it is never removed; only its record is. */
    FORGET,
    /** The mesh created the object, and others changed it. */
    CHANGED_BY_OTHERS,
    /** The mesh did not make the object. */
    FOREIGN;

    boolean callsService() {
      return this == MAKE
          || this == CHANGE
          || this == RESTORE
          || this == TAKE_OVER
          || this == REMOVE;
    }

    /** True if a run writes something. */
    boolean isDue() {
      return callsService() || this == ADOPT || this == RECORD || this == FORGET;
    }
  }

  /**
   * Compares.
   *
   * @param wanted empty if the object is not wanted
   * @param mirrorRecord empty if the mesh never wrote it
   * @param actual empty if it does not exist
   */
  static Verdict compare(
      Mirror mirror,
      Optional<Image> wanted,
      Optional<MirrorRecord> mirrorRecord,
      Optional<ServiceObject> actual) {
    if (actual.isEmpty()) {
      return wanted.isPresent()
          ? Verdict.MAKE
          : mirrorRecord.isPresent() ? Verdict.FORGET : Verdict.NOTHING;
    }
    String content = actual.get().content();
    if (wanted.isPresent() && wanted.get().content().equals(content)) {
      return isRecorded(wanted.get(), mirrorRecord);
    }
    if (mirrorRecord.isEmpty()) {
      return Verdict.FOREIGN;
    }
    if (!isOfMesh(mirror, mirrorRecord.get(), content)) {
      // An object that the mesh only began to create was perhaps created by others meanwhile.
      return mirrorRecord.get().applied().isPresent() ? Verdict.CHANGED_BY_OTHERS : Verdict.FOREIGN;
    }
    return wanted.isPresent() ? Verdict.CHANGE : Verdict.REMOVE;
  }

  private static Verdict isRecorded(Image wanted, Optional<MirrorRecord> mirrorRecord) {
    if (mirrorRecord.filter(stored -> stored.isApplied(wanted)).isPresent()) {
      return Verdict.NOTHING;
    }
    return mirrorRecord.filter(stored -> stored.hasApplied(wanted.content())).isPresent()
        ? Verdict.RECORD
        : Verdict.ADOPT;
  }

  /** True if the content is one that the mesh wrote, or that an interrupted change left. */
  private static boolean isOfMesh(Mirror mirror, MirrorRecord mirrorRecord, String content) {
    return mirrorRecord.known().contains(content)
        || mirror.isInterim(mirrorRecord.key(), content)
        || mirrorRecord
            .intended()
            .filter(
                intended ->
                    mirror.isPartial(
                        mirrorRecord.applied().flatMap(RecordedState::content),
                        intended.content(),
                        content))
            .isPresent();
  }
}
