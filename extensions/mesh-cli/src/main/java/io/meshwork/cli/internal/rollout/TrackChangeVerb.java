package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.operation.Operation;
import io.meshwork.rollout.Rollout;
import io.meshwork.rollout.Rollout.Track;
import picocli.CommandLine.Mixin;

/** A verb that changes the track of one consumer. */
abstract class TrackChangeVerb extends MeshVerb {
  private final String status;

  @Mixin private NamedRollout named;

  /**
   * Creates the verb.
   *
   * @param status what the answer states once the change is made, such as {@code accepted}
   */
  TrackChangeVerb(String status) {
    this.status = status;
  }

  abstract Operation<Track> change(Rollout<?> rollout);

  @Override
  protected final VerbAnswer answer(MeshClient client) {
    Rollout<?> rollout = named.of(client);
    return RolloutAnswer.changed(status, rollout, change(rollout).commit());
  }

  @Override
  public final boolean isChange() {
    return true;
  }
}
