package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantSummary;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.Impact;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.governance.Audit;
import io.meshwork.governance.GovernanceClient;
import io.meshwork.governance.GovernanceClient.TopologyReport;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.link.ResourceLink;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.request.AccessRequest;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.TestBackend;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Meshes with several catalogs, on any backend that supports them: one program runs in each
 * topology, and where a catalog is unavailable, everything that does not need it continues. Extend
 * it, return the backend, and run it with JUnit:
 *
 * <pre>{@code
 * class MyTopologiesTest extends TopologyConformance {
 *   @Override
 *   protected TestBackend backend() {
 *     return folder -> Mesh.over(registry("mesh"), files(), ROOT).catalogs(this::registry);
 *   }
 * }
 * }</pre>
 */
public abstract class TopologyConformance {
  private static final String SALES = "commerce/sales";

  private final WatchedLogs logs = new WatchedLogs();

  /** A row of the shared product. */
  record Sale(long id, String country, long cents) {
    static List<Sale> range(long from, long to) {
      return LongStream.range(from, to)
          .mapToObj(id -> new Sale(id, id % 2 == 0 ? "SE" : "DE", 100 * id))
          .toList();
    }
  }

  @SuppressWarnings("NullAway.Init") // JUnit creates it before each test
  @TempDir
  private Path meshFolders;

  private int meshes;

  /** Returns the backend, whose meshes have registries for all catalogs. */
  protected abstract TestBackend backend();

  /**
   * Returns whether a process maintains all domains: not on a backend that authenticates
   * principals, where it maintains the domain of its account. Default: true.
   */
  protected boolean maintainsAllDomains() {
    return true;
  }

  /**
   * Returns whether denials of accounts that act for no domain are audited: not by a backend that
   * authenticates principals, because no role may write for these accounts. Default: true.
   */
  protected boolean auditsUnassignedAccounts() {
    return true;
  }

  /**
   * Returns whether the backend has registries for all catalogs of a topology. Tests of others are
   * aborted. Default: true.
   *
   * @param topology one of {@link VirtualWorld#shapes}
   */
  protected boolean supports(Topology topology) {
    return true;
  }

  /** Returns those of some topologies that the backend supports; aborts a test without one. */
  private List<Topology> supported(List<Topology> topologies) {
    List<Topology> supported = topologies.stream().filter(this::supports).toList();
    assumeTrue(!supported.isEmpty(), () -> "the backend supports none of " + topologies);
    return supported;
  }

