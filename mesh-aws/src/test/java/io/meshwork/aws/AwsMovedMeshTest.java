package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.IamStory.Order;
import io.meshwork.aws.IamStory.OrderInCents;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Warehouse;
import io.meshwork.testkit.AwsEmulator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A moved mesh is used by roles that have exactly the policies which {@link AwsPolicies} prints.
 */
class AwsMovedMeshTest {
  private static final String ORDERS = "commerce/orders";
  private static final String REFUNDS = "commerce/refunds";
  private static final String RETURNS = "commerce/returns";
  private static final String FINANCE = "333333333333";

  @TempDir private Path temporary;
  private AwsEmulator aws;
  private IamAccounts accounts;
  private Principal steward;
  private Principal analyst;

  @BeforeEach
  void start() {
    aws = AwsEmulator.start();
    accounts = IamAccounts.unmade(aws);
    steward = accounts.newName(IamAccounts.GOVERNANCE, "commerce-steward");
    analyst = accounts.newName(FINANCE, "analyst");
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  @Test
  void consumersContinueAndStewardsRollOutWithThePrintedPolicies() {
    AwsMesh.move(embedded(), accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"))
        .account("commerce", IamAccounts.GOVERNANCE)
        .account("finance", FINANCE)
        .commit();
    accounts.createRole(steward, AwsDuty.steward("commerce"));
    accounts.createRole(analyst, AwsDuty.consumer("finance"));
    accounts.putBucketPolicy(
        IamAccounts.GOVERNANCE,
        accounts
            .policies()
            .bucket(
                IamAccounts.GOVERNANCE,
                TableReaders.of(ORDERS, 1, analyst),
                TableReaders.of(ORDERS, 2, analyst)));

    publish(new Order("o-2", 20));
    try (Mesh mesh = accounts.open(analyst)) {
      MeshClient finance = mesh.acting();
      assertThat(poll(copy(finance, Order.class).commit()))
          .as("after the position in the folder")
          .containsExactly(new Order("o-2", 20));
      assertThat(finance.requestAccess(RETURNS).purpose("Returns a month").commit().id())
          .isNotEmpty();
      finance.subscribe(ORDERS).named("trial").purpose("A trial").as(Order.class).commit();
      finance.unsubscribe(ORDERS, "trial").commit();
    }
    rollOut();
    try (Mesh mesh = accounts.open(steward)) {
      mesh.acting()
          .publish(ORDERS)
          .<Order>records(List.of(new Order("o-3", 30)))
          .majorVersion(1)
          .alsoTo(2, OrderInCents::of)
          .commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      Subscription<OrderInCents> copy =
          copy(mesh.acting(), OrderInCents.class).majorVersion(2).commit();
      assertThat(poll(copy)).contains(new OrderInCents("o-3", 3_000));
    }

    for (String prefix : List.of("subscription/", "position/", "usage/", "request/")) {
      assertThat(documents("finance", prefix)).as(prefix).isZero();
      assertThat(documents("finance/@mesh", prefix)).as(prefix).isPositive();
    }
    Warehouse.Ports ports = ports();
    try (Mesh mesh = Mesh.over(ports.registry(), ports.files(), ports.root()).open()) {
      assertThat(mesh.doctorWithChecksums().problems()).isEmpty();
    }
  }

  /** A mesh in a folder, whose roles have the names of roles on AWS. */
  private Path embedded() {
    Path folder = temporary.resolve("embedded");
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient commerce = mesh.actingAs(Principal.of("commerce", steward.role()));
      MeshClient finance = mesh.actingAs(Principal.of("finance", analyst.role()));
      commerce.registerDomain("commerce").ownedBy("commerce@example.org").commit();
      finance.registerDomain("finance").ownedBy("finance@example.org").commit();
      commerce.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
      commerce.defineProduct(REFUNDS).contract(Contract.of(Order.class)).commit();
      commerce.defineProduct(RETURNS).contract(Contract.of(Order.class)).commit();
      commerce.publish(ORDERS).records(List.of(new Order("o-1", 10))).commit();
      commerce
          .grant(ORDERS)
          .to(Principal.of("finance", analyst.role()))
          .because("Month end")
          .commit();
      finance.requestAccess(REFUNDS).purpose("Refunds a week").commit();
      Subscription<Order> copy =
          finance
              .subscribe(ORDERS)
              .named("copy")
              .purpose("A copy")
              .as(Order.class)
              .fromStart()
              .commit();
      assertThat(poll(copy)).containsExactly(new Order("o-1", 10));
    }
    return folder;
  }

  private void publish(Order order) {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.acting().publish(ORDERS).records(List.of(order)).commit();
    }
  }

  private void rollOut() {
    try (Mesh mesh = accounts.open(steward)) {
      mesh.acting()
          .rollOut(ORDERS)
          .contract(Contract.of(OrderInCents.class))
          .because("Amounts in cents")
          .commit()
          .backFill(Order.class, OrderInCents::of)
          .commit()
          .activate()
          .commit();
    }
  }

  private int documents(String partition, String prefix) {
    return ports().registry().list(partition, prefix, null).documents().size();
  }

  private Warehouse.Ports ports() {
    return new AwsMoveTarget(accounts.config(), AwsLocal.role(IamAccounts.GOVERNANCE, "admin"))
        .open();
  }

  private static <T> Subscribe<T> copy(MeshClient client, Class<T> type) {
    return client.subscribe(ORDERS).named("copy").purpose("A copy").as(type);
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
