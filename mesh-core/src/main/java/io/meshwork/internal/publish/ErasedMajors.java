package io.meshwork.internal.publish;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.publish.PublishMode;
import java.util.Collection;
import java.util.stream.Stream;

/**
 * The major versions that an erase removes rows from besides the leading one: all that have rows,
 * also those that are published no more, and where a restored one lacks rows of the others. A
 * prepared one has only copies, which its back-fill or its abort removes.
 *
 * @param leading the major version that the caller named
 */
record ErasedMajors(PublishContext publish, VersionEntry leading) {
  /** Their numbers; none if the publish erases no rows, or those of the leading one alone. */
  Stream<Integer> others() {
    return isOfAll() ? all().filter(major -> hasRows(state(major))) : Stream.empty();
  }

  /**
   * Requires that there are no others than those whose rows are erased, until the commit.
   *
   * @throws ConflictException if there is another one
   */
  void check(Collection<Integer> erased, CommitDraft<?> draft) {
    if (!isOfAll()) {
      return;
    }
    all()
        .filter(major -> !erased.contains(major) && state(major) != MajorState.PURGED)
        .map(
            major -> catalog().requireFor(Use.DESCRIBE, publish.product(), major, publish.action()))
        .forEach(
            other -> {
              if (hasRows(other.state())) {
                throw missed(other);
              }
              draft.check(other.majorStored());
            });
  }

  /**
   * An erase from a major version that was taken out of use is from that one alone, unless the
   * product ended with it.
   */
  private boolean isOfAll() {
    return publish.options().mode() == PublishMode.ERASE
        && publish.options().only() == null
        && (leading.state().isLive() || leading.endsProduct());
  }

  private Stream<Integer> all() {
    return catalog().majors(publish.product()).stream().filter(major -> major != leading.major());
  }

  private MajorState state(int major) {
    return catalog().majorState(publish.product(), major).orElse(MajorState.PURGED);
  }

  private static boolean hasRows(MajorState state) {
    return state != MajorState.PREPARED && state != MajorState.PURGED;
  }

  private Catalog catalog() {
    return publish.session().catalog();
  }

  private ConflictException missed(VersionEntry other) {
    return Failure.of(publish.action())
        .because(
            "a rollout changed major version "
                + other.major()
                + " to "
                + other.state()
                + " while the rows were selected, so its rows must be erased too")
        .state("Nothing was erased.")
        .fix("Run it again with the same key.")
        .conflict(ErrorCode.CONFLICT);
  }
}
