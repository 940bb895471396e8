package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;

/** Restores deleted files of a mesh on AWS. */
@Command(
    name = "restore",
    description = "Restores deleted files of a mesh on AWS from their versions.")
public final class RestoreFilesVerb extends MeshVerb {
  @Override
  protected VerbAnswer answer() {
    long files = location().restoreFiles();
    return VerbAnswer.change(
        VerbAnswer.newDocument("restored").put("files", files),
        Count.of(files, "file was", "files were") + " restored.");
  }

  @Override
  protected String interruption() {
    return "Files that are restored stay restored. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
