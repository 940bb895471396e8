package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.error.Finding;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Removes what the mesh stores of a notifier. */
@Command(
    name = "forget-notifier",
    description =
        "Removes the positions in logs and the parked notices of a notifier. Its pending notices"
            + " are not delivered; review them with --plan first.",
    exitCodeList = {"20:A catalog was not available; run it again later."})
public final class ForgetNotifierVerb extends MeshVerb {
  @Parameters(
      paramLabel = "NAME",
      description = "The notifier, as in --name of deliver, or as doctor and health name it")
  private String name;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer() {
    try (Mesh mesh = location().open()) {
      return planning.exitingForFindings().answer(mesh.forgetNotifier(name), this::forgotten);
    }
  }

  private VerbAnswer forgotten(List<Finding> remaining) {
    var document = VerbAnswer.newDocument("forgotten").put("notifier", name);
    document.set("left", JsonFields.findings(remaining));
    List<String> lines = new ArrayList<>();
    lines.add(
        "Notifier '" + name + "' is forgotten" + (remaining.isEmpty() ? "." : ", except in:"));
    lines.addAll(PlanOptions.findings(remaining));
    return VerbAnswer.change(document, lines.toArray(String[]::new))
        .exiting(FindingList.exitCode(remaining));
  }

  @Override
  protected String interruption() {
    return "What was removed stays removed. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
