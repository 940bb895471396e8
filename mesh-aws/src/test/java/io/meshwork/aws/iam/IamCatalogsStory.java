package io.meshwork.aws.iam;

import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.IamCatalogs;
import io.meshwork.aws.iam.IamStory.OrderInCents;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import io.meshwork.rollout.Rollout.Track;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/**
 * The work of all roles of a mesh of several catalogs, each as a process of its own: from the
 * registration of the domains to a rollout and its maintenance.
 */
final class IamCatalogsStory {
  private static final String ORDERS = "commerce/orders";

  private final IamCatalogs catalogs;
  private final Principal admin;
  private final Principal steward;
  private final Principal operations;
  private final Principal analyst;
  private final Principal financeOperations;
  private final Principal reporter;
  private final Principal desk;
  private final Principal auditor;
  private final Principal backup;

  private IamCatalogsStory(IamCatalogs catalogs) {
    this.catalogs = catalogs;
    admin = catalogs.createRole(IamCatalogs.GOVERNANCE, "admin", AwsRoleKind.governance());
    for (String table :
        List.of(IamCatalogs.GOVERNANCE, IamCatalogs.COMMERCE, IamCatalogs.FINANCE)) {
      catalogs.permit(admin, table, AwsRoleKind.governance());
    }
    steward = create(IamCatalogs.COMMERCE, "steward", AwsRoleKind.steward("commerce"));
    operations = create(IamCatalogs.COMMERCE, "operations", AwsRoleKind.maintenance("commerce"));
    analyst = create(IamCatalogs.FINANCE, "analyst", AwsRoleKind.consumer("finance"));
    financeOperations =
        create(IamCatalogs.FINANCE, "operations", AwsRoleKind.maintenance("finance"));
    for (Principal ofGuest : List.of(analyst, financeOperations)) {
      catalogs.permit(ofGuest, IamCatalogs.COMMERCE, AwsRoleKind.consumer("finance"));
    }
    catalogs.permit(operations, IamCatalogs.FINANCE, AwsRoleKind.reader());
    reporter = catalogs.createRole(IamCatalogs.FINANCE, "reporter");
    desk = catalogs.createRole(IamCatalogs.FINANCE, "desk");
    catalogs.permit(desk, IamCatalogs.FINANCE, AwsRoleKind.reader());
    auditor = catalogs.createRole(IamCatalogs.GOVERNANCE, "auditor");
    catalogs.permit(auditor, IamCatalogs.FINANCE, AwsRoleKind.reader());
    for (Principal executor : List.of(desk, auditor)) {
      catalogs.permit(executor, IamCatalogs.GOVERNANCE, AwsRoleKind.reader());
      catalogs.permit(executor, IamCatalogs.COMMERCE, AwsRoleKind.executor(executor.account()));
    }
    backup = catalogs.createRole(IamCatalogs.GOVERNANCE, "backup", AwsRoleKind.backup());
    catalogs.permit(backup, IamCatalogs.GOVERNANCE, AwsRoleKind.backup());
    catalogs.permit(backup, IamCatalogs.COMMERCE, AwsRoleKind.backup());
    catalogs.permit(backup, IamCatalogs.FINANCE, AwsRoleKind.reader());
    catalogs.share(
        IamCatalogs.COMMERCE,
        backup,
        TableReaders.of(ORDERS, 1, analyst),
        TableReaders.of(ORDERS, 2, analyst));
    catalogs.share(IamCatalogs.FINANCE, backup);
    catalogs.share(IamCatalogs.GOVERNANCE, backup);
  }

  /** Creates a role with a kind in the account of its own table, which reads the directory. */
  private Principal create(String account, String name, AwsRoleKind kind) {
    Principal role = catalogs.createRole(account, name, kind);
    catalogs.permit(role, account, kind);
    catalogs.permit(role, IamCatalogs.GOVERNANCE, AwsRoleKind.reader());
    return role;
  }

