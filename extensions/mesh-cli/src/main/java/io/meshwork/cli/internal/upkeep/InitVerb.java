package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshLocation;
import io.meshwork.cli.internal.verb.MeshVerb;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Creates a mesh. */
@Command(name = "init", description = "Creates a mesh; one that exists stays as it is.")
public final class InitVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "MESH",
      description = "A folder, or aws:REGION/ACCOUNT/NAME. Default: that of --mesh")
  private @Nullable String mesh;

  @Override
  protected VerbAnswer answer() {
    MeshLocation location =
        Optional.ofNullable(mesh).map(MeshLocation::parse).orElseGet(this::location);
    location.create().close();
    return VerbAnswer.change(
        VerbAnswer.newDocument("created").put("mesh", location.absolute()),
        "The mesh " + location.absolute() + " is ready.");
  }

  @Override
  protected String interruption() {
    return "The mesh may be incomplete. Run it again: it makes what is missing.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
