package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.interchange.BackstageExport;
import picocli.CommandLine.Command;

/** Writes the mesh for the catalog of Backstage. */
@Command(name = "backstage", description = "Prints the mesh as entities of Backstage, in YAML.")
final class EmitCatalogVerb extends MeshVerb {
  @Override
  protected VerbAnswer answer(MeshClient client) {
    String yaml = BackstageExport.of(client).asYaml();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("backstage", yaml), yaml.lines().toList());
  }
}
