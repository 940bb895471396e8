package io.meshwork.aws.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.Policies;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.AccessDeniedException;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.GrantPermissionsRequest;
import software.amazon.awssdk.services.lakeformation.model.InvalidInputException;
import software.amazon.awssdk.services.lakeformation.model.LakeFormationException;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.model.RamException;
import software.amazon.awssdk.services.ram.model.Resource;
import software.amazon.awssdk.services.ram.model.ResourceOwner;
import software.amazon.awssdk.services.ram.model.ResourceShare;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitation;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationAlreadyAcceptedException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationArnNotFoundException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationExpiredException;
import software.amazon.awssdk.services.ram.model.ResourceShareInvitationStatus;

/** Resource shares of Lake Formation on the emulator: organizations and invitations. */
class RamRulesTest {
  private static AwsEmulator aws;

  private final String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
  private final String sales = "sales_" + id;
  private LakeAccount producer;
  private LakeAccount consumer;

  @BeforeAll
  static void start() {
    aws = AwsEmulator.start();
  }

  @AfterAll
  static void close() {
    if (aws != null) {
      aws.close();
    }
  }

  /** Each test has two accounts without an organization. */
  @BeforeEach
  void createTables() {
    aws.reset();
    producer = LakeAccount.governed(aws, newAccount());
    consumer = LakeAccount.governed(aws, newAccount());
    producer.createDatabase(sales);
    producer.createTable(sales, "orders", "id", "total");
  }

  @AfterEach
  void closeAccounts() {
    producer.close();
    consumer.close();
  }

  @Test
  void accountsOfOneOrganizationShareWithoutInvitations() {
    aws.organization(producer.id(), consumer.id());
    shareOrders(consumer.id());

    assertThat(invitations()).isEmpty();
    assertThat(shares(consumer, ResourceOwner.OTHER_ACCOUNTS))
        .singleElement()
        .satisfies(
            share -> {
              assertThat(share.owningAccountId()).isEqualTo(producer.id());
              assertThat(share.name()).startsWith("LakeFormation");
            });
    assertThat(foreignColumns()).containsExactly("id", "total");
  }

  @Test
  void nothingIsVisibleBeforeAnInvitationIsAccepted() {
    shareOrders(consumer.id());

    assertThatThrownBy(this::foreignColumns).isInstanceOf(AccessDeniedException.class);
    assertThat(shares(consumer, ResourceOwner.OTHER_ACCOUNTS)).isEmpty();
    assertThat(resources(consumer, ResourceOwner.OTHER_ACCOUNTS)).isEmpty();
    assertThat(consumer.lake().listPermissions(r -> {}).principalResourcePermissions())
        .noneMatch(
            row ->
                producer
                    .id()
                    .equals(
                        row.resource().table() == null ? "" : row.resource().table().catalogId()));
    assertThat(shares(producer, ResourceOwner.SELF)).hasSize(1);
    assertThat(invitations())
        .singleElement()
        .satisfies(
            invitation -> {
              assertThat(invitation.status()).isEqualTo(ResourceShareInvitationStatus.PENDING);
              assertThat(invitation.senderAccountId()).isEqualTo(producer.id());
              assertThat(invitation.receiverAccountId()).isEqualTo(consumer.id());
            });
  }

  @Test
  void anInvitationIsAcceptedOnceByItsReceiver() {
    shareOrders(consumer.id());
    String arn = invitations().get(0).resourceShareInvitationArn();
    assertThatThrownBy(() -> accept(producer, arn))
        .isInstanceOf(ResourceShareInvitationArnNotFoundException.class);
    assertThat(
            consumer
                .ram()
                .listPendingInvitationResources(r -> r.resourceShareInvitationArn(arn))
                .resources())
        .singleElement()
        .satisfies(resource -> assertThat(resource.arn()).endsWith("table/" + sales + "/orders"));

    accept(consumer, arn);

    assertThat(foreignColumns()).containsExactly("id", "total");
    assertThat(invitations().get(0).status()).isEqualTo(ResourceShareInvitationStatus.ACCEPTED);
    assertThat(resources(consumer, ResourceOwner.OTHER_ACCOUNTS))
        .extracting(Resource::type)
        .containsExactly("glue:Table");
    assertThatThrownBy(() -> accept(consumer, arn))
        .isInstanceOf(ResourceShareInvitationAlreadyAcceptedException.class);
  }

