package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.AccessRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Answers the owner's question about a request of your domain. */
@Command(
    name = "respond",
    description = "Answers the owner's question about a request of your domain.")
public final class RespondVerb extends MeshVerb {
  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "As 'mesh requests --sent' prints it, with or without the revision")
  private String request;

  @Parameters(index = "1", paramLabel = "ANSWER", description = "Your answer, in one argument")
  private String text;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    AccessRequest responded = client.requests().respond(ReviewedRequest.id(request), text).commit();
    return VerbAnswer.change(
        RequestDocument.put(VerbAnswer.newDocument("answered"), responded),
        "Answered. The owner of " + responded.product() + " decides again.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
