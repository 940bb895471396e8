package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Severity;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.condition.RowCondition.Custom;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.publish.run.PublishContext;
import io.meshwork.internal.publish.run.PublishOptions;
import io.meshwork.internal.publish.run.PublishRun;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataLocations;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * A publish whose rows are checked and written by tasks, and committed here: {@link #settings}, a
 * {@link TaskIngestion} for each part of the rows, {@link #commit}. The same rules, quarantine,
 * measures, and receipt as of a publish by the SDK. Not thread-safe.
 */
public final class DistributedPublish {
  /** Why a statement is refused if no task checks its rows. */
  public static final String SKIPPED_TASKS =
      "no task checked the rows, and options such as the key are lost: the statement also reads"
          + " the table, saves to it by its name, or is one of Spark before 3.5.3";

  /** What to do about {@link #SKIPPED_TASKS}. */
  public static final String USE_TASKS =
      "Read the table VERSION AS OF 'main' in the statement, or write a data frame with"
          + " writeTo(..); with Spark before 3.5.3, use a later one.";

  private final PublishContext publish;
  private final WrittenRows rows;
  private final @Nullable PublishReceipt earlier;
  private final @Nullable TaskSettings settings;
  private boolean committing;

  /**
   * Resolves the request.
   *
   * @throws io.meshwork.error.MeshException as a publish by the SDK
   * @throws InvalidRequestException if rows cannot be converted to another major version of a
   *     rollout, or the code of a custom rule that rejects rows is missing
   */
  public DistributedPublish(ClientSession session, ProductName product, PublishOptions options) {
    MeshAction action = MeshAction.of(Verb.PUBLISH, product);
    this.rows = new WrittenRows(session.files());
    this.publish = PublishContext.begin(session, product, options, rows, action);
    PublishRun.IngestionTargets resolved = resolved(action);
    this.earlier = resolved.earlier().orElse(null);
    this.settings = earlier == null ? settings(resolved) : null;
  }

  private PublishRun.IngestionTargets resolved(MeshAction action) {
    try {
      return new PublishRun(publish).resolved();
    } catch (InvalidRequestException e) {
      if (e.errorCode() != ErrorCode.VERSION_LEFT_OUT) {
        throw e;
      }
      throw Failure.of(action)
          .because(e.reason())
          .state("Nothing was published.")
          .findings(e.findings())
          .fix("SQL cannot provide a mapping: publish with a program, and call alsoTo(..).")
          .cause(e)
          .invalidRequest(ErrorCode.VERSION_LEFT_OUT);
    }
  }

  private TaskSettings settings(PublishRun.IngestionTargets resolved) {
    resolved.targets().forEach(target -> requireCode(target.contract(), resolved.context()));
    List<TaskSettings.OfMajor> majors = new ArrayList<>();
    for (int i = 0; i < resolved.targets().size(); i++) {
      RowIngestion.Target target = resolved.targets().get(i);
      recordWriter(target);
      rows.basedOn(target);
      majors.add(TaskSettings.OfMajor.of(target, resolved.conversions().get(i).orElse(null)));
    }
    return new TaskSettings(
        publish.product().toString(),
        publish.publishId(),
        resolved.policy(),
        resolved.context().now(),
        resolved.context().now().plus(publish.deadline().left()),
        majors,
        resolved.context().code(),
        new SentReferences(publish.product(), resolved.targets(), resolved.context().others()),
        publish.session().tables().marker(resolved.targets().get(0).table()).orElse(null));
  }

  /** Rejects a rule that would fail the publish after the tasks, because it lacks its code. */
  private void requireCode(Contract contract, RuleContext context) {
    for (Rule rule : contract.rules()) {
      if (rule.severity() == Severity.ERROR
          && RuleConditions.of(rule) instanceof Custom condition
          && context.codeOf(condition) == null) {
        throw Failure.of(MeshAction.of(Verb.PUBLISH, publish.product()))
            .because("rule " + rule.id() + " is custom, and " + context.missing(condition))
            .state("Nothing was published.")
            .fix("SQL cannot provide code: publish with a program, or let the rule warn.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
  }

  /**
   * Records in the registry that this publish writes to the tables, as each first file of a publish
   * does: the files of a killed task are then known as the mesh's.
   */
  private void recordWriter(RowIngestion.Target target) {
    for (Table table : List.of(target.table(), target.quarantine())) {
      String file = TaskSettings.fileNames(publish.publishId(), 0, 0) + "-0.parquet";
      publish
          .files()
          .newOutputFile(
              DataLocations.of(table.location(), table.properties()).newDataLocation(file));
    }
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
   * Commits what the tasks wrote; called once. Deletes the files that were not published, except if
   * the outcome is unknown.
   *
   * @param results one of each part of the rows
   * @param runner runs tasks that quarantine rows because of rows of other tasks
   * @throws IllegalStateException if it was called before: the files may belong to the table
   * @throws io.meshwork.error.ContractViolationException if the rows break the contract
   * @throws io.meshwork.error.ConflictException if the contract or the rollout changed since the
   *     tasks started; run the job again
   * @throws io.meshwork.error.OutcomeUnknownException if the answer to the commit was lost; run the
   *     job again with the same key
   */
  public PublishReceipt commit(List<TaskResult> results, TaskRunner runner) {
    if (committing) {
      throw new IllegalStateException("this publish was committed before");
    }
    committing = true;
    rows.receive(settings(), results, runner);
    try {
      return new PublishRun(publish).run();
    } finally {
      UncommittedFiles.delete(publish.files(), List.copyOf(rows.unused()));
    }
  }

  /**
   * Deletes the files of tasks that are not to be committed. Logs failures. Does nothing after
   * {@link #commit}, which knows what became of them: engines also abort a job whose commit failed.
   */
  public void abort(List<TaskResult> results) {
    if (!committing) {
      results.forEach(result -> UncommittedFiles.delete(publish.files(), result.locations()));
    }
  }
}
