package io.meshwork.internal.publish;

import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.ingest.AffectedPartitions;
import io.meshwork.internal.ingest.RowIngestion;
import io.meshwork.internal.measure.ExtremeMeasure;
import io.meshwork.internal.measure.MeasuredValue;
import io.meshwork.internal.measure.RowMeasure;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.quality.OwnReferences;
import io.meshwork.internal.quality.PendingRule;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.RuleMeasures;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.publish.PublishMode;
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
 * The rules of one publish that look at the table as it will be, or at the publishes before. Asked
 * in each attempt to commit, against the state that the attempt would make; files that were looked
 * at before are not read again. One thread.
 */
final class PendingRules implements AutoCloseable {
  private final ClientSession session;
  private final PublishVerdict judgement;
  private final List<DataFileEntry> own;
  private final PublishMode mode;
  private final @Nullable RowPredicate filter;
  private final AffectedPartitions touched;
  private final Deadline deadline;
  private final MeshAction action;
  private final Map<String, Standing> standing = new HashMap<>();

  /** Rows for which it is true do not count, since they are still there but would be gone. */
  private @Nullable RowPredicate leaving;

  /**
   * Of one publish.
   *
   * @param filter rows for which it is true are taken away; null for the other modes
   * @param touched where its rows lie
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
    this.judgement = written.judgement();
    this.own = written.files();
    this.deadline = deadline;
    this.action = action;
  }

  /** What the rows that stay in the table came to for one rule, as far as they were looked at. */
  private static final class Standing implements AutoCloseable {
    private final RowMeasure measure;
    private final Set<String> files = new HashSet<>();

    Standing(RowMeasure measure) {
      this.measure = measure;
    }

    @Override
    public void close() {
      measure.close();
    }
  }

  /**
   * The judgement of the whole publish.
   *
   * @param table as it is after the publish
   * @param history of the publishes before
   */
  PublishVerdict evaluate(Table table, QualityHistory history) {
    List<DataFile> live = List.of();
    if (asksTable() && table.currentSnapshot() != null) {
      Set<String> written = own.stream().map(DataFileEntry::location).collect(Collectors.toSet());
      live =
          SnapshotFiles.of(table, table.currentSnapshot()).stream()
              .filter(file -> !written.contains(file.location()))
              .toList();
    }
    return evaluate(table, live, history);
  }

  /**
   * The judgement of a publish that is refused already, so that all that is wrong is told at once:
   * beside what the table would have held.
   *
   * @param table as it is before the publish
   */
  PublishVerdict judgedAnyway(Table table, QualityHistory history) {
    if (!asksTable() || table.currentSnapshot() == null || mode == PublishMode.REPLACE_ALL) {
      return evaluate(table, List.of(), history);
    }
    try {
      List<DataFile> live = SnapshotFiles.of(table, table.currentSnapshot());
      if (mode == PublishMode.REPLACE_PARTITIONS) {
        live = live.stream().filter(file -> !touched.holds(file)).toList();
      } else if (filter != null) {
        leaving = filter;
        live = live.stream().filter(file -> !filter.certainlyMatchesAll(file)).toList();
      }
      return evaluate(table, live, history);
    } catch (BackendException e) {
      // That the table cannot be read must not hide what is wrong with the rows.
      return unread("the table could not be read: " + e.errorCode(), history);
    }
  }

  private PublishVerdict unread(String why, QualityHistory history) {
    Map<String, RuleResult> results = new LinkedHashMap<>();
    for (PendingRule rule : judgement.pending()) {
      results.put(
          rule.rule().id(),
          rule.rule().scope() == Rule.Scope.BATCH ? steady(rule, history) : rule.notEvaluated(why));
    }
    return judgement.withResults(results);
  }

  private boolean asksTable() {
    return judgement.pending().stream().anyMatch(rule -> rule.rule().scope() != Rule.Scope.BATCH);
  }

  private PublishVerdict evaluate(Table table, List<DataFile> live, QualityHistory history) {
    if (judgement.pending().isEmpty()) {
      return judgement;
    }
    Map<String, RuleResult> results = new LinkedHashMap<>();
    for (PendingRule rule : judgement.pending()) {
      results.put(rule.rule().id(), evaluate(rule, table, live, history));
    }
    return judgement.withResults(results);
  }

