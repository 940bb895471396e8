package io.meshwork.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Creates a mesh. */
@Command(name = "init", description = "Creates a mesh; one that exists stays as it is.")
final class InitVerb extends MeshVerb {
  @Parameters(arity = "0..1", paramLabel = "MESH", description = "file:PATH or aws:…")
  private @Nullable String mesh;

  @Override
  VerbAnswer answer() {
    MeshLocation location =
        Optional.ofNullable(mesh).map(MeshLocation::parse).orElseGet(this::location);
    location.create().close();
    return VerbAnswer.change(
        VerbAnswer.newDocument("created").put("mesh", location.absolute()),
        "The mesh " + location.absolute() + " is ready.");
  }

  @Override
  boolean isChange() {
    return true;
  }
}
