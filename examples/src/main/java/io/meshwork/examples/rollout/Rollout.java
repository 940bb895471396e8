package io.meshwork.examples.rollout;

import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscribe.SubscriptionPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.NotFoundException;
import io.meshwork.examples.rollout.Rows.Order;
import io.meshwork.examples.rollout.Rows.OrderInCents;
import io.meshwork.examples.story.StoryCommand;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.examples.story.VirtualClock;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notice;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A producer changes amounts from floating-point numbers to cents. Version 2 runs beside version 1,
 * each of three consumers is notified, answers, and moves, and then version 1 is retired.
 */
public final class Rollout {
  static final String ORDERS = "commerce/orders";
  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");
  private static final int WEEK = 7;

  private final VirtualClock clock;
  private final Mesh mesh;
  private final MeshClient commerce;
  private final List<Notice> received;
  private final List<ConsumerJob> consumers = new ArrayList<>();
  private final StoryReport report = new StoryReport(System.out);
  private int orders;
  private boolean started;

  private Rollout(Mesh mesh, VirtualClock clock, List<Notice> received) {
    this.mesh = mesh;
    this.clock = clock;
    this.received = received;
    this.commerce = mesh.clientAs(Principal.of("commerce", "etl"));
  }

  /** Runs in the folder of the argument, which is empty or new, or in a temporary one. */
  public static void main(String[] arguments) throws IOException {
    StoryCommand.run("rollout", arguments, Rollout::run);
  }

  private static void run(Path folder) {
    VirtualClock clock = new VirtualClock(START);
    List<Notice> received = new ArrayList<>();
    Notifier mail = received::add;
    try (Mesh mesh = LocalMesh.builder(folder).clock(clock).notifier("mail", mail).open()) {
      new Rollout(mesh, clock, received).run();
    }
  }

  private void run() {
    publishFirst();
    subscribe();
    plan();
    announceAndActivate();
    receiveNotices();
    negotiate();
    publishBoth();
    tryToRetire();
    move();
    retire();
    readRetired();
    report.end();
  }

