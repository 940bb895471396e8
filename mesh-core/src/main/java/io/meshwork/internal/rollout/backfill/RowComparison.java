package io.meshwork.internal.rollout.backfill;

import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.ingest.HashMultiset;
import io.meshwork.internal.ingest.RowHashes;
import io.meshwork.internal.ingest.RowInput;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.rollout.retirement.TransitionContext;
import io.meshwork.internal.rows.JsonRow;
import io.meshwork.internal.scan.SnapshotScan;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.text.Count;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import io.meshwork.product.Classification;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/**
 * Compares the rows of two tables, the first's mapped to the columns of the second, as sets in
 * which a row may occur more than once. Rows are compared by 64-bit hashes of their values, which
 * detects accidental differences, not forgery. Several passes limit the memory. Not thread-safe.
 */
final class RowComparison {
  private static final int MAX_HASHES = 4 << 20;
  private static final int MAX_SAMPLES = 10;

  private final TransitionContext context;
  private final Table mapped;
  private final Table target;
  private final Schema compared;
  private final CopiedRecords records;
  private final MeshAction action;
  private final Optional<Schema> key;
  private final @Nullable RowPredicate exclusion;
  private long excludedRows;

  /**
   * Creates a comparison.
   *
   * @param context the rollout, whose {@code from} is the version of the mapped rows
   * @param mapped the table whose rows are mapped
   * @param target the table to whose columns they are mapped
   * @param compared the columns of the target that are compared
   */
  RowComparison(
      TransitionContext context,
      Table mapped,
      Table target,
      Schema compared,
      CopiedRecords records,
      MeshAction action) {
    this.context = context;
    this.mapped = mapped;
    this.target = target;
    this.compared = compared;
    this.records = records;
    this.action = action;
    this.key =
        context.to().contract().enforcedRules().stream()
            .filter(rule -> rule.kind() == Rule.Kind.UNIQUE)
            .findFirst()
            .map(rule -> target.schema().select(rule.columns()));
    this.exclusion =
        context
            .rollout()
            .excludedRows()
            .map(
                rows ->
                    RowPredicate.parse(
                        rows.filter(), (isBack() ? mapped : target).schema(), action))
            .orElse(null);
  }

  /**
   * What differs.
   *
   * @param unmapped the number of rows that were not mapped
   * @param mappedOnly the number of mapped rows that the target does not have
   * @param rejected how many rejected rows of both the owner accepted; 0 if rows are mapped back
   * @param targetOnly the number of rows of the target that no row is mapped to
   * @param excluded the number of rows that only the new major version has, as the rollout declares
   * @param keys the same for the keys; empty without a key
   * @param samples rows that one of them does not have
   */
  public record Difference(
      long unmapped,
      long mappedOnly,
      long rejected,
      long targetOnly,
      long excluded,
      Optional<Keys> keys,
      List<Finding> samples) {}

  /** The numbers of keys that only one of the tables has. */
  public record Keys(long mappedOnly, long targetOnly) {}

  /** True if the rows of the new major version are mapped back to the old one. */
  boolean isBack() {
    return context.isReversed();
  }

  /** Rejects rows that need a mapping. */
  void check() {
    records.check(context, mapped, target, action);
  }

  /** Compares all rows. */
  Difference run(ClientSession session) {
    FileIO files = session.files();
    List<DataFile> mappedFiles = CopiedFiles.live(mapped);
    List<DataFile> targetFiles = CopiedFiles.live(target);
    long rows = Math.max(rows(mappedFiles), rows(targetFiles));
    int passes = (int) (rows / MAX_HASHES) + 1;
    HashMultiset mappedOnly = new HashMultiset();
    HashMultiset targetOnly = new HashMultiset();
    HashMultiset mappedKeys = new HashMultiset();
    HashMultiset targetKeys = new HashMultiset();
    HashMultiset oldOnly = isBack() ? targetOnly : mappedOnly;
    HashMultiset oldKeys = isBack() ? targetKeys : mappedKeys;
    long unmapped = 0;
    long inBoth = 0;
    for (int pass = 0; pass < passes; pass++) {
      excludedRows = 0;
      Side one = new Side(pass, passes);
      unmapped = readMapped(files, mappedFiles, isBack() ? exclusion : null, one::add);
      Side other = new Side(pass, passes);
      Side declared = new Side(pass, passes);
      readTarget(files, targetFiles, other::add, declared::add);
      Side older = isBack() ? other : one;
      Side newer = isBack() ? one : other;
      newer.rows.addMissingFrom(older.rows, isBack() ? mappedOnly : targetOnly);
      newer.keys.addMissingFrom(older.keys, isBack() ? mappedKeys : targetKeys);
      Side unexplained = new Side(pass, passes);
      older.rows.addMissingFrom(newer.rows, unexplained.rows);
      older.keys.addMissingFrom(newer.keys, unexplained.keys);
      if (isBack() && excludedRows > 0 && unexplained.rows.size() > 0) {
        addExcluded(files, mappedFiles, newer, declared);
      }
      int before = oldOnly.size();
      unexplained.rows.addMissingFrom(declared.rows, oldOnly);
      unexplained.keys.addMissingFrom(declared.keys, oldKeys);
      inBoth += unexplained.rows.size() - (oldOnly.size() - before);
    }
    return new Difference(
        unmapped,
        mappedOnly.size(),
        isBack() ? 0 : rejected(session, mappedFiles, mappedOnly, unmapped),
        targetOnly.size(),
        excludedRows - inBoth,
        key.map(any -> new Keys(mappedKeys.size(), targetKeys.size())),
        samples(files, mappedFiles, mappedOnly, targetFiles, targetOnly));
  }