  private RuleResult evaluate(
      PendingRule rule, Table table, List<DataFile> live, QualityHistory history) {
    if (rule.rule().kind() == Rule.Kind.STEADY) {
      return steady(rule, history);
    }
    if (rule.rows() instanceof OwnReferences references) {
      return references
          .gap()
          .map(rule::notEvaluated)
          .orElseGet(() -> rule.unmatched(unmatched(references, table, live)));
    }
    List<DataFile> files = live;
    if (rule.rule().scope() == Rule.Scope.PARTITION) {
      if (live.stream().anyMatch(touched::isFormer)) {
        return rule.notEvaluated("some files lie by a former partitioning of the table");
      }
      files = live.stream().filter(touched::holds).toList();
    }
    return rule.result(figure(rule, table, files));
  }

  private static RuleResult steady(PendingRule rule, QualityHistory history) {
    return rule.steady(history.last(RuleMeasures.name(rule.rule()), rule.window()));
  }

  private MeasuredValue figure(PendingRule rule, Table table, List<DataFile> files) {
    RowMeasure stays = brought(rule, table, files).measure;
    try (RowMeasure all = RuleMeasures.of(rule.rule(), table.schema())) {
      all.add(stays);
      if (!(stays instanceof ExtremeMeasure)) {
        all.add(rule.rows());
      }
      return all.result();
    }
  }

  /** What stays, brought up to these files: anew where one has gone since. */
  private Standing brought(PendingRule rule, Table table, List<DataFile> files) {
    String id = rule.rule().id();
    Set<String> wanted = files.stream().map(DataFile::location).collect(Collectors.toSet());
    Standing known = standing.get(id);
    if (known == null || !wanted.containsAll(known.files)) {
      if (known != null) {
        known.close();
      }
      known = new Standing(RuleMeasures.of(rule.rule(), table.schema()));
      if (known.measure instanceof ExtremeMeasure) {
        // The more is known, the fewer files may change it.
        known.measure.add(rule.rows());
      }
      standing.put(id, known);
    }
    for (DataFile file : files) {
      if (known.files.add(file.location())
          && (losesRows(file)
              || !RuleMeasures.addByStatistics(rule.rule(), known.measure, table.schema(), file))) {
        read(rule.rule(), known.measure, table, file);
      }
    }
    return known;
  }

  private void read(Rule rule, RowMeasure into, Table table, DataFile file) {
    RowPredicate where =
        rule.where().map(filter -> RowPredicate.parse(filter, table.schema(), action)).orElse(null);
    Set<Integer> ids = new HashSet<>(RuleMeasures.fieldIds(rule, table.schema()));
    if (where != null) {
      ids.addAll(where.fieldIds());
    }
    if (leaving != null) {
      ids.addAll(leaving.fieldIds());
    }
    Schema columns = TypeUtil.select(table.schema(), ids);
    try (RowMeasure measure = RuleMeasures.of(rule, columns);
        SnapshotScan scan = scan(List.of(file), columns)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(action);
        RowMask rows = staying(batch);
        if (where != null) {
          rows.and(where.matches(batch));
        }
        measure.add(batch, rows);
      }
      into.add(measure);
    }
  }

  private SnapshotScan scan(List<DataFile> files, Schema columns) {
    return SnapshotScan.of(session.files(), files, columns, Long.MAX_VALUE, action);
  }

  private long unmatched(OwnReferences references, Table table, List<DataFile> live) {
    Set<Integer> ids = new HashSet<>(references.fieldIds());
    if (leaving != null) {
      ids.addAll(leaving.fieldIds());
    }
    try (SnapshotScan scan = scan(live, TypeUtil.select(table.schema(), ids))) {
      return references.unmatched(
          () -> new ScanBatches(scan, batch -> batch.gather(staying(batch).numbers())));
    }
  }

  private boolean losesRows(DataFile file) {
    return leaving != null && leaving.mayMatch(file);
  }

  /** The rows of a batch that the publish leaves. */
  private RowMask staying(VectorBatch batch) {
    RowMask rows = new RowMask(batch.rows());
    if (leaving != null) {
      rows.or(leaving.matches(batch));
    }
    rows.flip(batch.rows());
    return rows;
  }

  /** Frees what measures keep outside of memory. */
  @Override
  public void close() {
    standing.values().forEach(Standing::close);
    judgement.pending().forEach(rule -> rule.rows().close());
  }
}