  @Test
  void aRejectedInvitationIsFollowedByANewOne() {
    shareOrders(consumer.id());
    String arn = invitations().get(0).resourceShareInvitationArn();
    consumer.ram().rejectResourceShareInvitation(r -> r.resourceShareInvitationArn(arn));
    assertThatThrownBy(this::foreignColumns).isInstanceOf(AccessDeniedException.class);

    shareOrders(consumer.id());

    assertThat(invitations())
        .singleElement()
        .satisfies(
            invitation -> {
              assertThat(invitation.resourceShareInvitationArn()).isNotEqualTo(arn);
              assertThat(invitation.status()).isEqualTo(ResourceShareInvitationStatus.PENDING);
            });
  }

  @Test
  void anExpiredInvitationCannotBeAcceptedAndIsFollowedByANewOne() {
    shareOrders(consumer.id());
    String arn = invitations().get(0).resourceShareInvitationArn();

    aws.expireInvitations(consumer.id());

    assertThat(invitations().get(0).status()).isEqualTo(ResourceShareInvitationStatus.EXPIRED);
    assertThatThrownBy(() -> accept(consumer, arn))
        .isInstanceOf(ResourceShareInvitationExpiredException.class);
    shareOrders(consumer.id());
    assertThat(invitations())
        .extracting(ResourceShareInvitation::status)
        .containsExactly(ResourceShareInvitationStatus.PENDING);
  }

  @Test
  void laterGrantsOfOneTypeNeedNoNewInvitation() {
    producer.createTable(sales, "returns", "id");
    shareOrders(consumer.id());
    accept(consumer, invitations().get(0).resourceShareInvitationArn());

    producer.grant(consumer.id(), producer.tableResource(sales, "returns"), Permission.SELECT);

    assertThat(invitations()).hasSize(1);
    assertThat(resources(producer, ResourceOwner.SELF)).hasSize(2);
    producer.grant(consumer.id(), producer.databaseResource(sales), Permission.DESCRIBE);
    assertThat(invitations()).hasSize(2);
  }