  /** The hashes of one pass. */
  private final class Side {
    private final HashMultiset rows = new HashMultiset();
    private final HashMultiset keys = new HashMultiset();
    private final int pass;
    private final int passes;

    Side(int pass, int passes) {
      this.pass = pass;
      this.passes = passes;
    }

    void add(VectorBatch batch) {
      add(RowHashes.of(batch.select(compared)), rows);
      key.ifPresent(columns -> add(RowHashes.of(batch.select(columns)), keys));
    }

    private void add(long[] hashes, HashMultiset to) {
      for (long hash : hashes) {
        if (Long.remainderUnsigned(hash, passes) == pass) {
          to.add(hash);
        }
      }
    }
  }

  /** Adds the mapped rows that the rollout leaves out, if they can be mapped. */
  private void addExcluded(FileIO files, List<DataFile> dataFiles, Side others, Side declared) {
    long number = excludedRows;
    Side all = new Side(declared.pass, declared.passes);
    readMapped(files, dataFiles, null, all::add);
    excludedRows = number;
    all.rows.addMissingFrom(others.rows, declared.rows);
    all.keys.addMissingFrom(others.keys, declared.keys);
  }

  /**
   * Reads the mapped rows, and returns the number of unmapped ones.
   *
   * @param excluding the rows that are not read; null for none
   */
  private long readMapped(
      FileIO files,
      List<DataFile> dataFiles,
      @Nullable RowPredicate excluding,
      Consumer<VectorBatch> consumer) {
    long unmapped = 0;
    for (DataFile file : dataFiles) {
      SnapshotScan scan =
          SnapshotScan.of(files, List.of(file), mapped.schema(), Long.MAX_VALUE, action)
              .from(mapped);
      try (RowInput input = records.input(context, mapped, target, excluding, file, scan)) {
        VectorBatch batch = input.next();
        while (batch != null) {
          unmapped += input.failures().count();
          RowMask excluded = new RowMask(0);
          excluded.or(input.failures());
          excluded.or(input.excluded());
          excludedRows += input.excluded().count();
          consumer.accept(without(excluded, batch));
          batch = input.next();
        }
      }
    }
    return unmapped;
  }

  private static VectorBatch without(RowMask excluded, VectorBatch batch) {
    return excluded.count() == 0 ? batch : gather(excluded, false, batch);
  }

  /** The rows that are in a set, or that are not. */
  private static VectorBatch gather(RowMask mask, boolean in, VectorBatch batch) {
    return batch.gather(
        IntStream.range(0, batch.rows()).filter(row -> mask.get(row) == in).toArray());
  }

  /** Reads the rows of the target; separately the old rows that the rollout excludes. */
  private void readTarget(
      FileIO files,
      List<DataFile> dataFiles,
      Consumer<VectorBatch> consumer,
      Consumer<VectorBatch> declared) {
    try (SnapshotScan scan =
        SnapshotScan.of(files, dataFiles, target.schema(), Long.MAX_VALUE, action).from(target)) {
      VectorBatch batch = scan.next();
      while (batch != null) {
        if (exclusion == null || isBack()) {
          consumer.accept(batch);
        } else {
          RowMask excluded = exclusion.matches(batch);
          excludedRows += excluded.count();
          consumer.accept(without(excluded, batch));
          declared.accept(gather(excluded, true, batch));
        }
        batch = scan.next();
      }
    }
  }

