package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.request.AccessRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Denies a request for access. */
@Command(name = "deny", description = "Denies a request.")
final class DenyVerb extends MeshVerb {
  @Parameters(
      paramLabel = "ID@REVISION|PRODUCT",
      description = "As 'mesh requests' prints it; a product has one open request")
  private String request;

  @Option(names = "--because", required = true, paramLabel = "TEXT")
  private String because;

  @Override
  VerbAnswer answer(MeshClient client) {
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
  boolean isChange() {
    return true;
  }
}
