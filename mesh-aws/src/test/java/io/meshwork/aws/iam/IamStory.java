package io.meshwork.aws.iam;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.request.Suggestion;
import io.meshwork.testkit.RecordingNotifier;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The work of all roles of a mesh over five accounts. Each role has the policies that {@link
 * AwsPolicies} prints for its kind, and each step is a process of one role.
 */
public final class IamStory {
  static final String COMMERCE = "222222222222";
  static final String FINANCE = "333333333333";
  static final String CENTRAL = "444444444444";
  static final String AUDIT = "555555555555";
  static final String ORDERS = "commerce/orders";
  private static final String RETURNS = "commerce/returns";

  final IamAccounts accounts;
  final Principal admin;
  final Principal steward;
  final Principal etl;
  final Principal operations;
  final Principal analyst;
  final Principal desk;
  final Principal backup;
  final Principal financeOperations;
  private final Principal reporter;
  private final Principal auditor;

  /** Roles with one kind each, by the kind. */
  private final Map<String, Principal> roles = new LinkedHashMap<>();

  public record OrderInCents(String id, long cents) {
    public static OrderInCents of(SmallOrder order) {
      return new OrderInCents(order.id(), Math.round(order.amount() * 100));
    }
  }

  private IamStory(IamAccounts accounts) {
    this.accounts = accounts;
    admin = create(IamAccounts.GOVERNANCE, "mesh-admin", AwsRoleKind.governance());
    steward = create(COMMERCE, "commerce-steward", AwsRoleKind.steward("commerce"));
    etl = create(COMMERCE, "commerce-etl", AwsRoleKind.producer("commerce"));
    operations = create(COMMERCE, "commerce-operations", AwsRoleKind.maintenance("commerce"));
    create(COMMERCE, "commerce-visitor", AwsRoleKind.reader());
    create(FINANCE, "finance-etl", AwsRoleKind.producer("finance"));
    reporter = create(FINANCE, "finance-reporter", AwsRoleKind.consumer("finance"));
    financeOperations = create(FINANCE, "finance-operations", AwsRoleKind.maintenance("finance"));
    create(CENTRAL, "reviewer", AwsRoleKind.executor(CENTRAL));
    backup = create(CENTRAL, "mesh-backup", AwsRoleKind.backup());
    auditor = accounts.newName(AUDIT, "auditor");
    accounts.createRole(auditor, AwsRoleKind.executor(AUDIT));
    analyst = accounts.newName(FINANCE, "analyst");
    desk = accounts.newName(CENTRAL, "access-desk");
    accounts.createRole(analyst, AwsRoleKind.consumer("finance"));
    accounts.createRole(desk, AwsRoleKind.executor(CENTRAL));
    accounts.makeBucket(COMMERCE);
    accounts.makeBucket(FINANCE);
    for (String account : List.of(IamAccounts.GOVERNANCE, FINANCE)) {
      accounts.putBucketPolicy(account, policies().bucket(account));
    }
    shareTables();
  }

  /** Returns the policies, with those of buckets that the backup reads. */
  AwsPolicies policies() {
    return accounts.policies().backupRole(backup);
  }

  /** Gives the analyst the tables of both major versions, in the policy of their bucket. */
  void shareTables() {
    accounts.putBucketPolicy(
        COMMERCE,
        policies()
            .bucket(
                COMMERCE,
                TableReaders.of(ORDERS, 1, analyst),
                TableReaders.of(ORDERS, 2, analyst)));
  }

  static IamStory prepare(AwsEmulator aws) {
    return new IamStory(IamAccounts.make(aws));
  }

  private Principal create(String account, String name, AwsRoleKind kind) {
    Principal role = accounts.newName(account, name);
    accounts.createRole(role, kind);
    roles.put(kind.toString(), role);
    return role;
  }

  /** Returns roles that have one kind each and exactly its policies, by the kind. */
  Map<String, Principal> roles() {
    return roles;
  }

