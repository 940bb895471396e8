package io.meshwork.internal.ingest;

import io.meshwork.contract.Rule;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.DeferredRows.NumberedRows;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.quality.PartKeys;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.QualityGate.Destination;
import io.meshwork.internal.quality.QualityGate.Verdict;
import io.meshwork.internal.rows.RowNumber;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one major version that the parts of a publish published, judged again by the
 * cross-row rules: first all of them, and after the end of the input the held rows. Not
 * thread-safe.
 */
final class ReevaluatedRows implements DecidedRows, AutoCloseable {
  private final RowIngestion.Target target;
  private final QualityGate gate;
  private final FileIO io;
  private final Deadline deadline;
  private final MeshAction action;
  private final List<Integer> columns;
  private final Schema stored;
  private final Iterator<String> files;
  private final DeferredRows held;
  private final Set<String> exceeded;
  private final SortedMap<Integer, PartQuarantine> quarantined = new TreeMap<>();
  private final Map<Integer, List<String>> reasonsOfOthers = new HashMap<>();
  private final List<Rule> rules;

  private @Nullable ParquetReader file;
  private @Nullable BatchReader batches;
  private List<Vector> absent = List.of();
  private boolean ended;
  private VectorBatch batch;
  private long[] numbers = new long[0];
  private int row;

  /**
   * Creates the rows.
   *
   * @param gate has the counts of all parts
   * @param parts the parts, in the order of their rows
   */
  ReevaluatedRows(
      RowIngestion.Target target,
      CrossRowRules crossRow,
      QualityGate gate,
      List<IngestedPart> parts,
      FileIO io,
      Deadline deadline,
      MeshAction action) {
    Schema table = target.table().schema();
    this.target = target;
    this.gate = gate;
    this.io = io;
    this.deadline = deadline;
    this.action = action;
    this.columns = crossRow.columns();
    this.stored = UndecidedRows.columns(table, crossRow);
    this.files = judged(parts).iterator();
    this.held = new DeferredRows(stored, action);
    this.exceeded = gate.exceeded();
    this.rules = target.contract().enforcedRules();
    this.batch = VectorBatch.empty(stored);
    gate.showInSamples(
        columns.stream()
            .map(column -> table.columns().get(column).name())
            .collect(Collectors.toSet()));
  }

  /** The files with the rows that are compared one by one. */
  private List<String> judged(List<IngestedPart> parts) {
    List<PartKeys> keys = new ArrayList<>();
    for (IngestedPart part : parts) {
      UndecidedRows.OfPart rows = part.undecided();
      keys.add(
          new PartKeys(
              rows.rows(),
              !rows.anyTolerated(),
              rows.keys(),
              receiver -> read(rows.files(), receiver)));
    }
    boolean[] published = gate.publishApart(keys);
    List<String> judged = new ArrayList<>();
    for (int i = 0; i < published.length; i++) {
      if (!published[i]) {
        judged.addAll(parts.get(i).undecided().files());
      }
    }
    return judged;
  }

  private void read(List<String> locations, BiConsumer<VectorBatch, long[]> receiver) {
    for (String location : locations) {
      try (ParquetReader reader = ParquetReader.open(io.newInputFile(location));
          BatchReader rows = reader.read(RowNumbers.numbered(stored), ColumnMatch.BY_FIELD_ID)) {
        for (VectorBatch next = rows.next(); next != null; next = rows.next()) {
          deadline.check(action);
          receiver.accept(RowNumbers.without(next, stored), RowNumbers.of(next));
        }
      }
    }
  }

  @Override
  public String version() {
    return target.version();
  }

  /** Ends the input: rows follow whose destination was not known. */
  void endOfInput() {
    gate.endOfInput();
    ended = true;
  }

