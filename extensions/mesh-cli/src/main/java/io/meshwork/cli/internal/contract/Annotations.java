package io.meshwork.cli.internal.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --annotations}: findings as a review shows them beside the lines. */
final class Annotations {
  /** Where a review is shown. */
  enum Host {
    /** Workflow commands, as the log of GitHub Actions takes them. */
    GITHUB,
    /** A report of Code Quality, as an artifact of GitLab CI. */
    GITLAB
  }

  @Option(
      names = "--annotations",
      paramLabel = "HOST",
      description =
          "github or gitlab: prints what annotates a review, and the words to standard error")
  private @Nullable Host host;

  /**
   * Returns the answer of a verb, or annotations if they are asked for.
   *
   * @param asJson true if the answer is printed as JSON
   */
  VerbAnswer of(VerbAnswer answer, List<FileFinding> findings, CommandShell shell, boolean asJson) {
    if (host == null) {
      return answer;
    }
    if (asJson) {
      throw new UsageException("Options --json and --annotations exclude each other.");
    }
    answer.lines().forEach(shell::complain);
    List<String> lines =
        host == Host.GITHUB
            ? findings.stream().map(Annotations::workflowCommand).toList()
            : List.of(codeQuality(findings));
    return VerbAnswer.question(answer.document(), lines).exiting(answer.exitCode());
  }

  private static String workflowCommand(FileFinding finding) {
    String command =
        switch (finding.severity()) {
          case ERROR -> "error";
          case WARNING -> "warning";
          case NOTE -> "notice";
        };
    return "::"
        + command
        + " file="
        + property(path(finding))
        + ",line="
        + finding.line()
        + ",title="
        + property(finding.code())
        + "::"
        + data(message(finding));
  }

  private static String message(FileFinding finding) {
    return finding.where().isEmpty() ? finding.what() : finding.where() + ": " + finding.what();
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }

  /** GitLab finds files by their paths in the repository, without a dot in front. */
  private static String path(FileFinding finding) {
    return finding.file().replaceFirst("^(?:[.]/)+", "");
  }

  private static String codeQuality(List<FileFinding> findings) {
    ArrayNode report = JsonNodeFactory.instance.arrayNode();
    List<String> fingerprints = new ArrayList<>();
    for (FileFinding finding : findings) {
      String severity =
          switch (finding.severity()) {
            case ERROR -> "major";
            case WARNING -> "minor";
            case NOTE -> "info";
          };
      // A fingerprint does not depend on the line, so that lines above may change.
      String same =
          String.join("\n", path(finding), finding.code(), finding.where(), finding.what());
      long before = fingerprints.stream().filter(same::equals).count();
      fingerprints.add(same);
      report
          .addObject()
          .put("description", message(finding))
          .put("check_name", finding.code())
          .put("fingerprint", sha256(same + "\n" + before))
          .put("severity", severity)
          .putObject("location")
          .put("path", path(finding))
          .putObject("lines")
          .put("begin", finding.line());
    }
    return report.toString();
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each Java has it
    }
  }
}
