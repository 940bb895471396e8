package io.meshwork.aws.iam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.IamAccounts;
import io.meshwork.aws.MeshNames;
import io.meshwork.contract.Contract;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.product.Principal;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A process that began before IAM let it assume its registry role. */
class IamLateRoleTest extends EmulatorFixture {
  private static final String COMMERCE = "222222222222";

  private IamAccounts accounts;
  private Principal registry;

  @Test
  void aProcessGetsItsRoleWithoutARestartOnceStsGivesIt() {
    accounts = IamAccounts.make(aws);
    accounts.makeBucket(COMMERCE);
    accounts.putBucketPolicy(COMMERCE, accounts.policies().bucket(COMMERCE));
    Principal etl = accounts.newName(COMMERCE, "etl");
    try (Mesh mesh = accounts.open(Principal.of(IamAccounts.GOVERNANCE, "admin"))) {
      mesh.client()
          .registerDomain("commerce")
          .owner("shop@example.org")
          .accounts(COMMERCE)
          .administrators(etl)
          .location("s3://" + MeshNames.bucketIn(accounts.config(), COMMERCE))
          .commit();
    }
    accounts.createRole(etl, AwsRoleKind.steward("commerce"));
    accounts.put(etl, "reader", accounts.policies().callerAsReader());
    registry = accounts.registryRole(etl);
    trust(accounts.newName(COMMERCE, "another"));
    try (Mesh mesh = accounts.open(etl)) {
      MeshClient client = mesh.client();
      assertThat(client.products()).isEmpty();
      assertThatThrownBy(() -> define(client))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> {
                assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING);
                assertThat(e.fix())
                    .startsWith("Create the role " + MeshNames.roleArn(accounts.config(), registry))
                    .contains(etl.toString());
              });

      trust(etl);

      define(client);
    }
  }

  private static void define(MeshClient client) {
    client.defineProduct("commerce/orders").contract(Contract.of(SmallOrder.class)).commit();
  }

  private void trust(Principal principal) {
    accounts
        .administrator(registry.account())
        .iam(
            "UpdateAssumeRolePolicy",
            Map.of(
                "RoleName",
                registry.role(),
                "PolicyDocument",
                accounts.policies().registryTrust(principal)));
  }
}
