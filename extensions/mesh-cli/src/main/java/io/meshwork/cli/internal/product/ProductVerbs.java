package io.meshwork.cli.internal.product;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The verbs of products and their contracts. */
@Command(
    name = "product",
    description = "Proposes a contract, defines a product, and amends its contract.",
    subcommands = {
      ProductProposeVerb.class,
      ProductDefineVerb.class,
      ProductAmendVerb.class,
      ProductCloseVerb.class
    })
public final class ProductVerbs {
  @SuppressWarnings("UnusedVariable") // picocli prints the help
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;
}