  @Test
  void theShareEndsWithTheLastGrant() {
    aws.organization(producer.id(), consumer.id());
    shareOrders(consumer.id());

    producer
        .lake()
        .revokePermissions(
            r ->
                r.principal(LakeAccount.principal(consumer.id()))
                    .resource(producer.tableResource(sales, "orders"))
                    .permissions(Permission.SELECT));

    assertThat(shares(producer, ResourceOwner.SELF)).isEmpty();
    assertThatThrownBy(this::foreignColumns).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aGrantToAnOrganizationReachesItsMembers() {
    String organization = aws.organization(producer.id(), consumer.id());
    shareOrders(organization);

    assertThat(foreignColumns()).containsExactly("id", "total");
    LakeAccount stranger = LakeAccount.governed(aws, newAccount());
    try (stranger) {
      assertThatThrownBy(() -> columns(stranger.glue())).isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(
              () ->
                  producer.grant(
                      "arn:aws:organizations::" + stranger.id() + ":organization/o-other",
                      producer.tableResource(sales, "orders"),
                      Permission.SELECT))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void aPrincipalOfAnotherAccountNeedsNoSecondGrant() {
    aws.organization(producer.id(), consumer.id());
    producer.grant(
        consumer.role("reader"), producer.tableResource(sales, "orders"), Permission.SELECT);

    try (GlueClient glue = consumer.as("reader").glue()) {
      assertThat(columns(glue)).containsExactly("id", "total");
    }
    assertThatThrownBy(this::foreignColumns).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void whatIsSharedIsNotSharedOn() {
    aws.organization(producer.id(), consumer.id());
    shareOrders(consumer.id());

    assertThatThrownBy(
            () ->
                consumer.grant(
                    "640000000009", producer.tableResource(sales, "orders"), Permission.SELECT))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(
            () -> producer.grant(consumer.id(), producer.databaseResource(sales), Permission.DROP))
        .isInstanceOf(InvalidInputException.class);
  }

  @Test
  void olderVersionsOfSharingHaveNoPrincipalsAndNoTablesOpenToIam() {
    producer.put(producer.settings().parameters(Map.of("CROSS_ACCOUNT_VERSION", "2")).build());
    producer.grant(
        "IAM_ALLOWED_PRINCIPALS", producer.tableResource(sales, "orders"), Permission.ALL);

    assertThatThrownBy(() -> shareOrders(consumer.role("reader")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("CROSS_ACCOUNT_VERSION");
    assertThatThrownBy(() -> shareOrders(consumer.id()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("IAM_ALLOWED_PRINCIPALS");
  }

  @Test
  void sharesNeedPermissionsOfResourceAccessManager() {
    EmulatedClients administrator = EmulatedClients.administrator(aws, producer.id());
    administrator.createRole("granter", Policies.trust(producer.id()));
    administrator.putRolePolicy("granter", Policies.allow("lakeformation:*", "*"));
    producer.put(
        producer
            .settings()
            .dataLakeAdmins(LakeAccount.principal(producer.role("granter")))
            .build());

    try (LakeFormationClient lake = producer.as("granter").lakeFormation();
        RamClient ram = producer.as("granter").ram()) {
      assertThatThrownBy(() -> lake.grantPermissions(request()))
          .isInstanceOf(LakeFormationException.class)
          .hasMessageContaining("ram:GetResourceShares");
      assertThatThrownBy(() -> ram.getResourceShares(r -> r.resourceOwner(ResourceOwner.SELF)))
          .isInstanceOf(RamException.class)
          .hasMessageContaining("ram:GetResourceShares");

      String allowed = "\"lakeformation:*\"";
      for (String action :
          List.of(
              "ram:GetResourceShares",
              "ram:CreateResourceShare",
              "ram:AssociateResourceSharePermission")) {
        assertThatThrownBy(() -> lake.grantPermissions(request()))
            .isInstanceOf(LakeFormationException.class)
            .hasMessageContaining(action + " on");
        allowed += ",\"" + action + "\"";
        administrator.putRolePolicy(
            "granter",
            Policies.policy(
                "{\"Effect\":\"Allow\",\"Action\":[" + allowed + "],\"Resource\":\"*\"}"));
      }

      lake.grantPermissions(request());
      assertThat(ram.getResourceShares(r -> r.resourceOwner(ResourceOwner.SELF)).resourceShares())
          .hasSize(1);
    }
  }

  @Test
  void sharedDatabasesAreListedOnRequest() {
    aws.organization(producer.id(), consumer.id());
    producer.grant(consumer.id(), producer.databaseResource(sales), Permission.DESCRIBE);

    assertThat(consumer.glue().getDatabases(r -> {}).databaseList()).isEmpty();
    assertThat(consumer.glue().getDatabases(r -> r.resourceShareType("ALL")).databaseList())
        .singleElement()
        .satisfies(database -> assertThat(database.catalogId()).isEqualTo(producer.id()));
  }

  @Test
  void faultsApplyToResourceAccessManager() {
    aws.on("ram", "GetResourceShareInvitations").nth(1).throttle();

    assertThatThrownBy(this::invitations)
        .isInstanceOfSatisfying(
            RamException.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ThrottlingException"));
    assertThat(invitations()).isEmpty();
    assertThat(aws.calls()).filteredOn("ram:GetResourceShareInvitations"::equals).hasSize(2);
  }

  private GrantPermissionsRequest request() {
    return producer
        .request(consumer.id(), producer.tableResource(sales, "orders"), Permission.SELECT)
        .build();
  }

  private void shareOrders(String principal) {
    producer.grant(principal, producer.tableResource(sales, "orders"), Permission.SELECT);
  }

  private static void accept(LakeAccount account, String invitation) {
    account.ram().acceptResourceShareInvitation(r -> r.resourceShareInvitationArn(invitation));
  }

  private List<ResourceShareInvitation> invitations() {
    return consumer.ram().getResourceShareInvitations(r -> {}).resourceShareInvitations();
  }

  private static List<ResourceShare> shares(LakeAccount account, ResourceOwner owner) {
    return account.ram().getResourceShares(r -> r.resourceOwner(owner)).resourceShares();
  }

  private static List<Resource> resources(LakeAccount account, ResourceOwner owner) {
    return account.ram().listResources(r -> r.resourceOwner(owner)).resources();
  }

  private List<String> foreignColumns() {
    return columns(consumer.glue());
  }

  private List<String> columns(GlueClient glue) {
    return LakeAccount.columnsOf(
        glue.getTable(r -> r.catalogId(producer.id()).databaseName(sales).name("orders")).table());
  }

  private static String newAccount() {
    return "64"
        + "%010d"
            .formatted(Math.floorMod(UUID.randomUUID().getMostSignificantBits(), 10_000_000_000L));
  }
}
