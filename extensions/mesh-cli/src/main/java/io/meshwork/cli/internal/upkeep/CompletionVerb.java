package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints what bash and zsh need to complete verbs and options. */
@Command(
    name = "completion",
    description = "Prints a script that completes commands in bash and zsh.")
public final class CompletionVerb extends MeshVerb {
  @Override
  protected VerbAnswer answer() {
    String script = AutoComplete.bash("mesh", root().commandLine());
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("script", script), script.lines().toList());
  }
}
