package io.meshwork.publish;

import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.internal.columnar.RowMask;
import io.meshwork.internal.columnar.VectorBatch;
import io.meshwork.internal.ingest.Ingest;
import io.meshwork.internal.measure.Extreme;
import io.meshwork.internal.measure.Figure;
import io.meshwork.internal.measure.Measure;
import io.meshwork.internal.predicate.Predicate;
import io.meshwork.internal.quality.Judgement;
import io.meshwork.internal.quality.Measures;
import io.meshwork.internal.quality.OwnReferences;
import io.meshwork.internal.quality.PendingRule;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.DataFileEntry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.util.StructLikeSet;

/**
 * The rules of one publish that look at the table as it will be, or at the publishes before. Asked
 * in each attempt to commit, against the state that the attempt would make; files that were looked
 * at before are not read again. One thread.
 */
final class PendingRules implements AutoCloseable {
  private final Session session;
  private final Judgement judgement;
  private final List<DataFileEntry> own;
  private final Deadline deadline;
  private final String doing;
  private final Map<String, Standing> standing = new HashMap<>();

  PendingRules(Session session, Ingest.Result written, Deadline deadline, String doing) {
    this.session = session;
    this.judgement = written.judgement();
    this.own = written.files();
    this.deadline = deadline;
    this.doing = doing;
  }

  /** What the rows that stay in the table came to for one rule, as far as they were looked at. */
  private static final class Standing implements AutoCloseable {
    private final Measure measure;
    private final Set<String> files = new HashSet<>();

    Standing(Measure measure) {
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
  Judgement judged(Table table, QualityHistory history) {
    List<DataFile> live = List.of();
    if (asksTable() && table.currentSnapshot() != null) {
      Set<String> written = own.stream().map(DataFileEntry::location).collect(Collectors.toSet());
      live =
          SnapshotFiles.of(table, table.currentSnapshot()).stream()
              .filter(file -> !written.contains(file.location()))
              .toList();
    }
    return judged(table, live, history);
  }

  /**
   * The judgement of a publish that is refused already, so that all that is wrong is told at once.
   *
   * @param table as it is before the publish
   * @param staying false if none of its rows stays
   */
  Judgement judgedAnyway(Table table, boolean staying, QualityHistory history) {
    List<DataFile> live =
        staying && asksTable() && table.currentSnapshot() != null
            ? SnapshotFiles.of(table, table.currentSnapshot())
            : List.of();
    return judged(table, live, history);
  }

  private boolean asksTable() {
    return judgement.pending().stream().anyMatch(rule -> rule.rule().scope() != Rule.Scope.BATCH);
  }

  private Judgement judged(Table table, List<DataFile> live, QualityHistory history) {
    if (judgement.pending().isEmpty()) {
      return judgement;
    }
    Map<String, RuleResult> results = new LinkedHashMap<>();
    for (PendingRule rule : judgement.pending()) {
      if (rule.rule().scope() != Rule.Scope.PARTITION || !judgement.refused()) {
        results.put(rule.rule().id(), judged(rule, table, live, history));
      }
    }
    return judgement.judged(results);
  }

  private RuleResult judged(
      PendingRule rule, Table table, List<DataFile> live, QualityHistory history) {
    if (rule.rule().kind() == Rule.Kind.STEADY) {
      return rule.steady(history.last(Measures.name(rule.rule()), rule.window()));
    }
    if (rule.rows() instanceof OwnReferences references) {
      return references
          .gap()
          .map(rule::unjudged)
          .orElseGet(() -> rule.unmatched(unmatched(references, table, live)));
    }
    List<DataFile> files = live;
    if (rule.rule().scope() == Rule.Scope.PARTITION) {
      PartitionSpec spec = table.spec();
      if (live.stream().anyMatch(file -> file.specId() != spec.specId())) {
        return rule.unjudged("some files lie by a former partitioning of the table");
      }
      StructLikeSet touched = StructLikeSet.create(spec.partitionType());
      own.forEach(entry -> touched.add(entry.toDataFile(spec).partition()));
      files = live.stream().filter(file -> touched.contains(file.partition())).toList();
    }
    return rule.judged(figure(rule, table, files));
  }

  private Figure figure(PendingRule rule, Table table, List<DataFile> files) {
    Measure stays = brought(rule, table, files).measure;
    try (Measure all = Measures.of(rule.rule(), table.schema())) {
      all.add(stays);
      if (!(stays instanceof Extreme)) {
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
      known = new Standing(Measures.of(rule.rule(), table.schema()));
      if (known.measure instanceof Extreme) {
        // The more is known, the fewer files may change it.
        known.measure.add(rule.rows());
      }
      standing.put(id, known);
    }
    for (DataFile file : files) {
      if (known.files.add(file.location())
          && !Measures.addByStatistics(rule.rule(), known.measure, table.schema(), file)) {
        read(rule.rule(), known.measure, table, file);
      }
    }
    return known;
  }

  private void read(Rule rule, Measure into, Table table, DataFile file) {
    Predicate where =
        rule.where().map(filter -> Predicate.parse(filter, table.schema(), doing)).orElse(null);
    Set<Integer> ids = new HashSet<>(Measures.fieldIds(rule, table.schema()));
    if (where != null) {
      ids.addAll(where.fieldIds());
    }
    Schema columns = TypeUtil.select(table.schema(), ids);
    try (Measure measure = Measures.of(rule, columns);
        SnapshotScan scan = scan(List.of(file), columns)) {
      for (VectorBatch batch = scan.next(); batch != null; batch = scan.next()) {
        deadline.check(doing);
        measure.add(batch, where == null ? all(batch) : where.matches(batch));
      }
      into.add(measure);
    }
  }

  private SnapshotScan scan(List<DataFile> files, Schema columns) {
    return SnapshotScan.of(session.files(), files, columns, Long.MAX_VALUE, doing);
  }

  private long unmatched(OwnReferences references, Table table, List<DataFile> live) {
    try (SnapshotScan scan = scan(live, TypeUtil.select(table.schema(), references.fieldIds()))) {
      return references.unmatched(() -> new Batches(scan));
    }
  }

  private static RowMask all(VectorBatch batch) {
    RowMask rows = new RowMask(batch.rows());
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
