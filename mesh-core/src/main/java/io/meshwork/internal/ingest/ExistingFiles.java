package io.meshwork.internal.ingest;

import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import io.meshwork.internal.ingest.file.ColumnTarget;
import io.meshwork.internal.ingest.write.AffectedPartitions;
import io.meshwork.internal.ingest.write.PartitionRouter;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.parquet.write.ParquetWriter;
import io.meshwork.internal.parquet.write.ParquetWriter.EncodingProfile;
import io.meshwork.internal.quality.PublishVerdict;
import io.meshwork.internal.quality.QualityGate;
import io.meshwork.internal.quality.RuleContext;
import io.meshwork.internal.rows.VectorChecks;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.runtime.ProgressMeter;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.FileFingerprint;
import io.meshwork.internal.uniqueness.ExistingKeys;
import io.meshwork.internal.uniqueness.NewKeys;
import io.meshwork.internal.vector.RowMask;
import io.meshwork.internal.vector.VectorBatch;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executor;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * Checks files of another program that become data files of a table where they are: first all
 * footers, then all rows. Counts and bounds come from the rows that were read, not from the files'
 * own statistics. Writes nothing. Used once.
 */
final class ExistingFiles {
  private final ExistingSource source;
  private final Contract contract;
  private final Schema schema;
  private final PartitionSpec spec;
  private final MeshAction action;
  private final Set<PartitionKey> partitions = new HashSet<>();
  private long rowsRead;

  ExistingFiles(
      ExistingSource source,
      Contract contract,
      Schema schema,
      PartitionSpec spec,
      MeshAction action) {
    this.source = source;
    this.contract = contract;
    this.schema = schema;
    this.spec = spec;
    this.action = action;
  }

  /** Returns a finding for each file whose footer does not fit the table. */
  List<Finding> refused(ProgressMeter progress, Deadline deadline) {
    List<Finding> findings = new ArrayList<>();
    if (VectorChecks.of(contract.schema(), schema).changeValues()) {
      findings.add(
          refused(
              "The contract",
              "it truncates times to milliseconds, and files that stay where they are do not change;"
                  + " call rejectExcessPrecision(..) on it"));
    }
    long done = 0;
    OptionalLong total = OptionalLong.of(source.files().size());
    for (FileInfo file : source.files()) {
      deadline.check(action);
      String refusal = refusal(file);
      if (refusal != null) {
        findings.add(refused(file.location(), refusal));
      }
      progress.at("footers", ++done, total);
    }
    progress.end("footers", done, total);
    return findings;
  }

  private static Finding refused(String where, String why) {
    return Finding.error(
        FindingCode.FILE_REFUSED,
        where,
        where + ": " + why + ".",
        "Correct the contract, leave the file out, or publish it with files(..), which copies it.");
  }

  private @Nullable String refusal(FileInfo file) {
    FolderValues values = values(file);
    if (values.refusal() != null) {
      return values.refusal();
    }
    try (ParquetReader opened = open(file)) {
      return refusal(opened, values);
    } catch (UnreadableFileException e) {
      return e.whatAndWhere();
    } catch (NotFoundException e) {
      return "it does not exist";
    } catch (UncheckedIOException e) {
      throw ExistingSource.notRead(file, action, e);
    }
  }

  private @Nullable String refusal(ParquetReader opened, FolderValues values) {
    return ExistingFile.refusal(
        opened, schema, source.names(), values.byId(), source.ignoringUnknownColumns());
  }

  private FolderValues values(FileInfo file) {
    return FolderValues.of(
        source.folders().getOrDefault(file.location(), Map.of()),
        schema,
        source.names(),
        spec,
        source.ignoringUnknownColumns());
  }

  private ParquetReader open(FileInfo file) {
    InputFile input = source.io().newInputFile(file.location());
    long length = input.getLength();
    if (length != file.size()) {
      throw new UnreadableFileException(
          file.location(),
          "it has " + length + " bytes, and had " + file.size() + " when it was listed",
          UnreadableFileException.UNKNOWN,
          null);
    }
    return ParquetReader.open(input);
  }

