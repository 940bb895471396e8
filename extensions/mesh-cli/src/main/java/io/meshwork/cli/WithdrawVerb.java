package io.meshwork.cli;

import io.meshwork.MeshClient;
import io.meshwork.request.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Withdraws a suggestion. */
@Command(name = "withdraw", description = "Withdraws a suggestion of your domain.")
final class WithdrawVerb extends MeshVerb {
  @Parameters(paramLabel = "SUGGESTION", description = "As 'mesh suggestions --sent' prints it")
  private String suggestion;

  @Override
  VerbAnswer answer(MeshClient client) {
    Suggestion withdrawn = client.suggestions().withdraw(suggestion).commit();
    return VerbAnswer.change(
        SuggestionDocument.put(VerbAnswer.newDocument("withdrawn"), withdrawn),
        "The suggestion for " + withdrawn.product() + " is withdrawn.");
  }

  @Override
  boolean isChange() {
    return true;
  }
}
