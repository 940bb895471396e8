package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies a mesh that is in use. */
@Command(
    name = "backup",
    description = "Copies a mesh that is in use to a folder.",
    exitCodeList = {"20:The copy has damage."})
public final class BackupVerb extends MeshVerb {
  @Parameters(paramLabel = "FOLDER", description = "A new or empty folder for the copy")
  private Path target;

  @Override
  protected VerbAnswer answer() {
    LocalMesh.Copy backup =
        ProgressLine.during(shell(), progress -> location().backUp(target, progress));
    var document =
        VerbAnswer.newDocument("copied")
            .put("folder", target.toString())
            .put("files", backup.files())
            .put("bytes", backup.bytes());
    document.set("damage", JsonFields.findings(backup.damage()));
    return VerbAnswer.change(document, PlanOptions.findings(backup.damage()).toArray(String[]::new))
        .exiting(FindingList.exitCode(backup.damage()));
  }

  @Override
  protected String interruption() {
    return "The mesh is unchanged, and the copy is not complete. Remove the folder, and "
        + "run it again.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
