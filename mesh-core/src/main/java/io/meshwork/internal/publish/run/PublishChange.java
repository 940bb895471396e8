package io.meshwork.internal.publish.run;

import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.receipts.IdempotentChange;
import io.meshwork.internal.receipts.PublishLog;
import io.meshwork.internal.receipts.PublishReceipts;
import io.meshwork.internal.receipts.PublishRequest;
import io.meshwork.internal.receipts.StoredReceipt;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.rollout.MajorRollout.RowDifference;
import io.meshwork.rollout.MajorRollout.RowDifference.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The registry transaction of a publish: the pointers of the tables and quarantines of all its
 * major versions, the receipt, and the log entry. It requires that the key and the fence are unused
 * and that each contract and its state are those that the rows were checked against.
 */
final class PublishChange extends IdempotentChange {
  private final List<MajorWrite> majors;
  private final ErasedMajors erased;
  private final AdditionalChange added;
  private final Optional<QuarantineRemoval> removal;
  private final Optional<String> rowsDigest;
  private final Optional<FeedPosition> position;

  /** Neighbors among the written major versions between which rows are mapped, the older first. */
  private final Map<Integer, Integer> mapped;

  /**
   * Creates the transaction of a publish.
   *
   * @param majors its major versions, that of the request first
   * @param added what it changes besides their tables
   * @param rowsDigest the digest of the offered rows; empty if it was not computed
   */
  PublishChange(
      PublishContext publish,
      PublishRequest request,
      ProductEntry entry,
      List<MajorWrite> majors,
      AdditionalChange added,
      Optional<String> rowsDigest) {
    super(
        publish.session(),
        request,
        entry,
        majors.stream().map(each -> each.target().version()).toList());
    this.majors = majors;
    this.erased = new ErasedMajors(publish, version);
    this.added = added;
    this.removal = publish.rows().taken();
    this.rowsDigest = rowsDigest;
    this.position = Optional.ofNullable(publish.options().position());
    this.mapped = mapped(publish.options(), majors);
  }

  private static Map<Integer, Integer> mapped(PublishOptions options, List<MajorWrite> majors) {
    if (options.mode() == PublishMode.ERASE) {
      return Map.of();
    }
    Set<Integer> named =
        options.alsoTo().stream().map(PublishOptions.AlsoTo::major).collect(Collectors.toSet());
    List<Integer> written =
        majors.stream().map(each -> each.target().version().major()).sorted().toList();
    Map<Integer, Integer> mapped = new HashMap<>();
    for (int i = 1; i < written.size(); i++) {
      int older = written.get(i - 1);
      int newer = written.get(i);
      if (named.contains(older) || named.contains(newer)) {
        mapped.put(older, newer);
      }
    }
    return mapped;
  }

  @Override
  protected CommitDraft<StoredReceipt> newDraft(Ledger.Attempt attempt) {
    CommitDraft<StoredReceipt> draft = begin("product.published");
    position.ifPresent(feed -> feed.addTo(draft, session.ledger(), request));
    erased.check(majors.stream().map(major -> major.target().version().major()).toList(), draft);
    List<MajorWrite.DraftedMajor> drafted =
        majors.stream().map(major -> major.update(request, rowsDigest, draft, attempt)).toList();
    erased.removeCopies(
        drafted.stream()
            .collect(
                Collectors.toMap(each -> each.receipt().major(), MajorWrite.DraftedMajor::table)),
        draft,
        attempt);
    StoredReceipt receipt =
        drafted
            .get(0)
            .receipt()
            .leading(drafted.stream().skip(1).map(MajorWrite.DraftedMajor::receipt).toList());
    PublishReceipts.add(draft, receipt, request.fingerprint(), attempt.sequence());
    recordDifferences(draft, attempt, drafted);
    PublishLog.addEntry(
        draft, receipt, drafted.stream().map(each -> committed(receipt, each)).toList());
    added.addTo(draft, attempt, request);
    return draft.result(receipt);
  }

  /** With the number of rows that only the leading major version has. */
  private static MajorCommit committed(StoredReceipt leading, MajorWrite.DraftedMajor drafted) {
    long leftOut = leading.quality().rowsOffered() - drafted.receipt().quality().rowsOffered();
    return PublishLog.major(
        drafted.receipt(), drafted.after(), Math.max(0, leftOut), Optional.empty());
  }