  /** Returns the roles that work in the story. */
  List<Principal> workers() {
    return List.of(admin, steward, etl, operations, analyst, desk, backup);
  }

  void run() {
    register();
    define(ORDERS);
    publish(etl, ORDERS, new SmallOrder("o-0", 5), new SmallOrder("o-1", 10));
    define(RETURNS);
    publish(steward, RETURNS, new SmallOrder("o-0", 5));
    String request = ask();
    authorize(request);
    execute(request);
    follow();
    withdrawAuthorizations(ORDERS);
    talkAboutRequests();
    grantAndRevoke();
    delegate();
    withdrawAuthorizations(RETURNS);
    passOnAndLink();
    amendAndErase();
    rollOut();
    publishToBoth(new SmallOrder("o-2", 20));
    moveToTheNewVersion();
    for (Principal role : List.of(operations, financeOperations, admin)) {
      deliverNotices(role);
    }
    maintainWithoutPlace();
    giveFinanceAPlace();
    readFilesOfTheDomain();
    for (Duration later : List.of(Duration.ZERO, Duration.ofDays(40))) {
      for (Principal role : List.of(operations, financeOperations, admin)) {
        maintain(role, later);
      }
    }
    backUp();
  }

  void register() {
    try (Mesh mesh = accounts.open(admin)) {
      MeshClient governance = mesh.client();
      governance
          .registerDomain("commerce")
          .accounts(COMMERCE)
          .owner("commerce@example.org")
          .administrators(steward, etl)
          .location("s3://" + MeshNames.bucketIn(accounts.config(), COMMERCE))
          .commit();
      governance
          .registerDomain("finance")
          .accounts(FINANCE)
          .owner("finance@example.org")
          .administrators(analyst)
          .commit();
      governance.registerDomain("audit").accounts(AUDIT).owner("audit@example.org").commit();
      governance.registerDomain("central").accounts(CENTRAL).owner("access@example.org").commit();
      governance.governance().appoint(steward).commit();
    }
  }

