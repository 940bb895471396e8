package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshLocation;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.operation.Plan;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves a mesh in a folder to AWS. */
@Command(
    name = "move",
    description = "Moves a mesh in a folder to AWS.",
    exitCodeList = {"20:The new place has damage, or with --plan, something has no new name."})
public final class MoveMeshVerb extends MeshVerb {
  @Parameters(paramLabel = "MESH", description = "aws:REGION/ACCOUNT/NAME")
  private String target;

  @Option(
      names = "--accounts",
      split = ",",
      paramLabel = "OLD=NEW",
      description = "The name of an account on AWS")
  private Map<String, String> accounts = new TreeMap<>();

  @Option(
      names = "--places",
      split = ",",
      paramLabel = "OLD=NEW",
      description = "Where a domain keeps its data on S3")
  private Map<String, String> places = new TreeMap<>();

  @Option(
      names = "--catalogs",
      split = ",",
      paramLabel = "NAME=ACCOUNT",
      description = "The account of the registry of a catalog")
  private Map<String, String> catalogs = new TreeMap<>();

  @Option(names = "--abandon", description = "Ends a move, so that the folder can be written again")
  private boolean abandon;

  @Option(names = "--plan", description = "Changes nothing; prints what would move")
  private boolean plan;

  @Override
  protected VerbAnswer answer() {
    MoveMesh move = location().moveTo(MeshLocation.parse(target));
    if (abandon) {
      if (plan) {
        throw new UsageException("Options --plan and --abandon exclude each other.");
      }
      move.abandon();
      return VerbAnswer.change(
          VerbAnswer.newDocument("abandoned").put("mesh", location().absolute()),
          "The move is abandoned. " + location().absolute() + " can be written again.");
    }
    accounts.forEach(move::account);
    places.forEach(move::place);
    catalogs.forEach(move::catalog);
    if (plan) {
      Plan<LocalMesh.Copy> planned = move.plan();
      return PlanOptions.of(planned).exiting(FindingList.exitCode(planned.findings()));
    }
    LocalMesh.Copy moved = ProgressLine.during(shell(), move::onProgress, move::commit);
    var document =
        VerbAnswer.newDocument("moved")
            .put("mesh", target)
            .put("files", moved.files())
            .put("bytes", moved.bytes());
    document.set("damage", JsonFields.findings(moved.damage()));
    return VerbAnswer.change(document, PlanOptions.findings(moved.damage()).toArray(String[]::new))
        .exiting(FindingList.exitCode(moved.damage()));
  }

  @Override
  protected String interruption() {
    return "The folder is still the mesh, or already moved: run the same command again, "
        + "which continues. To write to the folder again, add --abandon.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
