package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description = "Shows a rollout: state, dates, rows that differ, and whom it waits for.")
final class StatusVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    return RolloutAnswer.status(named.of(client));
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
