package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.operation.Plan;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** The domain of an account is registered with it. */
class OnboardedDomainTest extends EmulatorFixture {
  private static final String OWNER = "commerce@example.org";

  private OnboardedAccounts accounts;

  @BeforeEach
  void makeAccounts() {
    accounts = OnboardedAccounts.on(aws);
  }

  private AccountSetup ofCommerce() {
    return accounts.ofCommerce().role("steward", AwsRoleKind.steward("commerce"));
  }

  private Plan<Report> plan(AccountSetup setup) {
    return accounts.with(setup, run -> run.domain("commerce", OWNER).plan());
  }

  private Report run(AccountSetup setup) {
    return accounts.with(setup, run -> run.domain("commerce", OWNER).commit());
  }

  private static List<String> verbs(List<Plan.Step> steps) {
    return steps.stream().map(Plan.Step::verb).toList();
  }

  /** Returns the domain as it is, which registering nothing new returns. */
  private Domain registered() {
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);
    try (Mesh mesh = AwsMesh.connect(accounts.config())) {
      return mesh.client().registerDomain("commerce").commit();
    }
  }

  @Test
  void aDomainIsRegisteredWithItsAccountPlaceAndStewards() {
    accounts.run(accounts.ofGovernance());
    accounts.deployByHand(ofCommerce());

    Plan<Report> plan = plan(ofCommerce());
    assertThat(verbs(plan.steps())).containsExactly("create", "create", "register");
    assertThat(plan.steps().get(2).detail())
        .contains(
            "as " + accounts.governance() + "/platform",
            OWNER,
            "s3://" + accounts.config().bucketIn(accounts.commerce()));
    Report report =
        accounts.with(
            ofCommerce(), run -> run.domain("commerce", OWNER).commitAsPlanned(plan.fingerprint()));

    assertThat(verbs(report.done())).containsExactly("create", "create", "register");
    assertThat(report.byHand()).isEmpty();
    assertThat(plan(ofCommerce()).isEmpty()).as(plan(ofCommerce()).toString()).isTrue();
    assertThat(run(ofCommerce())).isEqualTo(new Report(List.of(), List.of(), List.of()));
    assertThat(registered())
        .satisfies(
            domain -> {
              assertThat(domain.accounts()).containsExactly(accounts.commerce());
              assertThat(domain.owner()).isEqualTo(OWNER);
              assertThat(domain.administrators())
                  .containsExactly(Principal.of(accounts.commerce(), "steward"));
            });
  }

  @Test
  void oneProcessOnboardsAllAccounts() {
    accounts.deployByHand(ofCommerce());
    try (AwsOperations operations =
        AwsOperations.of(
            accounts.config(),
            DefaultCredentialsProvider.builder().build(),
            AwsTimeouts.STANDARD,
            InstantSource.system(),
            time -> {})) {
      Report ofMesh =
          operations.onboard(accounts.ofGovernance()).domain("governance", OWNER).commit();
      Report ofOther = operations.onboard(ofCommerce()).domain("commerce", OWNER).commit();

      assertThat(verbs(ofMesh.done())).containsExactly("create", "create", "make", "register");
      assertThat(verbs(ofOther.done())).containsExactly("create", "create", "register");
    }
  }

  @Test
  void aDomainWaitsForTheMeshAndForItsStack() {
    assertThat(plan(ofCommerce()).steps().get(3))
        .satisfies(
            step -> {
              assertThat(step.verb()).isEqualTo("wait");
              assertThat(step.detail()).contains("mesh " + accounts.config().meshName());
            });
    accounts.run(accounts.ofGovernance());

    Report report = run(ofCommerce());

    assertThat(verbs(report.byHand())).containsExactly("by hand", "by hand", "wait", "wait");
    assertThat(report.byHand().get(3).detail())
        .contains("mesh-" + accounts.config().meshName() + " in " + accounts.commerce());
  }

  private void register(String domain, String account) {
    try (Mesh mesh = AwsMesh.connect(accounts.config())) {
      mesh.client().registerDomain(domain).owner("first@example.org").accounts(account).commit();
    }
  }

  @Test
  void anAdministratorAddsTheAccountToItsDomain() {
    accounts.run(accounts.ofGovernance());
    register("commerce", accounts.governance());
    accounts.deployByHand(ofCommerce());

    Report report = run(ofCommerce());

    assertThat(verbs(report.done())).containsExactly("create", "create", "change");
    assertThat(report.done().get(2).undo())
        .isEqualTo(
            "mesh domain add commerce --accounts "
                + accounts.governance()
                + " --mesh '"
                + accounts.config().address()
                + "'");
    assertThat(registered())
        .satisfies(
            domain -> {
              assertThat(domain.accounts())
                  .containsExactly(accounts.governance(), accounts.commerce());
              assertThat(domain.owner()).isEqualTo("first@example.org");
            });
  }

  @Test
  void anAccountOfADomainOfOthersIsAddedByHand() {
    accounts.run(accounts.ofGovernance());
    register("commerce", accounts.other());
    accounts.deployByHand(ofCommerce());

    assertThat(verbs(plan(ofCommerce()).steps())).containsExactly("create", "create", "by hand");
    assertThat(run(ofCommerce()).byHand())
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.detail())
                    .contains("only an administrator may add an account, and the domain has none")
                    .contains(
                        ": mesh domain add commerce --accounts "
                            + accounts.other()
                            + ","
                            + accounts.commerce()
                            + " --mesh"));
  }

  @Test
  void anAccountOfAnotherDomainIsRefusedBeforeAnythingChanges() {
    accounts.run(accounts.ofGovernance());
    register("finance", accounts.commerce());
    accounts.deployByHand(ofCommerce());
    aws.reset();

    assertThatThrownBy(() -> run(ofCommerce()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("'finance'", "Nothing was changed");
    assertThatThrownBy(() -> plan(ofCommerce())).isInstanceOf(AlreadyExistsException.class);
    assertThat(aws.calls()).doesNotContain("cloudformation:CreateChangeSet");
  }

  /** A pipeline of another account deploys, and has no right on the registry. */
  @Test
  void aPrincipalThatMayNotRegisterGetsTheCommand() {
    accounts.run(accounts.ofGovernance().deployedBy(accounts.other()));
    AccountSetup setup = ofCommerce().deployedBy(accounts.other());
    accounts.deployByHand(accounts.ofGovernance().deployedBy(accounts.other()));
    accounts.deployByHand(setup);
    aws.runAs(accounts.other(), "pipeline");

    Report report = run(setup);

    assertThat(verbs(report.done())).as(report.toString()).containsExactly("create", "create");
    assertThat(report.byHand())
        .singleElement()
        .satisfies(
            step ->
                assertThat(step.detail())
                    .endsWith(
                        ": mesh domain add commerce --accounts "
                            + accounts.commerce()
                            + " --owner "
                            + OWNER
                            + " --administrators "
                            + accounts.commerce()
                            + "/steward --location s3://"
                            + accounts.config().bucketIn(accounts.commerce())
                            + " --mesh '"
                            + accounts.config().address()
                            + "'"));
  }
}
