package io.meshwork.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs of products and their contracts. */
@Command(
    name = "product",
    description = "Proposes a contract, defines a product, and amends its contract.",
    subcommands = {ProductProposeVerb.class, ProductDefineVerb.class, ProductAmendVerb.class})
final class ProductVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
