package io.meshwork.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Commands of the AWS CLI for a stack, to be run with rights in its account.
 *
 * @param stack the name of the stack
 * @param region its region; empty for the region that the AWS CLI is configured for
 */
record StackCommands(String stack, Optional<String> region) {
  /** Returns the command that creates or changes the stack, and protects it from deletion. */
  String deploy(String file) {
    return command("deploy", "--template-file", file, "--capabilities", "CAPABILITY_NAMED_IAM")
        + " && "
        + protect();
  }

  /** Returns the command that turns on the termination protection. */
  String protect() {
    return command("update-termination-protection", "--enable-termination-protection");
  }

  /** Returns the command that deletes the stack although it is protected. */
  String delete() {
    return command("update-termination-protection", "--no-enable-termination-protection")
        + " && "
        + command("delete-stack");
  }

  /** Returns the command that ends a rollback that failed. */
  String continueRollback() {
    return command("continue-update-rollback");
  }

  private String command(String operation, String... options) {
    List<String> words = new ArrayList<>(List.of("aws", "cloudformation", operation));
    region.ifPresent(name -> words.addAll(List.of("--region", name)));
    words.addAll(List.of(options));
    words.addAll(List.of("--stack-name", stack));
    return ShellWords.command(words);
  }
}
