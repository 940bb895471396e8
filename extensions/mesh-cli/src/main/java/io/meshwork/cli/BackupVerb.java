package io.meshwork.cli;

import io.meshwork.local.LocalMesh;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Copies a mesh that is in use. */
@Command(name = "backup", description = "Copies a mesh that is in use to a folder.")
final class BackupVerb extends MeshVerb {
  @Parameters(paramLabel = "FOLDER")
  private Path target;

  @Override
  VerbAnswer answer() {
    LocalMesh.Backup backup = location().backUp(target);
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
  boolean isChange() {
    return true;
  }
}