  private List<Order> newOrders(int count) {
    List<Order> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      orders++;
      rows.add(new Order("o-" + (100 + orders), clock.instant(), orders * 4.25));
    }
    return rows;
  }

  private void publishFirst() {
    commerce.registerDomain("commerce").owner("orders@example.org").commit();
    commerce
        .defineProduct(ORDERS)
        .description("Orders of the shop")
        .contract(
            Contract.of(Order.class).require(unique("orderId")).noticePeriod(Period.ofDays(60)))
        .openToMesh()
        .commit();
    PublishReceipt receipt = commerce.publish(ORDERS).records(newOrders(3)).commit();
    report.step(
        "v1-published",
        "3 orders are in version 1.0.0",
        receipt.rowsAccepted() + " orders are in version " + receipt.contractVersion());
  }

  private void subscribe() {
    consumers.add(new ConsumerJob(mesh, "finance", "revenue"));
    consumers.add(new ConsumerJob(mesh, "logistics", "deliveries"));
    consumers.add(new ConsumerJob(mesh, "marketing", "campaigns"));
    passWeeks(2);
    report.step(
        "consumers-subscribed",
        "[finance/revenue, logistics/deliveries, marketing/campaigns] poll version 1 each week",
        names(commerce.consumers(ORDERS).stream().map(consumer -> consumer.name()).toList())
            + " poll version "
            + commerce.consumers(ORDERS).get(0).major()
            + " each week");
  }

  private static String names(List<String> names) {
    return new TreeSet<>(names).toString();
  }

  /** Each week one job publishes, and each consumer polls. */
  private void passWeeks(int weeks) {
    for (int week = 0; week < weeks; week++) {
      clock.passDays(WEEK);
      publishWeekly();
      consumers.forEach(ConsumerJob::poll);
    }
  }

  /** Once the rollout has started, the job names the version of its rows, and maps them. */
  private void publishWeekly() {
    Publish<Order> publish = commerce.publish(ORDERS).records(newOrders(1));
    if (started) {
      publish.majorVersion(1).alsoTo(2, OrderInCents::of);
    }
    publish.commit();
  }

  private void plan() {
    RolloutPlan plan =
        commerce
            .startRollout(ORDERS)
            .contract(
                Contract.of(OrderInCents.class)
                    .require(unique("orderId"))
                    .noticePeriod(Period.ofDays(60)))
            .because("Amounts are whole cents, so that sums are exact")
            .plan();
    report.step(
        "rollout-planned",
        "1 -> 2 breaks [finance/revenue, logistics/deliveries, marketing/campaigns]; version 1 can"
            + " retire after 2026-05-15",
        plan.from()
            + " -> "
            + plan.to()
            + " breaks "
            + names(plan.breaks().stream().map(consumer -> consumer.name()).toList())
            + "; version 1 can retire after "
            + plan.retireAfter());
    plan.commit();
    started = true;
  }

  private void announceAndActivate() {
    commerce.rollout(ORDERS).announce().commit();
    report.step(
        "announced",
        "3 consumers are waited for until 2026-05-15",
        commerce.rollout(ORDERS).waitingFor().size()
            + " consumers are waited for until "
            + commerce.rollout(ORDERS).retireAfter());
    commerce.rollout(ORDERS).backFill(Order.class, OrderInCents::of).commit();
    commerce.rollout(ORDERS).activate().commit();
    report.step(
        "parallel",
        "PARALLEL: 5 rows in version 1, the same 5 in version 2: true",
        commerce.rollout(ORDERS).state() + ": " + comparison());
  }

  private String comparison() {
    var rows = commerce.rollout(ORDERS).verify(1, Order.class, OrderInCents::of).commit();
    return rows.oldRows()
        + " rows in version 1, the same "
        + rows.newRows()
        + " in version 2: "
        + rows.isEqual();
  }

  /** The notices reach the contact of each consumer, here a mailbox in memory. */
  private void receiveNotices() {
    mesh.deliverNotices();
    for (ConsumerJob consumer : consumers) {
      Notice notice =
          received.stream()
              .filter(each -> each.kind() == Notice.Kind.ROLLOUT_OFFERED)
              .filter(each -> each.to().equals(consumer.contact()))
              .findFirst()
              .orElseThrow();
      report.step(
          "noticed",
          consumer + " is asked to move to version 2 until 2026-05-15",
          notice.facts().get("consumer")
              + " is asked to move to version "
              + notice.facts().get("toMajor")
              + " until "
              + notice.facts().get("retireAfter"));
    }
  }

  private Track track(ConsumerJob consumer) {
    return consumer.client().rollout(ORDERS).track(consumer.name());
  }

  /** One consumer asks for more time, one agrees, and one stays silent. */
  private void negotiate() {
    ConsumerJob finance = consumers.get(0);
    ConsumerJob logistics = consumers.get(1);
    Track countered =
        track(logistics)
            .counter(LocalDate.parse("2026-06-12"))
            .because("Our release is in June")
            .commit();
    report.step(
        "counter-offered",
        "logistics/deliveries asks for 2026-06-12: Our release is in June",
        countered.consumer()
            + " asks for "
            + countered.requestedDate().orElseThrow()
            + ": "
            + countered.answerReason().orElseThrow());
    commerce.rollout(ORDERS).track(logistics.toString()).accept().commit();
    track(finance).agree().commit();
    report.step(
        "agreed",
        "finance/revenue until 2026-05-15, logistics/deliveries until 2026-06-12",
        Stream.of(finance, logistics)
            .map(this::track)
            .filter(Track::dateAccepted)
            .map(track -> track.consumer() + " until " + track.date())
            .collect(Collectors.joining(", ")));
    showPage();
  }

  /** The page that a steward would forward, on standard error: the steps are on standard output. */
  private void showPage() {
    String page = commerce.rollout(ORDERS).toString();
    report.step(
        "page",
        "it names [finance/revenue, logistics/deliveries, marketing/campaigns] and version 2",
        "it names "
            + names(consumers.stream().map(ConsumerJob::toString).filter(page::contains).toList())
            + " and version "
            + (page.contains("1 -> 2") ? "2" : "none"));
    System.err.println(page);
  }

  private void publishBoth() {
    passWeeks(2);
    report.step(
        "dual-published", "7 rows in version 1, the same 7 in version 2: true", comparison());
  }

  private void tryToRetire() {
    commerce.rollout(ORDERS).close().commit();
    TreeSet<String> waitedFor = new TreeSet<>();
    try {
      commerce.rollout(ORDERS).retire().commit();
    } catch (ConflictException e) {
      for (Finding finding : e.findings()) {
        if (consumers.stream().anyMatch(each -> each.toString().equals(finding.where()))) {
          waitedFor.add(finding.where());
        }
      }
    }
    report.step(
        "retire-refused",
        "[finance/revenue, logistics/deliveries, marketing/campaigns] have not moved",
        waitedFor + " have not moved");
    report.names("unmovedAtRefusal", List.copyOf(waitedFor));
  }

  /** The proof of a move is that a consumer reads version 2, and no longer version 1. */
  private void move() {
    SubscriptionPlan plan = consumers.get(0).plan();
    report.step(
        "tried",
        "finance/revenue would read 7 rows of version 2 instead of 7 of version 1, the same keys:"
            + " true",
        consumers.get(0)
            + " would read "
            + plan.rowsAfter()
            + " rows of version "
            + plan.to()
            + " instead of "
            + plan.rowsBefore()
            + " of version "
            + plan.from()
            + ", the same keys: "
            + plan.hasSameRows());
    for (ConsumerJob consumer : consumers) {
      consumer.move();
      passWeeks(1);
    }
    passWeeks(3);
    for (ConsumerJob consumer : consumers) {
      Track track = commerce.rollout(ORDERS).track(consumer.toString());
      report.step(
          "moved",
          consumer + " is MIGRATED and processed 13 orders, each once",
          track.consumer()
              + " is "
              + track.state()
              + " and processed "
              + consumer.polled().size()
              + " orders, each once");
    }
  }

  private void retire() {
    commerce.rollout(ORDERS).retire().commit();
    mesh.deliverNotices();
    var rollout = commerce.rollout(ORDERS);
    report.step(
        "retired",
        "RETIRED: version 1 on 2026-05-11; 13 rows in version 2",
        rollout.state()
            + ": version "
            + rollout.from()
            + " on "
            + LocalDate.ofInstant(rollout.retiredAt().orElseThrow(), java.time.ZoneOffset.UTC)
            + "; "
            + count(2)
            + " rows in version "
            + rollout.to());
    report.text("product", ORDERS);
    report.text("key", "orderId");
    report.number("consumers", consumers.size());
  }

  private long count(int major) {
    try (var rows = commerce.read(ORDERS).majorVersion(major).rows()) {
      return rows.stream().count();
    }
  }

  private void readRetired() {
    String refused = "it is readable";
    try (var rows = consumers.get(0).client().read(ORDERS).majorVersion(1).rows()) {
      refused += ", with " + rows.stream().count() + " rows";
    } catch (NotFoundException e) {
      refused = e.getMessage();
    }
    report.step(
        "v1-read-refused",
        "Cannot read commerce/orders: major version 1 of commerce/orders was retired at"
            + " 2026-05-11T08:00:00Z (Amounts are whole cents, so that sums are exact); major"
            + " version 2 replaces it. Nothing was read. Read major version 2 with"
            + " majorVersion(2); contractHistory(\"commerce/orders\") shows both contracts. [MESH-5005]",
        String.valueOf(refused));
  }
}
