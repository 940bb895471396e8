package io.meshwork.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Command;

/** Prints what bash and zsh need to complete verbs and options. */
@Command(
    name = "completion",
    description = "Prints a script for bash or zsh: source <(mesh completion)")
final class CompletionVerb extends MeshVerb {
  @Override
  VerbAnswer answer() {
    String script = AutoComplete.bash("mesh", root().commandLine());
    return VerbAnswer.question(
        VerbAnswer.newDocument().put("script", script), script.lines().toList());
  }
}
