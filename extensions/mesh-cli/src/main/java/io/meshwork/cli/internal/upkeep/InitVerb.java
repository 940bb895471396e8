package io.meshwork.cli.internal.upkeep;

import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshLocation;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a mesh. */
@Command(name = "init", description = "Creates a mesh; one that exists stays as it is.")
public final class InitVerb extends MeshVerb {
  @Parameters(
      arity = "0..1",
      paramLabel = "MESH",
      description = "A folder, or aws:REGION/ACCOUNT/NAME. Default: --mesh")
  private @Nullable String mesh;

  @Option(
      names = "--federated",
      description = "With a catalog for each domain, which stays so. Default: one catalog")
  private boolean federated;

  @Option(
      names = "--line",
      paramLabel = "NAME=DOMAIN,…",
      description = {
        "With a catalog for each line of business, which stays so: its name, and its domains;",
        "repeatable"
      })
  private List<String> lines = new ArrayList<>();

  @Override
  protected VerbAnswer answer() {
    Optional<Topology> topology = topology();
    MeshLocation location =
        Optional.ofNullable(mesh).map(MeshLocation::parse).orElseGet(this::location);
    location.create(topology).close();
    return VerbAnswer.change(
        VerbAnswer.newDocument("created").put("mesh", location.absolute()),
        "The mesh " + location.absolute() + " is ready.");
  }

  private Optional<Topology> topology() {
    if (federated && !lines.isEmpty()) {
      throw new UsageException("Option --federated excludes --line.");
    }
    if (lines.isEmpty()) {
      return federated ? Optional.of(Topology.federated()) : Optional.empty();
    }
    Map<String, Set<String>> domains = new TreeMap<>();
    AccountOptions.lists("--line", lines)
        .forEach((line, names) -> domains.put(line, new TreeSet<>(names)));
    return Optional.of(Topology.byLineOfBusiness(domains));
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
