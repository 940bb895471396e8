package io.meshwork.internal.rollout.backfill;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.scan.ObsoleteCopies;
import io.meshwork.internal.scan.PinnedProducts;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileOrigin;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * Copies data files of one major version of a rollout to files of the other. Each row is mapped and
 * checked against the row rules of the other's contract. A row that breaks one is quarantined; in a
 * restored old major version, which publishes both, it ends the copy. Rules on the whole table are
 * checked elsewhere. Commits nothing. Not thread-safe.
 */
final class DataFileCopy {
  private static final double ANY_SHARE = 100;

  private final ClientSession session;
  private final TransitionContext context;
  private final Table from;
  private final Table to;
  private final CopiedRecords records;
  private final Deadline deadline;
  private final MeshAction action;
  private final @Nullable RowPredicate exclusion;

  DataFileCopy(
      ClientSession session,
      TransitionContext context,
      Table from,
      Table to,
      CopiedRecords records,
      Deadline deadline,
      MeshAction action) {
    this.session = session;
    this.context = context;
    this.from = from;
    this.to = to;
    this.records = records;
    this.deadline = deadline;
    this.action = action;
    this.exclusion =
        context.isReversed()
            ? context
                .rollout()
                .excludedRows()
                .map(rows -> RowPredicate.parse(rows.filter(), from.schema(), action))
                .orElse(null)
            : null;
  }

  /**
   * The copy of one data file.
   *
   * @param key the key of the file
   * @param id the ID with which the names of the new files begin, by which maintenance fences it
   *     off
   * @param files new data files of the table
   * @param quarantined new data files of the quarantine
   * @param rows the rows that were read
   * @param rowsQuarantined the rows that break the new contract
   */
  record Copy(
      String key,
      String id,
      List<DataFileEntry> files,
      List<DataFileEntry> quarantined,
      long rows,
      long rowsQuarantined) {
    /** Returns the documents with which maintenance fences copies off that took too long. */
    static Set<Key> fences(ProductName product, List<Copy> copies) {
      return copies.stream()
          .map(copy -> RegistryKeys.fence(product, copy.id()))
          .collect(Collectors.toSet());
    }
  }

  /** Writes the copy of a file. If it fails, its files are deleted. */
  Copy of(DataFile file) {
    String key = ObsoleteCopies.key(file);
    String id = session.runtime().ids().next();
    try (RowInput input = input(file);
        RowIngestion ingestion = ingestion(FileOrigin.copyId(id, key))) {
      RowIngestion.Result result = ingestion.run(List.of(input)).get(0);
      result.keys().close();
      try {
        check(result.verdict());
        checkComplete(result);
      } catch (MeshException e) {
        UncommittedFiles.deleteAll(session.files(), result.files());
        UncommittedFiles.deleteAll(session.files(), result.quarantineFiles());
        throw e;
      }
      return new Copy(
          key,
          id,
          result.files(),
          result.quarantineFiles(),
          input.rowsRead(),
          result.quarantineFiles().stream().mapToLong(DataFileEntry::rows).sum());
    }
  }

  /** A rule that could not be evaluated says nothing about the rows. */
  private void check(PublishVerdict verdict) {
    List<RuleResult> stopping =
        verdict.report().rules().stream()
            .filter(rule -> rule.outcome() == Outcome.NOT_EVALUATED && rule.stops())
            .toList();
    if (!stopping.isEmpty()) {
      throw Failure.of(action)
          .because(
              "rule "
                  + stopping.get(0).ruleId()
                  + " of version "
                  + context.to().version()
                  + " could not be evaluated: "
                  + stopping.get(0).reason())
          .state("The rows that were copied before stay.")
          .fix("Check what the rule refers to, and commit the back-fill again.")
          .findings(verdict.findings())
          .contractViolation(ErrorCode.CONTRACT_VIOLATED);
    }
  }

  /** A restored major version gets all rows, or the next publish of both could not replace them. */
  private void checkComplete(RowIngestion.Result result) {
    long rejected = result.quarantineFiles().stream().mapToLong(DataFileEntry::rows).sum();
    if (rejected > 0 && context.isReversed()) {
      throw Failure.of(action)
          .because(
              Count.of(rejected, "row")
                  + " of major version "
                  + context.from().major()
                  + (rejected == 1 ? " breaks" : " break")
                  + " contract "
                  + context.to().version()
                  + " of major version "
                  + context.to().major())
          .state("Major version " + context.to().major() + " still lacks rows.")
          .fix("Correct the rows, or the mapping, and commit the back-fill again.")
          .findings(result.verdict().findings())
          .contractViolation(ErrorCode.CONTRACT_VIOLATED);
    }
  }

  private RowInput input(DataFile file) {
    return records.input(
        context,
        from,
        to,
        exclusion,
        file,
        SnapshotScan.of(session.files(), List.of(file), from.schema(), Long.MAX_VALUE, action)
            .from(from));
  }

  private RowIngestion ingestion(String publishId) {
    TableName quarantine =
        TableName.of(context.product().name(), context.to().major()).quarantined();
    Table quarantined = session.tables().load(quarantine);
    RowIngestion.Target target =
        new RowIngestion.Target(
            context.to().version().toString(),
            rowRules(context.to().contract()),
            to,
            quarantined,
            null,
            ExistingKeys.NONE,
            new AffectedPartitions(to),
            null,
            RowIngestion.Target.newest(to, quarantined));
    RowIngestion ingestion =
        new RowIngestion(
            List.of(target),
            new RowIngestion.PublishedFiles(
                OnViolation.QUARANTINE, session.files(), publishId, publishId),
            new RuleContext(
                session.runtime().clock().instant(),
                Map.of(),
                new PinnedProducts(session, context.product().name(), deadline, action)),
            new ProgressMeter(session.runtime().clock(), (phase, done, total) -> {}, action),
            session.runtime().executor(),
            deadline,
            action);
    return ingestion.keepingQuarantine();
  }

  /** The contract with the rules that can be decided for a row alone, without custom code. */
  static Contract rowRules(Contract contract) {
    Rule[] rules =
        contract.rules().stream()
            .filter(rule -> rule.kind().judgesRows() && rule.kind() != Rule.Kind.CUSTOM)
            .toArray(Rule[]::new);
    return Contract.of(contract.schema())
        .require(rules)
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(ANY_SHARE);
  }
}