  /**
   * Reads all rows, and each footer again: a file may have changed since its footer was checked.
   *
   * @param existing keys of the rows that the table has
   * @param marks receives the marks of the files, which are read before the rows: a file that is
   *     overwritten between has changed. Null if the result has no files, which are not measured
   */
  RowIngestion.Result check(
      RuleContext context,
      ExistingKeys existing,
      AffectedPartitions touched,
      @Nullable Map<String, FileFingerprint> marks,
      ProgressMeter progress,
      Executor workers,
      Deadline deadline) {
    List<DataFileEntry> entries = new ArrayList<>();
    try (QualityGate gate =
            QualityGate.open(
                    contract, schema, OnViolation.REJECT, context, existing, QualityGate.KEY_MEMORY)
                .partitionedBy(spec, schema)
                .inFolders(spec, schema);
        ExistingRows rows = new ExistingRows(new ColumnTarget(contract, schema, true, action))) {
      gate.placedBy(rows::place);
      for (FileInfo file : source.files()) {
        try (ParquetReader opened = open(file)) {
          FolderValues values = values(file);
          String refusal = refusal(opened, values);
          if (refusal != null) {
            throw mismatch(file, refusal);
          }
          rows.begin(file.location(), opened.ofOtherProgram(source.names(), values.byId()));
          if (marks == null) {
            read(file, rows, gate, null, deadline, progress);
          } else {
            marks.put(file.location(), FileFingerprint.of(file, opened));
            entries.add(measured(file, rows, gate, workers, deadline, progress).marked(opened));
          }
        } catch (UnreadableFileException e) {
          throw unreadable(file, e.whatAndWhere(), e);
        } catch (ColumnMismatchException e) {
          throw unreadable(file, String.valueOf(e.getMessage()), e);
        } catch (NotFoundException | UncheckedIOException e) {
          throw ExistingSource.notRead(file, action, e);
        }
      }
      progress.end("rows", rows.rowsRead(), rows.total());
      touched.add(partitions);
      gate.endOfInput();
      PublishVerdict verdict = gate.finish(rows.failureFindings());
      deadline.check(action);
      if (verdict.refused()) {
        return new RowIngestion.Result(
            verdict, Optional.empty(), List.of(), List.of(), NewKeys.NONE);
      }
      return new RowIngestion.Result(
          verdict,
          Optional.empty(),
          entries.stream().filter(entry -> entry.rows() > 0).toList(),
          List.of(),
          gate.keys());
    } catch (OutOfMemoryError e) {
      throw RowIngestion.fullHeap(action, "Nothing was registered.", rowsRead, e);
    }
  }

  private DataFileEntry measured(
      FileInfo file,
      ExistingRows rows,
      QualityGate gate,
      Executor workers,
      Deadline deadline,
      ProgressMeter progress) {
    ParquetWriter measure =
        ParquetWriter.open(new DiscardedOutput(), schema, EncodingProfile.COMPATIBLE, Map.of())
            .encodeOn(workers);
    PartitionKey partition = read(file, rows, gate, measure, deadline, progress);
    Metrics metrics = measure.finish().metrics();
    Long accepted = Objects.requireNonNull(metrics.recordCount());
    return new DataFileEntry(
        file.location(),
        file.size(),
        accepted,
        // The sizes come from the measure, not from the file.
        new Metrics(
            accepted,
            null,
            metrics.valueCounts(),
            metrics.nullValueCounts(),
            metrics.nanValueCounts(),
            metrics.lowerBounds(),
            metrics.upperBounds()),
        List.of(),
        partition);
  }

  /** Reads the rows of a file, and returns its partition; null without one, or without rows. */
  private @Nullable PartitionKey read(
      FileInfo file,
      ExistingRows rows,
      QualityGate gate,
      @Nullable ParquetWriter measure,
      Deadline deadline,
      ProgressMeter progress) {
    PartitionRouter router = new PartitionRouter(spec, schema);
    PartitionKey partition = null;
    for (VectorBatch batch = rows.next(); batch != null; batch = rows.next()) {
      deadline.check(action);
      rowsRead = rows.rowsRead();
      long first = rowsRead - batch.rows();
      RowMask failures = rows.failures();
      for (int row = failures.next(0); row >= 0; row = failures.next(row + 1)) {
        gate.addMisfit(first + row, rows.failuresOf(row));
        gate.checkOthers(row, rows.failuresOf(row));
      }
      gate.begin(batch, failures, new RowMask(0), first);
      if (gate.end().published().count() == batch.rows()) {
        partition = partition(file, router, batch, partition);
        if (measure != null) {
          measure.write(batch);
        }
      }
      progress.at("rows", rows.rowsRead(), rows.total());
    }
    return partition;
  }

  /** The partition of a file, to which all its rows must belong. */
  private @Nullable PartitionKey partition(
      FileInfo file, PartitionRouter router, VectorBatch batch, @Nullable PartitionKey before) {
    if (spec.isUnpartitioned() || batch.rows() == 0) {
      return before;
    }
    PartitionKey partition = before;
    for (PartitionRouter.PartitionRows part : router.route(batch)) {
      if (partition != null && !partition.equals(part.partition())) {
        throw Failure.of(action.on("from " + file.location()))
            .because("its rows belong to several partitions of the table")
            .state("Nothing was published.")
            .fix("Define the product without partitions, or publish the file with files(..).")
            .contractViolation(ErrorCode.SCHEMA_MISMATCH);
      }
      partition = part.partition();
    }
    if (partition != null) {
      partitions.add(partition);
    }
    return partition;
  }

  private RuntimeException mismatch(FileInfo file, String refusal) {
    return Failure.of(action.on("from " + file.location()))
        .because("it changed since its footer was checked: " + refusal)
        .state("Nothing was published.")
        .fix("Wait until the program that writes the file is done, and run it again.")
        .contractViolation(ErrorCode.SCHEMA_MISMATCH);
  }

  private RuntimeException unreadable(FileInfo file, String why, RuntimeException e) {
    return Failure.of(action.on("from " + file.location()))
        .because(why)
        .state("Nothing was published.")
        .fix("Leave the file out, or write it again.")
        .cause(e)
        .contractViolation(ErrorCode.FILE_MALFORMED);
  }
}
