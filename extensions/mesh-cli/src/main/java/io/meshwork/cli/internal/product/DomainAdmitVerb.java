package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Admits a domain of another catalog. */
@Command(
    name = "admit",
    description =
        "Lets a domain link products of another catalog. For those who govern that catalog.")
final class DomainAdmitVerb extends MeshVerb {
  @Parameters(paramLabel = "DOMAIN")
  private String domain;

  @Option(
      names = "--catalog",
      required = true,
      paramLabel = "NAME",
      description = "The catalog whose products the domain may link")
  private String catalog;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    List<String> admitted = client.governance().admit(domain, catalog).commit();
    return VerbAnswer.change(
        VerbAnswer.newDocument("admitted")
            .put("domain", domain)
            .set("catalogs", JsonFields.array(admitted)),
        domain + " is admitted to " + String.join(", ", admitted) + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
