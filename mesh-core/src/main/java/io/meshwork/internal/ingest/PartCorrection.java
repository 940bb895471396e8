package io.meshwork.internal.ingest;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion.PublishedFiles;
import io.meshwork.internal.ingest.write.DataFileWriter;
import io.meshwork.internal.ingest.write.QuarantineWriter;
import io.meshwork.internal.ingest.write.RowNumbers;
import io.meshwork.internal.parquet.read.BatchReader;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.read.ParquetReader.ColumnMatch;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.RunningPart;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FilteredColumns;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.iceberg.Table;

/**
 * Moves rows of one part from the data files to the quarantine: rewrites the files that have some,
 * and measures the rows of all files again. Not thread-safe.
 */
public final class PartCorrection {
  private final IngestedPart part;
  private final PartQuarantine rows;
  private final RowIngestion.Target target;
  private final PublishedFiles names;
  private final Deadline deadline;
  private final MeshAction action;
  private final QualityGate gate;
  private final DataFileWriter accepted;
  private final QuarantineWriter quarantined;

  private PartCorrection(
      IngestedPart part,
      PartQuarantine rows,
      RowIngestion.Target target,
      PublishedFiles names,
      RuleContext context,
      Deadline deadline,
      MeshAction action) {
    Table table = target.table();
    this.part = part;
    this.rows = rows;
    this.target = target;
    this.names = names;
    this.deadline = deadline;
    this.action = action;
    this.gate = QualityGate.ofPart(target.contract(), table.schema(), names.policy(), context);
    this.accepted =
        new DataFileWriter(table, names.io(), names.names(), action)
            .sharedInParts(2)
            .readBy(target.contract().readers())
            .filtering(FilteredColumns.of(target.contract(), table.schema()));
    this.quarantined =
        new QuarantineWriter(
            new DataFileWriter(target.quarantine(), names.io(), names.names() + "-q", action)
                .sharedInParts(2),
            names.publishId(),
            context.now().isAfter(target.notBefore()) ? context.now() : target.notBefore());
  }

  /**
   * Quarantines rows that a part of a publish published.
   *
   * @param rows the rows in each major version
   * @param part the part in each of them
   * @return the part without the rows; the caller deletes the files that it no longer has
   * @throws io.meshwork.error.MeshException if a file cannot be read or written
   */
  public static List<IngestedPart> without(
      List<PartQuarantine> rows,
      List<IngestedPart> part,
      List<RowIngestion.Target> targets,
      PublishedFiles names,
      RuleContext context,
      Deadline deadline,
      MeshAction action) {
    List<IngestedPart> corrected = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      corrected.add(
          without(rows.get(i), part.get(i), targets.get(i), names, context, deadline, action));
    }
    return corrected;
  }

  private static IngestedPart without(
      PartQuarantine rows,
      IngestedPart part,
      RowIngestion.Target target,
      PublishedFiles names,
      RuleContext context,
      Deadline deadline,
      MeshAction action) {
    PartCorrection correction =
        new PartCorrection(part, rows, target, names, context, deadline, action);
    boolean finished = false;
    RunningPart running = RunningPart.start();
    try (correction.gate) {
      IngestedPart corrected = correction.run();
      finished = true;
      return corrected;
    } finally {
      running.close();
      if (!finished) {
        correction.accepted.abandon();
        correction.quarantined.abandon();
      }
    }
  }

  private IngestedPart run() {
    LateRowCount late =
        target.late() == null
            ? null
            : LateRowCount.of(target.table().schema(), Objects.requireNonNull(target.late()));
    ReplaceScopeCheck scope = new ReplaceScopeCheck(target.scope());
    List<DataFileEntry> files = new ArrayList<>();
    for (DataFileEntry file : part.files()) {
      boolean rewritten = hasSome(file);
      if (!rewritten) {
        files.add(file);
      }
      RowNumbers.Numbers numbers = numbers(file).read();
      try (ParquetReader reader = ParquetReader.open(names.io().newInputFile(file.location()));
          BatchReader batches = reader.read(target.table().schema(), ColumnMatch.BY_FIELD_ID)) {
        for (VectorBatch batch = batches.next(); batch != null; batch = batches.next()) {
          deadline.check(action);
          long[] rowNumbers = new long[batch.rows()];
          RowMask matching = matchingRows(batch, numbers, rowNumbers);
          scope.check(batch, matching, row -> rowNumbers[row]);
          gate.measure(batch, matching);
          if (late != null) {
            late.add(batch, matching);
          }
          if (rewritten) {
            accepted.write(batch.gather(matching.numbers()));
          }
        }
      }
    }
    files.addAll(accepted.finish());
    List<DataFileEntry> quarantine = new ArrayList<>(part.quarantineFiles());
    quarantine.addAll(quarantined.finish());
    return new IngestedPart(
        part.counts().with(gate.tally().counts().measures(), rows.size()),
        part.violationCounts(),
        files,
        quarantine,
        UndecidedRows.OfPart.NONE,
        Map.of(),
        late == null ? LateRows.NONE : late.result(),
        scope.outside());
  }

  private RowNumbers numbers(DataFileEntry file) {
    return Objects.requireNonNull(part.numbers().get(file.location()));
  }

  private boolean hasSome(DataFileEntry file) {
    RowNumbers.Numbers numbers = numbers(file).read();
    while (numbers.hasNext()) {
      if (rows.rulesOf(numbers.next()) != null) {
        return true;
      }
    }
    return false;
  }

  /**
   * Quarantines the rows of a batch that are to be, and returns the others.
   *
   * @param rowNumbers receives the numbers of all rows
   */
  private RowMask matchingRows(VectorBatch batch, RowNumbers.Numbers numbers, long[] rowNumbers) {
    RowMask matching = new RowMask(batch.rows());
    for (int row = 0; row < batch.rows(); row++) {
      long number = numbers.next();
      rowNumbers[row] = number;
      List<String> rules = rows.rulesOf(number);
      if (rules == null) {
        matching.set(row);
      } else {
        quarantined.add(number, rules, List.of(), "", quarantined.json(batch, row));
      }
    }
    return matching;
  }
}
