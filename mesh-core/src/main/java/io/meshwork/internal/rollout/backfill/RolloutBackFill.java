package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.copies.CopyProgress;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.backfill.DataFileCopy.Copy;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.CommitGuard;
import io.meshwork.internal.runtime.PartialChange;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.Rollout.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Copies the history in rounds: some files of the replaced major version that the new one lacks,
 * one transaction for each round. A round without files ends in the cut-over. If the replaced one
 * was restored and lacks rows, it copies in the other direction. Not thread-safe.
 */
final class RolloutBackFill implements BackFill {
  /** The states in which rows are copied. */
  static final Set<State> POSSIBLE = Set.of(State.PLANNED, State.ANNOUNCED);

  private static final Set<State> POSSIBLE_AT_ALL =
      Set.of(State.PLANNED, State.ANNOUNCED, State.CLOSING);

  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final CopiedRecords records;
  private final CommitGuard once;
  private @Nullable Long rowsPerSecond;
  private @Nullable Duration within;
  private Progress progress = (phase, done, total) -> {};

  RolloutBackFill(ClientSession session, ProductName product, int number, CopiedRecords records) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.records = records;
    this.once = CommitGuard.withoutKey(action());
  }

  private MeshAction action() {
    return MeshAction.of(Verb.BACK_FILL, product);
  }

  @Override
  public BackFill rowsPerSecond(long rows) {
    if (rows < 1) {
      throw ArgumentChecks.refused("rowsPerSecond", "is " + rows, "Use 1 or more.");
    }
    rowsPerSecond = rows;
    return this;
  }

  @Override
  public BackFill timeout(Duration time) {
    within = ArgumentChecks.span("within", time);
    return this;
  }

  @Override
  public BackFill onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    return this;
  }

  @Override
  public MajorRollout commit() {
    session.checkOpen(action());
    once.begin();
    try {
      return new MajorRolloutView(session, run());
    } catch (BackendException e) {
      throw PartialChange.of(
          e, "Copies that were committed before remain; the back-fill continues after them.");
    } finally {
      once.end();
    }
  }

  private RolloutEntry run() {
    CopyProgress copyProgress =
        new CopyProgress(session, action(), rowsPerSecond, within, progress);
    RolloutEntry rollout =
        TransitionContext.of(session, product, number, POSSIBLE_AT_ALL, action()).rollout();
    if (rollout.retirement().isBehind() || rollout.retirement().restoration().isPresent()) {
      return new RestorationBackFill(session, product, number, records, copyProgress, action())
          .run();
    }
    TransitionContext.requireState(session, rollout, POSSIBLE, action());
    rollout.withoutHistory().ifPresent(this::rejectWithoutHistory);
    return copyHistory(copyProgress);
  }

  /** Consumers were notified that the new major version starts without rows. */
  private void rejectWithoutHistory(String reason) {
    throw Failure.of(action())
        .because("the rollout was started without the history (" + reason + ")")
        .state("Nothing was copied.")
        .fix(
            "Call activate(). To copy the rows, abort the rollout, and start it again without"
                + " withoutHistory().")
        .lastingConflict(ErrorCode.STATE_CONFLICT);
  }

  private RolloutEntry copyHistory(CopyProgress copyProgress) {
    while (true) {
      TransitionContext context =
          TransitionContext.of(session, product, number, POSSIBLE, action());
      if (context.rollout().dates().cutOver().isPresent()) {
        return context.rollout();
      }
      Table from = session.tables().load(TableName.of(product, context.from().major()));
      Table to = session.tables().load(TableName.of(product, context.to().major()));
      records.check(context, from, to, action());
      List<DataFile> live = CopiedFiles.live(from);
      CopiedFiles copied = CopiedFiles.of(to, context.to().version());
      List<DataFile> missing = copied.missing(live);
      Set<String> obsolete = copied.obsolete(live);
      if (missing.isEmpty() && obsolete.isEmpty()) {
        Optional<RolloutEntry> ended =
            session
                .ledger()
                .commit(
                    new CutOverChange(session, product, number, records, action()),
                    session.deadline());
        if (ended.isPresent()) {
          return ended.get();
        }
      } else if (copyProgress.isOver()) {
        return context.rollout();
      } else {
        copyProgress.report(missing);
        copyProgress.copied(copy(context, from, to, CopyProgress.firstOf(missing), obsolete));
      }
    }
  }

  /** Copies files, and returns the number of rows that were committed. */
  private long copy(
      TransitionContext context, Table from, Table to, List<DataFile> files, Set<String> obsolete) {
    DataFileCopy copy =
        new DataFileCopy(session, context, from, to, records, session.deadline(), action());
    String source = Long.toString(from.currentSnapshot().snapshotId());
    List<Copy> copies = new ArrayList<>();
    try {
      for (DataFile file : files) {
        copies.add(copy.of(file));
      }
      OptionalLong rows =
          session
              .ledger()
              .commit(
                  new CopyChange(session, context, records, copies, obsolete, source, action()),
                  session.deadline());
      if (rows.isEmpty()) {
        delete(copies);
      }
      return rows.orElse(0);
    } catch (OutcomeUnknownException e) {
      throw e;
    } catch (RuntimeException e) {
      delete(copies);
      throw e;
    }
  }

  private void delete(List<Copy> copies) {
    for (Copy each : copies) {
      UncommittedFiles.deleteAll(session.files(), each.files());
      UncommittedFiles.deleteAll(session.files(), each.quarantined());
    }
  }
}
