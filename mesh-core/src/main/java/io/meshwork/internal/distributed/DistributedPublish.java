package io.meshwork.internal.distributed;

import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.UncommittedFiles;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataLocations;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * An append whose rows are checked and written by tasks, and committed here: {@link #settings}, a
 * {@link TaskIngestion} for each part of the rows, {@link #commit}. The same rules, quarantine,
 * measures, and receipt as of a publish by the SDK. Not thread-safe.
 */
public final class DistributedPublish {
  private final PublishContext publish;
  private final WrittenRows rows = new WrittenRows();
  private final @Nullable PublishReceipt earlier;
  private final @Nullable TaskSettings settings;
  private boolean committing;

  /**
   * Resolves the request.
   *
   * @throws io.meshwork.error.MeshException as a publish by the SDK
   * @throws InvalidRequestException if a rule decides by several rows, or the publish writes
   *     several major versions
   */
  public DistributedPublish(ClientSession session, ProductName product, PublishOptions options) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, product);
    this.publish = PublishContext.begin(session, product, options, rows, action);
    PublishRun.IngestionTargets resolved = new PublishRun(publish).resolved();
    this.earlier = resolved.earlier().orElse(null);
    this.settings = earlier == null ? settings(resolved, action) : null;
  }

  private TaskSettings settings(PublishRun.IngestionTargets resolved, MeshAction action) {
    if (resolved.targets().size() > 1) {
      throw Failure.of(action)
          .because("a rollout publishes to several major versions, and tasks write to one")
          .state("Nothing was published.")
          .fix("Publish with the SDK until the rollout is closed.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    RowIngestion.Target target = resolved.targets().get(0);
    for (Rule rule : target.contract().enforcedRules()) {
      if (decidesBySeveralRows(rule, resolved.policy())) {
        throw Failure.of(action)
            .because(
                "rule "
                    + rule.id()
                    + ", "
                    + rule.inWords()
                    + ", cannot be decided for the rows of a task alone")
            .state("Nothing was published.")
            .fix("Publish with the SDK.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
    recordWriter(target);
    return TaskSettings.of(
        publish.product().toString(),
        publish.publishId(),
        resolved.policy(),
        resolved.now(),
        resolved.now().plus(publish.deadline().left()),
        target,
        publish.session().tables().marker(target.table()).orElse(null));
  }

  /**
   * Records in the registry that this publish writes to the tables, as each first file of a publish
   * does: the files of a task that is killed are then known as those of the mesh.
   */
  private void recordWriter(RowIngestion.Target target) {
    for (Table table : List.of(target.table(), target.quarantine())) {
      String file = TaskIngestion.fileNames(publish.publishId(), 0, 0) + "-0.parquet";
      publish
          .files()
          .newOutputFile(
              DataLocations.of(table.location(), table.properties()).newDataLocation(file));
    }
  }

  /** True if a row passes or fails by what other rows are. */
  private static boolean decidesBySeveralRows(Rule rule, OnViolation policy) {
    return switch (rule.kind()) {
      case UNIQUE, DISTINCT_COUNT, REFERENCES -> true;
      default ->
          policy == OnViolation.QUARANTINE
              && rule.kind().judgesRows()
              && rule.severity() == Rule.Severity.ERROR
              && (rule.toleratedRows() > 0 || rule.toleratedPercent().isPresent());
    };
  }

  /** The receipt of an earlier publish under the same key, after which no task is needed. */
  public Optional<PublishReceipt> earlier() {
    return Optional.ofNullable(earlier);
  }

  /**
   * What the tasks need.
   *
   * @throws IllegalStateException if there is an {@link #earlier} publish
   */
  public TaskSettings settings() {
    if (settings == null) {
      throw new IllegalStateException("the rows are published already");
    }
    return settings;
  }

  /**
   * Commits what the tasks wrote; called once. Deletes their files if nothing was published, except
   * if the outcome is unknown.
   *
   * @param results one of each part of the rows
   * @throws IllegalStateException if it was called before: the files may be those of the table
   * @throws io.meshwork.error.ContractViolationException if the rows break the contract
   * @throws io.meshwork.error.ConflictException if the contract or the rollout changed since the
   *     tasks started; run the job again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer to the commit was lost; run the
   *     job again with the same key
   */
  public PublishReceipt commit(List<TaskResult> results) {
    if (committing) {
      throw new IllegalStateException("this publish was committed before");
    }
    committing = true;
    List<TaskResult> ordered =
        results.stream().sorted(Comparator.comparingInt(TaskResult::partition)).toList();
    rows.receive(settings(), ordered.stream().map(TaskResult::part).toList());
    try {
      return new PublishRun(publish).run();
    } finally {
      if (!rows.isTaken()) {
        delete(ordered);
      }
    }
  }

  /**
   * Deletes the files of tasks that are not to be committed. Logs failures. Does nothing after
   * {@link #commit}, which knows what became of them: engines also abort a job whose commit failed.
   */
  public void abort(List<TaskResult> results) {
    if (!committing) {
      delete(results);
    }
  }

  private void delete(List<TaskResult> results) {
    results.forEach(result -> UncommittedFiles.delete(publish.files(), result.part().locations()));
  }
}
