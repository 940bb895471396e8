package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.copies.CopyProgress;
import io.meshwork.internal.copies.SharedFiles;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.backfill.DataFileCopy.Copy;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.scan.TableRuleCheck;
import io.meshwork.internal.scan.TableRuleCheck.FailedRule;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.Rollout.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;

/**
 * Copies the rows that a restored major version lacks from its replacement. While the files of both
 * correspond, it adds the missing ones in rounds, each of which is committed. Else it copies all
 * files, and one commit replaces all rows. Not thread-safe.
 */
final class RestorationBackFill {
  private static final Set<State> POSSIBLE = Set.of(State.CLOSING);

  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final CopiedRecords records;
  private final CopyProgress copyProgress;
  private final MeshAction action;
  private final Map<String, Copy> uncommitted = new LinkedHashMap<>();

  RestorationBackFill(
      ClientSession session,
      ProductName product,
      int number,
      CopiedRecords records,
      CopyProgress copyProgress,
      MeshAction action) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.records = records;
    this.copyProgress = copyProgress;
    this.action = action;
  }

  /** Reads the state of the rollout. */
  static TransitionContext read(
      ClientSession session, ProductName product, int number, MeshAction action) {
    TransitionContext context = TransitionContext.of(session, product, number, POSSIBLE, action);
    if (!context.to().state().isLive()) {
      throw Failure.of(action)
          .because("major version " + context.to().major() + " is " + context.to().state())
          .fix("See rollout(\"" + product + "\").")
          .lastingConflict(ErrorCode.STATE_CONFLICT);
    }
    return context;
  }

  /** What one round is based on. */
  private record Round(TransitionContext context, Table older, Table newer, List<DataFile> live) {
    String source() {
      return newer.currentSnapshot() == null
          ? ""
          : Long.toString(newer.currentSnapshot().snapshotId());
    }
  }

  RolloutEntry run() {
    try {
      return copyAll();
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      delete(uncommitted.values());
      throw e;
    }
  }

  private RolloutEntry copyAll() {
    SharedFiles matched = SharedFiles.UNREAD;
    String contracts = "";
    while (true) {
      Optional<VersionedDocument> newest = newest();
      TransitionContext context = read(session, product, number, action);
      if (!context.rollout().retirement().isBehind()) {
        return ended(context.rollout());
      }
      String current = context.from().version() + " " + context.to().version();
      if (!contracts.equals(current)) { // the copies were checked against another one
        retain(Set.of());
        contracts = current;
      }
      Table older = session.tables().load(TableName.of(product, context.from().major()));
      Table newer = session.tables().load(TableName.of(product, context.to().major()));
      records.check(context.reversed(), newer, older, action);
      Round round = new Round(context, older, newer, CopiedFiles.live(newer));
      SharedFiles.Tables tables = new SharedFiles.Tables(context.rollout(), older, newer);
      matched = matched.advance(session.ledger(), newest, tables);
      if (matched.areIn(round.live())) {
        Optional<RolloutEntry> ended = add(round, matched);
        if (ended.isPresent()) {
          return ended(ended.get());
        }
      } else if (newest().equals(newest)) {
        checkReplaceable(context);
        if (!replace(round, matched)) {
          return ended(context.rollout());
        }
      }
    }
  }

  private Optional<VersionedDocument> newest() {
    return session.ledger().newestEntry(RegistryKeys.partition(product));
  }

  private RolloutEntry ended(RolloutEntry rollout) {
    delete(uncommitted.values());
    uncommitted.clear();
    return rollout;
  }

  /** Adds some missing files, or ends the back-fill if there are none. */
  private Optional<RolloutEntry> add(Round round, SharedFiles matched) {
    List<DataFile> missing = matched.missing(round.live());
    if (missing.isEmpty()) {
      return session
          .ledger()
          .commit(
              new BackFillCompletion(session, product, number, matched, action),
              session.deadline());
    } else if (copyProgress.isOver()) {
      return Optional.of(round.context().rollout());
    }
    copyProgress.report(missing);
    retain(Set.of());
    copy(round, CopyProgress.firstOf(missing));
    List<DataFile> after = new ArrayList<>(CopiedFiles.live(round.older()));
    after.addAll(filesOf(round.older()));
    checkRules(round, after);
    commit(round, matched, false);
    return Optional.empty();
  }

  /**
   * Copies some files, or replaces all rows by the copies if none is left.
   *
   * @return false if the time is over
   */
  private boolean replace(Round round, SharedFiles matched) {
    retain(round.live().stream().map(ObsoleteCopies::key).collect(Collectors.toSet()));
    List<DataFile> remaining =
        round.live().stream()
            .filter(file -> !uncommitted.containsKey(ObsoleteCopies.key(file)))
            .toList();
    if (remaining.isEmpty()) {
      checkRules(round, filesOf(round.older()));
      commit(round, matched, true);
      return true;
    } else if (copyProgress.isOver()) {
      return false;
    }
    copyProgress.report(remaining);
    copyProgress.copied(copy(round, CopyProgress.firstOf(remaining)));
    return true;
  }

  /** Copies files, and returns the number of their rows. */
  private long copy(Round round, List<DataFile> files) {
    DataFileCopy copy =
        new DataFileCopy(
            session,
            round.context().reversed(),
            round.newer(),
            round.older(),
            records,
            session.deadline(),
            action);
    long rows = 0;
    for (DataFile file : files) {
      Copy copied = copy.of(file);
      uncommitted.put(copied.key(), copied);
      rows += copied.rows();
    }
    return rows;
  }

  private void commit(Round round, SharedFiles matched, boolean replacing) {
    long rows = uncommitted.values().stream().mapToLong(Copy::rows).sum();
    boolean committed =
        session
            .ledger()
            .commit(
                new MissingRowsChange(
                    session,
                    round.context(),
                    records,
                    matched,
                    uncommitted.values(),
                    replacing,
                    round.source(),
                    action),
                session.deadline());
    if (committed) {
      uncommitted.clear();
      if (!replacing) {
        copyProgress.copied(rows);
      }
    }
  }

  /** Deletes the copies of other files. */
  private void retain(Set<String> keys) {
    List<Copy> obsolete =
        uncommitted.values().stream().filter(copy -> !keys.contains(copy.key())).toList();
    delete(obsolete);
    obsolete.forEach(copy -> uncommitted.remove(copy.key()));
  }

  private void delete(Collection<Copy> copies) {
    copies.forEach(copy -> UncommittedFiles.deleteAll(session.files(), copy.files()));
  }

  private List<DataFile> filesOf(Table older) {
    return uncommitted.values().stream()
        .flatMap(copy -> copy.files().stream())
        .map(entry -> entry.toDataFile(older.spec()))
        .toList();
  }

  /** Rows that the new major version never had would be lost. */
  private void checkReplaceable(TransitionContext context) {
    RolloutEntry rollout = context.rollout();
    if (rollout.withoutHistory().isEmpty() && rollout.rejectedRows() == 0) {
      return;
    }
    throw Failure.of(action)
        .because(
            "rows were replaced since the retirement, so that all rows of major version "
                + rollout.from()
                + " have to be replaced, and it has rows that major version "
                + rollout.to()
                + " never had")
        .state("Nothing was copied.")
        .fix(
            "Publish the missing rows with majorVersion("
                + rollout.from()
                + ") and onlyMajorVersion("
                + rollout.from()
                + "), or retire it again with retire().")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  private void checkRules(Round round, List<DataFile> files) {
    List<FailedRule> failed =
        new CopyExamination(session, round.context().reversed(), action)
            .failedRules(round.older(), files);
    if (failed.isEmpty()) {
      return;
    }
    int major = round.context().from().major();
    throw Failure.of(action)
        .because(
            "with the missing rows, rule "
                + failed.get(0).rule()
                + " of major version "
                + major
                + " fails: "
                + failed.get(0).detail())
        .state("Major version " + major + " still lacks rows.")
        .fix("Correct the rows, or the mapping, and commit the back-fill again.")
        .findings(
            failed.stream()
                .map(
                    rule ->
                        Finding.error(
                            FindingCode.ROWS_FAIL_RULE,
                            rule.rule(),
                            "Rule " + rule.rule() + ", " + rule.text() + ": " + rule.detail() + ".",
                            "Correct the rows, or the mapping."))
                .toList())
        .rows(OptionalLong.empty(), TableRuleCheck.failingRows(failed))
        .contractViolation(ErrorCode.CONTRACT_VIOLATED);
  }
}
