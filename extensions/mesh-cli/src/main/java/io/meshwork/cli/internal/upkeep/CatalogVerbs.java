package io.meshwork.cli.internal.upkeep;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs of catalogs. */
@Command(
    name = "catalog",
    description = "Adds catalogs to a mesh of several on AWS.",
    subcommands = CatalogAddVerb.class)
public final class CatalogVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