  static IamCatalogsStory prepare(AwsEmulator aws, Topology topology) {
    return new IamCatalogsStory(IamCatalogs.make(aws, topology));
  }

  void run() {
    register("commerce", IamCatalogs.COMMERCE, steward);
    register("finance", IamCatalogs.FINANCE, analyst);
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client()
          .defineProduct(ORDERS)
          .contract(Contract.of(SmallOrder.class).require(unique("id")))
          .commit();
    }
    publish(new SmallOrder("o-1", 10));
    admitFinance();
    requestAndApprove();
    link();
    execute();
    delegate();
    passOn();
    follow();
    publish(new SmallOrder("o-2", 20));
    pollNewRows();
    seeConsumption();
    rollOut();
    agree();
    activate();
    publishToBoth(new SmallOrder("o-3", 30));
    moveToTheNewVersion();
    deliverNotices();
    for (Principal role : List.of(operations, financeOperations, admin)) {
      maintain(role);
    }
    unlink();
    backUp();
  }

  private void register(String domain, String account, Principal administrator) {
    catalogs.addCatalog(admin, domain, account);
    try (Mesh mesh = catalogs.open(admin)) {
      mesh.client()
          .registerDomain(domain)
          .accounts(account)
          .owner(domain + "@example.org")
          .location(catalogs.root(account))
          .administrators(administrator)
          .commit();
    }
  }

  private void publish(SmallOrder... orders) {
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client().publish(ORDERS).records(List.of(orders)).commit();
    }
  }

  private void publishToBoth(SmallOrder... orders) {
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client()
          .publish(ORDERS)
          .<SmallOrder>records(List.of(orders))
          .majorVersion(1)
          .alsoTo(2, OrderInCents::of)
          .commit();
    }
  }

  /** The consumer never may: neither by its first request nor by the call of governance. */
  private void admitFinance() {
    String catalog = catalogs.catalogOf("commerce");
    try (Mesh mesh = catalogs.open(analyst)) {
      assertDenied(
          () -> request(mesh),
          "finance/@" + catalog,
          "governance().admit(\"finance\", \"" + catalog + "\").commit()");
      assertDenied(
          () -> mesh.client().governance().admit("finance", catalog).commit(),
          "dynamodb:PutItem",
          "the leading keys _mesh",
          analyst.toString());
    }
    try (Mesh mesh = catalogs.open(admin)) {
      assertThat(mesh.client().governance().admit("finance", catalog).commit())
          .containsExactly("finance");
      assertThat(mesh.client().events("_mesh/@" + catalog).list())
          .filteredOn(event -> event.type() == MeshEvent.Type.GUEST_ADMITTED)
          .extracting(MeshEvent::subject, MeshEvent::principal)
          .containsExactly(tuple("finance", admin.toString()));
    }
  }

  private static void assertDenied(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContainingAll(facts);
  }

  private void requestAndApprove() {
    String request;
    try (Mesh mesh = catalogs.open(analyst)) {
      request = request(mesh).id();
    }
    try (Mesh mesh = catalogs.open(steward)) {
      assertDenied(
          () -> mesh.client().requests().approve(request).because("Revenue").commit(),
          "sts:AssumeRole",
          IamCatalogs.FINANCE,
          steward.toString());
    }
    catalogs.permit(steward, IamCatalogs.FINANCE, AwsRoleKind.reader());
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client().requests().approve(request).because("Revenue").commit();
    }
    try (Mesh mesh = catalogs.open(analyst)) {
      assertThat(mesh.client().requests().sent().get(0).granted()).isPresent();
    }
  }

  private static AccessRequest request(Mesh mesh) {
    return mesh.client().requests().requestAccess(ORDERS).purpose("Revenue").commit();
  }

  private void link() {
    try (Mesh mesh = catalogs.open(analyst)) {
      MeshClient client = mesh.client();
      assertThatThrownBy(() -> rows(client))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.LINK_MISSING));
      assertThat(client.linkResource(ORDERS).database("sales").followRollouts().commit().readable())
          .isTrue();
    }
  }

  /** The account of finance decides for commerce, in the catalog of commerce. */
  private void execute() {
    authorize(steward, IamCatalogs.FINANCE);
    assertThat(grantTheReporter(desk)).hasSize(1);
    try (Mesh mesh = catalogs.open(steward)) {
      MeshClient owner = mesh.client();
      assertThat(owner.events("commerce/@by/" + IamCatalogs.FINANCE).list()).hasSize(1);
    }
  }

  private void authorize(Principal authorizing, String executors) {
    try (Mesh mesh = catalogs.open(authorizing)) {
      Authorize.ByName authorize =
          mesh.client()
              .access()
              .authorize(ORDERS)
              .executorAccounts(executors)
              .consumers(reporter)
              .because("They share for us");
      (authorizing.equals(steward) ? authorize.allowDelegation() : authorize).commit();
    }
  }

  /** The account of finance lets that of governance decide in its place. */
  private void delegate() {
    authorize(desk, IamCatalogs.GOVERNANCE);
    assertThat(grantTheReporter(auditor)).hasSize(1);
  }

  private void passOn() {
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client()
          .grant(ORDERS)
          .toAccounts(IamCatalogs.FINANCE)
          .withGrantOption()
          .because("Finance decides")
          .commit();
    }
    assertThat(grantTheReporter(analyst)).hasSize(1);
  }

  private List<GrantSummary> grantTheReporter(Principal granting) {
    try (Mesh mesh = catalogs.open(granting)) {
      return mesh.client().grant(ORDERS).to(reporter).because("Reports").commit();
    }
  }

  /** Both catalogs and the files of both accounts are in the backup. */
  private void backUp() {
    AwsCredentialsProvider credentials = AwsLocal.role(backup.account(), backup.role());
    Path denied = newFolder();
    assertDenied(
        () -> AwsLocal.backUp(catalogs.config(), denied, credentials),
        "dynamodb:Scan",
        IamCatalogs.FINANCE);
    catalogs.permit(backup, IamCatalogs.FINANCE, AwsRoleKind.backup());

    Path folder = newFolder();
    LocalMesh.Copy copy = AwsLocal.backUp(catalogs.config(), folder, credentials);

    assertThat(copy.damage()).isEmpty();
    assertThat(copy.files()).isPositive();
    try (Mesh mesh = LocalMesh.openExisting(folder)) {
      assertThat(rows(mesh.clientAs(steward))).contains(new SmallOrder("o-1", 10));
    }
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("backup");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow() {
    try (Mesh mesh = catalogs.open(analyst)) {
      MeshClient client = mesh.client();
      assertThat(rows(client)).containsExactly(new SmallOrder("o-1", 10));
      Subscription<SmallOrder> revenue =
          client
              .subscribe(ORDERS)
              .name("revenue")
              .purpose("Revenue")
              .as(SmallOrder.class)
              .fromStart()
              .commit();
      assertThat(poll(revenue)).containsExactly(new SmallOrder("o-1", 10));
    }
  }

  private void pollNewRows() {
    try (Mesh mesh = catalogs.open(analyst)) {
      Subscription<SmallOrder> revenue =
          mesh.client().subscribe(ORDERS).name("revenue").as(SmallOrder.class).commit();
      assertThat(poll(revenue)).containsExactly(new SmallOrder("o-2", 20));
      assertThat(poll(revenue)).isEmpty();
    }
  }

  private void seeConsumption() {
    try (Mesh mesh = catalogs.open(steward)) {
      assertThat(mesh.client().consumers(ORDERS))
          .allSatisfy(consumer -> assertThat(consumer.lastUsedBy()).hasValue(analyst))
          .extracting(ProductConsumer::kind, ProductConsumer::name)
          .containsExactlyInAnyOrder(
              tuple(ProductConsumer.Kind.SUBSCRIPTION, "finance/revenue"),
              tuple(ProductConsumer.Kind.READER, "finance"));
      assertThat(mesh.client().subscriptions(ORDERS))
          .extracting(Subscription.Summary::domain, Subscription.Summary::name)
          .containsExactly(tuple("finance", "revenue"));
    }
  }

  private void rollOut() {
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client()
          .startRollout(ORDERS)
          .contract(Contract.of(OrderInCents.class).require(unique("id")))
          .because("Amounts in cents")
          .commit()
          .announce()
          .commit();
    }
  }

  private void agree() {
    try (Mesh mesh = catalogs.open(analyst)) {
      for (Track track : mesh.client().rollout(ORDERS).tracks()) {
        assertThat(track.agree().commit().answer()).isEqualTo(Track.Answer.AGREED);
      }
    }
    try (Mesh mesh = catalogs.open(steward)) {
      assertThat(mesh.client().rollout(ORDERS).tracks())
          .extracting(Track::consumer, Track::answer)
          .containsExactlyInAnyOrder(
              tuple("finance/revenue", Track.Answer.AGREED),
              tuple("finance/@", Track.Answer.AGREED));
    }
  }

  private void activate() {
    try (Mesh mesh = catalogs.open(steward)) {
      mesh.client()
          .rollout(ORDERS)
          .backFill(SmallOrder.class, OrderInCents::of)
          .commit()
          .activate()
          .commit();
    }
  }

  private void moveToTheNewVersion() {
    try (Mesh mesh = catalogs.open(analyst)) {
      Subscription<OrderInCents> revenue =
          mesh.client()
              .subscribe(ORDERS)
              .name("revenue")
              .majorVersion(2)
              .as(OrderInCents.class)
              .commit();
      assertThat(poll(revenue))
          .as("the position continues in the new version")
          .containsExactly(new OrderInCents("o-3", 3000));
    }
    try (Mesh mesh = catalogs.open(steward)) {
      assertThat(mesh.client().rollout(ORDERS).track("finance/revenue").state())
          .isEqualTo(Track.State.MIGRATING);
    }
  }

  private void deliverNotices() {
    for (Principal role : List.of(operations, financeOperations, admin)) {
      RecordingNotifier notices = new RecordingNotifier();
      for (boolean first : List.of(true, false)) {
        try (Mesh mesh = catalogs.process(role, Duration.ZERO).notifier("all", notices).open()) {
          mesh.deliverNotices();
        }
        if (first) {
          publishToBoth(new SmallOrder(role.account(), 10));
        }
      }
      if (role.equals(operations)) {
        assertThat(notices.all()).isNotEmpty();
      }
    }
  }

  /** The clock is ahead, so that snapshots and logs are old. */
  private void maintain(Principal role) {
    try (Mesh mesh = catalogs.process(role, Duration.ofDays(40)).open()) {
      assertThat(mesh.maintain().trustClock().commit().remaining()).as(role.role()).isEmpty();
      assertThat(mesh.repair().commit().problems()).as(role.role()).isEmpty();
      assertThat(Finding.errors(mesh.doctor().findings())).as(role.role()).isEmpty();
    }
  }

  private void unlink() {
    try (Mesh mesh = catalogs.open(analyst)) {
      MeshClient client = mesh.client();
      client.unsubscribe(ORDERS, "revenue").commit();
      assertThat(client.unlinkResource("sales.orders").commit()).isPresent();
    }
  }

  private static List<SmallOrder> rows(MeshClient client) {
    List<SmallOrder> rows = new ArrayList<>();
    try (Rows<SmallOrder> all = client.read(ORDERS).as(SmallOrder.class).majorVersion(1).rows()) {
      all.forEach(rows::add);
    }
    return rows;
  }

  private static <T> List<T> poll(Subscription<T> subscription) {
    List<T> rows = new ArrayList<>();
    try (Batch<T> batch = subscription.poll()) {
      batch.forEach(rows::add);
      batch.ack();
    }
    return rows;
  }
}
