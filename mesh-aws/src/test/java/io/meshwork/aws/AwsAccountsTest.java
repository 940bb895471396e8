package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.governance.GovernanceClient.DomainPlace;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.StsException;

/** Meshes whose principals, tables, and buckets are in several accounts. */
class AwsAccountsTest {
  private static final String GOVERNANCE = AwsOrganization.GOVERNANCE;
  private static final String COMMERCE = AwsOrganization.COMMERCE;
  private static final String FINANCE = AwsOrganization.FINANCE;
  private static final String ORDERS = "commerce/orders";

  @Test
  void aRoleOfAnotherAccountUsesTheRegistryWithTheRoleThatTrustsIt() {
    AwsConfig config = AwsOrganization.makeDirectory(Topology.central()).config();
    Principal etl = createCaller(config, COMMERCE, "etl");
    Principal other = createCaller(config, COMMERCE, "other");
    String role = createRegistryRole(config, GOVERNANCE, etl, "dynamodb:*");

    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(COMMERCE, etl.role())).open()) {
      publish(mesh.client(), COMMERCE);
      assertThat(mesh.client().publishHistory(ORDERS).changes().get(0).by())
          .isEqualTo(etl.toString());
    }

    AssumeRoleRequest request =
        AssumeRoleRequest.builder()
            .roleArn(config.roleArn(GOVERNANCE, role))
            .roleSessionName("test")
            .externalId(config.registryExternalId())
            .build();
    assertThat(caller(etl).assuming(request)).isNotNull();
    assertThatThrownBy(() -> caller(other).assuming(request)).isInstanceOf(StsException.class);
    assertThatThrownBy(() -> caller(etl).assuming(request.toBuilder().externalId(null).build()))
        .isInstanceOf(StsException.class);
  }

  @Test
  void aRoleWithoutARegistryRoleReadsAsReader() {
    AwsConfig config = AwsOrganization.makeDirectory(Topology.central()).config();
    Principal guest = createCaller(config, FINANCE, "guest");
    Principal stranger = createCaller(config, FINANCE, "stranger");
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(GOVERNANCE, "operator")).open()) {
      publish(mesh.client(), GOVERNANCE);
    }
    trustOnly(config, GOVERNANCE, RegistryRoles.nameFor(config.meshName(), guest), stranger);
    String reader = RegistryRoles.nameForReaders(config.meshName());
    trustOnly(config, GOVERNANCE, reader, guest);
    EmulatedClients.administrator(AwsLocal.emulator(), GOVERNANCE)
        .putRolePolicy(
            reader,
            Policies.policy(
                "{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:GetItem\",\"dynamodb:Query\"],"
                    + "\"Resource\":\"*\"}"));

    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(FINANCE, guest.role())).open()) {
      assertThat(mesh.client().products()).hasSize(1);
      assertThatThrownBy(
              () ->
                  mesh.client().publish(ORDERS).records(List.of(new SmallOrder("o-9", 1))).commit())
          .isInstanceOf(AccessDeniedException.class);
      assertThatThrownBy(
              () -> mesh.client().requests().requestAccess(ORDERS).purpose("Audit").commit())
          .isInstanceOf(MeshException.class);
      assertThatThrownBy(
              () ->
                  mesh.client()
                      .registerDomain("finance")
                      .accounts(FINANCE)
                      .owner("f@example.org")
                      .commit())
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
          .hasMessageContainingAll(guest.toString(), config.roleArn(GOVERNANCE, reader));
    }
  }

  @Test
  void aRoleThatNeitherRoleTrustsLearnsWhatIsMissing() {
    AwsConfig config = AwsOrganization.makeDirectory(Topology.central()).config();
    Principal guest = createCaller(config, FINANCE, "guest");
    Principal stranger = createCaller(config, FINANCE, "stranger");
    String own = RegistryRoles.nameFor(config.meshName(), guest);
    trustOnly(config, GOVERNANCE, own, stranger);
    trustOnly(config, GOVERNANCE, RegistryRoles.nameForReaders(config.meshName()), stranger);

    assertThatThrownBy(() -> AwsMesh.builder(config, AwsLocal.role(FINANCE, guest.role())).open())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING))
        .hasMessageContainingAll(
            guest.toString(), "sts:AssumeRole", config.roleArn(GOVERNANCE, own));
  }

  @Test
  void aPrincipalHasOneSessionAndOneClientForEachAccount() {
    AwsOrganization organization = AwsOrganization.make(Topology.federated());
    try (Mesh mesh =
        AwsMesh.builder(organization.config(), AwsLocal.role(GOVERNANCE, "operator")).open()) {
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      AwsLocal.emulator().reset();
      publish(etl, COMMERCE);
      etl.products();
      publishAgain(etl);

      assertThat(AwsLocal.emulator().calls().stream().filter("sts:AssumeRole"::equals))
          .as("sessions of the registry roles in the accounts of the three other catalogs")
          .hasSizeLessThanOrEqualTo(3);
      AwsLocal.emulator().reset();
      mesh.clientAs(Principal.of(COMMERCE, "etl")).products();
      publishAgain(etl);
      assertThat(AwsLocal.emulator().calls()).doesNotContain("sts:AssumeRole");
    }
  }

  @Test
  void aCatalogIsAddedOnceItsAccountHasATable() {
    AwsOrganization organization = AwsOrganization.makeDirectory(Topology.federated());
    AwsConfig config = organization.config();
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(COMMERCE, "etl")).open()) {
      assertThatThrownBy(() -> publish(mesh.client(), COMMERCE))
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageContainingAll("'commerce'", "makeTable", "addCatalog");
      assertThatThrownBy(() -> organization.addCatalog("commerce", COMMERCE))
          .isInstanceOf(BackendException.class)
          .hasMessageContaining("does not exist");

      organization.makeTable(COMMERCE);
      organization.makeTable(COMMERCE);
      organization.addCatalog("commerce", COMMERCE);
      organization.addCatalog("commerce", COMMERCE);

      publish(mesh.client(), COMMERCE);
      assertThat(mesh.client().governance().topology().toString()).contains("commerce");
    }
    try (AwsClients clients = new AwsClients(config)) {
      assertThat(
              TablePlace.find(
                  DynamoRegistry.over(
                      clients.dynamoDb(AwsLocal.role(GOVERNANCE, "admin")), config.table()),
                  "commerce"))
          .hasValue(new TablePlace(COMMERCE, config.region(), config.table()));
    }
  }

  @Test
  void aCatalogHasOneTableAndATableOneCatalog() {
    AwsOrganization organization = AwsOrganization.makeDirectory(Topology.federated());
    organization.makeTable(COMMERCE);
    organization.makeTable(FINANCE);
    organization.addCatalog("commerce", COMMERCE);

    assertThatThrownBy(() -> organization.addCatalog("commerce", FINANCE))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(COMMERCE);
    assertThatThrownBy(() -> organization.addCatalog("finance", COMMERCE))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("'commerce'", "Use another account");
    assertThatThrownBy(() -> organization.addCatalog("finance", GOVERNANCE))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("lists the catalogs");
  }

  @Test
  void onlyACatalogOfTheTopologyIsAdded() {
    assertThatThrownBy(
            () -> AwsOrganization.makeDirectory(Topology.central()).addCatalog("mesh", COMMERCE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("central");
    AwsOrganization lines =
        AwsOrganization.makeDirectory(
            Topology.byLineOfBusiness(Map.of("retail", Set.of("commerce"))));
    assertThatThrownBy(() -> lines.addCatalog("commerce", COMMERCE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("'commerce'", "retail [commerce]");
  }

  @Test
  void anInterruptedAdditionIsCompletedByTheNextOne() {
    AwsOrganization organization = AwsOrganization.makeDirectory(Topology.federated());
    AwsConfig config = organization.config();
    organization.makeTable(COMMERCE);
    Principal reader = createCaller(config, GOVERNANCE, "reads-the-directory");
    EmulatedClients.administrator(AwsLocal.emulator(), GOVERNANCE)
        .putRolePolicy(
            reader.role(),
            Policies.policy(
                "{\"Effect\":\"Allow\",\"Action\":[\"sts:AssumeRole\",\"sts:TagSession\","
                    + "\"dynamodb:GetItem\",\"dynamodb:Query\"],\"Resource\":\"*\"}"));
    assertThatThrownBy(() -> organization.addCatalog("commerce", COMMERCE, reader.role()))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PERMISSION_MISSING));

    organization.addCatalog("commerce", COMMERCE);

    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(COMMERCE, "etl")).open()) {
      publish(mesh.client(), COMMERCE);
      assertThat(mesh.doctor().findings()).isEmpty();
    }
  }

  @Test
  void aTopologyIsFixedWhenTheMeshIsMade() {
    AwsConfig config = AwsOrganization.makeDirectory(Topology.federated()).config();

    assertThatThrownBy(
            () ->
                AwsMesh.setUp(
                    config,
                    AwsLocal.role(GOVERNANCE, "admin"),
                    MeshRuntime.systemClock(),
                    setup -> setup.make(Optional.of(Topology.central()))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("federated");
    AwsMesh.make(config, AwsLocal.role(GOVERNANCE, "admin"));
  }

  @Test
  void governanceMarksTheBucketOfADomainAndDoesNotReadItsData() {
    AwsOrganization organization = AwsOrganization.makeDirectory(Topology.central());
    AwsConfig config = organization.config();
    String root = organization.makeBucket(COMMERCE);
    assertThat(root).isEqualTo("s3://" + config.bucketIn(COMMERCE));
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(GOVERNANCE, "operator")).open()) {
      mesh.client()
          .registerDomain("commerce")
          .accounts(COMMERCE)
          .administrators(Principal.of(COMMERCE, "etl"))
          .owner("commerce@example.org")
          .location(root)
          .commit();
      MeshClient etl = mesh.clientAs(Principal.of(COMMERCE, "etl"));
      etl.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
      publishAgain(etl);
      assertThat(etl.read(ORDERS).as(SmallOrder.class).rows()).hasSize(1);
      assertThat(etl.governance().places())
          .containsExactly(
              new DomainPlace(
                  "commerce", root, Optional.of(COMMERCE), Optional.of(config.region())));
    }
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(COMMERCE, "etl")).open()) {
      assertThat(mesh.doctor().findings()).isEmpty();
    }
    try (AwsClients clients = new AwsClients(config)) {
      S3Client governance = clients.s3(AwsLocal.role(GOVERNANCE, "operator"));
      String file =
          governance
              .listObjectsV2(list -> list.bucket(config.bucketIn(COMMERCE)).prefix("data/"))
              .contents()
              .get(0)
              .key();
      assertThatThrownBy(
              () -> governance.getObject(get -> get.bucket(config.bucketIn(COMMERCE)).key(file)))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(403));
    }
  }

  @Test
  void aPlaceInTheAccountOfTheMeshIsANote() {
    AwsOrganization organization = AwsOrganization.makeDirectory(Topology.central());
    AwsConfig config = organization.config();
    String bucket = config.bucketIn(GOVERNANCE) + "-annex";
    try (AwsClients clients = new AwsClients(config);
        Mesh mesh = AwsMesh.builder(config, AwsLocal.role(GOVERNANCE, "operator")).open()) {
      clients
          .s3(AwsLocal.role(GOVERNANCE, "admin"))
          .createBucket(
              create ->
                  create
                      .bucket(bucket)
                      .createBucketConfiguration(
                          place -> place.locationConstraint(config.region())));
      register(mesh.client(), "office", GOVERNANCE, "s3://" + bucket);
      assertThat(mesh.doctor().findings()).isEmpty();

      register(mesh.client(), "finance", FINANCE, "s3://" + bucket);

      assertThat(mesh.doctor().findings())
          .singleElement()
          .satisfies(
              note -> {
                assertThat(note.code()).isEqualTo(FindingCode.PLACE_OF_OTHER_ACCOUNT);
                assertThat(note.severity()).isEqualTo(Finding.Severity.NOTE);
                assertThat(note.what()).contains("'finance'", GOVERNANCE, FINANCE);
              });
      assertThat(mesh.client().governance().places())
          .extracting(DomainPlace::domain, DomainPlace::account)
          .containsExactly(
              tuple("finance", Optional.of(GOVERNANCE)), tuple("office", Optional.of(GOVERNANCE)));
    }
  }

  private static void register(MeshClient client, String domain, String account, String root) {
    client
        .registerDomain(domain)
        .accounts(account)
        .administrators(Principal.of(account, "etl"))
        .owner(domain + "@example.org")
        .location(root)
        .commit();
  }

  private static void publish(MeshClient owner, String account) {
    owner.registerDomain("commerce").accounts(account).owner("commerce@example.org").commit();
    owner.defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
    publishAgain(owner);
  }

  private static void publishAgain(MeshClient owner) {
    owner.publish(ORDERS).records(List.of(new SmallOrder("o-1", 10))).commit();
  }

  private static EmulatedClients caller(Principal principal) {
    return EmulatedClients.administrator(AwsLocal.emulator(), principal.account())
        .assuming("arn:aws:iam::" + principal.account() + ":role/" + principal.role());
  }

  /** Creates a role that may do everything that other accounts permit. */
  private static Principal createCaller(AwsConfig config, String account, String name) {
    String role = name + "-" + config.meshName();
    EmulatedClients administrator = EmulatedClients.administrator(AwsLocal.emulator(), account);
    administrator.createRole(role, Policies.trust(account));
    administrator.putRolePolicy(
        role,
        Policies.policy(
            "{\"Effect\":\"Allow\",\"Action\":[\"sts:*\",\"s3:*\"],\"Resource\":\"*\"}"));
    return Principal.of(account, role);
  }

  private static String createRegistryRole(
      AwsConfig config, String account, Principal caller, String action) {
    String role = RegistryRoles.nameFor(config.meshName(), caller);
    trustOnly(config, account, role, caller);
    EmulatedClients.administrator(AwsLocal.emulator(), account)
        .putRolePolicy(role, Policies.allow(action, "*"));
    return role;
  }

  private static void trustOnly(AwsConfig config, String account, String role, Principal caller) {
    EmulatedClients.administrator(AwsLocal.emulator(), account)
        .createRole(
            role,
            Policies.policy(
                """
                {"Effect":"Allow","Principal":{"AWS":"%s"},\
                "Action":["sts:AssumeRole","sts:TagSession"],\
                "Condition":{"StringEquals":{"sts:ExternalId":"%s"}}}"""
                    .formatted(config.roleArn(caller), config.registryExternalId())));
  }
}
