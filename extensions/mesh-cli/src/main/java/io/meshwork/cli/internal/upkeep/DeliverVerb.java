package io.meshwork.cli.internal.upkeep;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.CommandShell;
import io.meshwork.cli.internal.shell.Count;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshLocation;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Delivers notices to a folder, a webhook, or EventBridge. */
@Command(
    name = "deliver",
    description = {
      "Writes pending notices to a folder, posts them to a webhook, or sends them by EventBridge.",
      "Each file has one notice, as JSON. With eventbridge, on AWS, each notice goes to the event bus"
          + " of its recipient's account, and each event of a log to its owner's.",
      "The first call of a name begins with the notices from then on. The variable "
          + DeliverVerb.SECRET
          + " has the secret with which they are signed as Standard Webhooks define it: whsec_ and 24"
          + " to 64 bytes in Base64. While it changes, it has both, with a space between."
    })
public final class DeliverVerb extends MeshVerb {
  static final String SECRET = "MESH_WEBHOOK_SECRET";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FOLDER|URL|eventbridge",
      description = "Where the files are written, the URL of the webhook, or eventbridge")
  private String target;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description =
          "The notifier, which continues where it stopped. Default: outbox, webhook for a URL, or"
              + " eventbridge")
  private @Nullable String name;

  @Option(
      names = "--contact",
      paramLabel = "CONTACT",
      description = "Delivers only the notices to this contact. Default: all")
  private @Nullable String contact;

  @Option(names = "--parked", description = "Retries the parked notices, instead")
  private boolean parked;

  @Option(
      names = "--redeliver",
      paramLabel = "ID",
      description = "Delivers the notice with this ID again, instead")
  private @Nullable String noticeId;

  /** The notices to other contacts than the option's. */
  private final AtomicLong passedOver = new AtomicLong();

  @Override
  protected VerbAnswer answer() {
    if (parked && noticeId != null) {
      throw new UsageException("Use --parked or --redeliver, not both.");
    }
    if (contact != null && isEventBridge(target)) {
      throw new UsageException(
          "Use --contact with a folder or a URL: EventBridge gets each notice and event.");
    }
    Notifier receiver = receiver(target, location(), shell());
    String notifier = name != null ? name : defaultName(target);
    try (Mesh mesh = location().open(builder -> builder.notifier(notifier, toContact(receiver)))) {
      DeliveryReport report = deliver(mesh);
      long delivered = report.delivered() - passedOver.get();
      return VerbAnswer.change(
          VerbAnswer.newDocument("delivered")
              .put("delivered", delivered)
              .put("failed", report.failed())
              .put("parked", report.parked()),
          delivered(delivered)
              + " delivered to "
              + destination()
              + (report.failed() == 0
                  ? ""
                  : "; "
                      + (parked || noticeId != null
                          ? report.failed() + " failed: run it again"
                          : Count.of(report.failed(), "failed, and is", "failed, and are")
                              + " retried"))
              + (report.parked() == 0
                  ? ""
                  : "; " + Count.of(report.parked(), "was", "were") + " parked: see mesh doctor")
              + ".");
    }
  }

  private String delivered(long count) {
    return isEventBridge(target)
        ? Count.of(count, "notice or event was", "notices and events were")
        : Count.of(count, "notice was", "notices were");
  }

  private DeliveryReport deliver(Mesh mesh) {
    if (noticeId != null) {
      return mesh.redeliverNotice(noticeId);
    }
    return parked ? mesh.retryParkedNotices() : mesh.deliverNotices();
  }

  private static boolean isEventBridge(String target) {
    return target.equals(MeshLocation.EVENT_BRIDGE);
  }

  private static boolean isUrl(String target) {
    return target.contains("://");
  }

  private String destination() {
    return isUrl(target) ? "the webhook" : isEventBridge(target) ? "EventBridge" : target;
  }

  /** Returns the name of the notifier to a target that is not named. */
  static String defaultName(String target) {
    return isUrl(target) ? "webhook" : isEventBridge(target) ? MeshLocation.EVENT_BRIDGE : "outbox";
  }

  /**
   * Returns what delivers to a folder, a URL, or EventBridge, and says on the shell why it fails.
   */
  static Notifier receiver(String target, MeshLocation location, CommandShell shell) {
    Notifier receiver;
    if (isEventBridge(target)) {
      receiver =
          location.eventBridge("'--to eventbridge' takes a mesh on AWS; use a folder or a URL.");
    } else {
      receiver = isUrl(target) ? toWebhook(target, shell) : Notifier.toOutbox(Path.of(target));
    }
    return new TerminalNotifier(receiver, shell);
  }

  private static Notifier toWebhook(String target, CommandShell shell) {
    if (!target.matches("(?i)https?://.*")) {
      throw new UsageException("Option --to requires a folder, or a URL of https.");
    }
    String secrets = shell.variables().getOrDefault(SECRET, "").strip();
    if (secrets.isEmpty()) {
      throw new UsageException(
          "Set the variable "
              + SECRET
              + " to the secret of the webhook. Make one with: echo whsec_$(openssl rand -base64"
              + " 32)");
    }
    try {
      return Notifier.toWebhook(URI.create(target), secrets.split("\\s+"));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "The URL of option --to has a character that must be escaped, such as a space.");
    }
  }

  private Notifier toContact(Notifier receiver) {
    String only = contact;
    if (only == null) {
      return receiver;
    }
    return notice -> {
      if (only.equals(notice.to())) {
        receiver.deliver(notice);
      } else {
        passedOver.incrementAndGet();
      }
    };
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
