package io.meshwork.internal.distributed;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.rows.RecordShredder;
import io.meshwork.internal.rows.RecordShredders;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.rows.TypedRow;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.runtime.RunningPart;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import org.apache.iceberg.Schema;

/**
 * Checks and writes the rows of one task. Its files belong to the publish that commits its result;
 * {@link #close} deletes them if there is none. Not thread-safe.
 */
public final class TaskIngestion implements AutoCloseable {
  private final int partition;

  /** Rows that wait until they are copied to a batch together. */
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();

  /** How many wait: all of them fit the CPU cache. */
  private int most = 1;

  private final RowInput input;
  private final RowIngestion ingestion;

  /**
   * Starts the task.
   *
   * @param partition the number of its part of the rows, from 0
   * @param attempt a number that no other attempt of any task of the publish has
   * @throws io.meshwork.error.InvalidRequestException if there are too many parts
   */
  public TaskIngestion(TaskSettings settings, int partition, long attempt) {
    this.partition = partition;
    MeshAction action = MeshAction.of(Verb.PUBLISH, settings.product());
    requirePossible(partition, action);
    settings.requirePlace(action);
    List<RowIngestion.Target> targets = settings.targets();
    RowIngestion.Target leading = targets.get(0);
    Schema columns = leading.table().schema();
    RecordShredder shredder =
        RecordShredders.forRecords(leading.contract().schema(), columns, action);
    // With the rows as its source, because they do not change: many are shredded at once.
    this.input = RowInput.records(new RowQueue(), waiting, shredder, columns, () -> {}, action);
    this.ingestion =
        RowIngestion.ofPart(
            targets,
            settings.files(TaskSettings.fileNames(settings.publishId(), partition, attempt)),
            settings.context(),
            new ProgressMeter(MeshRuntime.systemClock(), (phase, done, total) -> {}, action),
            Runnable::run,
            settings.timeLeft(),
            action);
    try {
      ingestion.begin(settings.inputs(input, targets, action), RowNumber.first(partition));
    } catch (RuntimeException | Error e) {
      ingestion.close();
      throw e;
    }
  }

  private static void requirePossible(int partition, MeshAction action) {
    if (partition < 0 || partition >= RowNumber.MAX_TASKS) {
      throw Failure.of(action.on("by a task"))
          .because(
              "its part of the rows has the number "
                  + partition
                  + ", and the limit is "
                  + (RowNumber.MAX_TASKS - 1))
          .state("The task wrote nothing.")
          .fix("Divide the rows into fewer parts.")
          .invalidRequest(ErrorCode.LIMIT_EXCEEDED);
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
    if (waiting.size() == most) {
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
    ingestion.next();
    return new TaskResult(partition, ingestion.endPart());
  }

  /** In all parts of this process together, batches have as many rows as a full one. */
  private void drain() {
    int batches = 0;
    boolean isFull = false;
    while (!waiting.isEmpty()) {
      isFull = ingestion.fill();
      if (isFull) {
        ingestion.next();
        batches++;
      }
    }
    most = batches > 1 ? Math.max(1, most / batches) : Math.min(TypedRow.MOST_WAITING, most * 2);
    if (!isFull && input.batch().rows() >= VectorBatch.ROWS / RunningPart.count()) {
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
