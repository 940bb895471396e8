package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.AccessRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks the requester a question about a request. */
@Command(name = "clarify", description = "Asks the requester a question about a request.")
public final class ClarifyVerb extends MeshVerb {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "As 'mesh requests' prints it, with or without the revision")
  private String request;

  @Parameters(
      index = "1",
      paramLabel = "QUESTION",
      description = "What you want to know, in one argument")
  private String text;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    AccessRequest clarified =
        client.requests().requestClarification(ReviewedRequest.id(request), text).commit();
    return VerbAnswer.change(
        RequestDocument.put(VerbAnswer.newDocument("asked"), clarified),
        "Asked "
            + clarified.requester()
            + " about "
            + clarified.product()
            + ". The answer is in mesh requests.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
