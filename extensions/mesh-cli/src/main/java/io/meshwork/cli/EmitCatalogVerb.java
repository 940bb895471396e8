package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.interchange.BackstageExport;
import picocli.CommandLine.Command;

/** Writes the mesh for the catalog of Backstage. */
@Command(name = "backstage", description = "Prints the mesh as entities of Backstage, in YAML.")
final class EmitCatalogVerb extends MeshVerb {
  @Override
  VerbAnswer answer(MeshClient client) {
    String yaml = BackstageExport.of(client).asYaml();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("backstage", yaml), yaml.lines().toList());
  }
}
