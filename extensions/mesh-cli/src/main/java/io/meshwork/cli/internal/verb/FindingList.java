package io.meshwork.cli.internal.verb;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.error.Finding;
import java.util.List;

/** Findings of a check as an answer. */
public final class FindingList {
  private FindingList() {}

  /** Returns findings, with the exit code that they have. */
  public static VerbAnswer answer(List<Finding> findings, String ifNone) {
    ObjectNode document = VerbAnswer.newDocument();
    document.set("findings", JsonFields.findings(findings));
    List<String> lines = findings.isEmpty() ? List.of(ifNone) : PlanOptions.findings(findings);
    return VerbAnswer.question(document, lines).exiting(exitCode(findings));
  }

  public static int exitCode(List<Finding> findings) {
    return findings.stream().allMatch(finding -> finding.severity() == Finding.Severity.NOTE)
        ? 0
        : ExitCode.FINDINGS;
  }
}
