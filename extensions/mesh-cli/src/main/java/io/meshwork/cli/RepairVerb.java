package io.meshwork.cli;

import io.meshwork.Mesh;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Repairs what a check found. */
@Command(name = "repair", description = "Repairs what doctor found; review it with --plan first.")
final class RepairVerb extends MeshVerb {
  @Mixin private PlanOptions planning;

  @Override
  VerbAnswer answer() {
    try (Mesh mesh = location().open()) {
      return planning
          .exitingForFindings()
          .answer(
              mesh.repair(),
              left -> {
                var document = VerbAnswer.newDocument("repaired");
                document.set("left", JsonFields.findings(left.findings()));
                return VerbAnswer.change(
                        document, PlanOptions.findings(left.findings()).toArray(String[]::new))
                    .exiting(FindingList.exitCode(left.findings()));
              });
    }
  }

  @Override
  boolean isChange() {
    return true;
  }
}
