package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsOperations.Verification;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The accounts of a federated mesh: commerce and finance each have the table of their catalog.
 * Their roles have what the templates print.
 */
class OnboardedCatalogsTest extends EmulatorFixture {
  private static final String ORDERS = "commerce/orders";
  private static final String WRITE = "dynamodb:TransactWriteItems";

  private OnboardedAccounts accounts;
  private String finance;

  @BeforeEach
  void makeAccounts() {
    accounts = OnboardedAccounts.on(aws);
    finance = accounts.other();
    aws.withoutRole(finance, OnboardedAccounts.DEPLOYER);
    AwsPolicies policies = AwsPolicies.of(accounts.config());
    for (String account : List.of(accounts.commerce(), finance)) {
      aws.withoutRole(account, accounts.config().table() + "-reader");
      aws.withoutRole(
          account,
          policies.registryRole(Principal.of(accounts.governance(), OnboardedAccounts.DEPLOYER)));
    }
  }

  private AccountSetup ofGovernance() {
    return accounts
        .ofGovernance()
        .catalog("commerce", accounts.commerce())
        .catalog("finance", finance);
  }

  private AccountSetup ofCommerce() {
    return AccountSetup.of(accounts.config(), accounts.commerce())
        .catalog("commerce", accounts.commerce())
        .role("steward", AwsRoleKind.steward("commerce"));
  }

  private AccountSetup ofFinance() {
    return AccountSetup.of(accounts.config(), finance)
        .catalog("finance", finance)
        .catalog("commerce", accounts.commerce())
        .role("analyst", AwsRoleKind.consumer("finance"))
        .role("curator", AwsRoleKind.steward("finance"));
  }

  private void make() {
    accounts.run(ofGovernance());
    AwsMesh.make(accounts.config(), Topology.federated());
  }

  private Plan<Report> plan(AccountSetup setup, String domain) {
    return accounts.with(setup, run -> run.domain(domain, "owner@example.org").plan());
  }

  private Report run(AccountSetup setup, String domain) {
    return accounts.with(setup, run -> run.domain(domain, "owner@example.org").commit());
  }

  private static List<String> verbs(List<Plan.Step> steps) {
    return steps.stream().map(Plan.Step::verb).toList();
  }

