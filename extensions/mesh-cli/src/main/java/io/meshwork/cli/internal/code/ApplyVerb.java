package io.meshwork.cli.internal.code;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.code.CodeStep.Sign;
import io.meshwork.cli.internal.file.StrictOption;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the mesh as a file describes it. */
@Command(
    name = "apply",
    description = {
      "Makes the mesh as a file describes it, one step after the other.",
      "After a failure, the next run continues."
    },
    exitCodeList = {"10:A contract breaks consumers. Nothing was changed."})
public final class ApplyVerb extends MeshVerb {
  @Parameters(
      paramLabel = "FILE.yaml",
      description = "The description of the domain, such as 'mesh snapshot' writes it")
  private Path file;

  @Option(
      names = "--planned",
      paramLabel = "FINGERPRINT",
      description = "Starts only if the plan still has this fingerprint")
  private @Nullable String planned;

  @Option(names = "--prune", description = "Removes what is unmanaged, where that is possible")
  private boolean prune;

  @Mixin private StrictOption strict;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    DomainCode code = DomainCode.read(file);
    CodeDifference.notes(client, code, strict.isSet()).forEach(shell()::complain);
    List<CodeStep> steps = CodeDifference.of(client, code);
    if (planned != null && !planned.equals(CodeDifference.fingerprint(steps))) {
      throw Failure.of(MeshAction.of(Verb.CHANGE, file))
          .because("the plan has the fingerprint " + CodeDifference.fingerprint(steps) + " now")
          .state("Nothing was changed.")
          .fix("Review it with 'mesh plan'.")
          .conflict(ErrorCode.STATE_CONFLICT);
    }
    List<CodeStep> refused = steps.stream().filter(step -> step.sign() == Sign.REFUSED).toList();
    if (!refused.isEmpty()) {
      throw Failure.of(MeshAction.of(Verb.CHANGE, code.name() + " as " + file + " says"))
          .because(refused.get(0).text())
          .fix("Roll the contract out: mesh rollout start PRODUCT --contract FILE --because TEXT.")
          .findings(refused.stream().flatMap(step -> step.refusal().stream()).toList())
          .invalidRequest(ErrorCode.CHANGE_INCOMPATIBLE);
    }
    List<CodeStep> due =
        steps.stream()
            .filter(step -> step.sign() != Sign.UNMANAGED || prune)
            .filter(step -> step.change().isPresent())
            .toList();
    for (CodeStep step : due) {
      step.change().orElseThrow().run();
      shell().complain(step.toString());
    }
    long unmanaged =
        steps.stream().filter(step -> step.sign() == Sign.UNMANAGED && !due.contains(step)).count();
    return VerbAnswer.change(
        PlanVerb.document("applied", due).put("unmanaged", unmanaged),
        Count.of(due.size(), "step") + "; the mesh is as " + file + remaining(unmanaged) + ".");
  }

  private static String remaining(long unmanaged) {
    return unmanaged == 0
        ? ""
        : ", except for " + unmanaged + " unmanaged that it does not name: see 'mesh plan'";
  }

  @Override
  protected String interruption() {
    return "The steps that are done stay done. Run it again: it makes the remaining steps.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
