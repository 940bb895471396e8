package io.meshwork.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code mesh}: its verbs, and the options that all verbs take. */
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
    },
    subcommands = {
      HelpCommand.class,
      InitVerb.class,
      UseVerb.class,
      DomainVerbs.class,
      ProductVerbs.class,
      PublishVerb.class,
      StageVerb.class,
      StagedVerb.class,
      PromoteVerb.class,
      DiscardVerb.class,
      RepublishVerb.class,
      ReadVerb.class,
      ExportVerb.class,
      SearchVerb.class,
      DescribeVerb.class,
      HealthVerb.class,
      ChangesVerb.class,
      ConsumersVerb.class,
      RolloutVerb.class,
      LineageVerb.class,
      ImpactVerb.class,
      FaultVerb.class,
      SubscribeVerb.class,
      PollVerb.class,
      AckVerb.class,
      WaitVerb.class,
      TagVerb.class,
      GrantVerb.class,
      RevokeVerb.class,
      ExplainVerb.class,
      WhoCanReadVerb.class,
      LinkVerb.class,
      UnlinkVerb.class,
      LinksVerb.class,
      RequestVerb.class,
      RequestsVerb.class,
      ApproveVerb.class,
      DenyVerb.class,
      SuggestVerb.class,
      SuggestionsVerb.class,
      AnswerVerb.class,
      WithdrawVerb.class,
      PlanVerb.class,
      ApplyVerb.class,
      SnapshotVerb.class,
      LogVerb.class,
      HistoryVerb.class,
      QualityVerb.class,
      FailuresVerb.class,
      QuarantineVerb.class,
      AuditVerb.class,
      EraseVerb.class,
      DoctorVerb.class,
      VerifyVerb.class,
      MaintainVerb.class,
      RepairVerb.class,
      BackupVerb.class,
      EmitVerbs.class,
      PortalVerb.class,
      ServeVerb.class,
      CompletionVerb.class,
    })
final class MeshVerbs implements Runnable {
  @Spec private CommandSpec spec;

  @Option(
      names = "--mesh",
      scope = ScopeType.INHERIT,
      paramLabel = "MESH",
      description = "file:PATH or aws:REGION/ACCOUNT/NAME")
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

  MeshVerbs(CommandShell shell) {
    this.shell = shell;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), help ? "" : "A verb is missing, such as 'mesh search orders'.");
  }

  CommandShell shell() {
    return shell;
  }

  CommandLine commandLine() {
    return spec.commandLine();
  }

  Optional<String> mesh() {
    return Optional.ofNullable(mesh);
  }

  Optional<String> actingAs() {
    return Optional.ofNullable(actingAs);
  }

  /** Returns the folders outside the mesh, by their names. */
  Map<String, Path> readingFrom() {
    return readingFrom == null ? Map.of() : readingFrom;
  }

  boolean asJson() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }
}
