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
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command {@code mesh} with all of its verbs. */
@Command(
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
final class MeshVerbs extends MeshOptions {
  private static final Set<Class<?>> OF_ALL_VERBS = Set.of(CompletionVerb.class, HelpCommand.class);

  MeshVerbs(CommandShell shell) {
    super(shell);
  }

  /**
   * Returns the command with the one verb that its first argument names, or else with all verbs.
   * The library takes longer to read all verbs than most verbs take to run.
   */
  static CommandLine program(CommandShell shell, String... arguments) {
    String name = arguments.length == 0 ? "" : arguments[0];
    for (Class<?> verb : MeshVerbs.class.getAnnotation(Command.class).subcommands()) {
      if (!OF_ALL_VERBS.contains(verb) && verb.getAnnotation(Command.class).name().equals(name)) {
        return new CommandLine(new MeshOptions(shell))
            .addSubcommand(verb)
            .addSubcommand(HelpCommand.class);
      }
    }
    return new CommandLine(new MeshVerbs(shell));
  }
}
