package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.notice.Notifier;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Delivers notices to a folder. */
@Command(
    name = "deliver",
    description = {
      "Writes pending notices to a folder, one JSON file each.",
      "The first call of a name begins with the notices from then on."
    })
public final class DeliverVerb extends MeshVerb {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "FOLDER",
      description = "Where the files are written")
  private Path folder;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      defaultValue = "outbox",
      description = "The notifier, which continues where it stopped. Default: outbox")
  private String name;

  @Option(names = "--parked", description = "Retries the notices that were given up, instead")
  private boolean parked;

  @Override
  protected VerbAnswer answer() {
    try (Mesh mesh = location().open(builder -> builder.notifier(name, toOutbox()))) {
      Notifier.DeliveryReport report = parked ? mesh.retryParkedNotices() : mesh.deliverNotices();
      return VerbAnswer.change(
          VerbAnswer.newDocument("delivered")
              .put("delivered", report.delivered())
              .put("failed", report.failed())
              .put("parked", report.parked()),
          Count.of(report.delivered(), "notice was", "notices were")
              + " delivered to "
              + folder
              + (report.failed() == 0
                  ? ""
                  : "; "
                      + Count.of(report.failed(), "failed, and is", "failed, and are")
                      + " retried")
              + (report.parked() == 0
                  ? ""
                  : "; " + Count.of(report.parked(), "was", "were") + " given up: see mesh doctor")
              + ".");
    }
  }

  /** A person who works at a terminal reads the notices. */
  private Notifier toOutbox() {
    Notifier outbox = Notifier.toOutbox(folder);
    return notice -> outbox.deliver(new TerminalNotice(notice));
  }

  @Override
  protected String interruption() {
    return "Notices that are delivered stay delivered; one may be delivered twice. Run it again to "
        + "continue.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
