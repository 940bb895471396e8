package io.meshwork.cli.internal.rollout;

import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.ColumnOptions;
import io.meshwork.cli.internal.shell.ProgressLine;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.product.Snapshot;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.MajorRollout.BackFill;
import io.meshwork.rollout.MajorRollout.RowDifference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
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
    boolean restored = rollout.newOnlySince().isPresent();
    boolean before = isWhole(rollout);
    BackFill fill =
        columns.isUsed()
            ? rollout.backFill(columns.between(client, rollout, restored))
            : rollout.backFill();
    if (before && columns.isUsed()) {
      throw new UsageException(
          "The history was copied before, and is not copied again: --rename and --set would change"
              + " nothing. To copy it in another way, abort the rollout, and start it again.");
    }
    if (speed != null) {
      fill.rowsPerSecond(speed);
    }
    if (time != null) {
      fill.timeout(time);
    }
    MajorRollout filled = ProgressLine.during(shell(), fill::onProgress, fill::commit);
    if (!isWhole(filled)) {
      return RolloutAnswer.changed("partly-filled", filled);
    }
    return before || restored
        ? RolloutAnswer.changed(before ? "unchanged" : "filled", filled)
        : answer(client, filled);
  }

  private static boolean isWhole(MajorRollout rollout) {
    return rollout.cutOver().isPresent() && rollout.newOnlySince().isEmpty();
  }

  /** Says how many rows were filled, and what to do about the other rows. */
  private static VerbAnswer answer(MeshClient client, MajorRollout filled) {
    long rejected =
        filled.differences().stream()
            .filter(each -> each.reason() == RowDifference.Reason.UNFIT)
            .mapToLong(RowDifference::rows)
            .sum();
    OptionalLong all =
        client
            .describe(filled.product())
            .current()
            .filter(snapshot -> snapshot.contract().major() == filled.from())
            .map(Snapshot::rows)
            .orElse(OptionalLong.empty());
    boolean none = rejected > 0 && all.isPresent() && all.getAsLong() == rejected;
    VerbAnswer answer = RolloutAnswer.changed(none ? "rejected" : "filled", filled);
    all.ifPresent(rows -> answer.document().put("filled", rows - rejected));
    answer.document().put("rejected", rejected);
    if (rejected == 0) {
      List<String> lines = new ArrayList<>();
      all.ifPresent(
          rows ->
              lines.add(
                  RowCount.of(rows)
                      + " of version "
                      + filled.from()
                      + (rows == 1 ? " is" : " are")
                      + " copied to version "
                      + filled.to()
                      + "."));
      lines.addAll(answer.lines());
      return new VerbAnswer(answer.document(), lines, true, answer.exitCode());
    }
    String product = filled.product().toString();
    List<String> lines = new ArrayList<>();
    all.ifPresent(
        rows ->
            lines.add(
                rows
                    - rejected
                    + " of "
                    + RowCount.of(rows)
                    + " of version "
                    + filled.from()
                    + " are copied to version "
                    + filled.to()
                    + "."));
    lines.add(
        "Rows that break the contract of version "
            + filled.to()
            + ": "
            + rejected
            + ". They are in its quarantine.");
    lines.add(
        "To fill them, abort the rollout, and start it again with another contract or mapping: mesh"
            + " rollout abort "
            + product
            + " --because TEXT");
    lines.add(
        "To open the version without them: mesh rollout activate "
            + product
            + " --without "
            + rejected
            + " --because TEXT");
    return new VerbAnswer(answer.document(), lines, true, answer.exitCode());
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
