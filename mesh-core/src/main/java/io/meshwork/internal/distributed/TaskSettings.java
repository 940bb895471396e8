package io.meshwork.internal.distributed;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowIngestion.LateReference;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.run.MajorConversion;
import io.meshwork.internal.quality.OtherProducts;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.MarkerFile;
import io.meshwork.internal.uniqueness.ExistingKeys;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * What a task needs to check and write its rows. The same for all tasks of a publish. Immutable.
 *
 * @param product the product, as {@code domain/name}
 * @param publishId the ID of the publish
 * @param policy what happens to rows that break the contract
 * @param now the time of the publish
 * @param deadline when the publish ends at the latest
 * @param majors the major versions that it writes to, first the version of the rows
 * @param code the code of custom rules
 * @param references the keys of other products that rules compare with
 * @param marker the marker of the place of the tables, by which a task knows that it writes where
 *     the driver commits; null for a store that is the same from everywhere
 */
public record TaskSettings(
    String product,
    String publishId,
    OnViolation policy,
    Instant now,
    Instant deadline,
    List<OfMajor> majors,
    Map<RuleContext.CodeName, RuleContext.RuleCode> code,
    SentReferences references,
    @Nullable MarkerFile marker)
    implements Serializable {
  public TaskSettings {
    majors = new ArrayList<>(majors);
    code = new HashMap<>(code);
  }

  /**
   * What a task needs for a major version.
   *
   * @param version the contract version that the rows are checked against
   * @param contract the contract as JSON
   * @param table the table
   * @param quarantine its quarantine
   * @param late decides which rows are late; null if none is
   * @param notBefore the earliest time of quarantined rows
   * @param scope the filter that every row must match; null if there is none
   * @param conversion how the rows become rows of this version; null for their own
   */
  record OfMajor(
      String version,
      String contract,
      Table table,
      Table quarantine,
      @Nullable LateReference late,
      Instant notBefore,
      @Nullable String scope,
      @Nullable MajorConversion conversion)
      implements Serializable {
    static OfMajor of(RowIngestion.Target target, @Nullable MajorConversion conversion) {
      return new OfMajor(
          target.version(),
          target.contract().toJson(),
          SerializableTable.copyOf(target.table()),
          SerializableTable.copyOf(target.quarantine()),
          target.late(),
          target.notBefore(),
          target.scope() == null ? null : target.scope().text(),
          conversion);
    }

    RowIngestion.Target target() {
      return new RowIngestion.Target(
          version,
          Contract.fromStoredJson(contract),
          table,
          quarantine,
          scope == null ? null : RowPredicate.parse(scope, table.schema()),
          ExistingKeys.NONE,
          new AffectedPartitions(table),
          late,
          notBefore);
    }

    private boolean isOf(RowIngestion.Target target) {
      return version.equals(target.version())
          && contract.equals(target.contract().toJson())
          && table.spec().equals(target.table().spec())
          && table.schema().sameSchema(target.table().schema());
    }
  }

  /** Returns true if a publish to these targets checks and writes the same. */
  boolean isOf(List<RowIngestion.Target> targets) {
    if (targets.size() != majors.size()) {
      return false;
    }
    for (int i = 0; i < targets.size(); i++) {
      if (!majors.get(i).isOf(targets.get(i))) {
        return false;
      }
    }
    return true;
  }

  List<RowIngestion.Target> targets() {
    return majors.stream().map(OfMajor::target).toList();
  }

  /** The rows as each major version has them, from the rows of their own version. */
  List<RowInput> inputs(RowInput source, List<RowIngestion.Target> targets, MeshAction action) {
    List<RowInput> inputs = new ArrayList<>();
    RowIngestion.Target leading = targets.get(0);
    for (int i = 0; i < targets.size(); i++) {
      MajorConversion conversion = majors.get(i).conversion();
      RowIngestion.Target target = targets.get(i);
      inputs.add(
          conversion == null
              ? source
              : conversion.of(
                  source,
                  leading.contract(),
                  leading.table().schema(),
                  target.version(),
                  target.contract(),
                  target.table().schema(),
                  action));
    }
    return inputs;
  }

  /** The same for tasks that evaluate no rule. */
  TaskSettings withoutRules() {
    return new TaskSettings(
        product,
        publishId,
        policy,
        now,
        deadline,
        majors,
        Map.of(),
        references.withoutKeys(),
        marker);
  }

  /** How a task writes its files, whose names start with a string that no other attempt uses. */
  RowIngestion.PublishedFiles files(String names) {
    return new RowIngestion.PublishedFiles(policy, majors.get(0).table().io(), publishId, names);
  }

  /** What the rules of a task need besides its rows. */
  RuleContext context() {
    return context(new RuleContext(now, code, OtherProducts.UNREADABLE));
  }

  /** The same with the keys that the tasks had. */
  RuleContext context(RuleContext context) {
    return context.withOthers(references.in(context.others()));
  }

  /** What is left of the time of the publish, by the clock of this host. */
  Deadline timeLeft() {
    InstantSource clock = MeshRuntime.systemClock();
    return Deadline.after(clock, Duration.between(clock.instant(), deadline));
  }

  /** Returns how the names of a task's files start. */
  static String fileNames(String publishId, int partition, long attempt) {
    return publishId + "-t" + partition + "-" + attempt;
  }

  /** Requires that a task writes where the driver commits. */
  void requirePlace(MeshAction action) {
    if (marker != null && !marker.isIn(majors.get(0).table().io())) {
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
}
