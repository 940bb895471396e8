package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.MaintenanceLine;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings the mirrors of a mesh up to date, such as AWS Glue. */
@Command(
    name = "mirror",
    description = "Brings the mirrors up to date, such as AWS Glue; checks them with --verify.",
    exitCodeList = {"20:Something differs, or is to be done by hand."})
public final class MirrorVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "PRODUCT",
      description = "Updates this product only. Default: all that the mirrors show")
  private @Nullable String product;

  @Option(names = "--verify", description = "Changes nothing; compares the mirrors with the mesh")
  private boolean verify;

  @Option(names = "--repair", description = "Also overwrites what other programs changed")
  private boolean repair;

  @Option(
      names = "--adopt",
      description =
          "Also takes over what other programs made; what differs is overwritten with --repair"
              + " only")
  private boolean adopt;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer() {
    if (verify && (repair || adopt || planning.isUsed())) {
      throw new UsageException(
          "Option --verify excludes --repair, --adopt, --plan, and --planned.");
    }
    if (!location().isMirrored()) {
      throw UsageException.ofMirrors();
    }
    try (Mesh mesh = location().open()) {
      Mirrors mirrors = mesh.mirrors();
      if (product != null) {
        mirrors.of(product);
      }
      if (adopt) {
        mirrors.adopt();
      }
      if (verify) {
        return FindingList.answer(
            mirrors.verify().findings(), "The mirrors show what the mesh has.");
      }
      return planning
          .exitingForFindings()
          .answer(repair ? mirrors.repair() : mirrors, MirrorVerb::mirrored);
    }
  }

  private static VerbAnswer mirrored(Report report) {
    ObjectNode document = VerbAnswer.newDocument("mirrored");
    ObjectNode work = document.putObject("work");
    for (Report.Work kind : Report.Work.values()) {
      work.put(MaintenanceLine.name(kind), report.total(kind));
    }
    document.set("byHand", JsonFields.array(report.byHand()));
    document.set("left", JsonFields.findings(report.remaining()));
    List<String> lines = new ArrayList<>();
    report.byHand().forEach(step -> lines.add(step.toString()));
    lines.addAll(PlanOptions.findings(report.remaining()));
    return VerbAnswer.change(document, lines.toArray(String[]::new))
        .exiting(
            report.byHand().isEmpty()
                ? FindingList.exitCode(report.remaining())
                : ExitCode.FINDINGS);
  }

  @Override
  protected String interruption() {
    return "Objects that are done stay done. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
