package io.meshwork.aws.iam;

import static io.meshwork.aws.iam.IamAssertions.assertMissing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The owner of a product ends the subscription of another domain, as on an embedded mesh: once it
 * is unused, and with a role that may write what that domain recorded as a consumer.
 */
class IamSubscriptionsTest extends EmulatorFixture {
  private static final String COMMERCE = "222222222222";
  private static final String FINANCE = "333333333333";
  private static final String ORDERS = "commerce/orders";
  private static final String TRIAL = "finance/trial";
  private static final Duration UNUSED = Duration.ofDays(100);

  @Test
  void aRoleOfTheOwnerWithTheDutyOfTheConsumerEndsItsUnusedSubscription() {
    IamAccounts accounts = IamAccounts.make(aws);
    accounts.makeBucket(COMMERCE);
    Principal admin = accounts.newName(IamAccounts.GOVERNANCE, "mesh-admin");
    Principal steward = accounts.newName(COMMERCE, "commerce-steward");
    Principal keeper = accounts.newName(COMMERCE, "commerce-keeper");
    Principal analyst = accounts.newName(FINANCE, "analyst");
    accounts.createRole(admin, AwsRoleKind.governance());
    accounts.createRole(steward, AwsRoleKind.steward("commerce"));
    accounts.createRole(keeper, AwsRoleKind.steward("commerce"));
    accounts.put(
        accounts.registryRole(keeper),
        "registry",
        accounts
            .policies()
            .registry(AwsRoleKind.steward("commerce"), AwsRoleKind.consumer("finance")));
    accounts.createRole(analyst, AwsRoleKind.consumer("finance"));
    accounts.putBucketPolicy(
        COMMERCE, accounts.policies().bucket(COMMERCE, TableReaders.of(ORDERS, 1, analyst)));
    define(accounts, admin, steward, analyst, List.of(steward, keeper));

    try (Mesh mesh = accounts.open(keeper)) {
      assertThatThrownBy(() -> end(mesh.client()))
          .isInstanceOfSatisfying(
              ConflictException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.STATE_CONFLICT))
          .hasMessageContaining("ACTIVE");
    }
    try (Mesh mesh = accounts.openLater(steward, UNUSED)) {
      assertMissing(() -> end(mesh.client()), "dynamodb:", accounts.registryRole(steward).role());
    }
    try (Mesh mesh = accounts.openLater(keeper, UNUSED)) {
      end(mesh.client());
    }

    try (Mesh mesh = accounts.openLater(analyst, UNUSED)) {
      assertThat(mesh.client().subscriptions(ORDERS)).isEmpty();
    }
  }

  private static void define(
      IamAccounts accounts,
      Principal admin,
      Principal steward,
      Principal analyst,
      List<Principal> administrators) {
    try (Mesh mesh = accounts.open(admin)) {
      MeshClient governance = mesh.client();
      governance
          .registerDomain("commerce")
          .accounts(COMMERCE)
          .owner("commerce@example.org")
          .administrators(administrators.toArray(Principal[]::new))
          .location("s3://" + MeshNames.bucketIn(accounts.config(), COMMERCE))
          .commit();
      governance
          .registerDomain("finance")
          .accounts(FINANCE)
          .owner("finance@example.org")
          .administrators(analyst)
          .commit();
    }
    try (Mesh mesh = accounts.open(steward)) {
      MeshClient owner = mesh.client();
      owner.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      owner.publish(ORDERS).records(List.of(new SmallOrder("1", 5))).commit();
      owner.grant(ORDERS).to(analyst).because("Revenue").commit();
    }
    try (Mesh mesh = accounts.open(analyst)) {
      mesh.client()
          .subscribe(ORDERS)
          .name("trial")
          .purpose("A trial")
          .as(SmallOrder.class)
          .fromStart()
          .commit();
    }
  }

  private static void end(MeshClient owner) {
    Subscription.Summary ended =
        owner.unsubscribe(ORDERS, TRIAL).because("Unused").commit().orElseThrow();
    assertThat(ended.state()).isEqualTo(Subscription.State.DORMANT);
  }
}