  private Mesh.Builder mesh() {
    try {
      return backend().newMesh(Files.createDirectory(meshFolders.resolve("mesh-" + ++meshes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After each test, all log entries are valid against the schema of events. */
  @AfterEach
  void everyEntryOfEveryLogFollowsTheSchema() {
    assertThat(logs.faults()).as("entries of logs against docs/schemas/event-1.json").isEmpty();
  }

  private VirtualWorld world(Topology shape) {
    return world(shape, logs::watching);
  }

  private VirtualWorld world(Topology shape, UnaryOperator<Registry> watching) {
    supported(List.of(shape));
    return VirtualWorld.in(mesh(), shape, watching);
  }

  private static <T> List<T> all(Read<T> read) {
    try (Rows<T> rows = read.read()) {
      return rows.stream().toList();
    }
  }

  private static void define(VirtualWorld world, String product) {
    MeshClient producer = world.as(ProductName.of(product).domain(), "producer");
    producer.defineProduct(product).contract(Contract.of(Sale.class)).commit();
    publish(world, product, 0, 4);
  }

  private static void publish(VirtualWorld world, String product, long from, long to) {
    world
        .as(ProductName.of(product).domain(), "producer")
        .publish(product)
        .records(Sale.range(from, to))
        .commit();
  }

  /** Grants the access that a consumer needs, and creates a link in topologies that require it. */
  private static void share(VirtualWorld world, String product, String consumer) {
    String owner = ProductName.of(product).domain();
    world
        .as(owner, "steward")
        .grant(product)
        .to(world.account(consumer).role("analyst"))
        .because("Month end")
        .commit();
    if (!world.topology().sees(consumer, owner)) {
      world.as(consumer, "analyst").linkResource(product).into(consumer + "_db").commit();
    }
  }

  /**
   * Publishes, discovers, requests, grants, links, and reads: the same program in each topology.
   */
  static void run(VirtualWorld world) {
    define(world, SALES);
    MeshClient analyst = world.as("finance", "analyst");

    assertThat(analyst.products()).containsExactly(ProductName.of(SALES));
    assertThat(analyst.describe(SALES).access()).isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThat(analyst.explainAccess(analyst.principal(), SALES).allowed()).isFalse();
    assertThatThrownBy(() -> all(analyst.read(SALES)))
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED));

    AccessRequest asked =
        analyst.requestAccess(SALES).columns("id", "cents").purpose("Month end").commit();
    MeshClient steward = world.as("commerce", "steward");
    assertThat(steward.requests().received())
        .extracting(AccessRequest::id)
        .containsExactly(asked.id());
    AccessRequest approved =
        steward.requests().approve(asked.id()).because("They close the books").commit();
    assertThat(approved.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(analyst.requests().sent()).hasSize(1);
    String suggestion = analyst.suggest(SALES).text("Add the currency").commit().id();
    assertThat(steward.suggestions().received()).hasSize(1);
    steward.suggestions().accept(suggestion).inVersion(ContractVersion.FIRST).commit();
    assertThat(analyst.suggestions().sent().get(0).deliveredIn()).contains(ContractVersion.FIRST);
    assertThat(analyst.explainAccess(analyst.principal(), SALES).columns())
        .containsExactly("id", "cents");

    if (!world.topology().sees("finance", "commerce")) {
      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING))
          .hasMessageContainingAll(
              SALES, world.topology().catalogOf("commerce"), "linkResource(\"commerce/sales\")");
      assertThatThrownBy(
              () -> analyst.subscribe(SALES).named("close").purpose("Month end").commit())
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING));
    }
    assertThat(analyst.linkResource(SALES).into("finance_db").as("sales").commit().readable())
        .isTrue();

    assertThat(all(analyst.read(SALES).columns("id", "cents"))).hasSize(4);
    assertThat(all(analyst.read("finance_db.sales").columns("id"))).hasSize(4);
    Subscription<GenericRecord> close =
        analyst
            .subscribe(SALES)
            .named("close")
            .purpose("Month end")
            .columns("id", "cents")
            .commit();
    poll(close, 4);
    publish(world, SALES, 4, 6);
    poll(close, 2);
    assertThat(world.mesh().doctor().findings()).isEmpty();
    world.mesh().maintain().commit();
    assertThat(world.mesh().doctor().findings()).isEmpty();
  }

  private static void poll(Subscription<GenericRecord> subscription, int rows) {
    try (Batch<GenericRecord> batch = subscription.poll()) {
      assertThat(batch.stream().toList()).hasSize(rows);
      batch.ack();
    }
  }

