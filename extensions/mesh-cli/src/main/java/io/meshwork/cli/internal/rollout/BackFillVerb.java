package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ColumnOptions;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies the history to the new major version. */
@Command(
    name = "back-fill",
    description = "Copies the history to the new version, also with renamed and new columns.")
final class BackFillVerb extends MeshVerb {
  @Mixin private NamedRollout named;

  @Option(
      names = "--rows-per-second",
      paramLabel = "N",
      description = "The most rows to copy in a second. Default: no limit")
  private @Nullable Long speed;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description =
          "Stops after this time, such as 90s, 15m, or 2h; run it again to continue. Default: never")
  private @Nullable Duration time;

  @Mixin private ColumnOptions columns;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    MajorRollout rollout = NamedRollout.newMajorVersion(named.of(client));
    BackFill fill =
        columns.isUsed() ? rollout.backFill(columns.to(client, rollout)) : rollout.backFill();
    if (speed != null) {
      fill.rowsPerSecond(speed);
    }
    if (time != null) {
      fill.timeout(time);
    }
    MajorRollout filled = ProgressLine.during(shell(), fill::onProgress, fill::commit);
    boolean whole = filled.cutOver().isPresent() && filled.newOnlySince().isEmpty();
    return RolloutAnswer.changed(whole ? "filled" : "partly-filled", filled);
  }

  @Override
  protected String interruption() {
    return "Complete parts of the copy stay; no reader sees them yet. Run it again to continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