  @Override
  public OptionalLong nextHeld() {
    if (row == numbers.length && !beginBatch()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(numbers[row]);
  }

  private boolean beginBatch() {
    endBatch();
    deadline.check(action);
    NumberedRows next = ended ? held.next() : read();
    if (next == null) {
      return false;
    }
    batch = next.batch();
    numbers = next.numbers();
    VectorBatch wide = wide(batch);
    if (ended) {
      gate.beginHeldJudged(wide, numbers, excess());
    } else {
      gate.beginJudged(wide, numbers, tolerated());
    }
    return true;
  }

  private void endBatch() {
    if (numbers.length > 0) {
      Verdict verdict = ended ? gate.endHeld() : gate.end();
      RowMask lost = verdict.quarantined();
      for (int each = lost.next(0); each >= 0; each = lost.next(each + 1)) {
        quarantined
            .computeIfAbsent(RowNumber.taskOf(numbers[each]), PartQuarantine::new)
            .add(numbers[each], allReasons(each));
      }
      if (!verdict.held().isEmpty()) {
        int[] rows = verdict.held().numbers();
        long[] heldNumbers = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
          heldNumbers[i] = numbers[rows[i]];
        }
        held.add(batch.gather(rows).flat(), heldNumbers);
      }
    }
    batch = VectorBatch.empty(stored);
    numbers = new long[0];
    row = 0;
    reasonsOfOthers.clear();
  }

  private List<String> allReasons(int each) {
    List<String> all = new ArrayList<>(reasons(each));
    all.addAll(reasonsOfOthers.getOrDefault(each, List.of()));
    return all;
  }

  /** The rules that a row breaks in this version, in the order of the contract. */
  private List<String> reasons(int each) {
    Set<String> broken = new HashSet<>(UndecidedRows.rulesOf(batch, each));
    broken.addAll(gate.reasons(each));
    return rules.stream().map(Rule::id).filter(broken::contains).toList();
  }

  private RowMask tolerated() {
    RowMask rows = new RowMask(batch.rows());
    Vector broken = batch.vector(columns.size());
    for (int each = 0; each < batch.rows(); each++) {
      if (!broken.isNull(each)) {
        rows.set(each);
      }
    }
    return rows;
  }

  /** The rows that break a rule which tolerates fewer than there are. */
  private RowMask excess() {
    RowMask rows = new RowMask(batch.rows());
    if (!exceeded.isEmpty()) {
      for (int each = 0; each < batch.rows(); each++) {
        if (!Collections.disjoint(UndecidedRows.rulesOf(batch, each), exceeded)) {
          rows.set(each);
        }
      }
    }
    return rows;
  }

  /** Returns a batch with all columns of the table; no rule needs the null columns. */
  private VectorBatch wide(VectorBatch some) {
    List<Types.NestedField> fields = target.table().schema().columns();
    if (absent.isEmpty() || absent.get(0).size() != some.rows()) {
      absent = new ArrayList<>();
      for (Types.NestedField field : fields) {
        Vector nulls = VectorBatch.emptyVector(field.type());
        nulls.appendNulls(some.rows());
        absent.add(nulls);
      }
    }
    List<Vector> vectors = new ArrayList<>(absent);
    for (int i = 0; i < columns.size(); i++) {
      vectors.set(columns.get(i), some.vector(i));
    }
    return new VectorBatch(target.table().schema(), vectors, some.rows());
  }

  private @Nullable NumberedRows read() {
    while (true) {
      VectorBatch rows = batches == null ? null : batches.next();
      if (rows != null) {
        return new NumberedRows(RowNumbers.without(rows, stored), RowNumbers.of(rows));
      }
      closeFile();
      if (!files.hasNext()) {
        return null;
      }
      file = ParquetReader.open(io.newInputFile(files.next()));
      batches = file.read(RowNumbers.numbered(stored), ColumnMatch.BY_FIELD_ID);
    }
  }

  @Override
  public Destination heldStanding() {
    return ended ? gate.heldStanding(row) : gate.standing(row);
  }

  @Override
  public void settleHeld(Destination destination) {
    if (ended) {
      gate.settleHeld(row, destination);
    } else {
      gate.settle(row, destination);
    }
  }

  @Override
  public List<String> heldReasons() {
    return reasons(row);
  }

  @Override
  public void passHeld(List<String> ofOthers) {
    if (!ofOthers.isEmpty()) {
      reasonsOfOthers.put(row, ofOthers);
    }
    row++;
  }

  /** The rows that are quarantined, by task. */
  SortedMap<Integer, PartQuarantine> quarantined() {
    return quarantined;
  }

  private void closeFile() {
    if (batches != null) {
      batches.close();
      batches = null;
    }
    if (file != null) {
      file.close();
      file = null;
    }
  }

  @Override
  public void close() {
    closeFile();
    held.close();
  }
}
