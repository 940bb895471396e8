package io.meshwork.cli.internal.request;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.AccessRequest;
import io.meshwork.request.Suggestion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes back what the caller's domain asked for, or allowed others to grant. */
@Command(
    name = "withdraw",
    description =
        "Withdraws a suggestion or a request of your domain, or an authorization that it gave.")
public final class WithdrawVerb extends MeshVerb {
  @Parameters(
      paramLabel = "ID",
      description =
          "As 'mesh suggestions --sent', 'mesh requests --sent', or 'mesh authorizations' prints"
              + " it")
  private String id;

  @Option(
      names = "--because",
      paramLabel = "TEXT",
      description = "The reason, for the log; only of an authorization")
  private @Nullable String because;

  @Option(
      names = "--cascade",
      description = "Also revokes what was granted under the authorization")
  private boolean cascade;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    String request = ReviewedRequest.id(id);
    if (client.requests().sent().stream().anyMatch(each -> each.id().equals(request))) {
      AccessRequest withdrawn = client.requests().withdraw(request).commit();
      return VerbAnswer.change(
          VerbAnswer.newDocument("withdrawn")
              .put("request", withdrawn.id())
              .put("product", withdrawn.product().toString()),
          "The request for " + withdrawn.product() + " is withdrawn.");
    }
    if (client.access().authorizations().stream().anyMatch(each -> each.id().equals(id))) {
      return authorization(client.access().withdrawAuthorization(id));
    }
    Suggestion withdrawn = client.suggestions().withdraw(id).commit();
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("withdrawn"), withdrawn),
        "The suggestion for " + withdrawn.product() + " is withdrawn.");
  }

  private VerbAnswer authorization(AccessClient.Revoke<?> withdrawal) {
    if (because != null) {
      withdrawal.because(because);
    }
    if (cascade) {
      withdrawal.cascade();
    }
    withdrawal.commit();
    return VerbAnswer.change(
        VerbAnswer.newDocument("withdrawn").put("authorization", id),
        "The authorization " + id + " is withdrawn.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
