package io.meshwork.internal.publish.run;

import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.condition.DatasetCondition.Steady;
import io.meshwork.internal.contract.RuleConditions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.OwnReferences;
import io.meshwork.internal.quality.PendingRule;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RowMeasure;
import io.meshwork.internal.quality.RowMeasure.MeasuredValue;
import io.meshwork.internal.quality.RuleMeasures;
import io.meshwork.internal.receipts.QualityHistory;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.ScanBatches;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one publish that depend on the table after the publish, or on earlier publishes.
 * Each commit attempt evaluates them against the state that it would create; a file is read once.
 * Not thread-safe.
 */
final class PendingRules implements AutoCloseable {
  private final ClientSession session;
  private final PublishVerdict verdict;
  private final List<DataFileEntry> own;
  private final PublishMode mode;
  private final @Nullable RowPredicate filter;
  private final AffectedPartitions touched;
  private final Deadline deadline;
  private final MeshAction action;
  private final Map<String, RetainedMeasure> retainedByRule = new HashMap<>();

  /** Selects rows that are ignored: the table still contains them, but the publish removes them. */
  private @Nullable RowPredicate removed;

  /**
   * Creates the pending rules of one publish.
   *
   * @param filter selects the rows that the publish removes; null for modes without a filter
   * @param touched the partitions of its rows
   */
  PendingRules(
      ClientSession session,
      RowIngestion.Result written,
      PublishMode mode,
      @Nullable RowPredicate filter,
      AffectedPartitions touched,
      Deadline deadline,
      MeshAction action) {
    this.session = session;
    this.mode = mode;
    this.filter = filter;
    this.touched = touched;
    this.verdict = written.verdict();
    this.own = written.files();
    this.deadline = deadline;
    this.action = action;
  }

  /** The measure of one rule over the retained rows of the files read so far. */
  private static final class RetainedMeasure implements AutoCloseable {
    private final RowMeasure measure;
    private final Set<String> files = new HashSet<>();

    RetainedMeasure(RowMeasure measure) {
      this.measure = measure;
    }

    @Override
    public void close() {
      measure.close();
    }
  }

  /**
   * Evaluates the whole publish.
   *
   * @param table the table after the publish
   * @param history the earlier publishes
   */
  PublishVerdict evaluate(Table table, QualityHistory history) {
    List<DataFile> live = List.of();
    if (readsTable() && table.currentSnapshot() != null) {
      Set<String> written = own.stream().map(DataFileEntry::location).collect(Collectors.toSet());
      live =
          SnapshotFiles.of(table, table.currentSnapshot()).stream()
              .filter(file -> !written.contains(file.location()))
              .toList();
    }
    return evaluate(table, live, history);
  }

  /**
   * Evaluates a publish before its commit, even if it is already rejected, so that the caller gets
   * all findings together.
   *
   * @param table the table before the publish
   */
  PublishVerdict evaluateBeforeCommit(Table table, QualityHistory history) {
    if (!readsTable() || table.currentSnapshot() == null || mode == PublishMode.REPLACE_ALL) {
      return evaluate(table, List.of(), history);
    }
    try {
      List<DataFile> live = SnapshotFiles.of(table, table.currentSnapshot());
      if (mode == PublishMode.REPLACE_PARTITIONS) {
        live = live.stream().filter(file -> !touched.mayContain(file)).toList();
      } else if (filter != null) {
        removed = filter;
        live = live.stream().filter(file -> !filter.certainlyMatchesAll(file)).toList();
      }
      return evaluate(table, live, history);
    } catch (BackendException e) {
      // An unreadable table must not hide the findings about the rows.
      return withoutTable("the table could not be read: " + e.errorCode(), history);
    }
  }

  private PublishVerdict withoutTable(String reason, QualityHistory history) {
    Map<String, RuleResult> results = new LinkedHashMap<>();
    for (PendingRule rule : verdict.pending()) {
      results.put(
          rule.rule().id(),
          RuleConditions.of(rule.rule()) instanceof Steady condition
              ? steady(rule, condition, history)
              : rule.notEvaluated(reason));
    }
    return verdict.withResults(results);
  }

  private boolean readsTable() {
    return verdict.pending().stream().anyMatch(rule -> rule.rule().scope() != Rule.Scope.BATCH);
  }

  private PublishVerdict evaluate(Table table, List<DataFile> live, QualityHistory history) {
    if (verdict.pending().isEmpty()) {
      return verdict;
    }
    Map<String, RuleResult> results = new LinkedHashMap<>();
    for (PendingRule rule : verdict.pending()) {
      results.put(rule.rule().id(), evaluate(rule, table, live, history));
    }
    return verdict.withResults(results);
  }

