package io.meshwork.internal.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.publish.PublishMode;
import java.util.List;
import java.util.Optional;

/**
 * The registry transaction of a publish: the pointers of the tables and quarantines of all its
 * major versions, the receipt, and the log entry. It requires that the key and the fence are unused
 * and that each contract and its state are those that the rows were checked against.
 */
final class PublishChange extends IdempotentChange {
  private final List<MajorWrite> majors;
  private final ErasedMajors erased;
  private final StagedPublishErasure staged;
  private final Optional<String> rowsDigest;
  private final Optional<FeedPosition> position;

  /**
   * Creates the transaction of a publish.
   *
   * @param majors its major versions, that of the request first
   * @param erased the major versions that an erase must reach
   * @param staged the staged publishes that an erase must reach
   * @param rowsDigest the digest of the offered rows; empty if it was not computed
   * @param position the position of the feed whose rows these are
   */
  PublishChange(
      ClientSession session,
      PublishRequest request,
      ProductEntry entry,
      List<MajorWrite> majors,
      ErasedMajors erased,
      StagedPublishErasure staged,
      Optional<String> rowsDigest,
      Optional<FeedPosition> position) {
    super(session, request, entry, majors.stream().map(MajorWrite::version).toList());
    this.majors = majors;
    this.erased = erased;
    this.staged = staged;
    this.rowsDigest = rowsDigest;
    this.position = position;
  }

  @Override
  CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.published");
    position.ifPresent(feed -> feed.addTo(draft, session.ledger(), request));
    erased.check(majors.stream().map(major -> major.version().major()).toList(), draft);
    List<MajorWrite.DraftedMajor> drafted =
        majors.stream().map(major -> major.update(request, rowsDigest, draft, attempt)).toList();
    List<RolloutEntry> open = openRollouts();
    if (requiresSameRows(open)) {
      boolean partial = open.stream().anyMatch(rollout -> rollout.leftOut().isPresent());
      drafted.forEach(each -> checkSameRows(drafted.get(0).receipt(), each.receipt(), partial));
    }
    StoredReceipt receipt =
        drafted
            .get(0)
            .receipt()
            .leading(drafted.stream().skip(1).map(MajorWrite.DraftedMajor::receipt).toList());
    PublishReceipts.add(draft, receipt, request.fingerprint(), attempt.sequence());
    markApart(draft);
    PublishLog.addEntry(draft, drafted.stream().map(each -> committed(receipt, each)).toList());
    if (request.source() instanceof StagedSource promoted) {
      promoted.endIn(draft, action());
      draft.detail("stagedAs", promoted.entry().files().publishId());
    }
    staged.erase(draft);
    return draft.result(receipt);
  }

  /** With the number of rows that only the leading major version has. */
  private static PublishLog.CommittedMajor committed(
      StoredReceipt leading, MajorWrite.DraftedMajor drafted) {
    PublishLog.CommittedMajor committed = drafted.committed();
    long leftOut = leading.quality().rowsOffered() - drafted.receipt().quality().rowsOffered();
    if (leftOut > 0) {
      committed.further().put("rowsLeftOut", leftOut);
    }
    return committed;
  }

  /** Records in the rollouts that a publish to one major version alone leaves the others behind. */
  private void markApart(CommitDraft<StoredReceipt> draft) {
    if (majors.size() > version.publishedWith().size()) {
      return;
    }
    for (VersionedDocument stored : session.ledger().list(partition(), RegistryKeys.ROLLOUTS)) {
      RolloutEntry rollout = RolloutEntry.of(stored);
      boolean concerned =
          (rollout.from() == version.major()
                  && version.publishedWith().stream().anyMatch(rollout::leadsTo))
              || (rollout.leadsTo(version.major())
                  && version.publishedWith().contains(rollout.from()));
      if (concerned && !rollout.apart() && !rollout.state().isEnded()) {
        draft.replace(stored, rollout.separated().toDocument(Optional.of(stored)));
      }
    }
  }

  /**
   * True if the major versions have the same rows, so that each must lose the same ones: not if one
   * started without the history of the other or lacks rows of it. An erase removes what it finds.
   */
  private boolean requiresSameRows(List<RolloutEntry> open) {
    return !open.isEmpty() && open.stream().allMatch(RolloutEntry::isLevel);
  }

  /** The rollouts that have not ended, if the publish replaces rows of several major versions. */
  private List<RolloutEntry> openRollouts() {
    boolean filtered =
        request.intent().mode() == PublishMode.REPLACE_WHERE
            || request.intent().mode() == PublishMode.REPLACE_PARTITIONS;
    return filtered && majors.size() > 1
        ? session.ledger().list(partition(), RegistryKeys.ROLLOUTS).stream()
            .map(RolloutEntry::of)
            .filter(rollout -> !rollout.state().isEnded())
            .toList()
        : List.of();
  }

  /**
   * A row is in all major versions or in none, so each loses the same rows.
   *
   * @param partial true if a newer major version has rows that an older one does not have
   */
  private void checkSameRows(StoredReceipt leading, StoredReceipt other, boolean partial) {
    boolean leads = leading.major() > other.major();
    StoredReceipt newer = leads ? leading : other;
    StoredReceipt older = leads ? other : leading;
    boolean same =
        partial
            ? newer.rowsRemoved() >= older.rowsRemoved()
            : newer.rowsRemoved() == older.rowsRemoved();
    if (!same) {
      throw Failure.of(action())
          .because(
              "it would remove "
                  + leading.rowsRemoved()
                  + " rows of major version "
                  + leading.major()
                  + " and "
                  + other.rowsRemoved()
                  + " rows of major version "
                  + other.major()
                  + ", which would no longer have the same rows")
          .state("Nothing was published.")
          .fix(
              "Call alsoTo("
                  + other.major()
                  + ", mapping, filter) with a filter that selects the same rows.")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
  }
}
