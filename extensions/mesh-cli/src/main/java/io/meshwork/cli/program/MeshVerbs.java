package io.meshwork.cli.program;

import io.meshwork.cli.internal.access.AuditVerb;
import io.meshwork.cli.internal.access.AuthorizationsVerb;
import io.meshwork.cli.internal.access.AuthorizeVerb;
import io.meshwork.cli.internal.access.ExplainVerb;
import io.meshwork.cli.internal.access.GrantVerb;
import io.meshwork.cli.internal.access.LinkVerb;
import io.meshwork.cli.internal.access.LinksVerb;
import io.meshwork.cli.internal.access.RevokeVerb;
import io.meshwork.cli.internal.access.TagVerb;
import io.meshwork.cli.internal.access.UnlinkVerb;
import io.meshwork.cli.internal.access.WhoCanReadVerb;
import io.meshwork.cli.internal.code.ApplyVerb;
import io.meshwork.cli.internal.code.PlanVerb;
import io.meshwork.cli.internal.code.SnapshotVerb;
import io.meshwork.cli.internal.contract.ContractVerbs;
import io.meshwork.cli.internal.data.AckVerb;
import io.meshwork.cli.internal.data.DiscardVerb;
import io.meshwork.cli.internal.data.EraseVerb;
import io.meshwork.cli.internal.data.ExportVerb;
import io.meshwork.cli.internal.data.FilesVerb;
import io.meshwork.cli.internal.data.OnboardVerb;
import io.meshwork.cli.internal.data.PollVerb;
import io.meshwork.cli.internal.data.PromoteVerb;
import io.meshwork.cli.internal.data.PublishVerb;
import io.meshwork.cli.internal.data.QuarantineVerb;
import io.meshwork.cli.internal.data.ReadVerb;
import io.meshwork.cli.internal.data.RepublishVerb;
import io.meshwork.cli.internal.data.RollBackVerb;
import io.meshwork.cli.internal.data.StageVerb;
import io.meshwork.cli.internal.data.StagedVerb;
import io.meshwork.cli.internal.data.SubscribeVerb;
import io.meshwork.cli.internal.data.UnsubscribeVerb;
import io.meshwork.cli.internal.data.WaitVerb;
import io.meshwork.cli.internal.product.ChangesVerb;
import io.meshwork.cli.internal.product.ConsumersVerb;
import io.meshwork.cli.internal.product.DescribeVerb;
import io.meshwork.cli.internal.product.DomainVerbs;
import io.meshwork.cli.internal.product.FailuresVerb;
import io.meshwork.cli.internal.product.FaultVerb;
import io.meshwork.cli.internal.product.HealthVerb;
import io.meshwork.cli.internal.product.HistoryVerb;
import io.meshwork.cli.internal.product.ImpactVerb;
import io.meshwork.cli.internal.product.LineageVerb;
import io.meshwork.cli.internal.product.LogVerb;
import io.meshwork.cli.internal.product.ProductVerbs;
import io.meshwork.cli.internal.product.QualityVerb;
import io.meshwork.cli.internal.product.ResumeVerb;
import io.meshwork.cli.internal.product.SearchVerb;
import io.meshwork.cli.internal.product.StewardsVerb;
import io.meshwork.cli.internal.product.SuspendVerb;
import io.meshwork.cli.internal.request.AnswerVerb;
import io.meshwork.cli.internal.request.ApproveVerb;
import io.meshwork.cli.internal.request.ClarifyVerb;
import io.meshwork.cli.internal.request.DenyVerb;
import io.meshwork.cli.internal.request.RequestVerb;
import io.meshwork.cli.internal.request.RequestsVerb;
import io.meshwork.cli.internal.request.RespondVerb;
import io.meshwork.cli.internal.request.SuggestVerb;
import io.meshwork.cli.internal.request.SuggestionsVerb;
import io.meshwork.cli.internal.request.WithdrawVerb;
import io.meshwork.cli.internal.rollout.RolloutVerbs;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.upkeep.BackupVerb;
import io.meshwork.cli.internal.upkeep.CatalogVerbs;
import io.meshwork.cli.internal.upkeep.CompletionVerb;
import io.meshwork.cli.internal.upkeep.DeliverVerb;
import io.meshwork.cli.internal.upkeep.DoctorVerb;
import io.meshwork.cli.internal.upkeep.EmitVerbs;
import io.meshwork.cli.internal.upkeep.ForgetNotifierVerb;
import io.meshwork.cli.internal.upkeep.InitVerb;
import io.meshwork.cli.internal.upkeep.MaintainVerb;
import io.meshwork.cli.internal.upkeep.MirrorVerb;
import io.meshwork.cli.internal.upkeep.MoveMeshVerb;
import io.meshwork.cli.internal.upkeep.OnboardAccountVerb;
import io.meshwork.cli.internal.upkeep.OperateVerb;
import io.meshwork.cli.internal.upkeep.PortalVerb;
import io.meshwork.cli.internal.upkeep.RepairVerb;
import io.meshwork.cli.internal.upkeep.RestoreFilesVerb;
import io.meshwork.cli.internal.upkeep.ServeVerb;
import io.meshwork.cli.internal.upkeep.TemplateVerb;
import io.meshwork.cli.internal.upkeep.UseVerb;
import io.meshwork.cli.internal.upkeep.VerifyVerb;
import io.meshwork.cli.internal.verb.MeshRoot;
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
      InitVerb.class,
      UseVerb.class,
      CatalogVerbs.class,
      DomainVerbs.class,
      ProductVerbs.class,
      ContractVerbs.class,
      TagVerb.class,
      PublishVerb.class,
      OnboardVerb.class,
      StageVerb.class,
      StagedVerb.class,
      PromoteVerb.class,
      DiscardVerb.class,
      RepublishVerb.class,
      RollBackVerb.class,
      SearchVerb.class,
      DescribeVerb.class,
      ReadVerb.class,
      ExportVerb.class,
      FilesVerb.class,
      HealthVerb.class,
      LogVerb.class,
      HistoryVerb.class,
      QualityVerb.class,
      FailuresVerb.class,
      QuarantineVerb.class,
      ChangesVerb.class,
      LineageVerb.class,
      ImpactVerb.class,
      FaultVerb.class,
      SubscribeVerb.class,
      PollVerb.class,
      AckVerb.class,
      WaitVerb.class,
      UnsubscribeVerb.class,
      GrantVerb.class,
      RevokeVerb.class,
      ExplainVerb.class,
      WhoCanReadVerb.class,
      RequestVerb.class,
      RequestsVerb.class,
      ApproveVerb.class,
      DenyVerb.class,
      ClarifyVerb.class,
      RespondVerb.class,
      AuthorizeVerb.class,
      AuthorizationsVerb.class,
      LinkVerb.class,
      UnlinkVerb.class,
      LinksVerb.class,
      WithdrawVerb.class,
      SuggestVerb.class,
      SuggestionsVerb.class,
      AnswerVerb.class,
      RolloutVerbs.class,
      ConsumersVerb.class,
      StewardsVerb.class,
      SuspendVerb.class,
      ResumeVerb.class,
      SnapshotVerb.class,
      PlanVerb.class,
      ApplyVerb.class,
      DoctorVerb.class,
      VerifyVerb.class,
      MaintainVerb.class,
      RepairVerb.class,
      BackupVerb.class,
      MoveMeshVerb.class,
      RestoreFilesVerb.class,
      MirrorVerb.class,
      TemplateVerb.class,
      OnboardAccountVerb.class,
      DeliverVerb.class,
      ForgetNotifierVerb.class,
      OperateVerb.class,
      EraseVerb.class,
      AuditVerb.class,
      EmitVerbs.class,
      PortalVerb.class,
      ServeVerb.class,
      CompletionVerb.class,
      HelpCommand.class,
    })
final class MeshVerbs implements MeshRoot, Runnable {
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

  MeshVerbs(CommandShell shell) {
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