  private RuleResult evaluate(
      PendingRule rule, Table table, List<DataFile> live, QualityHistory history) {
    if (RuleConditions.of(rule.rule()) instanceof Steady condition) {
      return steady(rule, condition, history);
    }
    if (rule.rows() instanceof OwnReferences references) {
      return references
          .gap()
          .map(rule::notEvaluated)
          .orElseGet(() -> rule.unmatched(unmatched(references, table, live)));
    }
    List<DataFile> files = live;
    if (rule.rule().scope() == Rule.Scope.PARTITION) {
      if (live.stream().anyMatch(touched::hasEarlierSpec)) {
        return rule.notEvaluated("some files have an earlier partition spec of the table");
      }
      files = live.stream().filter(touched::mayContain).toList();
    }
    return rule.result(measure(rule, table, files));
  }

  private static RuleResult steady(PendingRule rule, Steady condition, QualityHistory history) {
    return rule.steady(condition, history.last(RuleMeasures.name(rule.rule()), condition.window()));
  }

  private MeasuredValue measure(PendingRule rule, Table table, List<DataFile> files) {
    RowMeasure retained = retained(rule, table, files).measure;
    try (RowMeasure all = RuleMeasures.of(rule.rule(), table.schema())) {
      all.add(retained);
      if (!retained.prunesFiles()) {
        all.add(rule.rows());
      }
      return all.result();
    }
  }

  /** The measure of these files. It starts again if one of the measured files was removed. */
  private RetainedMeasure retained(PendingRule rule, Table table, List<DataFile> files) {
    String id = rule.rule().id();
    Set<String> locations = files.stream().map(DataFile::location).collect(Collectors.toSet());
    RetainedMeasure retained = retainedByRule.get(id);
    if (retained == null || !locations.containsAll(retained.files)) {
      if (retained != null) {
        retained.close();
      }
      retained = new RetainedMeasure(RuleMeasures.of(rule.rule(), table.schema()));
      if (retained.measure.prunesFiles()) {
        // With the new rows included, statistics rule out more files.
        retained.measure.add(rule.rows());
      }
      retainedByRule.put(id, retained);
    }
    for (DataFile file : files) {
      if (retained.files.add(file.location())
          && (losesRows(file)
              || !RuleMeasures.addByStatistics(
                  rule.rule(), retained.measure, table.schema(), file))) {
        read(rule.rule(), retained.measure, table, file);
      }
    }
    return retained;
  }

  private void read(Rule rule, RowMeasure into, Table table, DataFile file) {
    RowPredicate where =
        rule.where().map(filter -> RowPredicate.parse(filter, table.schema(), action)).orElse(null);
    Set<Integer> ids = new HashSet<>(RuleMeasures.fieldIds(rule, table.schema()));
    if (where != null) {
      ids.addAll(where.fieldIds());
    }
    if (removed != null) {
      ids.addAll(removed.fieldIds());
    }
    Schema columns = TypeUtil.select(table.schema(), ids);
    try (RowMeasure measure = RuleMeasures.of(rule, columns);
        SnapshotScan scan = scan(table, List.of(file), columns)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(action);
        RowMask rows = retained(batch);
        if (where != null) {
          rows.and(where.matches(batch));
        }
        measure.add(batch, rows);
      }
      into.add(measure);
    }
  }

  private SnapshotScan scan(Table table, List<DataFile> files, Schema columns) {
    return SnapshotScan.of(session.files(), files, columns, Long.MAX_VALUE, action).from(table);
  }

  private long unmatched(OwnReferences references, Table table, List<DataFile> live) {
    Set<Integer> ids = new HashSet<>(references.fieldIds());
    if (removed != null) {
      ids.addAll(removed.fieldIds());
    }
    try (SnapshotScan scan = scan(table, live, TypeUtil.select(table.schema(), ids))) {
      return references.unmatched(
          () -> new ScanBatches(scan, batch -> batch.gather(retained(batch).numbers())));
    }
  }

  private boolean losesRows(DataFile file) {
    return removed != null && removed.mayMatch(file);
  }

  /** The rows of a batch that the publish retains. */
  private RowMask retained(VectorBatch batch) {
    RowMask rows = new RowMask(batch.rows());
    if (removed != null) {
      rows.or(removed.matches(batch));
    }
    rows.flip(batch.rows());
    return rows;
  }

  /** Deletes the temporary files of the measures. */
  @Override
  public void close() {
    retainedByRule.values().forEach(RetainedMeasure::close);
    verdict.pending().forEach(rule -> rule.rows().close());
  }
}