  @Test
  void oneProgramRunsInEachTopologyWithCountedCalls() {
    List<TopologyReport> shapes = new ArrayList<>();
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        run(world);
        shapes.add(world.as("risk", "analyst").governance().topology());
      }
    }

    assertThat(TopologyReport.compared(shapes).lines())
        .containsExactlyElementsOf(
            """
            shape      catalogs  links  shares  for a tag  audit asks
            central           1      0       0          1           1
            lines             2      1       1          2           2
            federated         4      1       1          4           4\
            """
                .lines()
                .filter(row -> row.startsWith("shape") || isReported(row, shapes))
                .toList());
    for (TopologyReport report : shapes) {
      if (report.topology().shape() == Topology.Shape.LINES) {
        assertThat(report.toString())
            .contains("retail  domains [commerce, logistics]  guests [finance]");
      }
    }
  }

  private static boolean isReported(String row, List<TopologyReport> reports) {
    return reports.stream()
        .map(report -> report.topology().shape().name().toLowerCase(Locale.ROOT))
        .anyMatch(row::startsWith);
  }

  @Test
  void aCentralMeshFailsWithoutItsCatalog() {
    try (VirtualWorld world = world(Topology.central())) {
      define(world, SALES);
      define(world, "finance/ledger");
      world.takeAway(Topology.CENTRAL);

      assertGone(() -> publish(world, SALES, 4, 5));
      assertGone(() -> publish(world, "finance/ledger", 4, 5));
      assertGone(() -> world.as("commerce", "analyst").describe(SALES));
      assertGone(() -> world.as("commerce", "analyst").products());

      world.bringBack(Topology.CENTRAL);
      publish(world, SALES, 4, 5);
    }
  }

  @Test
  void aLineOfBusinessContinuesWithoutAnother() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      define(world, SALES);
      define(world, "finance/ledger");
      share(world, SALES, "logistics");
      share(world, SALES, "finance");
      share(world, "finance/ledger", "commerce");
      share(world, "finance/ledger", "risk");
      world.takeAway("banking");

      assertOthersWork(world);
      assertThat(all(world.as("logistics", "analyst").read(SALES))).hasSize(5);
      assertGone(() -> publish(world, "finance/ledger", 4, 5), "'banking'");
      assertGone(() -> all(world.as("risk", "analyst").read("finance/ledger")), "'banking'");
      assertGone(() -> all(world.as("commerce", "analyst").read("finance/ledger")), "'banking'");
      assertGone(() -> all(world.as("finance", "analyst").read(SALES)), "'banking'");
      assertWholeMeshIsAsked(world, "'banking'");

      world.bringBack("banking");
      assertThat(all(world.as("finance", "analyst").read(SALES))).hasSize(5);
      assertThat(world.mesh().doctor().findings()).isEmpty();
    }
  }

  @Test
  void allOtherDomainsContinueWithoutOneCatalog() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      define(world, "finance/ledger");
      define(world, "risk/limits");
      share(world, SALES, "logistics");
      share(world, SALES, "finance");
      share(world, "risk/limits", "logistics");
      world.takeAway("finance");

      assertOthersWork(world);
      assertThat(all(world.as("logistics", "analyst").read(SALES))).hasSize(5);
      assertThat(all(world.as("logistics", "analyst").read("risk/limits"))).hasSize(4);
      publish(world, "risk/limits", 4, 5);
      assertGone(() -> publish(world, "finance/ledger", 4, 5), "'finance'");
      assertGone(() -> all(world.as("finance", "analyst").read(SALES)), "'finance'");
      assertWholeMeshIsAsked(world, "'finance'");
      assertDiscoveryNames(world, "finance");

      world.bringBack("finance");
      publish(world, "finance/ledger", 4, 5);
      assertThat(world.mesh().doctor().findings()).isEmpty();
    }
  }

  @Test
  void knownCatalogsContinueWithoutTheMeshCatalog() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      share(world, SALES, "finance");
      world.takeAway(Topology.CENTRAL);

      publish(world, SALES, 4, 5);
      assertThat(all(world.as("finance", "analyst").read(SALES))).hasSize(5);
      assertGone(() -> world.as("finance", "analyst").products(), "lists the mesh's catalogs");
    }
  }

  /**
   * The operations of commerce while the catalog of finance, one of its readers, is unavailable.
   */
  private static void assertOthersWork(VirtualWorld world) {
    MeshClient steward = world.as("commerce", "steward");
    publish(world, SALES, 4, 5);
    assertThat(all(steward.read(SALES))).hasSize(5);
    assertThat(steward.describe(SALES).name()).isEqualTo(ProductName.of(SALES));
    assertThat(steward.access().whoCanRead(SALES)).hasSizeGreaterThanOrEqualTo(3);
    String id =
        steward
            .grant(SALES)
            .to(world.account("logistics").role("producer"))
            .because("Routes")
            .commit()
            .get(0)
            .id();
    assertThat(steward.access().revoke(id).commit()).hasSize(1);
    assertThatThrownBy(() -> steward.describe("commerce/sale"))
        .hasMessageContaining("Did you mean 'commerce/sales'?");
    steward.subscribe(SALES).named("own").purpose("Own use").commit();
    assertThat(world.mesh().maintain().commit().left())
        .extracting(finding -> finding.code())
        .containsExactly(FindingCode.CATALOG_UNAVAILABLE);
  }

  /** Asserts that operations on the whole mesh fail and omit no catalog silently. */
  private static void assertWholeMeshIsAsked(VirtualWorld world, String gone) {
    MeshClient analyst = world.as("logistics", "analyst");
    assertGone(analyst::products, gone);
    assertGone(analyst.requests()::sent, gone);
    assertGone(analyst.suggestions()::sent, gone);
    assertGone(analyst.access()::grants, gone);
    assertGone(() -> analyst.governance().topology(), gone);
    assertThat(world.mesh().doctor().findings())
        .extracting(finding -> finding.code())
        .containsExactly(FindingCode.CATALOG_UNAVAILABLE);
  }

  /** Asserts that answers about many products name a catalog that is unavailable. */
  private static void assertDiscoveryNames(VirtualWorld world, String gone) {
    MeshClient steward = world.as("commerce", "steward");
    assertThat(steward.health().unreachable()).containsExactly(gone);
    assertThat(steward.lineage(SALES, 1, 1).unreachable()).containsExactly(gone);
    assertThat(steward.faultOf(SALES).unreachable()).containsExactly(gone);
    assertThat(steward.copiesSpared().unreachable()).containsExactly(gone);
    assertThat(steward.copiesSpared().products()).hasSize(1);
    Impact impact = steward.impactOf(SALES);
    assertThat(impact.unreachable()).containsExactly(gone);
    assertThat(impact.affected()).extracting(Impact.AffectedItem::name).contains("logistics");
    assertThat(world.as("logistics", "analyst").uses("logistics")).isNotEmpty();
  }

  private static void assertGone(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOf(BackendException.class)
        .satisfies(
            gone -> {
              assertThat(gone).hasMessageContaining("its catalog is unavailable");
              for (String fact : facts) {
                assertThat(gone).hasMessageContaining(fact);
              }
            });
  }

  @Test
  void aDomainOutsideAllLinesOfBusinessIsRejected() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      MeshClient visitor = world.mesh().actingAs(world.accounts().get(4).role("producer"));

      assertThatThrownBy(
              () ->
                  visitor
                      .registerDomain("marketing")
                      .accounts("999999999999")
                      .ownedBy("m@example.org")
                      .commit())
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageContainingAll("'marketing'", "banking [finance, risk]");
      assertThatThrownBy(() -> visitor.describe("marketing/leads"))
          .hasMessageContaining("there is no product marketing/leads");
    }
  }

  @Test
  void anAccountActsForOneDomainAcrossCatalogs() {
    try (VirtualWorld world = world(Topology.federated())) {
      assertThatThrownBy(
              () ->
                  world
                      .as("finance", "producer")
                      .registerDomain("treasury")
                      .accounts("333333333333")
                      .ownedBy("t@example.org")
                      .commit())
          .hasMessageContainingAll("'333333333333'", "acts for domain 'finance' already");
    }
  }

  @Test
  void subscriptionsAreListedAndEndedAcrossCatalogs() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        share(world, SALES, "finance");
        MeshClient analyst = world.as("finance", "analyst");
        MeshClient owner = world.as("commerce", "steward");
        Subscription<?> totals =
            analyst.subscribe(SALES).named("totals").purpose("Totals").commit();
        analyst.subscribe(SALES).named("others").purpose("Others").commit();

        assertThat(analyst.subscriptions())
            .extracting(Subscription.Summary::name)
            .containsExactly("others", "totals");
        assertThat(owner.subscriptions(SALES))
            .extracting(Subscription.Summary::domain, Subscription.Summary::name)
            .containsExactly(tuple("finance", "others"), tuple("finance", "totals"));
        assertThat(world.as("risk", "analyst").subscriptions(SALES)).isEmpty();

        assertThat(analyst.unsubscribe(SALES, "totals").commit()).isPresent();
        assertThatThrownBy(totals::poll)
            .isInstanceOfSatisfying(
                NotFoundException.class,
                ended -> assertThat(ended.errorCode()).isEqualTo(ErrorCode.SUBSCRIPTION_ENDED));
        owner
            .access()
            .revoke(owner.access().grants().stream().map(GrantSummary::id).toArray(String[]::new))
            .because("The year is closed")
            .commit();
        assertThat(owner.unsubscribe(SALES, "finance/others").because("No right").commit())
            .hasValueSatisfying(
                subscription ->
                    assertThat(subscription.state()).isEqualTo(Subscription.State.WITHOUT_ACCESS));
        assertThat(analyst.subscriptions()).isEmpty();
      }
    }
  }

  @Test
  void passedOnGrantsAreStoredWithTheProductAndRevokedThere() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      world
          .as("commerce", "steward")
          .grant(SALES)
          .toAccounts(world.account("finance").id())
          .withGrantOption()
          .because("Group reporting")
          .commit();
      MeshClient steward = world.as("finance", "steward");
      MeshClient analyst = world.as("finance", "analyst");
      steward.linkResource(SALES).into("finance_db").commit();

      String id =
          steward.grant(SALES).to(analyst.principal()).because("Month end").commit().get(0).id();
      assertThat(all(analyst.read(SALES))).hasSize(4);
      assertThat(steward.access().grants()).hasSize(1);
      assertThat(steward.access().revoke(id).commit()).hasSize(1);
      assertThatThrownBy(() -> all(analyst.read(SALES))).isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void whatExecutorsGrantLiesInTheCatalogOfTheProduct() {
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        MeshClient owner = world.as("commerce", "steward");
        MeshClient executor = world.as("risk", "steward");
        MeshClient analyst = world.as("finance", "analyst");
        String given =
            owner
                .access()
                .authorize(SALES)
                .executor(executor.principal())
                .standing()
                .because("Risk shares for us")
                .commit()
                .id();
        executor.grant(SALES).to(analyst.principal()).because("Month end").commit();
        if (shape.shape() != Topology.Shape.CENTRAL) {
          analyst.linkResource(SALES).into("finance_db").commit();
        }

        String log = "commerce/@by/" + executor.principal().account();
        assertThat(all(analyst.read(SALES))).hasSize(4);
        assertThat(owner.events(log).list()).hasSize(1);
        assertThat(owner.governance().audit().of(SALES).about("grant").list())
            .extracting(Audit.Entry::log)
            .containsExactly(log);
        assertThat(owner.access().withdrawAuthorization(given).commit()).hasSize(1);
        assertThat(all(analyst.read(SALES))).as("the grant stays").hasSize(4);
        assertThat(world.mesh().doctor().problems()).isEmpty();
      }
    }
  }

  @Test
  void whatAnExecutorGrantsIsReadWithoutTheCatalogsOfOthers() {
    for (Topology shape : supported(List.of(VirtualWorld.lines(), Topology.federated()))) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        world
            .as("commerce", "steward")
            .access()
            .authorize(SALES)
            .executor(world.account("risk").role("steward"))
            .standing()
            .because("Risk shares for us")
            .commit();
        MeshClient reader = world.as("logistics", "analyst");
        world
            .as("risk", "steward")
            .grant(SALES)
            .to(reader.principal(), world.account("finance").role("analyst"))
            .because("Month end")
            .commit();
        if (!world.topology().sees("logistics", "commerce")) {
          reader.linkResource(SALES).into("logistics_db").commit();
        }
        world.takeAway(world.topology().catalogOf("finance"));

        publish(world, SALES, 4, 5);
        assertThat(all(reader.read(SALES))).hasSize(5);
      }
    }
  }

  @Test
  void governanceAdmitsADomainBeforeItsFirstRequest() {
    for (Topology shape : supported(List.of(VirtualWorld.lines(), Topology.federated()))) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        String catalog = world.topology().catalogOf("commerce");
        MeshClient governance = world.as("commerce", "producer");

        for (int repeated = 0; repeated < 2; repeated++) {
          assertThat(governance.governance().admit("finance").to(catalog).commit())
              .containsExactly("finance");
        }
        assertThat(governance.governance().admit("risk").to(catalog).commit())
            .containsExactly("finance", "risk");
        assertThat(guests(world, catalog)).containsExactly("finance", "risk");
        assertThat(admissions(world, catalog))
            .extracting(MeshEvent::subject, MeshEvent::principal)
            .containsExactly(
                tuple("finance", governance.principal().toString()),
                tuple("risk", governance.principal().toString()));

        MeshClient analyst = world.as("finance", "analyst");
        assertThatThrownBy(() -> all(analyst.read(SALES)))
            .as("the admission gives no access")
            .isInstanceOf(AccessDeniedException.class);
        analyst.requestAccess(SALES).purpose("Month end").commit();
        assertThat(world.as("commerce", "steward").requests().received()).hasSize(1);
        assertThat(admissions(world, catalog)).as("the request admits nothing again").hasSize(2);
        assertThat(world.mesh().doctor().problems()).isEmpty();
      }
    }
  }

  @Test
  void aGuestIsAdmittedAgainWhileItsHomeIsUnavailable() {
    for (Topology shape : List.of(VirtualWorld.lines(), Topology.federated())) {
      try (VirtualWorld world = world(shape)) {
        define(world, SALES);
        String catalog = world.topology().catalogOf("commerce");
        GovernanceClient governance = world.as("commerce", "producer").governance();
        governance.admit("finance").to(catalog).commit();
        world.takeAway(world.topology().catalogOf("finance"));

        assertThat(governance.admit("finance").to(catalog).commit()).containsExactly("finance");
        world.takeAway(world.topology().catalogOf("risk"));
        assertThatThrownBy(() -> governance.admit("risk").to(catalog).commit())
            .as("a domain that is not a guest")
            .isInstanceOf(BackendException.class);

        world.bringBack(world.topology().catalogOf("finance"));
        world.bringBack(world.topology().catalogOf("risk"));
        assertThat(admissions(world, catalog)).hasSize(1);
      }
    }
  }

  @Test
  void theFirstWriteOfADomainInAnotherCatalogAdmitsIt() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      world.as("finance", "analyst").requestAccess(SALES).purpose("Month end").commit();

      assertThat(admissions(world, "commerce"))
          .extracting(MeshEvent::subject, MeshEvent::principal)
          .containsExactly(tuple("finance", "mesh/sdk"));
      assertThat(
              world
                  .as("commerce", "producer")
                  .governance()
                  .admit("finance")
                  .to("commerce")
                  .commit())
          .containsExactly("finance");
      assertThat(admissions(world, "commerce")).hasSize(1);
    }
  }

  @Test
  void anAdmissionThatNoCatalogNeedsIsRejected() {
    try (VirtualWorld world = world(VirtualWorld.lines())) {
      GovernanceClient governance = world.as("commerce", "producer").governance();

      assertThatThrownBy(() -> governance.admit("logistics").to("retail").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("logistics", "retail", "home of the domain");
      assertThatThrownBy(() -> governance.admit("finanse").to("retail").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no domain 'finanse'", "Did you mean 'finance'?");
      assertThatThrownBy(() -> governance.admit("finance").to("retial").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("no catalog 'retial'", "'retail'", "[banking, retail]");
      assertThatThrownBy(() -> governance.admit("finance").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("finance", "to(..) is missing", "[banking, retail]");
      assertThatThrownBy(() -> governance.admit("Not a name"))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> governance.admit("finance").to("Not a name"))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(guests(world, "retail")).isEmpty();
    }
  }

  @Test
  void aCentralMeshHasNoGuests() {
    try (VirtualWorld world = world(Topology.central())) {
      GovernanceClient governance = world.as("commerce", "producer").governance();
      assertThatThrownBy(() -> governance.admit("finance").to("mesh").commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("finance", "one catalog");
    }
  }

  @Test
  void aGuestThatTheStoreDoesNotAdmitNamesTheCallOfGovernance() {
    AtomicBoolean denying = new AtomicBoolean();
    UnaryOperator<Registry> between =
        real -> logs.watching(new DeniedDocuments(real, RegistryKeys.GUESTS, denying));
    try (VirtualWorld world = world(Topology.federated(), between)) {
      define(world, SALES);
      MeshClient analyst = world.as("finance", "analyst");
      denying.set(true);

      assertThatThrownBy(() -> analyst.requestAccess(SALES).purpose("Month end").commit())
          .isInstanceOfSatisfying(
              BackendException.class,
              denied -> {
                assertThat(denied.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
                assertThat(denied.retryable()).isFalse();
              })
          .hasMessageContainingAll(
              "finance/@commerce",
              "not a guest of the catalog 'commerce'",
              "governance().admit(\"finance\").to(\"commerce\").commit()")
          .hasCauseInstanceOf(BackendException.class);
      assertThat(analyst.requests().sent()).isEmpty();

      denying.set(false);
      world.as("commerce", "producer").governance().admit("finance").to("commerce").commit();
      denying.set(true);
      analyst.requestAccess(SALES).purpose("Month end").commit();
      assertThat(analyst.requests().sent()).hasSize(1);
    }
  }

  private static List<String> guests(VirtualWorld world, String catalog) {
    return world.as("risk", "analyst").governance().topology().catalogs().stream()
        .filter(each -> each.catalog().equals(catalog))
        .findFirst()
        .orElseThrow()
        .guests();
  }

  private static List<MeshEvent> admissions(VirtualWorld world, String catalog) {
    return world.as("commerce", "producer").events("_mesh/@" + catalog).list().stream()
        .filter(event -> event.type().equals(MeshEvent.GUEST_ADMITTED))
        .toList();
  }

  @Test
  void aMissingLinkIsReportedWithAndWithoutAccess() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      MeshClient analyst = world.as("finance", "analyst");
      MeshClient steward = world.as("commerce", "steward");

      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> {
                assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
                assertThat(denied.missing())
                    .endsWith("; and a link to " + SALES + " in the caller's catalog");
              })
          .hasMessageContainingAll("catalog 'commerce'", "linkResource(\"commerce/sales\")");
      ExplainedAccess neither = analyst.explainAccess(analyst.principal(), SALES);
      assertThat(neither.missing()).hasSize(2).last().asString().startsWith("LINK_MISSING: ");
      assertThat(neither.shortestChange())
          .hasSize(2)
          .last()
          .asString()
          .contains("linkResource(\"commerce/sales\")");

      steward.grant(SALES).to(analyst.principal()).because("Month end").commit();
      for (MeshClient asking : List.of(analyst, steward)) {
        ExplainedAccess unlinked = asking.explainAccess(analyst.principal(), SALES);
        assertThat(unlinked.allowed()).isFalse();
        assertThat(unlinked.columns()).as("the granted columns").hasSize(3);
        assertThat(unlinked.missing())
            .singleElement()
            .asString()
            .startsWith("LINK_MISSING: ")
            .contains("catalog 'commerce'");
        assertThat(unlinked.shortestChange())
            .singleElement()
            .asString()
            .contains("domain finance", "linkResource(\"commerce/sales\")");
        assertThat(unlinked.whoCanGrant()).containsExactly("finance@example.org");
        assertThat(unlinked.toString()).contains("does not read", "missing LINK_MISSING");
      }
      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING));
      assertThat(steward.governance().audit().of(SALES).about("read").list())
          .as("both denials are listed")
          .hasSize(2)
          .allMatch(entry -> entry.outcome() == Audit.Outcome.DENIED);

      analyst.linkResource(SALES).into("finance_db").commit();
      assertThat(analyst.explainAccess(analyst.principal(), SALES).allowed()).isTrue();
      MeshClient producer = world.as("commerce", "producer");
      assertThat(producer.explainAccess(producer.principal(), SALES).allowed()).isTrue();
    }
  }

  @Test
  void aReaderWithoutADomainIsAudited() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      MeshClient visitor = world.mesh().actingAs(world.accounts().get(4).role("analyst"));

      assertThatThrownBy(() -> all(visitor.read(SALES)))
          .isInstanceOf(InvalidRequestException.class);
      assertThat(
              world.as("commerce", "steward").governance().audit().of(SALES).about("read").list())
          .extracting(Audit.Entry::outcome)
          .containsExactlyElementsOf(
              auditsUnassignedAccounts() ? List.of(Audit.Outcome.DENIED) : List.of());
      assertThat(visitor.explainAccess(visitor.principal(), SALES).shortestChange())
          .anySatisfy(step -> assertThat(step).contains("registerDomain"))
          .last()
          .asString()
          .contains("linkResource(\"commerce/sales\")");
    }
  }

  @Test
  void aFollowingLinkMovesAcrossCatalogsAndFailuresAreReported() {
    List<Registry> registries = new ArrayList<>();
    AtomicBoolean refusing = new AtomicBoolean();
    UnaryOperator<Registry> between =
        real -> {
          registries.add(real);
          return logs.watching(new DeniedDocuments(real, RegistryKeys.LINKS, refusing));
        };
    try (VirtualWorld world = world(Topology.federated(), between)) {
      define(world, SALES);
      share(world, SALES, "finance");
      MeshClient analyst = world.as("finance", "analyst");
      analyst.linkResource(SALES).into("finance_db").as("newest").followingRollouts().commit();
      openSecondMajor(registries, world.clock());
      if (!maintainsAllDomains()) {
        assertThat(world.mesh().doctor().findings())
            .extracting(Finding::code)
            .doesNotContain(FindingCode.LINK_BEHIND);
        return;
      }
      assertThat(world.mesh().doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.LINK_BEHIND);

      refusing.set(true);
      assertThat(world.mesh().repair().commit().findings())
          .extracting(Finding::code, Finding::where)
          .contains(tuple(FindingCode.MAINTENANCE_FAILED, "finance_db.newest"));
      refusing.set(false);
      assertThat(world.mesh().repair().commit().findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.MAINTENANCE_FAILED, FindingCode.LINK_BEHIND);
      assertThat(analyst.links().list())
          .filteredOn(link -> link.name().equals("finance_db.newest"))
          .singleElement()
          .satisfies(link -> assertThat(link.major()).hasValue(2));
    }
  }

  @Test
  void aLinkIntoAnUnavailableCatalogIsListedReplacedAndRemoved() {
    try (VirtualWorld world = world(Topology.federated())) {
      define(world, SALES);
      define(world, "finance/ledger");
      MeshClient analyst = world.as("finance", "analyst");
      analyst.linkResource(SALES).into("finance_db").as("sales").commit();
      analyst.linkResource("commerce").into("shop").commit();
      world.takeAway("commerce");

      assertThat(analyst.links().list())
          .extracting(ResourceLink::name, ResourceLink::state)
          .containsExactly(
              tuple("finance_db.sales", ResourceLink.State.UNREACHABLE),
              tuple("shop", ResourceLink.State.UNREACHABLE));
      assertThat(analyst.links().list().get(0).missing()).contains("'commerce'", "unlink");
      assertThat(analyst.links().unlink("shop").commit().orElseThrow().target())
          .isEqualTo("commerce");
      assertThat(
              analyst
                  .linkResource("finance/ledger")
                  .into("finance_db")
                  .as("sales")
                  .commit()
                  .state())
          .isEqualTo(ResourceLink.State.VALID);
      assertThat(analyst.links().list())
          .extracting(ResourceLink::target)
          .containsExactly("finance/ledger");
    }
  }

  /** A registry that denies changes of one kind of documents while a switch is on. */
  private static final class DeniedDocuments extends ForwardingRegistry {
    private final String sortPrefix;
    private final AtomicBoolean denying;

    DeniedDocuments(Registry real, String sortPrefix, AtomicBoolean denying) {
      super(real);
      this.sortPrefix = sortPrefix;
      this.denying = denying;
    }

    @Override
    public Registry.Outcome commit(Transaction transaction) {
      boolean denied =
          transaction.actions().stream()
              .anyMatch(action -> action.key().sort().startsWith(sortPrefix));
      if (denied && denying.get()) {
        throw Failure.of(MeshAction.of(Verb.COMMIT, transaction.partition()))
            .because("documents '" + sortPrefix + "' cannot be changed")
            .lasting(ErrorCode.PERMISSION_MISSING);
      }
      return real.commit(transaction);
    }
  }

  /** Adds a second major version of the sales directly in the registry, and makes it current. */
  private static void openSecondMajor(List<Registry> registries, ManualClock clock) {
    ProductName name = ProductName.of(SALES);
    Registry home =
        registries.stream()
            .filter(registry -> registry.read(RegistryKeys.product(name)).isPresent())
            .findFirst()
            .orElseThrow();
    copy(home, clock, new Key(SALES, "contract/1.0.0"), new Key(SALES, "contract/2.0.0"));
    copy(home, clock, new Key(SALES, "table/sales_v1"), new Key(SALES, "table/sales_v2"));
    copy(home, clock, RegistryKeys.major(name, 1), RegistryKeys.major(name, 2));
    copy(home, clock, RegistryKeys.product(name), RegistryKeys.product(name));
  }

  private static void copy(Registry registry, ManualClock clock, Key from, Key to) {
    Document before = registry.read(from).orElseThrow();
    String json =
        before
            .json()
            .replace("1.0.0", "2.0.0")
            .replace("\"major\":1", "\"major\":2")
            .replace("\"currentMajor\":1", "\"currentMajor\":2");
    Transaction.Builder change = Transaction.attempt(IdGenerator.secure(clock).next());
    assertThat(
            registry.commit(
                (from.equals(to)
                        ? change.replace(to, json, before.version())
                        : change.insert(to, json))
                    .build()))
        .isEqualTo(Registry.Outcome.COMMITTED);
  }

  @Test
  void linkingAMissingProductNamesWhomToAsk() {
    try (VirtualWorld world = world(Topology.federated())) {
      assertThatThrownBy(
              () ->
                  world.as("finance", "analyst").linkResource("commerce/wages").into("x").commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll(
              "no product commerce/wages",
              "If you act for domain 'commerce'",
              "ask commerce@example.org");
    }
  }
}
