package io.meshwork.engine;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.distributed.DistributedPublish;
import io.meshwork.internal.distributed.TaskIngestion;
import io.meshwork.internal.distributed.TaskResult;
import io.meshwork.internal.distributed.TaskSettings;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.publish.PublishReceipt;
import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An append whose rows the tasks of an engine check and write, for connectors of engines. Each row
 * is evaluated by the rules of the contract, invalid rows are quarantined or reject the publish as
 * in a publish by {@code MeshClient}, and one transaction publishes all:
 *
 * <ol>
 *   <li>The driver creates it by {@link MeshCatalog#publish}, and sends {@link #settings} to tasks.
 *   <li>Each task adds its rows to a {@link Task}, and sends its result to the driver.
 *   <li>The driver calls {@link #commit} with one result for each part of the rows, or {@link
 *       #abort}.
 * </ol>
 *
 * <p>Not thread-safe.
 */
public final class EnginePublish {
  /** The option with the idempotency key, under which the rows are published once. */
  public static final String KEY = "meshwork.key";

  /**
   * The option with the event time before which all rows are published, such as {@code
   * 2026-11-28T00:00:00Z}.
   */
  public static final String COMPLETE_UP_TO = "meshwork.complete-up-to";

  /** The option with the time limit of the publish, such as {@code PT2H}. */
  public static final String TIMEOUT = "meshwork.timeout";

  private static final String PREFIX = "meshwork.";

  private final DistributedPublish publish;

  private EnginePublish(DistributedPublish publish) {
    this.publish = publish;
  }

  static EnginePublish of(ClientSession session, TableName table, Map<String, String> options) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, table.product());
    TreeSet<String> unknown = new TreeSet<>(options.keySet());
    unknown.removeIf(option -> !option.startsWith(PREFIX));
    unknown.removeAll(List.of(KEY, COMPLETE_UP_TO, TIMEOUT));
    if (!unknown.isEmpty()) {
      throw Failure.of(action)
          .because("there is no option " + unknown.first())
          .state("Nothing was published.")
          .fix("Use " + KEY + ", " + COMPLETE_UP_TO + ", or " + TIMEOUT + ".")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    try {
      PublishOptions publish =
          new PublishOptions()
              .major(table.major())
              .key(options.get(KEY))
              .completeUpTo(
                  options.containsKey(COMPLETE_UP_TO)
                      ? Instant.parse(options.get(COMPLETE_UP_TO))
                      : null)
              .timeout(options.containsKey(TIMEOUT) ? Duration.parse(options.get(TIMEOUT)) : null);
      return new EnginePublish(new DistributedPublish(session, table.product(), publish));
    } catch (DateTimeException e) {
      throw Failure.of(action)
          .because("an option is not a time: " + e.getMessage())
          .state("Nothing was published.")
          .fix("Write a time such as 2026-11-28T00:00:00Z, or a limit such as PT2H.")
          .cause(e)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Returns the receipt of an earlier publish under the same key; then no task is needed. */
  public Optional<PublishReceipt> earlier() {
    return publish.earlier();
  }

  /**
   * Returns what tasks need, for {@link #task}.
   *
   * @throws IllegalStateException if there is an {@link #earlier} publish
   */
  public Serializable settings() {
    return publish.settings();
  }

  /**
   * Publishes what tasks wrote; called once. If this fails, their files are deleted, except if the
   * outcome is unknown.
   *
   * @param results what {@link Task#finish} returned, of one task for each part of the rows
   * @throws IllegalStateException if it was called before
   * @return the receipt, also if another driver published first under the same key
   * @throws io.meshwork.error.ContractViolationException if the rows break the contract
   * @throws io.meshwork.error.ConflictException if the contract or its rollout changed since the
   *     tasks started; run the job again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer was lost; run the job again
   *     with the same key
   */
  public PublishReceipt commit(List<? extends Serializable> results) {
    return publish.commit(results.stream().map(TaskResult.class::cast).toList());
  }

  /**
   * Deletes the files of tasks that are not to be committed. Logs failures; maintenance deletes the
   * remaining files. Does nothing after {@link #commit}, whose files may be those of the table.
   */
  public void abort(List<? extends Serializable> results) {
    publish.abort(results.stream().map(TaskResult.class::cast).toList());
  }

  /**
   * Starts a task.
   *
   * @param settings what {@link #settings} returned
   * @param partition the number of its part of the rows, from 0
   * @param attempt a number that no other attempt of any task of this publish has
   */
  public static Task task(Serializable settings, int partition, long attempt) {
    TaskIngestion ingestion = new TaskIngestion((TaskSettings) settings, partition, attempt);
    return new Task() {
      @Override
      public void add(Map<String, ? extends @Nullable Object> row) {
        ingestion.add(row);
      }

      @Override
      public Serializable finish() {
        return ingestion.finish();
      }

      @Override
      public void close() {
        ingestion.close();
      }
    };
  }

  /** The rows of one task. Not thread-safe. */
  public interface Task extends AutoCloseable {
    /**
     * Adds a row.
     *
     * @param row the values by column, which must not change afterwards; a nested record is a map,
     *     too, and values have the types that {@code MeshClient.publish} takes from maps
     * @throws io.meshwork.error.MeshException if a file cannot be written, or the publish takes too
     *     long
     */
    void add(Map<String, ? extends @Nullable Object> row);

    /**
     * Completes the files.
     *
     * @return the result for the driver
     * @throws io.meshwork.error.MeshException as {@link #add}
     */
    Serializable finish();

    /** Deletes the files unless {@link #finish} returned. */
    @Override
    void close();
  }
}
