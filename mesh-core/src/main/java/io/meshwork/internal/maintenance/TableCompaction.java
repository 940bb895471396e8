package io.meshwork.internal.maintenance;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ingest.write.FileMerge;
import io.meshwork.internal.ingest.write.UncommittedFiles;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableName;
import io.meshwork.internal.text.Count;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts runs of small files of one table. Rows, their order and their partitions do not change.
 * If a concurrent commit removes a file of a run, the run is skipped. After halfTime of the time it
 * commits what it has, even the beginning of a run, so that every maintenance makes progress.
 */
final class TableCompaction implements MaintenanceTask {
  private static final Logger LOG = LoggerFactory.getLogger(TableCompaction.class);

  private final ClientSession session;
  private final TableName name;
  private final List<List<DataFile>> runs;
  private final MeshAction action;

  TableCompaction(ClientSession session, TableName name, List<List<DataFile>> runs) {
    this.session = session;
    this.name = name;
    this.runs = List.copyOf(runs);
    this.action = MeshAction.of(Verb.COMPACT, name);
  }

  /**
   * A merged run.
   *
   * @param before the locations of the original files
   * @param after the files that replace them
   */
  record FileReplacement(List<String> before, List<DataFileEntry> after) {}

  @Override
  public Plan.Step step() {
    long files = runs.stream().mapToLong(List::size).sum();
    long bytes = runs.stream().mapToLong(CompactionFinder::bytes).sum();
    return new Plan.Step(
        "compact",
        name.toString(),
        Count.of(files, "file")
            + " of "
            + bytes
            + " bytes in "
            + Count.of(runs.size(), "run becomes", "runs become")
            + " one or few files each",
        "");
  }

  @Override
  public String basis() {
    return runs.stream()
        .flatMap(List::stream)
        .map(DataFile::location)
        .collect(Collectors.joining("\t"));
  }

  @Override
  public void run(MaintenanceTally tally, Deadline deadline) {
    String id = session.runtime().ids().next();
    List<FileReplacement> unused = new ArrayList<>();
    try {
      Table table = session.tables().load(name);
      Deadline halfTime = session.runtime().startDeadline(deadline.left().dividedBy(2));
      for (List<DataFile> run : runs) {
        unused.add(merge(table, id + "-g" + unused.size(), run, halfTime, deadline));
        if (halfTime.passed()) {
          break;
        }
      }
      List<FileReplacement> done =
          session
              .ledger()
              .commit(
                  new CompactionChange(session, name, id, table, List.copyOf(unused)), deadline);
      unused.removeAll(done);
      for (FileReplacement run : done) {
        tally.add(name.partition(), Work.FILES_COMPACTED, run.before().size());
        tally.add(name.partition(), Work.FILES_WRITTEN, run.after().size());
      }
    } catch (OutcomeUnknownException | Error e) {
      // The outcome is unknown, as after an OutOfMemoryError; uncommitted files are orphans.
      unused.clear();
      throw e;
    } catch (ConflictException e) {
      LOG.debug("{} was skipped: {}", action, e.getMessage());
    } finally {
      unused.forEach(run -> UncommittedFiles.deleteAll(session.files(), run.after()));
    }
  }

  private FileReplacement merge(
      Table table, String id, List<DataFile> run, Deadline halfTime, Deadline deadline) {
    long first = SnapshotFiles.originalSequence(run.get(0));
    FileMerge.MergeResult merged =
        FileMerge.of(
            table,
            session.files(),
            run,
            id + SnapshotFiles.sequenceSuffix(first),
            // The rest of the run must follow the file that takes the position of the first file.
            count ->
                count > 1
                    && halfTime.passed()
                    && SnapshotFiles.originalSequence(run.get(count)) > first,
            deadline,
            action);
    List<DataFile> merging = run.subList(0, merged.count());
    List<DataFileEntry> written = merged.written();
    long rows = merging.stream().mapToLong(DataFile::recordCount).sum();
    if (written.stream().mapToLong(DataFileEntry::rows).sum() != rows) {
      UncommittedFiles.deleteAll(session.files(), written);
      throw Failure.of(action)
          .because("its files do not have the " + rows + " rows that its metadata counts")
          .state("Nothing was committed.")
          .fix("Run doctor() on the mesh, and restore the files from a backup.")
          .lasting(ErrorCode.DATA_DAMAGED);
    }
    return new FileReplacement(merging.stream().map(DataFile::location).toList(), written);
  }
}