  /**
   * Counts the rows, among the ones that the target lacks or that were not mapped, that the owner
   * accepted. As long as neither version changed alone, each that breaks the contract or was not
   * mapped is one.
   */
  private long rejected(
      ClientSession session, List<DataFile> mappedFiles, HashMultiset missing, long unmapped) {
    if (context.rollout().rejectedRows() == 0) {
      return 0;
    }
    Map<Long, Long> rejected = new HashMap<>();
    Map<Long, Long> knownRows = new HashMap<>();
    boolean mayDiffer = context.rollout().mayDiffer();
    AcceptedRows accepted = mayDiffer ? AcceptedRows.of(session, context, action) : null;
    try (RowFitness fitness = new RowFitness(session, context, target, action)) {
      readMapped(
          session.files(),
          missing.size() == 0 ? List.of() : mappedFiles,
          null,
          batch -> {
            long[] hashes = RowHashes.of(batch.select(compared));
            RowMask failing = fitness.failing(batch);
            for (int row = failing.next(0); row >= 0; row = failing.next(row + 1)) {
              if (missing.contains(hashes[row])) {
                rejected.merge(hashes[row], 1L, Long::sum);
                if (accepted != null && accepted.take(batch, row)) {
                  knownRows.merge(hashes[row], 1L, Long::sum);
                }
              }
            }
          });
    }
    return accepted == null ? in(missing, rejected) + unmapped : in(missing, knownRows);
  }

  /** The number of rows of a set that are among others. */
  private static long in(HashMultiset rows, Map<Long, Long> others) {
    Map<Long, Long> counts = new HashMap<>(others);
    return rows.stream().filter(hash -> counts.merge(hash, -1L, Long::sum) >= 0).count();
  }

  private static long rows(List<DataFile> files) {
    return files.stream().mapToLong(DataFile::recordCount).sum();
  }

  private List<Finding> samples(
      FileIO files,
      List<DataFile> mappedFiles,
      HashMultiset mappedOnly,
      List<DataFile> targetFiles,
      HashMultiset targetOnly) {
    List<Finding> findings = new ArrayList<>();
    if (mappedOnly.size() > 0) {
      Samples samples = new Samples(mappedOnly);
      readMapped(files, mappedFiles, isBack() ? exclusion : null, samples::add);
      findings.add(finding(context.from().major(), context.to().major(), mappedOnly, samples));
    }
    if (targetOnly.size() > 0) {
      Samples samples = new Samples(targetOnly);
      readTarget(files, targetFiles, samples::add, any -> {});
      findings.add(finding(context.to().major(), context.from().major(), targetOnly, samples));
    }
    return findings;
  }

  private Finding finding(int has, int lacks, HashMultiset rows, Samples samples) {
    return new Finding(
        FindingCode.ROWS_DIFFER,
        Finding.Severity.ERROR,
        "major version " + has,
        Count.of(rows.size(), "row")
            + " of major version "
            + has
            + (rows.size() == 1 ? " is" : " are")
            + " missing or different in major version "
            + lacks
            + ".",
        rows.size(),
        samples.rows,
        "Publish them with onlyMajorVersion("
            + lacks
            + "), or erase them with onlyMajorVersion("
            + has
            + ")."
            + (isBack() && context.rollout().rejectedRows() > 0
                ? " Only verify(" + Math.min(has, lacks) + ", ..) knows the rows that you accepted."
                : ""));
  }

  /** The first rows with some hashes, by their key, or by all columns without one. */
  private final class Samples {
    private final HashMultiset wanted;
    private final Schema columns = key.orElse(target.schema());
    private final Set<String> masked = new HashSet<>();
    private final JsonRow json = new JsonRow(masked);
    private final List<String> rows = new ArrayList<>();

    Samples(HashMultiset wanted) {
      this.wanted = wanted;
      for (var column : columns.columns()) {
        Classification level = context.to().contract().classificationOf(column.name());
        if (level.compareTo(Classification.INTERNAL) > 0) {
          masked.add(column.name());
        }
      }
    }

    void add(VectorBatch batch) {
      if (rows.size() == MAX_SAMPLES) {
        return;
      }
      long[] hashes = RowHashes.of(batch.select(compared));
      VectorBatch shown = batch.select(columns);
      for (int row = 0; row < hashes.length && rows.size() < MAX_SAMPLES; row++) {
        if (wanted.contains(hashes[row])) {
          rows.add(json.of(shown, row));
        }
      }
    }
  }
}
