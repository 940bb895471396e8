package io.meshwork.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Keeps the mesh and the principal of later commands, or shows them. */
@Command(
    name = "use",
    description = "Keeps a mesh, and --as, for later commands; without MESH, shows what is kept.")
final class UseVerb extends MeshVerb {
  @Parameters(arity = "0..1", paramLabel = "MESH", description = "file:PATH or aws:…")
  private @Nullable String mesh;

  @Override
  VerbAnswer answer() {
    Optional<String> actingAs = root().actingAs();
    if (mesh == null && root().mesh().isEmpty() && actingAs.isEmpty()) {
      return shown();
    }
    KeptMesh before = KeptMesh.read(shell().variables());
    Optional<String> named = Optional.ofNullable(mesh).or(() -> root().mesh());
    KeptMesh kept =
        new KeptMesh(
            named.isPresent()
                ? named.map(text -> MeshLocation.parse(text).absolute())
                : before.mesh(),
            actingAs.map(MeshVerb::principal).map(Principal::toString).or(before::principal));
    kept.write(shell().variables());
    return shown();
  }

  private VerbAnswer shown() {
    KeptMesh kept = KeptMesh.read(shell().variables());
    ObjectNode document = VerbAnswer.newDocument();
    kept.mesh().ifPresent(address -> document.put("mesh", address));
    kept.principal().ifPresent(name -> document.put("as", name));
    return VerbAnswer.question(
        document,
        List.of(
            "mesh  " + kept.mesh().orElse("–"),
            "as    " + kept.principal().orElse("–"),
            "kept  " + KeptMesh.file(shell().variables())));
  }
}
