package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.DefaultMesh;
import io.meshwork.cli.internal.verb.MeshLocation;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Stores the mesh and the principal for later commands, or shows them. */
@Command(
    name = "use",
    description = {
      "Keeps a mesh, --as, and --reading-from for later commands.",
      "Without MESH and options, shows what is saved."
    })
public final class UseVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "MESH",
      description = "A folder, or aws:REGION/ACCOUNT/NAME")
  private @Nullable String mesh;

  @Override
  protected VerbAnswer answer() {
    Optional<String> actingAs = root().actingAs();
    SortedMap<String, Path> folders = new TreeMap<>();
    root().readingFrom().forEach((name, folder) -> folders.put(name, folder.toAbsolutePath()));
    if (mesh == null && root().mesh().isEmpty() && actingAs.isEmpty() && folders.isEmpty()) {
      return shown();
    }
    DefaultMesh before = DefaultMesh.read(shell().variables());
    Optional<String> named = Optional.ofNullable(mesh).or(() -> root().mesh());
    DefaultMesh saved =
        new DefaultMesh(
            named.isPresent()
                ? named.map(text -> MeshLocation.parse(text).absolute())
                : before.mesh(),
            actingAs.map(MeshVerb::principal).map(Principal::toString).or(before::principal),
            named.isEmpty() && folders.isEmpty() ? before.folders() : folders);
    saved.write(shell().variables());
    return shown();
  }

  private VerbAnswer shown() {
    DefaultMesh saved = DefaultMesh.read(shell().variables());
    ObjectNode document = VerbAnswer.newDocument();
    saved.mesh().ifPresent(address -> document.put("mesh", address));
    saved.principal().ifPresent(name -> document.put("as", name));
    List<String> lines = new ArrayList<>();
    lines.add("mesh  " + saved.mesh().orElse("–"));
    lines.add("as    " + saved.principal().orElse("–"));
    ObjectNode folders = document.putObject("readingFrom");
    saved
        .folders()
        .forEach(
            (name, folder) -> {
              folders.put(name, folder.toString());
              lines.add("from  " + name + "=" + folder);
            });
    lines.add("file  " + DefaultMesh.file(shell().variables()));
    return VerbAnswer.question(document, lines);
  }

  @Override
  protected String interruption() {
    return "The saved values are as before, or as you asked. Run it again.";
  }
}
