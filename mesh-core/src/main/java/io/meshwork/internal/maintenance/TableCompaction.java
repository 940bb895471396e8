package io.meshwork.internal.maintenance;

import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.ingest.FileMerge;
import io.meshwork.internal.ingest.UncommittedFiles;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.scan.SnapshotFiles;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataFileEntry;
import io.meshwork.internal.table.TableName;
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
 * Lays out runs of small files of one table anew. Rows, their order and their partitions stay. If
 * others took a file of a run away meanwhile, the run is given up quietly. When half of the time is
 * over it commits what it has, be it the beginning of a run, so that each maintenance gets on.
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
   * A run and what came of it.
   *
   * @param before locations of the files that it was made of
   * @param after files that hold the same rows
   */
  record Merged(List<String> before, List<DataFileEntry> after) {}

  @Override
  public Plan.Step step() {
    long files = runs.stream().mapToLong(List::size).sum();
    long bytes = runs.stream().mapToLong(CompactionFinder::bytes).sum();
    return new Plan.Step(
        "compact",
        name.toString(),
        files + " files of " + bytes + " bytes in " + runs.size() + " runs become one each or few",
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
    List<Merged> unused = new ArrayList<>();
    try {
      Table table = session.tables().load(name);
      Deadline half = session.runtime().startDeadline(deadline.left().dividedBy(2));
      for (List<DataFile> run : runs) {
        unused.add(merge(table, id + "-g" + unused.size(), run, half, deadline));
        if (half.passed()) {
          break;
        }
      }
      List<Merged> done =
          session
              .ledger()
              .commit(
                  new CompactionChange(session, name, id, table, List.copyOf(unused)), deadline);
      unused.removeAll(done);
      for (Merged run : done) {
        tally.add(name.partition(), Work.FILES_COMPACTED, run.before().size());
        tally.add(name.partition(), Work.FILES_WRITTEN, run.after().size());
      }
    } catch (OutcomeUnknownException | Error e) {
      // Whoever runs out of memory does not know either; what was not committed is an orphan.
      unused.clear();
      throw e;
    } catch (ConflictException e) {
      LOG.debug("{} was given up: {}", action, e.getMessage());
    } finally {
      unused.forEach(run -> UncommittedFiles.deleteAll(session.files(), run.after()));
    }
  }

  private Merged merge(
      Table table, String id, List<DataFile> run, Deadline half, Deadline deadline) {
    long first = SnapshotFiles.originalSequence(run.get(0));
    FileMerge.Merged merged =
        FileMerge.of(
            table,
            session.files(),
            run,
            id + SnapshotFiles.sequenceSuffix(first),
            // What is left of the run has to come after the file that takes the first one's place.
            taken ->
                taken > 1
                    && half.passed()
                    && SnapshotFiles.originalSequence(run.get(taken)) > first,
            deadline,
            action);
    List<DataFile> taken = run.subList(0, merged.count());
    List<DataFileEntry> written = merged.written();
    long rows = taken.stream().mapToLong(DataFile::recordCount).sum();
    if (written.stream().mapToLong(DataFileEntry::rows).sum() != rows) {
      UncommittedFiles.deleteAll(session.files(), written);
      throw BackendException.lasting(
          ErrorCode.DATA_DAMAGED,
          "Could not "
              + action
              + ": its files do not hold the "
              + rows
              + " rows that its metadata counts. Nothing was committed. Look at doctor() on the"
              + " mesh, and restore the files from a backup.",
          null);
    }
    return new Merged(taken.stream().map(DataFile::location).toList(), written);
  }
}
