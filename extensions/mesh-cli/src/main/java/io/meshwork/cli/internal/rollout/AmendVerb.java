package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ContractFile;
import io.meshwork.cli.internal.file.ContractOptions;
import io.meshwork.cli.internal.file.ViolationOptions;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.rollout.AmendTerms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Starts an amendment that weakens promises of a contract. */
@Command(
    name = "amend",
    description = "Starts an amendment that weakens promises, with notice once it is announced.",
    exitCodeList = {"10:The contract does more, and breaks consumers. Nothing was changed."})
final class AmendVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private ContractOptions contracts;

  @Mixin private ViolationOptions violations;

  @Mixin private StartTerms terms;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    ContractFile contract =
        contracts.readFor(client.describe(product).contract(), shell()).with(violations);
    AmendTerms amend =
        client.amendTerms(product).contract(contract.contract()).because(terms.because());
    terms.retireAfter().ifPresent(amend::retireAfter);
    return planning.answer(amend, started -> RolloutAnswer.changed("started", started));
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
