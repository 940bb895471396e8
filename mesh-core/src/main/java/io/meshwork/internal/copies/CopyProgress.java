package io.meshwork.internal.copies;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.operation.Operation.Progress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/** How fast and how long a back-fill copies rows, and its progress. Not thread-safe. */
public final class CopyProgress {
  private static final long MAX_BYTES = 128L << 20;
  private static final int MAX_FILES = 20;

  private final ClientSession session;
  private final MeshAction action;
  private final @Nullable Long rowsPerSecond;
  private final @Nullable Duration within;
  private final ProgressMeter meter;
  private final Instant start;
  private long done;

  /** Starts now. */
  public CopyProgress(
      ClientSession session,
      MeshAction action,
      @Nullable Long rowsPerSecond,
      @Nullable Duration within,
      Progress listener) {
    this.session = session;
    this.action = action;
    this.rowsPerSecond = rowsPerSecond;
    this.within = within;
    this.meter = new ProgressMeter(session.runtime().clock(), listener, action);
    this.start = session.runtime().clock().instant();
  }

  /** True once the time of the back-fill is over. */
  public boolean isOver() {
    return within != null && !session.runtime().clock().instant().isBefore(start.plus(within));
  }

  /** The files of one round: the oldest ones, at least one if there are any. */
  public static List<DataFile> firstOf(List<DataFile> missing) {
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

  /** Reports the rows that were copied, and the rows of the files that are left. */
  public void report(Collection<DataFile> missing) {
    long missingRows = missing.stream().mapToLong(DataFile::recordCount).sum();
    meter.at("rows", done, OptionalLong.of(done + missingRows));
  }

  /** Counts rows, and waits until they are no more than the limit allows. */
  public void copied(long rows) {
    done += rows;
    if (rowsPerSecond == null) {
      return;
    }
    Duration due = Duration.ofMillis(done * 1_000 / rowsPerSecond);
    Duration elapsed = Duration.between(start, session.runtime().clock().instant());
    if (elapsed.compareTo(due) >= 0) {
      return;
    }
    try {
      session.runtime().sleeper().sleep(due.minus(elapsed));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failure.of(action)
          .because("its thread was interrupted")
          .state("The committed rows stay.")
          .fix("Commit it again to continue.")
          .cause(e)
          .lasting(ErrorCode.INTERRUPTED);
    }
  }
}
