package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.interchange.OdpsExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Writes a product as ODPS. */
@Command(name = "odps", description = "Prints a product as a document of ODPS 1.0, in YAML.")
final class EmitProductVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Override
  VerbAnswer answer(MeshClient client) {
    String yaml = OdpsExport.of(client, product).asYaml();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("product", product).put("odps", yaml), yaml.lines().toList());
  }
}
