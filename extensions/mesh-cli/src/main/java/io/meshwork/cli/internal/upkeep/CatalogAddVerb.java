package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds a catalog to a mesh on AWS. */
@Command(
    name = "add",
    description = {
      "Adds a catalog to a mesh of several on AWS, before its first domain is registered.",
      "For roles of governance, which may write its table and the mesh's."
    })
final class CatalogAddVerb extends MeshVerb {
  @Parameters(
      paramLabel = "NAME",
      description = "A line of business, or a domain of a federated mesh")
  private String catalog;

  @Option(
      names = "--account",
      required = true,
      paramLabel = "ACCOUNT",
      description = "The account that has the table of the catalog, 12 digits")
  private String account;

  @Override
  protected VerbAnswer answer() {
    location().addCatalog(catalog, account);
    return VerbAnswer.change(
        VerbAnswer.newDocument("added").put("catalog", catalog).put("account", account),
        "The mesh has the catalog " + catalog + " in " + account + ".");
  }

  @Override
  protected String interruption() {
    return "The catalog may be incomplete. Run it again: it makes what is missing.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
