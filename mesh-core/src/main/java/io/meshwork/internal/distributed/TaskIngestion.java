package io.meshwork.internal.distributed;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.quality.RowNumber;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.table.MarkerFile;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;

/**
 * Checks and writes the rows of one task. Its files belong to the publish that commits its result;
 * {@link #close} deletes them if there is none. Not thread-safe.
 */
public final class TaskIngestion implements AutoCloseable {
  /** Rows that wait until they are checked together. */
  private static final int WAITING = VectorBatch.ROWS;

  private final int partition;
  private final ArrayDeque<Object> waiting = new ArrayDeque<>(WAITING);
  private final RowIngestion ingestion;

  /**
   * Starts the task.
   *
   * @param partition the number of its part of the rows, from 0
   * @param attempt a number that no other attempt of any task of the publish has
   */
  public TaskIngestion(TaskSettings settings, int partition, long attempt) {
    this.partition = partition;
    MeshAction action = MeshAction.of(Verb.PUBLISH, settings.product());
    InstantSource clock = MeshRuntime.systemClock();
    Deadline deadline =
        Deadline.after(clock, Duration.between(clock.instant(), settings.deadline()));
    requirePlace(settings, action);
    RowIngestion.Target target = settings.target();
    RecordShredder shredder =
        RecordShredders.forRecords(target.contract().schema(), settings.table().schema(), action);
    this.ingestion =
        new RowIngestion(
            List.of(target),
            settings.policy(),
            settings.table().io(),
            settings.publishId(),
            fileNames(settings.publishId(), partition, attempt),
            RuleContext.at(settings.now()),
            new ProgressMeter(clock, (phase, done, total) -> {}, action),
            Runnable::run,
            deadline,
            action);
    RowInput input =
        RowInput.records(
            new RowQueue(), null, shredder, settings.table().schema(), () -> {}, action);
    ingestion.begin(List.of(input), RowNumber.first(partition));
  }

  /** How the names of a task's files start. */
  static String fileNames(String publishId, int partition, long attempt) {
    return publishId + "-t" + partition + "-" + attempt;
  }

  private static void requirePlace(TaskSettings settings, MeshAction action) {
    MarkerFile marker = settings.marker();
    if (marker != null && !marker.isIn(settings.table().io())) {
      throw Failure.of(action.on("by a task"))
          .because(
              "this host does not see the folder of the mesh: "
                  + marker.location()
                  + " is not the driver's")
          .state("The task wrote nothing.")
          .fix(
              "Run all tasks on the host of the mesh's folder, as with local[*], or share the folder"
                  + " with the same path; on several machines, use a mesh on AWS.")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
  }

  /**
   * Adds a row.
   *
   * @param row a record or a map with the columns of the contract, which must not change afterwards
   * @throws io.meshwork.error.MeshException if a file cannot be written
   */
  public void add(Object row) {
    waiting.add(row);
    if (waiting.size() == WAITING) {
      drain();
    }
  }

  /**
   * Completes the files.
   *
   * @throws io.meshwork.error.MeshException if a file cannot be written
   */
  public TaskResult finish() {
    drain();
    return new TaskResult(partition, ingestion.endPart().get(0));
  }

  private void drain() {
    while (!waiting.isEmpty()) {
      ingestion.next();
    }
  }

  /** Deletes the files unless {@link #finish} returned them. */
  @Override
  public void close() {
    ingestion.close();
  }

  /** The rows that wait; it has more whenever some were added. */
  private final class RowQueue implements Iterator<Object> {
    @Override
    public boolean hasNext() {
      return !waiting.isEmpty();
    }

    @Override
    public Object next() {
      return waiting.remove();
    }
  }
}
