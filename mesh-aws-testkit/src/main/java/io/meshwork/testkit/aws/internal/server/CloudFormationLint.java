package io.meshwork.testkit.aws.internal.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs cfn-lint, which moto installs, in the Python of moto. */
public final class CloudFormationLint {
  private static final String PROGRAM =
      "import sys; from cfnlint.runner import main; sys.exit(main())";

  /** The exit code of Python if a module is missing. */
  private static final int NO_MODULE = 1;

  private CloudFormationLint() {}

  /** Returns what it prints: nothing for valid templates. */
  public static String run(List<Path> templates) {
    List<String> reasons = new ArrayList<>();
    for (String python : MotoServer.pythons()) {
      List<String> command = new ArrayList<>(List.of(python, "-c", PROGRAM));
      templates.forEach(template -> command.add(template.toString()));
      try {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int code = process.waitFor();
        if (code != NO_MODULE) {
          return code == 0 || !text.isEmpty() ? text : "cfn-lint exited with " + code;
        }
        reasons.add(text);
      } catch (IOException e) {
        reasons.add(e.getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("Interrupted while cfn-lint ran", e);
      }
    }
    String message =
        "cfn-lint does not run in "
            + MotoServer.pythons()
            + ". Install it with scripts/moto, or: python3 -m pip install cfn-lint==1.51.0. The"
            + " reason: "
            + String.join(" ", reasons);
    System.err.println(message);
    throw AwsServers.missing(message, new IOException(message));
  }
}
