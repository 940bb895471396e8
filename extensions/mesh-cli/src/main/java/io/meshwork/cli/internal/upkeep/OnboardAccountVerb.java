package io.meshwork.cli.internal.upkeep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.cli.ExitCode;
import io.meshwork.cli.MeshOpener.Cloud.AccountOnboarding;
import io.meshwork.cli.MeshOpener.Cloud.AccountProof;
import io.meshwork.cli.MeshOpener.Cloud.AccountReport;
import io.meshwork.cli.MeshOpener.Cloud.AccountRequest;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.FindingList;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets up an account of a mesh on AWS. */
@Command(
    name = "onboard-account",
    description = {
      "Sets up an AWS account for a mesh with CloudFormation; takes over what exists.",
      "The mesh need not exist: in its account, it is made."
    },
    exitCodeList = {
      "20:Something differs or failed, or a run leaves something to be done by hand."
    })
public final class OnboardAccountVerb extends MeshVerb {
  @Parameters(paramLabel = "ACCOUNT", description = "The account, 12 digits")
  private String account;

  @Mixin private AccountOptions ofRoles;

  @Option(
      names = "--owner",
      paramLabel = "CONTACT",
      description = {
        "Registers the domain of --domain with the account, and its bucket as the place of its",
        "data; who answers for the products of a new domain"
      })
  private @Nullable String owner;

  @Option(
      names = "--verify",
      description = "Changes nothing; assumes each role that it may, and uses it")
  private boolean verify;

  @Option(
      names = "--to",
      paramLabel = "FOLDER",
      defaultValue = ".",
      description = {
        "Where to write templates that somebody else has to deploy, and templates that undo a step.",
        "Default: the current folder"
      })
  private Path folder;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer() {
    if (verify && planning.isUsed()) {
      throw new UsageException("Option --verify excludes --plan and --planned.");
    }
    AccountRequest request = ofRoles.request(account, Optional.ofNullable(owner));
    try (AccountOnboarding<?> onboarding = location().onboarding(request, folder)) {
      return verify ? proven(onboarding.verify()) : changed(onboarding);
    }
  }

  private <R> VerbAnswer changed(AccountOnboarding<R> onboarding) {
    return planning
        .exitingForFindings()
        .withUndo()
        .answer(onboarding.operation(), result -> onboarded(onboarding.report(result)));
  }

  private VerbAnswer onboarded(AccountReport report) {
    ObjectNode document = VerbAnswer.newDocument("onboarded").put("account", account);
    document.set("done", JsonFields.array(report.done()));
    document.set("byHand", JsonFields.array(report.byHand()));
    document.set("left", JsonFields.findings(report.remaining()));
    List<String> lines = new ArrayList<>();
    report.done().forEach(step -> lines.add(step.toString()));
    report.byHand().forEach(step -> lines.add(step.toString()));
    lines.addAll(PlanOptions.findings(report.remaining()));
    if (lines.isEmpty()) {
      lines.add("nothing to change");
    }
    return VerbAnswer.change(document, lines.toArray(String[]::new))
        .exiting(
            report.byHand().isEmpty()
                ? FindingList.exitCode(report.remaining())
                : ExitCode.FINDINGS);
  }

  private static VerbAnswer proven(AccountProof proof) {
    ObjectNode document = VerbAnswer.newDocument();
    document.set("findings", JsonFields.findings(proof.findings()));
    document.set("proven", JsonFields.array(proof.proven()));
    List<String> lines = new ArrayList<>();
    proof.proven().forEach(role -> lines.add("proven " + role));
    lines.addAll(PlanOptions.findings(proof.findings()));
    return VerbAnswer.question(document, lines).exiting(FindingList.exitCode(proof.findings()));
  }

  @Override
  protected String interruption() {
    return "Stacks that are done stay done, and CloudFormation completes a change that it began."
        + " Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
