package io.meshwork.cli.program;

import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/**
 * Executes commands as they are printed: a shell splits them, and each {@code mesh} is the real
 * command. What the AWS CLI would send is sent to the emulator.
 */
record PrintedCommands(AwsEmulator aws, TestShell shell) {
  private static final String SPLIT =
      """
      split() { for word; do printf '%s\\0' "$word"; done; printf '\\n\\0'; }
      mesh() { split mesh "$@"; }
      aws() { split aws "$@"; }
      """;

  /** Returns the words of each command, {@code mesh} or {@code aws}, as a shell splits them. */
  static List<List<String>> words(String commands) throws IOException {
    Process process =
        new ProcessBuilder("sh", "-e", "-c", SPLIT + commands).redirectErrorStream(true).start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new AssertionError(commands + ": " + words);
    }
    return Arrays.stream(words.split("\\n\\x00"))
        .map(command -> Arrays.asList(command.split("\\x00")))
        .toList();
  }

  /** Executes a line as a role, which may do everything in its account. */
  void run(String line, String account, String role) throws IOException {
    aws.runAs(account, role);
    for (List<String> all : words(line)) {
      if (all.get(0).equals("mesh")) {
        if (shell.run(all.subList(1, all.size()).toArray(String[]::new)) != 0) {
          throw new AssertionError(line + ": " + shell.err());
        }
      } else {
        runAws(account, new ArrayList<>(all.subList(1, all.size())));
      }
    }
  }

  private void runAws(String account, List<String> words) throws IOException {
    if (!words.remove(0).equals("cloudformation")) {
      throw new AssertionError("Not a command of CloudFormation: " + words);
    }
    String operation = words.remove(0);
    String region = value(words, "--region");
    String stack = value(words, "--stack-name");
    try (CloudFormationClient client =
        CloudFormationClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(aws.accessKey(account), aws.secretKey(account))))
            .build()) {
      switch (operation) {
        case "deploy" -> {
          String template = Files.readString(Path.of(value(words, "--template-file")));
          value(words, "--capabilities");
          aws.deploy(stack, template);
        }
        case "update-termination-protection" -> {
          boolean on = words.remove("--enable-termination-protection");
          if (!on && !words.remove("--no-enable-termination-protection")) {
            throw new AssertionError("The protection is neither turned on nor off: " + words);
          }
          client.updateTerminationProtection(
              change -> change.stackName(stack).enableTerminationProtection(on));
        }
        case "continue-update-rollback" ->
            client.continueUpdateRollback(rollback -> rollback.stackName(stack));
        case "delete-stack" -> client.deleteStack(delete -> delete.stackName(stack));
        default -> throw new AssertionError("Not emulated: " + operation);
      }
    }
    if (!words.isEmpty()) {
      throw new AssertionError(operation + " has more options: " + words);
    }
  }

  private static String value(List<String> words, String option) {
    int at = words.indexOf(option);
    if (at < 0) {
      throw new AssertionError(option + " is missing: " + words);
    }
    words.remove(at);
    return words.remove(at);
  }
}
