package io.meshwork.cli.internal.upkeep;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs that show the mesh to other tools. */
@Command(
    name = "emit",
    description = "Writes lineage, metrics, contracts, products, and the catalog for other tools.",
    subcommands = {
      EmitLineageVerb.class,
      EmitContractVerb.class,
      EmitProductVerb.class,
      EmitCatalogVerb.class,
      EmitMetricsVerb.class
    })
public final class EmitVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