  /** Records in the rollouts which rows only one of their major versions has from now on. */
  private void recordDifferences(
      CommitDraft<StoredReceipt> draft,
      Ledger.Attempt attempt,
      List<MajorWrite.DraftedMajor> drafted) {
    StoredReceipt leading = drafted.get(0).receipt();
    boolean alone = majors.size() <= version.publishedWith().size();
    Map<Integer, Long> removed = new HashMap<>();
    drafted.forEach(each -> removed.put(each.receipt().major(), each.receipt().rowsRemoved()));
    boolean leavesOut =
        drafted.stream()
            .anyMatch(
                each -> each.receipt().quality().rowsOffered() < leading.quality().rowsOffered());
    boolean quarantines = leading.quality().rowsQuarantined() > 0;
    boolean equal = !alone && !leavesOut && !quarantines;
    boolean replacesAll = request.intent().mode() == PublishMode.REPLACE_ALL;
    if (equal && mapped.isEmpty() && !replacesAll && Set.copyOf(removed.values()).size() < 2) {
      return;
    }
    RowDifference change =
        new RowDifference(
            Reason.CHANGED_ALONE,
            version.major(),
            leading.rowsAccepted() + leading.rowsRemoved(),
            request.intent().reason().orElse(""),
            attempt.now());
    for (VersionedDocument stored : session.ledger().list(partition(), RegistryKeys.ROLLOUTS)) {
      RolloutEntry rollout = RolloutEntry.of(stored);
      RolloutEntry next = rollout;
      if (!rollout.state().isEnded() && concerns(rollout)) {
        if (alone) {
          next = next.separated(change, attempt.sequence());
        } else if (leavesOut) {
          next = next.separated(attempt.sequence());
        }
      }
      if (quarantines && ((alone && concerns(rollout)) || takesRowsOfOne(rollout))) {
        next = next.quarantined(leading.publishId());
      }
      next =
          equal && replacesAll && wrote(rollout, removed.keySet())
              ? next.withoutDifferences()
              : next.withoutRejected(rejectedRemoved(rollout, removed));
      if (maps(rollout)) {
        next = next.withMappedPublish();
      }
      if (!next.equals(rollout)) {
        draft.replace(stored, next.toDocument(Optional.of(stored)));
      }
    }
  }

  /**
   * The rejected rows that are removed: none loses a row that the other one keeps. Unknown while
   * other rows differ too, which can be among them.
   */
  private static long rejectedRemoved(RolloutEntry rollout, Map<Integer, Long> removed) {
    boolean othersDiffer = rollout.mayDiffer() || rollout.retirement().isBehind();
    if (othersDiffer || !wrote(rollout, removed.keySet())) {
      return 0;
    }
    long ofNew = removed.getOrDefault(rollout.newMajor().orElse(0), 0L);
    return Math.max(0, removed.getOrDefault(rollout.from(), 0L) - ofNew);
  }

  /** True if both major versions of the rollout are among these. */
  private static boolean wrote(RolloutEntry rollout, Set<Integer> majors) {
    return majors.contains(rollout.from())
        && rollout.newMajor().stream().anyMatch(majors::contains);
  }

  /**
   * True if rows are mapped between two major versions, and the rollout is one of those between.
   */
  private boolean maps(RolloutEntry rollout) {
    return mapped.entrySet().stream()
        .anyMatch(pair -> rollout.from() >= pair.getKey() && rollout.leadsTo(pair.getValue()));
  }

  /** Returns true if the rows are from a quarantine, and the other version may have them. */
  private boolean takesRowsOfOne(RolloutEntry rollout) {
    return removal.filter(each -> each.rows().withoutOther(rollout.differences()) > 0).isPresent();
  }

  private boolean concerns(RolloutEntry rollout) {
    return (rollout.from() == version.major()
            && version.publishedWith().stream().anyMatch(rollout::leadsTo))
        || (rollout.leadsTo(version.major()) && version.publishedWith().contains(rollout.from()));
  }
}
