package io.meshwork.internal.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.contract.Contract;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.write.DataFileWriter;
import io.meshwork.internal.ingest.write.QuarantineWriter;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.quality.ConversionFailures;
import io.meshwork.internal.quality.RecordChecks;
import io.meshwork.internal.rows.TypeViolations.Violation;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;

/**
 * The files of a staged publish: the offered rows that fit their columns, and the rows that do not,
 * as the publish would find. Both are in the folder of the quarantine, which only the owner reads,
 * and no table references them. No rule is evaluated. Immutable.
 *
 * @param fitting files with the columns of the table
 * @param malformed files with the columns of a quarantine, whose rules are the violations as JSON
 */
public record StagedRows(List<DataFileEntry> fitting, List<DataFileEntry> malformed) {
  public StagedRows {
    fitting = List.copyOf(fitting);
    malformed = List.copyOf(malformed);
  }

  /**
   * A violation as the row of a quarantine has it.
   *
   * @param code the name of its code
   */
  record StagedViolation(String column, String code, String reason) {}

  /**
   * Reads all rows of a source, and writes them.
   *
   * @param quarantine the quarantine of the table
   * @param publishId the ID of the staged publish, which file names contain
   * @throws io.meshwork.error.MeshException if the source or a file fails, or the deadline passes;
   *     then no file is left
   */
  public static StagedRows write(
      RowInput source,
      Contract contract,
      Table table,
      Table quarantine,
      FileIO io,
      String publishId,
      Instant now,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline,
      MeshAction action) {
    DataFileWriter fitting =
        DataFileWriter.unreferenced(quarantine, table.schema(), io, publishId, action)
            .encodeOn(workers)
            .sharedBy(2);
    QuarantineWriter malformed =
        new QuarantineWriter(
            new DataFileWriter(quarantine, io, publishId + "-q", action).sharedBy(2),
            publishId,
            now);
    RecordChecks checks = RecordChecks.of(contract, table.schema(), table.spec());
    boolean finished = false;
    try {
      for (VectorBatch batch = source.next(); batch != null; batch = source.next()) {
        deadline.check(action);
        write(source, batch, checks, fitting, malformed);
        progress.at("rows", source.rowsRead(), source.total());
      }
      progress.end("rows", source.rowsRead(), source.total());
      StagedRows rows = new StagedRows(fitting.finish(), malformed.finish());
      finished = true;
      return rows;
    } finally {
      if (!finished) {
        fitting.abandon();
        malformed.abandon();
      }
    }
  }

  private static void write(
      RowInput source,
      VectorBatch batch,
      RecordChecks checks,
      DataFileWriter fitting,
      QuarantineWriter malformed) {
    long first = source.rowsRead() - batch.rows();
    RowMask failures = source.failures();
    ConversionFailures malformedRows = new ConversionFailures();
    for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
      malformedRows.add(row, source.failuresOf(row));
    }
    RowMask excluded = checks.evaluate(batch, malformedRows);
    excluded.or(failures);
    for (int row = excluded.next(0); row >= 0; row = excluded.next(row + 1)) {
      List<Violation> violations = new ArrayList<>(source.failuresOf(row));
      violations.addAll(checks.violations(row));
      malformed.add(
          first + row,
          json(violations),
          QuarantineWriter.malformed(violations, source.place(row)),
          source.json(row));
    }
    fitting.write(excluded.isEmpty() ? batch : batch.gather(excluded.complement(batch.rows())));
  }

  private static String json(List<Violation> violations) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Violation violation : violations) {
      json.add(
          DocumentCodec.toJson(
              new StagedViolation(
                  violation.column(), violation.code().name(), violation.reason())));
    }
    return json.toString();
  }
}
