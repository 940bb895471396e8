package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.cli.internal.verb.PlanOptions;
import io.meshwork.rollout.MajorRollout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Starts the rollout of a new major version. */
@Command(
    name = "start",
    description =
        "Creates the next major version beside the current one. No consumer is notified yet.")
final class RolloutStartVerb extends MeshVerb {
  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private StartOptions options;

  @Mixin private PlanOptions planning;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return planning.answer(options.of(client, product, shell()), this::started);
  }

  private VerbAnswer started(MajorRollout started) {
    VerbAnswer answer = RolloutAnswer.changed("started", started);
    if (options.endsQuarantine()) {
      answer.document().put("onViolation", "reject");
      shell()
          .complain(
              "A bad row rejects each whole publish from now on, also to version "
                  + started.from()
                  + ", since the stricter contract decides. To keep the quarantine, run mesh"
                  + " product amend with --major "
                  + started.to()
                  + " --on-violation quarantine.");
    }
    return answer;
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
