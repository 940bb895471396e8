package io.meshwork.internal.rollouts;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ingest.UncommittedFiles;
import io.meshwork.internal.rollouts.FileCopy.Copy;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.runtime.OneCommit;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.rollout.BackFill;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.State;
import java.time.Duration;
import java.time.Instant;
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
 * one transaction for each round. A round without files ends in the cut-over. Not thread-safe.
 */
final class RolloutBackFill implements BackFill {
  /** The states in which rows are copied. */
  static final Set<State> POSSIBLE = Set.of(State.PLANNED, State.ANNOUNCED);

  private static final long MAX_BYTES = 128L << 20;
  private static final int MAX_FILES = 20;

  private final ClientSession session;
  private final ProductName product;
  private final int number;
  private final CopiedRecords records;
  private final OneCommit once;
  private @Nullable Long rowsPerSecond;
  private @Nullable Duration within;
  private Progress progress = (phase, done, total) -> {};
  private long done;

  RolloutBackFill(ClientSession session, ProductName product, int number, CopiedRecords records) {
    this.session = session;
    this.product = product;
    this.number = number;
    this.records = records;
    this.once = OneCommit.withoutKey(action());
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
  public BackFill within(Duration time) {
    within = ArgumentChecks.span("within", time);
    return this;
  }

  @Override
  public BackFill onProgress(Progress listener) {
    progress = ArgumentChecks.required("onProgress", listener);
    return this;
  }

  @Override
  public Rollout commit() {
    session.checkOpen(action());
    once.begin();
    try {
      return run();
    } finally {
      once.end();
    }
  }

  private Rollout run() {
    Instant start = session.runtime().clock().instant();
    ProgressMeter meter = new ProgressMeter(session.runtime().clock(), progress, action());
    while (true) {
      TransitionContext context =
          TransitionContext.of(session, product, number, POSSIBLE, action());
      if (context.rollout().dates().cutOver().isPresent()) {
        return new ProductRollout(session, context.rollout());
      }
      Table from = session.tables().load(TableName.of(product, context.from().major()));
      Table to = session.tables().load(TableName.of(product, context.to().major()));
      records.check(context, from, to, action());
      List<DataFile> live = CopiedFiles.live(from);
      CopiedFiles copied = CopiedFiles.of(to, context.to().version());
      List<DataFile> missing = copied.missing(live);
      Set<String> obsolete = copied.obsolete(live);
      if (missing.isEmpty() && obsolete.isEmpty()) {
        Optional<Rollout> ended =
            session
                .ledger()
                .commit(new CutOverChange(session, product, number, action()), session.deadline());
        if (ended.isPresent()) {
          return ended.get();
        }
      } else if (isOver(start)) {
        return new ProductRollout(session, context.rollout());
      } else {
        long left = missing.stream().mapToLong(DataFile::recordCount).sum();
        meter.at("rows", done, OptionalLong.of(done + left));
        copy(context, from, to, firstOf(missing), obsolete);
        slowDown(start);
      }
    }
  }

  private boolean isOver(Instant start) {
    return within != null && !session.runtime().clock().instant().isBefore(start.plus(within));
  }

  /** The files of one round: the oldest ones, at least one if there are any. */
  private static List<DataFile> firstOf(List<DataFile> missing) {
    List<DataFile> group = new ArrayList<>();
    long bytes = 0;
    for (DataFile file : missing) {
      if (!group.isEmpty()
          && (group.size() == MAX_FILES || bytes + file.fileSizeInBytes() > MAX_BYTES)) {
        break;
      }
      group.add(file);
      bytes += file.fileSizeInBytes();
    }
    return group;
  }

  private void copy(
      TransitionContext context, Table from, Table to, List<DataFile> files, Set<String> obsolete) {
    FileCopy copy = new FileCopy(session, context, from, to, records, session.deadline(), action());
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
                  new CopyChange(session, context, copies, obsolete, source, action()),
                  session.deadline());
      if (rows.isPresent()) {
        done += rows.getAsLong();
      } else {
        delete(copies);
      }
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

  /** Waits until the rows that were copied are no more than the limit allows. */
  private void slowDown(Instant start) {
    if (rowsPerSecond == null) {
      return;
    }
    Duration due = Duration.ofMillis(done * 1_000 / rowsPerSecond);
    Duration taken = Duration.between(start, session.runtime().clock().instant());
    if (taken.compareTo(due) >= 0) {
      return;
    }
    try {
      session.runtime().sleeper().sleep(due.minus(taken));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(action())
          .because("its thread was interrupted")
          .state("The rows that were copied are kept.")
          .fix("Commit it again to continue.")
          .cause(e)
          .lasting(ErrorCode.INTERRUPTED);
    }
  }
}
