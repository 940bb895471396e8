package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what a new major version would mean. */
@Command(
    name = "plan",
    description = "Shows what a contract would mean as the next major version. Changes nothing.")
final class RolloutPlanVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private StartOptions options;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return PlanOptions.shown(this, options.of(client, product, shell()).plan());
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
