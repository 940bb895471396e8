package io.meshwork.internal.publish.run;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.Table;

/**
 * The major versions that an erase removes rows from besides the leading one: all that share rows
 * with it, also majors that are published no more or not open yet, and where a restored one lacks
 * rows of the others. One that a back-fill still copies to has only copies; copies of files with
 * erased rows are removed, and copied again without them.
 *
 * @param leading the major version that the caller named
 */
record ErasedMajors(PublishContext publish, VersionEntry leading) {
  /** Their numbers; none if the publish erases no rows, or the leading one's alone. */
  Stream<Integer> others() {
    return sharing().filter(version -> !isCopied(version)).map(VersionEntry::major);
  }

  /**
   * Requires until the commit that the rows of all others are erased.
   *
   * @throws ConflictException if there is another one
   */
  void check(Collection<Integer> erased, CommitDraft<?> draft) {
    sharing()
        .filter(version -> !erased.contains(version.major()))
        .forEach(
            version -> {
              if (!isCopied(version)) {
                throw missed(version);
              }
              draft.check(version.majorStored());
            });
  }

  /**
   * Removes the copies of files that the erase changed from the major versions that a back-fill
   * copies to.
   *
   * @param erased the tables of the erased major versions after the erase, by number
   */
  void removeCopies(Map<Integer, Table> erased, CommitDraft<?> draft, Ledger.Attempt attempt) {
    List<VersionEntry> copied = sharing().filter(ErasedMajors::isCopied).toList();
    ObsoleteCopies.removeWith(publish.session(), publish.product(), copied, erased, draft, attempt);
  }

  private Stream<VersionEntry> sharing() {
    boolean all = publish.options().mode() == PublishMode.ERASE && !publish.options().only();
    return all
        ? publish
            .session()
            .catalog()
            .majorsSharingRows(publish.product(), leading.major(), publish.action())
            .stream()
        : Stream.empty();
  }

  /** True if it has no rows but copies that the back-fill removes with the files that they copy. */
  private static boolean isCopied(VersionEntry version) {
    return version.state() == MajorState.PREPARED && version.publishedWith().isEmpty();
  }

  private ConflictException missed(VersionEntry version) {
    return Failure.of(publish.action())
        .because(
            "a rollout changed major version "
                + version.major()
                + " to "
                + version.state()
                + " while the rows were selected, so its rows must be erased too")
        .state("Nothing was erased.")
        .fix("Run it again.")
        .conflict(ErrorCode.CONFLICT);
  }
}
