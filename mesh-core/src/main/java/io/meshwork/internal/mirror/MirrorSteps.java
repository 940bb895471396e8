package io.meshwork.internal.mirror;

import io.meshwork.error.MeshException;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.ObjectComparison.Verdict;
import io.meshwork.operation.Plan;
import java.util.stream.Collectors;

/** Describes the steps of mirrors for people. Stateless. */
final class MirrorSteps {
  private static final String BY_HAND = "by hand";

  private MirrorSteps() {}

  /** Returns a step that a run makes. */
  static Plan.Step of(MirrorFindings mirrorFindings, Mirror mirror, ObjectStep step) {
    return new Plan.Step(
        verb(step.verdict()),
        mirrorFindings.subject(step.key()),
        detail(mirror, step),
        undo(mirror, step));
  }

  /** Returns a step that an administrator makes, with its commands. */
  static Plan.Step byHand(
      MirrorFindings mirrorFindings, Mirror mirror, ObjectStep step, MeshException denial) {
    String commands =
        mirror.calls(step.change()).stream()
            .map(ServiceCall::command)
            .collect(Collectors.joining("\n"));
    return new Plan.Step(
        BY_HAND,
        mirrorFindings.subject(step.key()),
        verb(step.verdict())
            + " it as an administrator, because of "
            + denial.code()
            + ": "
            + commands,
        "");
  }

  private static String verb(Verdict verdict) {
    return switch (verdict) {
      case MAKE -> "make";
      case CHANGE -> "change";
      case RESTORE -> "restore";
      case REMOVE -> "remove";
      case ADOPT, TAKE_OVER -> "adopt";
      case FORGET -> "forget";
      default -> "record";
    };
  }

  private static String detail(Mirror mirror, ObjectStep step) {
    return switch (step.verdict()) {
      case MAKE -> "it does not exist";
      case CHANGE -> "the mesh changed since the last run";
      case RESTORE -> "another program changed it; the change is overwritten";
      case TAKE_OVER -> takenOver(step.difference(mirror).orElseThrow());
      case REMOVE ->
          "the mesh no longer has it"
              + (step.mirrorRecord().filter(MirrorRecord::adopted).isPresent()
                  ? "; another program or a person had made it before the mesh adopted it"
                  : "");
      case ADOPT -> "it is as wanted, and is recorded as an object of the mesh";
      case FORGET ->
          step.actual().isPresent()
              ? "the mesh no longer needs it; it stays, because others may rely on it"
              : "neither the mesh nor the service has it";
      default -> "only its times change";
    };
  }

  private static String takenOver(ContentDifference difference) {
    if (difference.isEmpty()) {
      return "another program made it; it shows an earlier state, and is brought up to date";
    }
    return "another program made it; "
        + (difference.onlyAdds() ? "what it lacks is added: " : "what differs is overwritten: ")
        + difference;
  }

  private static String undo(Mirror mirror, ObjectStep step) {
    return step.verdict() == Verdict.RESTORE
            || step.difference(mirror).filter(each -> !each.onlyAdds()).isPresent()
        ? "cannot be undone: what the other program wrote is lost"
        : "";
  }
}
