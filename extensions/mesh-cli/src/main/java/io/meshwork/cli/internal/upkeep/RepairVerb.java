package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Repairs what a check found. */
@Command(
    name = "repair",
    description = "Repairs what doctor found; review it with --plan first.",
    exitCodeList = {"20:Damage is left, or with --plan, found."})
public final class RepairVerb extends MeshVerb {
  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer() {
    try (Mesh mesh = location().open()) {
      return planning
          .exitingForFindings()
          .answer(
              mesh.repair(),
              diagnosis -> {
                var document = VerbAnswer.newDocument("repaired");
                document.set("left", JsonFields.findings(diagnosis.findings()));
                return VerbAnswer.change(
                        document, PlanOptions.findings(diagnosis.findings()).toArray(String[]::new))
                    .exiting(FindingList.exitCode(diagnosis.findings()));
              });
    }
  }

  @Override
  protected String interruption() {
    return "Each repair was made completely or not at all. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
