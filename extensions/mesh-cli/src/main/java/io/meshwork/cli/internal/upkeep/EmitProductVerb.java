package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.interchange.OdpsExport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a product as ODPS. */
@Command(name = "odps", description = "Prints a product as a document of ODPS 1.1, in YAML.")
final class EmitProductVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--odps-version",
      paramLabel = "VERSION",
      defaultValue = "1.1.0",
      description = "1.1.0 (default) or 1.0.0")
  private String version;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    String yaml = OdpsExport.of(client, product).apiVersion(version).asYaml();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("product", product).put("odps", yaml), yaml.lines().toList());
  }
}
