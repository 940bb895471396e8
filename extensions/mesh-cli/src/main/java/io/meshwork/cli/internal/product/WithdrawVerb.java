package io.meshwork.cli.internal.product;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.request.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Withdraws a suggestion. */
@Command(name = "withdraw", description = "Withdraws a suggestion of your domain.")
public final class WithdrawVerb extends MeshVerb {
  @Parameters(paramLabel = "SUGGESTION", description = "As 'mesh suggestions --sent' prints it")
  private String suggestion;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    Suggestion withdrawn = client.suggestions().withdraw(suggestion).commit();
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("withdrawn"), withdrawn),
        "The suggestion for " + withdrawn.product() + " is withdrawn.");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