  void define(String product) {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .defineProduct(product)
          .contract(Contract.of(SmallOrder.class).require(unique("id")))
          .commit();
    }
  }

  private void publish(Principal role, String product, SmallOrder... orders) {
    try (Mesh mesh = accounts.open(role)) {
      mesh.client().publish(product).records(List.of(orders)).commit();
    }
  }

  void publishToBoth(SmallOrder... orders) {
    try (Mesh mesh = accounts.open(etl)) {
      mesh.client()
          .publish(ORDERS)
          .<SmallOrder>records(List.of(orders))
          .majorVersion(1)
          .alsoTo(2, OrderInCents::of)
          .commit();
    }
  }

  private String ask() {
    try (Mesh mesh = accounts.open(analyst)) {
      return mesh.client()
          .requests()
          .requestAccess(ORDERS)
          .purpose("Monthly revenue")
          .commit()
          .id();
    }
  }

  private void authorize(String request) {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .access()
          .authorize(ORDERS)
          .executorAccounts(CENTRAL)
          .request(request)
          .because("The access desk decides")
          .commit();
    }
  }

  private void execute(String request) {
    try (Mesh mesh = accounts.open(desk)) {
      List<GrantSummary> granted =
          mesh.client()
              .grant(ORDERS)
              .to(analyst)
              .request(request)
              .because("Approved by finance")
              .commit();
      assertThat(granted).hasSize(1);
    }
  }

  private void follow() {
    try (Mesh mesh = accounts.open(analyst)) {
      MeshClient client = mesh.client();
      assertThat(rows(client)).containsExactly(new SmallOrder("o-0", 5), new SmallOrder("o-1", 10));
      Subscription<SmallOrder> revenue =
          client
              .subscribe(ORDERS)
              .name("revenue")
              .purpose("Monthly revenue")
              .as(SmallOrder.class)
              .fromStart()
              .commit();
      assertThat(poll(revenue)).hasSize(2);
      client.subscribe(ORDERS).name("trial").purpose("A trial").as(SmallOrder.class).commit();
      client.unsubscribe(ORDERS, "trial").commit();
    }
  }

  /** The grants of the executors stay. */
  private void withdrawAuthorizations(String product) {
    try (Mesh mesh = accounts.open(steward)) {
      MeshClient client = mesh.client();
      List<AuthorizationSummary> given =
          client.access().authorizations(product).stream()
              .filter(each -> each.under().isEmpty())
              .toList();
      assertThat(given).hasSize(1);
      client.access().withdrawAuthorization(given.get(0).id()).because("Done").commit();
      assertThat(client.access().authorizations(product)).isEmpty();
    }
  }

  private void talkAboutRequests() {
    String withdrawn = askFor(RETURNS);
    try (Mesh mesh = accounts.open(analyst)) {
      mesh.client().requests().withdraw(withdrawn).commit();
    }
    String asked = askFor(RETURNS);
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client().requests().requestClarification(asked, "For which report?").commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      mesh.client().requests().respond(asked, "For taxes").commit();
    }
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client().requests().deny(asked).because("Not needed for taxes").commit();
    }
    String approved = askFor(RETURNS);
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client().requests().approve(approved).because("Needed").commit();
    }
    talkAboutSuggestions();
  }

  private void talkAboutSuggestions() {
    String accepted;
    try (Mesh mesh = accounts.open(analyst)) {
      MeshClient client = mesh.client();
      accepted = client.suggestions().suggest(RETURNS).text("Add the reason").commit().id();
      String withdrawn = client.suggestions().suggest(RETURNS).text("Add the day").commit().id();
      client.suggestions().withdraw(withdrawn).commit();
    }
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client().suggestions().accept(accepted).version(ContractVersion.FIRST).commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      assertThat(mesh.client().suggestions().sent())
          .extracting(Suggestion::state)
          .containsExactlyInAnyOrder(Suggestion.State.DELIVERED, Suggestion.State.WITHDRAWN);
    }
  }

  private String askFor(String product) {
    try (Mesh mesh = accounts.open(analyst)) {
      return mesh.client().requests().requestAccess(product).purpose("Returns").commit().id();
    }
  }

  private void grantAndRevoke() {
    try (Mesh mesh = accounts.open(steward)) {
      MeshClient client = mesh.client();
      List<GrantSummary> granted =
          client.grant(RETURNS).to(reporter).because("For the audit").commit();
      client.revoke(granted.get(0).id()).because("The audit ended").commit();
    }
  }

  private void delegate() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .access()
          .authorize(RETURNS)
          .executorAccounts(CENTRAL)
          .consumers(reporter)
          .allowDelegation()
          .because("The access desk shares for us")
          .commit();
    }
    try (Mesh mesh = accounts.open(desk)) {
      mesh.client()
          .access()
          .authorize(RETURNS)
          .executorAccounts(AUDIT)
          .consumers(reporter)
          .because("The auditors carry it out")
          .commit();
    }
    try (Mesh mesh = accounts.open(auditor)) {
      assertThat(mesh.client().grant(RETURNS).to(reporter).because("Audit").commit()).hasSize(1);
    }
  }

  private void passOnAndLink() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .grant(ORDERS)
          .toAccounts(FINANCE)
          .withGrantOption()
          .because("Finance decides")
          .commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      MeshClient client = mesh.client();
      assertThat(client.grant(ORDERS).to(reporter).because("Reports").commit()).hasSize(1);
      client.linkResource(ORDERS).database("sales").followRollouts().commit();
      client.linkResource(RETURNS).database("sales").commit();
      client.unlinkResource("sales.returns").commit();
    }
  }

  private void deliverNotices(Principal role) {
    RecordingNotifier notices = new RecordingNotifier();
    for (boolean first : List.of(true, false)) {
      try (Mesh mesh = accounts.process(role, Duration.ZERO).notifier("all", notices).open()) {
        mesh.deliverNotices();
      }
      if (first) {
        publish(steward, RETURNS, new SmallOrder(role.role(), 10));
      }
    }
    if (role.equals(operations)) {
      assertThat(notices.all()).isNotEmpty();
    }
  }

  /** The account of finance may not list the bucket of the mesh. */
  private void maintainWithoutPlace() {
    try (Mesh mesh = accounts.openLater(financeOperations, Duration.ofDays(40))) {
      assertThat(mesh.maintain().trustClock().commit().remaining())
          .extracting(Finding::code)
          .contains(FindingCode.PLACE_NOT_LISTED);
      assertThat(mesh.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.PLACE_NOT_LISTED);
    }
  }

  private void giveFinanceAPlace() {
    try (Mesh mesh = accounts.open(admin)) {
      mesh.client()
          .registerDomain("finance")
          .location("s3://" + MeshNames.bucketIn(accounts.config(), FINANCE))
          .commit();
    }
  }

  /** In the bucket of its account, a consumer reads the files of its domain only. */
  private void readFilesOfTheDomain() {
    String bucket = MeshNames.bucketIn(accounts.config(), FINANCE);
    List<String> keys = List.of("data/finance/ledger_v1/file", "data/other/ledger_v1/file");
    try (S3Client s3 = accounts.administrator(FINANCE).s3();
        S3Client reader = accounts.clients(analyst).s3()) {
      keys.forEach(
          key ->
              s3.putObject(
                  put -> put.bucket(bucket).key(key).ifNoneMatch("*"),
                  RequestBody.fromString("x")));

      assertThat(reader.getObjectAsBytes(get -> get.bucket(bucket).key(keys.get(0))).asUtf8String())
          .isEqualTo("x");
      assertThatThrownBy(() -> reader.getObjectAsBytes(get -> get.bucket(bucket).key(keys.get(1))))
          .hasMessageContaining("s3:GetObject");
      keys.forEach(key -> s3.deleteObject(delete -> delete.bucket(bucket).key(key)));
    }
  }

  private void backUp() {
    Path folder;
    try {
      folder = Files.createTempDirectory("backup");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LocalMesh.Copy copy =
        AwsLocal.backUp(accounts.config(), folder, AwsLocal.role(backup.account(), backup.role()));
    assertThat(copy.damage()).isEmpty();
    assertThat(copy.files()).isPositive();
  }

  private void rollOut() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .startRollout(ORDERS)
          .contract(Contract.of(OrderInCents.class).require(unique("id")))
          .because("Amounts in cents")
          .commit()
          .backFill(SmallOrder.class, OrderInCents::of)
          .commit()
          .activate()
          .commit();
    }
  }

  private void moveToTheNewVersion() {
    try (Mesh mesh = accounts.open(analyst)) {
      Subscription<OrderInCents> revenue =
          mesh.client()
              .subscribe(ORDERS)
              .name("revenue")
              .majorVersion(2)
              .as(OrderInCents.class)
              .commit();
      assertThat(poll(revenue)).isNotEmpty();
    }
  }

  private void amendAndErase() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.client()
          .amendContract(ORDERS)
          .contract(
              Contract.of(SmallOrder.class).require(unique("id"), between("amount", -1_000, 1_000)))
          .commit();
      mesh.client().erase(ORDERS).where("id = 'o-0'").because("The customer asked").commit();
    }
  }

  /**
   * Maintains and examines the domain of a role with a clock that is ahead, so that logs and
   * snapshots are old.
   */
  private void maintain(Principal role, Duration later) {
    try (Mesh mesh = accounts.openLater(role, later)) {
      assertThat(mesh.maintain().trustClock().commit().remaining()).as(role.role()).isEmpty();
      assertThat(mesh.repair().commit().problems()).as(role.role()).isEmpty();
      assertThat(Finding.errors(mesh.doctor().findings())).as(role.role()).isEmpty();
    }
  }

  static List<SmallOrder> rows(MeshClient client) {
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
