package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Findings about stacks. Stateless. */
@NullMarked
final class StackFindings {
  private static final String FIX =
      "Remove the reason. Then run the plan, which says what is to be done by hand before.";

  private StackFindings() {}

  /** Returns how a stack differs from its template, which it had at its last change. */
  static List<Finding> drifted(DeployedStack stacks) {
    Template template = stacks.template();
    List<Finding> findings = new ArrayList<>();
    for (String difference : stacks.differences()) {
      findings.add(
          new Finding(
              FindingCode.STACK_DRIFTED,
              Finding.Severity.WARNING,
              template.subject(),
              difference + ".",
              0,
              List.of(),
              "Change it back, or create and execute a change set of the stack with the"
                  + " deployment mode REVERT_DRIFT."));
    }
    if (!stacks.isProtected()) {
      findings.add(unprotected(template));
    }
    return findings;
  }

  private static Finding unprotected(Template template) {
    return new Finding(
        FindingCode.STACK_DRIFTED,
        Finding.Severity.WARNING,
        template.subject(),
        "Its termination protection is off.",
        0,
        List.of(),
        template.commands().protect());
  }

  /** Returns what stays although the template no longer has it. */
  static List<Finding> undeleted(DeployedStack stacks) {
    List<Finding> findings = new ArrayList<>();
    stacks
        .failures()
        .forEach(
            (resource, reason) ->
                findings.add(
                    new Finding(
                        FindingCode.STACK_FAILED,
                        Finding.Severity.WARNING,
                        stacks.template().subject(),
                        resource
                            + " is no longer in the template, and could not be deleted: "
                            + reason,
                        0,
                        List.of(),
                        "Delete it as an administrator. The stack no longer has it.")));
    return findings;
  }

  /** Returns why a stack failed, an error for each resource. */
  static List<Finding> failures(DeployedStack stacks, String status) {
    List<Finding> findings = new ArrayList<>();
    String subject = stacks.template().subject();
    stacks
        .failures()
        .forEach(
            (resource, reason) ->
                findings.add(
                    Finding.error(
                        FindingCode.STACK_FAILED,
                        subject,
                        resource + " failed, and the stack is " + status + ": " + reason,
                        FIX)));
    if (findings.isEmpty()) {
      findings.add(
          Finding.error(
              FindingCode.STACK_FAILED,
              subject,
              "The stack is " + status + ", and no event says why.",
              FIX));
    }
    return findings;
  }

  /** Returns why a stack is not changed. */
  static Finding refused(Template template, String why) {
    return Finding.error(FindingCode.STACK_FAILED, template.subject(), why, FIX);
  }
}
