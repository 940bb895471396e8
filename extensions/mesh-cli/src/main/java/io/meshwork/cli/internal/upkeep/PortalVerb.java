package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.portal.Portal;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the portal of a mesh to a folder. */
@Command(
    name = "portal",
    description = "Writes the mesh as a static site, as the principal of --as sees it.")
public final class PortalVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FOLDER",
      description = "A new or empty folder, or one that an earlier run wrote")
  private Path folder;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    int pages = Portal.of(client).writeTo(folder);
    Path index = folder.resolve("index.html");
    return VerbAnswer.question(
        VerbAnswer.newDocument()
            .put("folder", folder.toString())
            .put("index", index.toString())
            .put("pages", pages),
        List.of(pages + " pages are in " + folder + ". Open " + index + "."));
  }
}
