package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.MaintenanceLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the maintenance that is due. */
@Command(
    name = "maintain",
    description =
        "Runs the maintenance that is due: compacts, expires, cleans, archives, and trims.",
    exitCodeList = {"20:Something could not be processed."})
public final class MaintainVerb extends MeshVerb {
  @Option(
      names = "--expect",
      paramLabel = "BYTES",
      description = "How many bytes of leftovers are expected in a table. Default: 64 MiB")
  private @Nullable Long bytes;

  @Option(
      names = "--delete",
      paramLabel = "LOCATION",
      description = "Deletes this file, which nothing references; repeatable")
  private List<String> deleted = new ArrayList<>();

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer() {
    try (Mesh mesh = location().open()) {
      Maintain maintain = mesh.maintain();
      if (bytes != null) {
        maintain.expectLeftovers(bytes);
      }
      maintain.delete(deleted.toArray(String[]::new));
      return planning.answer(maintain, MaintainVerb::maintained);
    }
  }

  private static VerbAnswer maintained(Maintain.Report report) {
    ObjectNode document = VerbAnswer.newDocument("maintained");
    ObjectNode work = document.putObject("work");
    for (Work kind : Work.values()) {
      work.put(MaintenanceLine.name(kind), report.total(kind));
    }
    document.set("left", JsonFields.findings(report.remaining()));
    return VerbAnswer.change(
            document, PlanOptions.findings(report.remaining()).toArray(String[]::new))
        .exiting(FindingList.exitCode(report.remaining()));
  }

  @Override
  protected String interruption() {
    return "Each piece of work was done completely or not at all. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
