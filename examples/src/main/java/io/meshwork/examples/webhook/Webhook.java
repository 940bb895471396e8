package io.meshwork.examples.webhook;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.examples.story.VirtualClock;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.notice.Notifier;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A webhook receives the notices of a mesh, is down for a day, and misses none. */
public final class Webhook {
  private static final String ORDERS = "commerce/orders";
  private static final Instant START = Instant.parse("2026-11-20T06:00:00Z");

  /** The number of attempts before a notice is parked. */
  private static final int ATTEMPTS = 8;

  private final Mesh mesh;
  private final VirtualClock clock;
  private final WebhookReceiver receiver;
  private final Map<String, Notice> due;
  private final MeshClient commerce;
  private final StoryReport report = new StoryReport(System.out);

  private Webhook(
      Mesh mesh, VirtualClock clock, WebhookReceiver receiver, Map<String, Notice> due) {
    this.mesh = mesh;
    this.clock = clock;
    this.receiver = receiver;
    this.due = due;
    this.commerce = mesh.clientAs(Principal.of("commerce", "etl"));
  }

  /** A row of the orders. */
  record Order(long id, Instant placed) {}

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("webhook", arguments, Webhook::run);
  }

  private static void run(Path folder) {
    VirtualClock clock = new VirtualClock(START);
    Map<String, Notice> due = new LinkedHashMap<>();
    String secret = newSecret();
    try (WebhookReceiver receiver = new WebhookReceiver(secret);
        Mesh mesh =
            LocalMesh.builder(folder)
                .clock(clock)
                .notifier("webhook", Notifier.toWebhook(receiver.url(), secret))
                .notifier("story", notice -> due.put(notice.id(), notice))
                .open()) {
      new Webhook(mesh, clock, receiver, due).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String newSecret() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return "whsec_" + Base64.getEncoder().encodeToString(random);
  }

  private void run() {
    subscribe();
    publish(1);
    deliver();
    report.step(
        "delivered",
        "the receiver has 3 of 3 notices, among them that 1 row was published",
        "the receiver has "
            + receiver.ids().size()
            + " of "
            + due.size()
            + " notices, among them that "
            + published().facts().get("rowsAccepted")
            + " row was published");
    forge();
    goDown();
    replay();
    report.number("sent", due.size());
    report.number("received", receiver.ids().size());
    report.number("duplicates", receiver.accepted() - receiver.ids().size());
    report.number("lost", lost());
    report.endWithoutSteps();
  }

  private void subscribe() {
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    finance.registerDomain("finance").owner("finance@example.org").commit();
    commerce.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    finance.subscribe(ORDERS).name("revenue").purpose("Revenue").commit();
    report.step(
        "subscribed",
        "finance reads commerce/orders",
        "finance reads " + finance.subscriptions().get(0).product());
  }

  private void publish(long id) {
    commerce.publish(ORDERS).records(List.of(new Order(id, clock.instant()))).commit();
  }

  private DeliveryReport deliver() {
    return mesh.deliverNotices();
  }

  private Notice published() {
    return due.values().stream()
        .filter(notice -> notice.kind() == Kind.PUBLISHED)
        .findFirst()
        .orElseThrow();
  }

  /** Somebody without the secret posts a notice. */
  private void forge() {
    Notifier forger = Notifier.toWebhook(receiver.url(), newSecret());
    String answer;
    try {
      forger.deliver(published());
      answer = "accepted";
    } catch (BackendException e) {
      answer = "refused";
    }
    report.step(
        "signature-ok",
        "3 notices are verified; a forged one is refused",
        receiver.accepted() + " notices are verified; a forged one is " + answer);
  }

  private void goDown() {
    receiver.setDown(true);
    publish(2);
    DeliveryReport first = deliver();
    report.step(
        "receiver-down",
        "2 publishes succeeded; 1 notice failed",
        commerce.publishHistory(ORDERS).receipts().size()
            + " publishes succeeded; "
            + first.failed()
            + " notice failed");
    DeliveryReport last = first;
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      clock.pass(Duration.ofHours(1));
      last = deliver();
    }
    receiver.setDown(false);
    publish(3);
    deliver();
    report.step(
        "parked",
        "1 notice is parked, and the next one is delivered",
        last.parked()
            + " notice is parked, and the next one is "
            + (lost() == 1 ? "delivered" : "not delivered"));
  }

  private void replay() {
    DeliveryReport parked = mesh.retryParkedNotices();
    DeliveryReport again = mesh.redeliverNotice(published().id());
    report.step(
        "replayed",
        "1 parked notice is delivered, and 1 notice is delivered again by its ID; 0 findings",
        parked.delivered()
            + " parked notice is delivered, and "
            + again.delivered() / 2
            + " notice is delivered again by its ID; "
            + findings()
            + " findings");
  }

  private long findings() {
    return mesh.doctor().findings().stream()
        .map(Finding::code)
        .filter(code -> code == FindingCode.NOTICE_PARKED || code == FindingCode.NOTICE_FAILING)
        .count();
  }

  /** Notices of which the receiver has no message. */
  private long lost() {
    return due.keySet().stream()
        .map(id -> id.replace('.', ':'))
        .filter(id -> !receiver.ids().contains(id))
        .count();
  }
}
