package io.meshwork.cli.internal.upkeep;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.odcs.OdcsExport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the current contract of a product as ODCS. */
@Command(
    name = "odcs",
    description = "Prints the current contract of a product as a document of ODCS, in YAML.")
final class EmitContractVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Option(
      names = "--odcs-version",
      paramLabel = "VERSION",
      description = "3.1.0, or 3.2.0. Default: 3.1.0, or 3.2.0 if its document is of 3.2.0")
  private @Nullable String version;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ProductCard card = client.describe(product);
    OdcsExport export = OdcsExport.of(card.name(), card.versions().get(0));
    String yaml = (version == null ? export : export.apiVersion(version)).asYaml();
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("product", product).put("odcs", yaml), yaml.lines().toList());
  }
}
