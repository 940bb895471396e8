package io.meshwork.engine;

import io.meshwork.internal.distributed.DistributedPublish;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict;
import io.meshwork.internal.quality.StatisticsGate.StatisticsVerdict.Gap;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.stream.Collectors;

/** Creates the exceptions of rejected engine commits. */
final class CommitVeto {
  private CommitVeto() {}

  static CommitVetoedException ofQuarantine(TableName table, Principal principal) {
    return veto(
        table,
        principal,
        List.of("quarantine"),
        "only a publish writes to a quarantine table",
        "Publish rows with MeshClient.publish(..).");
  }

  /** The commit changes the table's schema, layout, or settings. */
  static CommitVetoedException ofChange(TableName table, Principal principal, List<String> names) {
    return veto(
        table,
        principal,
        names,
        "engines may not change " + String.join(", ", names),
        "Columns, layout, and settings follow the product's contract; change the contract with"
            + " MeshClient. Only the mesh changes snapshots and stages.");
  }

  /** The commit writes rows that no task of the engine judged, though its connector has tasks. */
  static CommitVetoedException ofSkippedTasks(TableName table, Principal principal) {
    return veto(
        table,
        principal,
        List.of("tasks"),
        DistributedPublish.SKIPPED_TASKS,
        DistributedPublish.USE_TASKS + " Replace or erase rows with MeshClient.");
  }

  /** The commit removes rows, as DELETE or TRUNCATE do, though its connector has tasks. */
  static CommitVetoedException ofDeletion(TableName table, Principal principal) {
    return veto(
        table,
        principal,
        List.of("tasks"),
        "the statement deletes rows, and an engine adds rows or replaces them",
        "Erase rows with MeshClient.erase(..). Delete all with"
            + " MeshClient.publish(..).replaceAll().allowEmpty().");
  }

  /** The commit moves main in a way that engines may not. */
  static CommitVetoedException ofMove(TableName table, Principal principal, List<String> names) {
    return veto(
        table,
        principal,
        names,
        "engines may only append to main, or rewrite files so that all rows remain, but this commit"
            + " has "
            + String.join(", ", names),
        "Append rows, or use MeshClient.");
  }

  /** The commit adds a snapshot, on any branch, with files or properties that are not allowed. */
  static CommitVetoedException ofFiles(TableName table, Principal principal, List<String> names) {
    return veto(
        table,
        principal,
        names,
        "a snapshot may only add new files in the table's folder, each once and with its canonical"
            + " location, but this commit has "
            + String.join(", ", names),
        "Write files to locations of the table's location provider, append each file once, and set"
            + " no snapshot properties with the prefix 'meshwork.'.");
  }

  /** The commit makes rows visible whose statistics do not prove that they satisfy the contract. */
  static CommitVetoedException ofRows(
      TableName table,
      Principal principal,
      ContractVersion version,
      StatisticsVerdict verdict,
      long files) {
    return veto(
        table,
        principal,
        verdict.gaps().stream().map(Gap::id).toList(),
        "the statistics of "
            + verdict.filesConcerned()
            + " of "
            + files
            + (files == 1 ? " added file" : " added files")
            + " do not prove that all rows satisfy contract "
            + version
            + ":"
            + verdict.gaps().stream().map(CommitVeto::message).collect(Collectors.joining())
            + "\n",
        "Publish these rows with MeshClient.publish(..), which checks each row.");
  }

  private static String message(Gap gap) {
    String where =
        gap.files() == 0 ? "" : " (" + gap.files() + (gap.files() == 1 ? " file)" : " files)");
    return "\n  " + gap.id() + ": " + gap.why() + where;
  }

  private static CommitVetoedException veto(
      TableName table, Principal principal, List<String> reasons, String because, String fix) {
    return new CommitVetoedException(
        table.product(),
        reasons,
        "Cannot commit to "
            + table.product()
            + " as "
            + principal
            + " (table "
            + table
            + "): "
            + because
            + (because.endsWith("\n") ? "" : ". ")
            + "Nothing was committed. "
            + fix);
  }
}
