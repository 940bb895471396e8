package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.portal.Portal;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes the portal of a mesh to a folder. */
@Command(
    name = "portal",
    subcommands = ServeVerb.class,
    description = {
      "Writes the mesh as a static site, as the principal of --as sees it.",
      "'portal serve' is 'serve': the same site on 127.0.0.1."
    })
public final class PortalVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FOLDER",
      arity = "0..1",
      description = "A new or empty folder, or one that an earlier run wrote")
  private @Nullable Path folder;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Path site = folder;
    if (site == null) {
      throw new UsageException(
          "Which folder? 'mesh portal FOLDER' writes the site there; 'mesh portal serve' serves it"
              + " without one.");
    }
    int pages = Portal.of(client).writeTo(site);
    Path index = site.resolve("index.html");
    return VerbAnswer.question(
        VerbAnswer.newDocument()
            .put("folder", site.toString())
            .put("index", index.toString())
            .put("pages", pages),
        List.of(pages + " pages are in " + site + ". Open " + index + "."));
  }

  @Override
  protected String interruption() {
    return folder + " may have a part of the pages. Run it again: it writes all.";
  }
}
