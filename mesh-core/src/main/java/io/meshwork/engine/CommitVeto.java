package io.meshwork.engine;

import io.meshwork.internal.quality.StatisticsVerdict;
import io.meshwork.internal.quality.StatisticsVerdict.Gap;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.stream.Collectors;

/** What an engine is told whose commit is refused. */
final class CommitVeto {
  private CommitVeto() {}

  /** Rows were to be put among the bad ones. */
  static CommitVetoedException ofQuarantine(TableName table, Principal principal) {
    return new CommitVetoedException(
        table.product(),
        List.of("quarantine"),
        head(table, principal)
            + "it holds the rows that a publish set aside, and only a publish writes it. Nothing"
            + " was committed. Publish rows through MeshClient.publish(..).");
  }

  /** The table itself was to be changed. */
  static CommitVetoedException ofChange(TableName table, Principal principal, List<String> names) {
    return new CommitVetoedException(
        table.product(),
        names,
        head(table, principal)
            + "engines may not change "
            + String.join(", ", names)
            + ". Nothing was committed. Columns, layout and settings follow the product's contract:"
            + " change that through MeshClient, and leave snapshots and stages to the mesh.");
  }

  /** Main was to be moved in a way that engines may not. */
  static CommitVetoedException ofMove(TableName table, Principal principal, List<String> names) {
    return new CommitVetoedException(
        table.product(),
        names,
        head(table, principal)
            + "engines may append to main, or rewrite files so that all rows stay, and this has "
            + String.join(", ", names)
            + ". Nothing was committed. Append, or work through MeshClient.");
  }

  /** A snapshot was to be added, on whatever branch, with files or words that are not allowed. */
  static CommitVetoedException ofFiles(TableName table, Principal principal, List<String> names) {
    return new CommitVetoedException(
        table.product(),
        names,
        head(table, principal)
            + "a snapshot may add only new files that lie in the table's folder, each once and"
            + " under its canonical location, and this has "
            + String.join(", ", names)
            + ". Nothing was committed. Have the engine write files under locations that the"
            + " table's location provider gives, and append each of them once; leave properties"
            + " that begin with meshwork. to the mesh.");
  }

  /** Rows were to become visible that are not proven to keep the contract. */
  static CommitVetoedException ofRows(
      TableName table,
      Principal principal,
      ContractVersion version,
      StatisticsVerdict verdict,
      long files) {
    return new CommitVetoedException(
        table.product(),
        verdict.gaps().stream().map(Gap::id).toList(),
        head(table, principal)
            + verdict.filesConcerned()
            + " of "
            + files
            + (files == 1 ? " added file does" : " added files do")
            + " not show by statistics that all rows keep contract "
            + version
            + ":"
            + verdict.gaps().stream().map(CommitVeto::message).collect(Collectors.joining())
            + "\nNothing was committed. Publish these rows through MeshClient.publish(..), which"
            + " judges each row.");
  }

  private static String message(Gap gap) {
    String where =
        gap.files() == 0 ? "" : " (" + gap.files() + (gap.files() == 1 ? " file)" : " files)");
    return "\n  " + gap.id() + ": " + gap.why() + where;
  }

  private static String head(TableName table, Principal principal) {
    return "Cannot commit to " + table.product() + " as " + principal + " (table " + table + "): ";
  }
}
