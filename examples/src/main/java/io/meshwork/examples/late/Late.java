package io.meshwork.examples.late;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Contract.Contact;
import io.meshwork.contract.Contract.ContactScope;
import io.meshwork.contract.ServiceLevel;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.examples.story.VirtualClock;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;

/**
 * The orders stop to arrive, the revenue that is made of them is late, and the right people know.
 */
public final class Late {
  private static final String ORDERS = "commerce/orders";
  private static final String REVENUE = "finance/revenue";
  private static final Instant START = Instant.parse("2026-11-20T06:00:00Z");

  private final Mesh mesh;
  private final VirtualClock clock;
  private final List<Notice> received;
  private final MeshClient commerce;
  private final MeshClient finance;
  private final MeshClient planning;
  private final StoryReport report = new StoryReport(System.out);
  private long nextId;

  private Late(Mesh mesh, VirtualClock clock, List<Notice> received) {
    this.mesh = mesh;
    this.clock = clock;
    this.received = received;
    this.commerce = mesh.clientAs(Principal.of("commerce", "etl"));
    this.finance = mesh.clientAs(Principal.of("finance", "etl"));
    this.planning = mesh.clientAs(Principal.of("planning", "etl"));
  }

  /** A row of the orders. */
  record Order(long id, Instant placed, @Column(precision = 18, scale = 2) BigDecimal amount) {}

  /** A row of the revenue. */
  record Revenue(Instant hour, @Column(precision = 18, scale = 2) BigDecimal amount) {}

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("late", arguments, Late::run);
  }

  private static void run(Path folder) {
    VirtualClock clock = new VirtualClock(START);
    List<Notice> received = new ArrayList<>();
    try (Mesh mesh =
        LocalMesh.builder(folder).clock(clock).notifier("mail", received::add).open()) {
      new Late(mesh, clock, received).run();
    }
  }

  private void run() {
    define();
    Subscription<GenericRecord> subscription =
        planning.subscribe(REVENUE).name("forecast").purpose("Forecast").commit();
    publishOrders();
    publishRevenue();
    clock.pass(Duration.ofMinutes(30));
    mesh.maintain().commit();
    report.step(
        "fresh",
        "finance/revenue is FRESH; its newest event is of 2026-11-20T06:00:00Z",
        freshness(subscription));

    clock.pass(Duration.ofHours(2));
    received.clear();
    mesh.maintain().commit();
    report.step(
        "late",
        "finance/revenue is LATE by PT30M; its newest event is of 2026-11-20T06:00:00Z",
        freshness(subscription));
    report.step(
        "notified",
        "finance@example.org, oncall@example.org, planning@example.org, orders@example.org;"
            + " the cause is commerce/orders",
        notified(Kind.LATE));
    report.number("notices", notices(Kind.LATE).size());

    publishOrders();
    publishRevenue();
    mesh.maintain().commit();
    report.step(
        "fresh-again",
        "finance/revenue is FRESH; its newest event is of 2026-11-20T08:30:00Z; notified are"
            + " finance@example.org, oncall@example.org, planning@example.org, orders@example.org",
        freshness(subscription) + "; notified are " + recipients(Kind.FRESH_AGAIN));
    report.end();
  }

  private void define() {
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    finance.registerDomain("finance").owner("finance@example.org").commit();
    planning.registerDomain("planning").owner("planning@example.org").commit();
    commerce
        .defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .serviceLevel(
                    ServiceLevel.NONE.eventTime("placed").freshWithin(Duration.ofHours(1))))
        .openToMesh()
        .commit();
    finance
        .defineProduct(REVENUE)
        .contract(
            Contract.of(Revenue.class)
                .serviceLevel(ServiceLevel.NONE.eventTime("hour").freshWithin(Duration.ofHours(2)))
                .contacts(new Contact("on call", "oncall@example.org", ContactScope.NOTIFICATIONS)))
        .openToMesh()
        .commit();
  }

  private void publishOrders() {
    commerce
        .publish(ORDERS)
        .records(List.of(new Order(nextId++, clock.instant(), new BigDecimal("10.00"))))
        .commit();
  }

  private void publishRevenue() {
    Snapshot orders = finance.read(ORDERS).snapshots().get(0);
    finance
        .publish(REVENUE)
        .records(List.of(new Revenue(clock.instant(), new BigDecimal("10.00"))))
        .derivedFrom(orders)
        .commit();
  }

  private static String freshness(Subscription<?> subscription) {
    Freshness freshness = subscription.freshness();
    return REVENUE
        + " is "
        + freshness.status()
        + (freshness.isFresh() ? "" : " by " + freshness.lateBy())
        + "; its newest event is of "
        + freshness.dataTime().map(Instant::toString).orElse("unknown");
  }

  private List<Notice> notices(Kind kind) {
    return received.stream()
        .filter(notice -> notice.kind() == kind && notice.product().toString().equals(REVENUE))
        .toList();
  }

  private String recipients(Kind kind) {
    return String.join(", ", notices(kind).stream().map(Notice::to).toList());
  }

  private String notified(Kind kind) {
    return recipients(kind) + "; the cause is " + notices(kind).get(0).facts().get("causes");
  }
}