  private void as(String account, String role, Consumer<Mesh> use) {
    aws.runAs(account, OnboardedAccounts.ADMINISTRATOR);
    aws.assume(account, role);
    try (Mesh mesh = AwsMesh.connect(accounts.config())) {
      use.accept(mesh);
    }
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);
  }

  /** Who registers a domain may read more than the deployer, whose policy has the directory. */
  @Test
  void anAccountGetsItsCatalogItsDomainAndReadersInOtherCatalogs() {
    make();
    accounts.deployByHand(ofCommerce());
    accounts.deployByHand(ofFinance());

    Plan<Report> plan = plan(ofCommerce(), "commerce");
    assertThat(verbs(plan.steps()))
        .as(plan.toString())
        .containsExactly("create", "create", "add", "register");
    assertThat(plan.steps().get(2).subject())
        .isEqualTo("catalog commerce in " + accounts.commerce());
    Report report = run(ofCommerce(), "commerce");
    assertThat(verbs(report.done())).containsExactly("create", "create", "add", "register");
    assertThat(report.byHand()).isEmpty();
    assertThat(verbs(run(ofFinance(), "finance").done()))
        .containsExactly("create", "create", "create", "add", "register");
    assertThat(verbs(accounts.run(ofGovernance()).done())).containsExactly("create", "create");
    for (AccountSetup setup : List.of(ofCommerce(), ofFinance())) {
      String domain = setup.account().equals(finance) ? "finance" : "commerce";
      Plan<Report> again = plan(setup, domain);
      assertThat(again.isEmpty()).as(again.toString()).isTrue();
      assertThat(again.findings()).isEmpty();
    }
    assertThat(accounts.plan(ofGovernance()).isEmpty()).isTrue();

    read();
  }

  private void read() {
    Principal analyst = Principal.of(finance, "analyst");
    as(
        accounts.governance(),
        "mesh-admin",
        mesh ->
            assertThat(mesh.client().governance().admit("finance", "commerce").commit())
                .containsExactly("finance"));
    as(
        accounts.commerce(),
        "steward",
        mesh -> {
          mesh.client().defineProduct(ORDERS).contract(Contract.of(SmallOrder.class)).commit();
          mesh.client().publish(ORDERS).records(List.of(new SmallOrder("1", 1))).commit();
          mesh.client().grant(ORDERS).to(analyst).because("x").commit();
        });
    assertThat(
            verbs(accounts.run(ofCommerce().readers(TableReaders.of(ORDERS, 1, analyst))).done()))
        .containsExactly("change");
    as(
        finance,
        "curator",
        mesh -> mesh.client().linkResource(ORDERS).database("sales").name("orders").commit());
    as(
        finance,
        "analyst",
        mesh -> {
          try (Rows<SmallOrder> rows = mesh.client().read(ORDERS).as(SmallOrder.class).rows()) {
            assertThat(rows.stream()).containsExactly(new SmallOrder("1", 1));
          }
        });
    for (String account : List.of(accounts.commerce(), finance)) {
      aws.runAs(account, OnboardedAccounts.ADMINISTRATOR);
      Verification proof =
          accounts.with(
              account.equals(finance) ? ofFinance() : ofCommerce(), OnboardAccount::verify);
      assertThat(Finding.errors(proof.findings())).isEmpty();
      assertThat(proof.proven())
          .extracting(Principal::role)
          .containsExactlyInAnyOrderElementsOf(
              account.equals(finance) ? List.of("analyst", "curator") : List.of("steward"));
    }
    assertUnproven(analyst);
  }

  /** The role of the registry in another catalog lacks what the proof uses. */
  private void assertUnproven(Principal analyst) {
    EmulatedClients.administrator(aws, accounts.commerce())
        .iam(
            "DeleteRolePolicy",
            Map.of(
                "RoleName",
                AwsPolicies.of(accounts.config()).registryRole(analyst),
                "PolicyName",
                "registry"));
    aws.runAs(finance, OnboardedAccounts.ADMINISTRATOR);
    assertThat(Finding.errors(accounts.with(ofFinance(), OnboardAccount::verify).findings()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.where()).isEqualTo(analyst.toString());
              assertThat(finding.what()).contains("dynamodb:", accounts.commerce());
            });
  }

  @Test
  void aMeshOfSeveralCatalogsIsMadeByHandAndACatalogWaitsForItAndForItsStack() {
    assertThat(accounts.run(ofGovernance()).byHand())
        .filteredOn(step -> step.subject().startsWith("mesh "))
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.detail())
                    .contains(
                        "because it has several catalogs (if its catalogs are lines of business,"
                            + " with --line commerce=DOMAIN,... --line finance=DOMAIN,... in place"
                            + " of --federated): mesh init --federated '"
                            + accounts.config().address()
                            + "'"));
    assertThat(plan(ofCommerce(), "commerce").steps())
        .filteredOn(step -> step.subject().startsWith("catalog "))
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.verb()).isEqualTo("wait");
              assertThat(step.detail()).contains("mesh " + accounts.config().meshName());
            });
    AwsMesh.make(accounts.config(), Topology.federated());

    Report report = run(ofCommerce(), "commerce");

    assertThat(verbs(report.byHand()))
        .as(report.toString())
        .containsExactly("by hand", "by hand", "wait", "wait", "wait");
    assertThat(report.byHand().get(4).detail()).contains("catalog commerce");
  }

  /** The first documents of the table are written before the mesh lists the catalog. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void anAdditionThatWasCutIsCompletedByTheNextRun(int write) {
    make();
    accounts.deployByHand(ofCommerce());
    aws.reset();
    aws.on("dynamodb", "TransactWriteItems").nth(write).killCaller();

    Throwable cut = catchThrowable(() -> run(ofCommerce(), "commerce"));

    assertThat(cut).isInstanceOfAny(BackendException.class, OutcomeUnknownException.class);
    aws.reset();
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);
    Report report = run(ofCommerce(), "commerce");
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    assertThat(plan(ofCommerce(), "commerce").isEmpty()).isTrue();
  }

  /** A catalog that was added by hand has stores that no stack made. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTableAndABucketThatExistAreAdopted(boolean isAdded) {
    make();
    aws.runAs(accounts.commerce(), OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.makeBucket(accounts.config());
    AwsMesh.makeTable(accounts.config());
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);
    if (isAdded) {
      AwsMesh.addCatalog(accounts.config(), "commerce", accounts.commerce());
    }
    accounts.deployByHand(ofCommerce());

    Plan<Report> plan = plan(ofCommerce(), "commerce");
    Report report = run(ofCommerce(), "commerce");

    assertThat(verbs(plan.steps()))
        .as(plan.toString())
        .containsExactlyElementsOf(
            isAdded
                ? List.of("adopt", "create", "register")
                : List.of("adopt", "create", "add", "register"));
    assertThat(report.done())
        .filteredOn(step -> step.verb().equals("adopt"))
        .extracting(Plan.Step::detail)
        .anySatisfy(detail -> assertThat(detail).contains("as it is, Bucket"))
        .anySatisfy(detail -> assertThat(detail).contains("Table"));
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    Plan<Report> again = plan(ofCommerce(), "commerce");
    assertThat(again.isEmpty()).as(again.toString()).isTrue();
    assertThat(again.findings()).as("drift").isEmpty();
  }

  /** Roles are assumed, the directory and the table are read, and both are written. */
  @ParameterizedTest
  @ValueSource(strings = {"sts:AssumeRole", "dynamodb:GetItem", "dynamodb:Query", WRITE})
  void aCatalogIsAddedAlthoughRequestsForItFail(String request) {
    make();
    accounts.deployByHand(ofCommerce());
    aws.reset();
    String[] parts = request.split(":", 2);
    aws.on(parts[0], parts[1]).nth(1).throttle();
    aws.on(parts[0], parts[1]).nth(2).fail500();
    aws.on(parts[0], parts[1]).nth(4).loseReply();

    Report report = run(ofCommerce(), "commerce");

    assertThat(verbs(report.done())).containsExactly("create", "create", "add", "register");
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    assertThat(aws.calls()).filteredOn(request::equals).hasSizeGreaterThan(4);
    aws.reset();
    Plan<Report> again = plan(ofCommerce(), "commerce");
    assertThat(again.isEmpty()).as(again.toString()).isTrue();
  }

  /** What was done before stays done, and the next run adds the catalog. */
  @Test
  void aServiceThatStaysOverloadedEndsTheRunBeforeTheCatalogIsAdded() {
    make();
    accounts.deployByHand(ofCommerce());
    aws.on("dynamodb", "TransactWriteItems").throttle();

    assertThatThrownBy(() -> run(ofCommerce(), "commerce"))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.retryable()).as(e.toString()).isTrue());
    aws.reset();

    assertThat(verbs(run(ofCommerce(), "commerce").done())).containsExactly("add", "register");
  }

  /** A pipeline of another account deploys, and has no right on the registry. */
  @Test
  void aPrincipalThatMayNotAddTheCatalogGetsTheCommand() {
    make();
    String outside = "999999999999";
    AccountSetup setup = ofCommerce().deployedBy(outside);
    accounts.deployByHand(ofGovernance().deployedBy(outside));
    accounts.deployByHand(setup);
    Principal pipeline = Principal.of(outside, "pipeline");
    aws.withoutRole(
        accounts.governance(), AwsPolicies.of(accounts.config()).registryRole(pipeline));
    aws.withoutRole(accounts.governance(), accounts.config().table() + "-reader");
    aws.runAs(outside, "pipeline");

    Plan<Report> plan = plan(setup, "commerce");
    Report report = run(setup, "commerce");

    assertThat(verbs(plan.steps())).containsExactly("create", "create", "by hand", "wait");
    assertThat(verbs(report.done())).containsExactly("create", "create");
    assertThat(verbs(report.byHand())).containsExactly("by hand", "wait");
    assertThat(report.byHand().get(0).detail())
        .contains(
            "role of governance",
            ": mesh catalog add commerce --account "
                + accounts.commerce()
                + " --mesh '"
                + accounts.config().address()
                + "'");
  }

  @Test
  void aCatalogThatACentralMeshDoesNotHaveIsRefusedBeforeAnythingIsMade() {
    accounts.run(accounts.ofGovernance());
    accounts.deployByHand(ofCommerce());

    requireRefused(ofCommerce(), InvalidRequestException.class, "is 'commerce'", "Add no catalog");
  }

  @Test
  void aTableThatAnotherCatalogHasIsRefusedBeforeAnythingIsMade() {
    make();
    accounts.deployByHand(ofCommerce());
    run(ofCommerce(), "commerce");
    AccountSetup setup = AccountSetup.of(accounts.config(), finance);
    accounts.deployByHand(setup.catalog("finance", finance));

    requireRefused(
        setup.catalog("commerce", finance),
        AlreadyExistsException.class,
        "its registry is",
        accounts.commerce());
    requireRefused(
        setup.catalog("finance", accounts.commerce()),
        AlreadyExistsException.class,
        "the registry of the catalog 'commerce'");
  }

  private void requireRefused(
      AccountSetup setup, Class<? extends MeshException> kind, String... reasons) {
    aws.reset();
    assertThatThrownBy(() -> accounts.plan(setup))
        .isInstanceOf(kind)
        .hasMessageContainingAll(reasons);
    assertThatThrownBy(() -> accounts.run(setup))
        .isInstanceOf(kind)
        .hasMessageContainingAll(reasons);
    assertThat(aws.calls()).doesNotContain("cloudformation:CreateChangeSet");
  }

  /** Its consumer has no right in the other catalog. */
  @Test
  void anAccountThatUsesOneOfTwoCatalogsIsProven() {
    make();
    accounts.deployByHand(ofCommerce());
    run(ofCommerce(), "commerce");
    AccountSetup setup =
        AccountSetup.of(accounts.config(), finance)
            .catalog("finance", finance)
            .role("analyst", AwsRoleKind.consumer("finance"));
    accounts.deployByHand(setup);
    run(setup, "finance");
    aws.runAs(finance, OnboardedAccounts.ADMINISTRATOR);

    Verification proof = accounts.with(setup, OnboardAccount::verify);

    assertThat(Finding.errors(proof.findings())).isEmpty();
    assertThat(proof.proven()).extracting(Principal::role).containsExactly("analyst");
  }
}
