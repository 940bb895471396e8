package io.meshwork.cli.program;

import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.verb.MeshRoot;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code mesh}: the options that all verbs take. */
@Command(
    name = "mesh",
    description = "Publishes, finds, shares, and reads data products.",
    synopsisSubcommandLabel = "VERB",
    usageHelpAutoWidth = true,
    versionProvider = ProgramVersion.class,
    footer = {
      "",
      "Without --mesh and --as, MESH_URL and MESH_AS are used, else what 'mesh use' keeps.",
      "Exit codes: 0 done, 1 unexpected, 2 wrong request, 10 contract violated, 11 conflict,",
      "12 not fresh, 13 denied, 20 findings, 21 not checked, 99 nothing new."
    })
class MeshOptions implements MeshRoot, Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--mesh",
      scope = ScopeType.INHERIT,
      paramLabel = "MESH",
      description = "A folder, or aws:REGION/ACCOUNT/NAME")
  private @Nullable String mesh;

  @Option(
      names = "--as",
      scope = ScopeType.INHERIT,
      paramLabel = "ACCOUNT/ROLE",
      description = "Who asks or changes something")
  private @Nullable String actingAs;

  @Option(
      names = "--reading-from",
      scope = ScopeType.INHERIT,
      paramLabel = "NAME=FOLDER",
      description = "A folder outside the mesh with files that it registered; repeatable")
  private @Nullable Map<String, Path> readingFrom;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Prints the answer as one JSON document")
  private boolean json;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      description = "Prints the logs of Meshwork and stack traces to standard error")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this help")
  private boolean help;

  @SuppressWarnings("UnusedVariable") // picocli prints the version
  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Prints the version")
  private boolean version;

  private final CommandShell shell;

  MeshOptions(CommandShell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), help ? "" : "A verb is missing, such as 'mesh search orders'.");
  }

  @Override
  public CommandShell shell() {
    return shell;
  }

  @Override
  public CommandLine commandLine() {
    return spec.commandLine();
  }

  @Override
  public Optional<String> mesh() {
    return Optional.ofNullable(mesh);
  }

  @Override
  public Optional<String> actingAs() {
    return Optional.ofNullable(actingAs);
  }

  @Override
  public Map<String, Path> readingFrom() {
    return readingFrom == null ? Map.of() : readingFrom;
  }

  @Override
  public boolean asJson() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }
}
