package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.request.AccessRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Denies a request for access. */
@Command(name = "deny", description = "Denies a request.")
public final class DenyVerb extends MeshVerb {
  @Parameters(
      paramLabel = "ID@REVISION|PRODUCT",
      description = "As 'mesh requests' prints it, or a product with one open request")
  private String request;

  @Option(
      names = "--because",
      required = true,
      paramLabel = "TEXT",
      description = "The reason, which the requester sees")
  private String because;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    AccessRequest decided =
        client
            .requests()
            .deny(ReviewedRequest.find(client, Verb.DENY, request))
            .because(because)
            .commit();
    return VerbAnswer.change(
        RequestDocument.put(VerbAnswer.newDocument("denied"), decided),
        "Denied: " + decided.requester() + " on " + decided.product() + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
