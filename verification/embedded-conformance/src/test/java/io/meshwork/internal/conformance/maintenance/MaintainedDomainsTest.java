package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.mirror.GuardedStore;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a store that authenticates principals, each process maintains the domain of its account. */
class MaintainedDomainsTest {
  private static final String ORDERS = "commerce/orders";
  private static final String LEDGER = "finance/ledger";
  private static final List<String> ACCOUNTS =
      List.of("commerce", "finance", GuardedStore.GOVERNANCE);

  private final GuardedStore store = new GuardedStore();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final List<Mesh> meshes = new ArrayList<>();
  private final RecordingNotifier allNotices = new RecordingNotifier();

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh whole;

  @BeforeEach
  void fillAMesh() {
    whole =
        opened(
            Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT)
                .partitionConsumers()
                .notifier("all", allNotices));
    register("commerce", ORDERS);
    register("finance", LEDGER);
    client(whole, "commerce")
        .defineProduct("commerce/returns")
        .contract(Contract.of(Order.class))
        .commit();
    MeshClient analyst = client(whole, "finance");
    Subscription<?> subscription =
        analyst.subscribe(ORDERS).name("all").purpose("Books").asMaps().commit();
    subscription.poll().close();
    analyst.requests().requestAccess("commerce/returns").purpose("Audit").commit();
    for (int id = 0; id < 12; id++) {
      publish(whole, "commerce", ORDERS, id);
      publish(whole, "finance", LEDGER, id);
    }
  }

  private void register(String domain, String product) {
    MeshClient owner = client(whole, domain);
    owner.registerDomain(domain).owner(domain + "@example.org").commit();
    owner.defineProduct(product).contract(Contract.of(Order.class)).openToMesh().commit();
  }

  @AfterEach
  void nothingIsTriedWithoutPermission() {
    meshes.forEach(Mesh::close);
    assertThat(store.violations()).isEmpty();
  }

  private static void publish(Mesh mesh, String domain, String product, long id) {
    client(mesh, domain).publish(product).records(Order.range(id, id + 1)).commit();
  }

  private static MeshClient client(Mesh mesh, String account) {
    return mesh.clientAs(Principal.of(account, "etl"));
  }

  private Mesh opened(Mesh.Builder builder) {
    Mesh mesh = builder.clock(clock).testing().sleeper(clock::advance).open();
    meshes.add(mesh);
    return mesh;
  }

  private Mesh.Builder process(String account) {
    var ports = store.ports(account);
    return Mesh.builder(
        ports.registry(),
        ports.files(),
        GuardedStore.ROOT,
        store.credentials(Principal.of(account, "etl")));
  }

  private Mesh open(String account) {
    return opened(process(account));
  }

  @Test
  void thePlansOfAllProcessesTogetherAreThatOfTheWholeMesh() {
    clock.advance(Duration.ofDays(90));
    Set<Plan.Step> expected = new HashSet<>(whole.maintain().plan().steps());

    List<Plan.Step> planned = new ArrayList<>();
    for (String account : ACCOUNTS) {
      List<Plan.Step> own = open(account).maintain().plan().steps();
      assertThat(own).as(account).isNotEmpty();
      planned.addAll(own);
    }

    assertThat(planned).doesNotHaveDuplicates().hasSameElementsAs(expected);
    assertThat(expected).anyMatch(step -> step.verb().equals("notify both"));
  }

  @Test
  void eachProcessMaintainsItsOwnDomain() {
    clock.advance(Duration.ofDays(90));

    for (String account : ACCOUNTS) {
      Maintain.Report report = open(account).maintain().commit();

      assertThat(report.remaining()).as(account).isEmpty();
      assertThat(report.total(Work.ENTRIES_ARCHIVED)).as(account).isPositive();
      assertThat(report.total(Work.REMINDERS_SENT)).isEqualTo(account.equals("commerce") ? 1 : 0);
    }

    assertThat(whole.maintain().plan().isEmpty()).isTrue();
    assertThat(whole.doctor().findings()).isEmpty();
  }

  @Test
  void eachProcessRepairsItsOwnDomain() {
    client(whole, "finance").linkResource(ORDERS).database("sales").followRollouts().commit();
    clock.advance(Duration.ofDays(40));
    List<Plan.Step> expected = whole.repair().plan().steps();

    List<Plan.Step> planned = new ArrayList<>();
    ACCOUNTS.forEach(account -> planned.addAll(open(account).repair().plan().steps()));
    ACCOUNTS.forEach(
        account -> assertThat(open(account).repair().commit().problems()).as(account).isEmpty());

    assertThat(expected).isNotEmpty();
    assertThat(planned).hasSameElementsAs(expected);
    assertThat(whole.repair().plan().steps()).isEmpty();
  }

  @Test
  void theFindingsOfAllProcessesTogetherAreThoseOfTheWholeMesh() {
    client(whole, "finance").linkResource(LEDGER).database("books").commit();
    clock.advance(Duration.ofDays(400));
    Set<String> expected = places(whole.doctor().findings());

    Set<String> found = new TreeSet<>();
    ACCOUNTS.forEach(account -> found.addAll(places(open(account).doctor().findings())));

    assertThat(found).isEqualTo(expected);
  }

  private static Set<String> places(List<Finding> findings) {
    Set<String> places = new TreeSet<>();
    findings.forEach(finding -> places.add(finding.code() + " " + finding.where()));
    return places;
  }

  @Test
  void eachProcessDeliversTheNoticesOfTheDomainOfItsAccount() {
    whole.deliverNotices();
    allNotices.clear();
    clock.advance(Duration.ofHours(1));
    List<Mesh> processes = new ArrayList<>();
    List<RecordingNotifier> received = new ArrayList<>();
    for (String account : ACCOUNTS) {
      RecordingNotifier notices = new RecordingNotifier();
      received.add(notices);
      processes.add(opened(process(account).notifier("own", notices)));
    }
    publish(processes.get(0), "commerce", ORDERS, 100);
    client(processes.get(1), "finance")
        .subscribe(ORDERS)
        .name("late")
        .purpose("Books")
        .asMaps()
        .commit();
    whole.deliverNotices();
    assertThat(allNotices.once()).isNotEmpty();

    processes.forEach(Mesh::deliverNotices);
    processes.forEach(Mesh::deliverNotices);

    List<String> delivered =
        received.stream().flatMap(each -> each.all().stream()).map(Notice::id).toList();
    assertThat(delivered)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(allNotices.once().stream().map(Notice::id).toList());
    assertThat(received.get(0).all()).isNotEmpty();
    assertThat(received.get(1).all()).isNotEmpty();
    assertThat(store.registry().read(new Key("finance/@mesh", "cursor/own"))).isPresent();
    assertThat(store.registry().read(new Key("_mesh", "cursor/own"))).isEmpty();
  }

  @Test
  void aNoticeThatFailsIsFoundInTheDomainThatDeliversIt() {
    RecordingNotifier notices =
        new RecordingNotifier()
            .before(
                notice -> {
                  throw new IllegalStateException("closed");
                });
    Mesh commerce = opened(process("commerce").notifier("own", notices));
    publish(commerce, "commerce", ORDERS, 100);

    assertThat(commerce.deliverNotices().failed()).isPositive();

    assertThat(commerce.doctor().findings())
        .extracting(Finding::where)
        .anyMatch(where -> where.startsWith("commerce/@mesh · cursor/own"));
    assertThat(open("finance").doctor().findings()).isEmpty();
  }

  @Test
  void noticesAfterACommitAreDeliveredByTheProcessOfTheDomainThatWrote() {
    RecordingNotifier notices = new RecordingNotifier();
    Mesh commerce = opened(process("commerce").notifier("own", notices).executor(Runnable::run));

    publish(commerce, "finance", LEDGER, 100);
    assertThat(notices.all()).isEmpty();
    publish(commerce, "commerce", ORDERS, 100);

    assertThat(notices.all())
        .extracting(notice -> notice.product().toString())
        .containsOnly(ORDERS);
  }

  @Test
  void anAccountWithoutADomainMaintainsNothing() {
    clock.advance(Duration.ofDays(90));
    Mesh stranger = opened(process("stranger").notifier("own", new RecordingNotifier()));

    assertThat(stranger.maintain().plan().isEmpty()).isTrue();
    assertThat(stranger.maintain().commit().isEmpty()).isTrue();
    assertThat(stranger.doctor().problems()).isEmpty();
    assertThat(stranger.deliverNotices().delivered()).isZero();
  }

  @Test
  void theDenialOfAnAccountWithoutADomainIsNotCounted() {
    Mesh stranger = open("stranger");

    assertThatThrownBy(() -> publish(stranger, "stranger", ORDERS, 1))
        .isInstanceOf(MeshException.class);

    stranger.close();
    assertThat(store.registry().list("_mesh/@reads", "", null).documents()).isEmpty();
  }
}
