package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Accounts are set up by a plan, and a second run has no steps. */
class OnboardingTest {
  private static final String LEAVING = "etl";

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private OnboardedAccounts accounts;

  @BeforeEach
  void start() {
    accounts = OnboardedAccounts.on(aws);
  }

  @Test
  void anAccountIsSetUpAndASecondRunHasNoSteps() {
    AccountSetup setup = accounts.ofGovernance();
    Plan<Report> plan = accounts.plan(setup);

    assertThat(plan.steps())
        .extracting(Plan.Step::verb)
        .containsExactly("create", "create", "make");
    assertThat(plan.steps().get(1).detail())
        .contains("as " + accounts.governance() + "/platform", "creates Bucket", "Table");

    Report report = accounts.with(setup, run -> run.commitAsPlanned(plan.fingerprint()));

    assertThat(report.done()).hasSize(3);
    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining()).isEmpty();
    Plan<Report> again = accounts.plan(setup);
    assertThat(again.isEmpty()).as(again.toString()).isTrue();
    assertThat(again.findings()).isEmpty();
    assertThat(accounts.run(setup)).isEqualTo(new Report(List.of(), List.of(), List.of()));
    aws.runAs(accounts.governance(), "mesh-admin");
    AwsMesh.connect(accounts.config()).close();
  }

  @Test
  void anotherAccountIsSetUpAsItsDeployer() {
    accounts.run(accounts.ofGovernance());
    AccountSetup setup = accounts.ofCommerce();

    Plan<Report> before = accounts.plan(setup);
    assertThat(before.steps())
        .extracting(Plan.Step::verb)
        .containsExactly("by hand", "by hand", "wait");
    assertThat(before.steps().get(0).detail())
        .contains(
            "aws cloudformation deploy --region "
                + aws.region()
                + " --template-file "
                + OnboardedAccounts.TEMPLATES.resolve(setup.templates().get(0).fileName()));
    Report refused = accounts.run(setup);
    assertThat(refused.done()).isEmpty();
    assertThat(refused.byHand()).hasSize(3);

    accounts.deployByHand(setup);
    Plan<Report> plan = accounts.plan(setup);
    assertThat(plan.steps())
        .as(plan.toString())
        .extracting(Plan.Step::verb)
        .containsExactly("create", "create");
    assertThat(plan.steps().get(0).detail())
        .contains("as " + accounts.commerce() + "/mesh-deployer");
    assertThat(accounts.run(setup).done()).hasSize(2);
    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
    assertThat(accounts.with(setup, run -> run.verify()).proven())
        .contains(Principal.of(accounts.commerce(), "mesh-deployer"));
  }

  @Test
  void anAccountWithoutRolesGetsItsBucket() {
    accounts.run(accounts.ofGovernance());
    AccountSetup setup = AccountSetup.of(accounts.config(), accounts.commerce());
    accounts.deployByHand(setup);

    assertThat(accounts.run(setup).remaining()).isEmpty();

    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
  }

  @Test
  void aRoleIsProvenOnceTheOwnerOfItsSourcePermitsIt() {
    String bucket = "raw-" + accounts.other();
    AccountSetup setup = accounts.ofCommerce().source(LEAVING, "s3://" + bucket + "/orders/");
    accounts.run(accounts.ofGovernance());
    accounts.deployByHand(setup);
    assertThat(accounts.run(setup).remaining()).isEmpty();
    S3Client owner = EmulatedClients.administrator(aws, accounts.other()).s3();
    owner.createBucket(
        create ->
            create
                .bucket(bucket)
                .createBucketConfiguration(place -> place.locationConstraint(aws.region())));
    aws.runAs(accounts.commerce(), OnboardedAccounts.ADMINISTRATOR);

    AwsOperations.Verification before = accounts.with(setup, OnboardAccount::verify);

    assertThat(Finding.errors(before.findings()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.where()).endsWith("/" + LEAVING);
              assertThat(finding.what())
                  .contains("cannot list its source s3://" + bucket + "/orders/")
                  .contains("s3:ListBucket");
              assertThat(finding.fix()).contains("mesh template policies");
            });
    assertThat(before.proven()).extracting(Principal::role).doesNotContain(LEAVING);
    String policy = setup.policies().get(accounts.commerce() + "/source-" + bucket + ".json");
    owner.putBucketPolicy(put -> put.bucket(bucket).policy(policy));
    assertThat(accounts.with(setup, OnboardAccount::verify).proven())
        .extracting(Principal::role)
        .contains(LEAVING);
    owner.close();
  }

  /** A bus of the same name is that of the mesh, which its account made before. */
  @Test
  void aBusThatExistsIsAdopted() {
    AccountSetup setup = accounts.ofGovernance().notices(accounts.commerce());
    try (EventBridgeClient events =
        EmulatedClients.administrator(aws, accounts.governance())
            .client(EventBridgeClient.builder())) {
      events.createEventBus(create -> create.name(accounts.config().table()));
    }

    Report report = accounts.run(setup);

    assertThat(report.remaining()).as(report.toString()).isEmpty();
    assertThat(report.done())
        .anySatisfy(step -> assertThat(step.detail()).contains("takes over, as it is, NoticeBus"));
    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
  }

  /** A mesh without Lake Formation, so that the bucket and its policy are all that it has. */
  @Test
  void aBucketIsAdoptedByAnAccountWithoutRoles() {
    accounts.run(accounts.ofGovernance());
    AccountSetup setup = AccountSetup.of(accounts.config(), accounts.commerce());
    accounts.deployByHand(setup);
    aws.runAs(accounts.commerce(), OnboardedAccounts.ADMINISTRATOR);
    AwsMesh.makeBucket(accounts.config());
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

    Report report = accounts.run(setup);

    assertThat(report.remaining()).as(report.toString()).isEmpty();
    assertThat(report.done()).extracting(Plan.Step::verb).startsWith("adopt");
    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
  }

  @Test
  void aFolderForTemplatesThatCannotBeWrittenIsNamedWithItsSetting(@TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(
            () -> accounts.with(accounts.ofCommerce(), run -> run.templatesTo(file).plan()))
        .isInstanceOfSatisfying(
            BackendException.class, e -> assertThat(e.fix()).contains("templatesTo(..)"))
        .hasMessageContaining(file.toString());
  }

  @Test
  void anUndoWhoseTemplateCannotBeWrittenIsAComment(@TempDir Path folder) throws IOException {
    accounts.run(accounts.ofGovernance());
    Path file = Files.writeString(folder.resolve("file"), "");
    AccountSetup more = accounts.ofGovernance().role("reports", AwsRoleKind.reader());

    Plan<Report> plan = accounts.with(more, run -> run.templatesTo(file).plan());

    assertThat(plan.steps())
        .isNotEmpty()
        .extracting(Plan.Step::undo)
        .allSatisfy(undo -> assertThat(undo).startsWith("# ").contains(file.toString()));
  }

  /** It uses no registry. */
  @Test
  void aRoleThatOnlyQueriesTablesIsSetUpAndProven() {
    OnboardedAccounts shared = accounts.with(AwsConfig::lakeFormation);
    AccountSetup setup = shared.ofGovernance().role("dashboard", AwsRoleKind.engineReader());
    assertThat(shared.run(setup).remaining()).isEmpty();
    assertThat(shared.plan(setup).isEmpty()).as(shared.plan(setup).toString()).isTrue();

    AwsOperations.Verification proof = shared.with(setup, OnboardAccount::verify);

    assertThat(proof.proven())
        .extracting(Principal::role)
        .contains("mesh-admin", "mesh-deployer", "dashboard");
  }

  /** A change afterwards makes it as the template says. */
  @Test
  void aWorkGroupOfTheSameNameIsAdoptedAsItIsAndItsDifferenceIsListed() {
    OnboardedAccounts shared = accounts.with(AwsConfig::lakeFormation);
    AccountSetup setup = shared.ofGovernance().role("dashboard", AwsRoleKind.engineReader());
    EmulatedClients.administrator(aws, shared.governance())
        .athena("CreateWorkGroup", "{\"Name\": \"" + shared.config().table() + "\"}");

    Report report = shared.run(setup);

    assertThat(report.done()).extracting(Plan.Step::verb).contains("adopt");
    assertThat(report.remaining()).isEmpty();
    assertThat(shared.plan(setup).findings())
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STACK_DRIFTED);
              assertThat(finding.what()).startsWith("WorkGroup/WorkGroupConfiguration/");
            });
  }

  /** The deployer makes the change with the rights that it loses by it. */
  @Test
  void aRoleThatIsLeftOutIsDeletedBeforeTheDeployerLosesTheRight() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.run(setup.role(LEAVING, AwsRoleKind.reader()));
    assertThat(hasRole(LEAVING)).isTrue();

    Plan<Report> plan = accounts.plan(setup);
    assertThat(plan.steps())
        .extracting(Plan.Step::subject)
        .containsExactly(setup.templates().get(1).subject(), setup.templates().get(0).subject());
    Report report = accounts.with(setup, run -> run.commitAsPlanned(plan.fingerprint()));

    assertThat(report.remaining()).isEmpty();
    assertThat(report.done()).extracting(Plan.Step::verb).containsExactly("change", "change");
    assertThat(hasRole(LEAVING)).isFalse();
    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
  }

  /** A stack is complete even if CloudFormation could not delete what it no longer has. */
  @Test
  void aRoleThatCannotBeDeletedIsListed() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.run(setup.role(LEAVING, AwsRoleKind.reader()));
    AccountSetup renamed = setup.role("analyst", AwsRoleKind.reader());

    Report report = accounts.run(renamed);

    assertThat(report.byHand()).isEmpty();
    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STACK_FAILED);
              assertThat(finding.what())
                  .contains("EtlRole (etl) is no longer in the template, and could not be deleted")
                  .contains("iam:");
              assertThat(finding.fix()).startsWith("Delete it as an administrator");
            });
    assertThat(hasRole(LEAVING)).isTrue();
    assertThat(hasRole("analyst")).isTrue();
  }

  /** The next run deletes it with the rights that the deployer kept. */
  @Test
  void theDeployerKeepsItsRightsIfAnotherStackFails() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.run(setup.role(LEAVING, AwsRoleKind.reader()));
    String absent = "arn:aws:iam::" + accounts.governance() + ":role/none";

    Report failed =
        accounts.run(setup.role("mesh-admin", List.of(absent), AwsRoleKind.governance()));

    assertThat(Finding.errors(failed.remaining())).isNotEmpty();
    assertThat(failed.done()).isEmpty();
    assertThat(failed.byHand()).extracting(Plan.Step::verb).contains("wait");
    assertThat(hasRole(LEAVING)).isTrue();
    assertThat(accounts.run(setup).remaining()).isEmpty();
    assertThat(hasRole(LEAVING)).isFalse();
  }

  /** It has to trust those who then act as it. */
  @Test
  void aDeployerThatTrustsMoreChangesFirst() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.run(setup);

    Plan<Report> plan =
        accounts.plan(
            setup
                .deployedBy(accounts.other())
                .role("mesh-admin", List.of("glue.amazonaws.com"), AwsRoleKind.governance()));

    assertThat(plan.steps())
        .extracting(Plan.Step::subject)
        .containsExactly(setup.templates().get(0).subject(), setup.templates().get(1).subject());
  }

  private boolean hasRole(String name) {
    try {
      EmulatedClients.administrator(aws, accounts.governance())
          .iam("GetRole", Map.of("RoleName", name));
      return true;
    } catch (IllegalStateException e) {
      assertThat(e).hasMessageContaining("NoSuchEntity");
      return false;
    }
  }

  /** CloudFormation plans what follows an import only after it. */
  @Test
  void aPlanToTakeOverABucketNamesWhatFollows() {
    AwsMesh.make(accounts.config());

    Plan<Report> plan = accounts.plan(accounts.ofGovernance());

    assertThat(plan.steps().get(1).detail())
        .contains("takes over, as it is, Bucket, BucketPolicy; then creates, or takes over")
        .contains("MeshAdminRole", "Table");
  }

  @Test
  void aPlanThatChangedIsRefused() {
    AccountSetup setup = accounts.ofGovernance();
    String fingerprint = accounts.plan(setup).fingerprint();
    accounts.deployByHand(setup);

    assertThatThrownBy(() -> accounts.with(setup, run -> run.commitAsPlanned(fingerprint)))
        .isInstanceOf(ConflictException.class);
    assertThat(accounts.verbs(setup)).containsExactly("create", "make");
  }

  @Test
  void aReviewedPlanMakesEachChangeSetOnce() {
    AccountSetup setup = accounts.ofGovernance();
    String fingerprint = accounts.plan(setup).fingerprint();
    aws.reset();

    accounts.with(setup, run -> run.commitAsPlanned(fingerprint));

    assertThat(aws.calls().stream().filter("cloudformation:CreateChangeSet"::equals))
        .as("those of the plan are replaced: %s", aws.calls())
        .hasSize(2 + 2);
    assertThat(aws.calls().stream().filter("cloudformation:ExecuteChangeSet"::equals)).hasSize(2);
  }

  @Test
  void whatMakeMadeIsAdopted() {
    AwsMesh.make(accounts.config());
    AccountSetup setup = accounts.ofGovernance();

    Plan<Report> plan = accounts.plan(setup);
    assertThat(plan.steps()).extracting(Plan.Step::verb).containsExactly("create", "adopt");
    Report report = accounts.run(setup);

    assertThat(report.remaining()).as(report.toString()).isEmpty();
    assertThat(report.done()).extracting(Plan.Step::verb).startsWith("create", "adopt", "adopt");
    Plan<Report> again = accounts.plan(setup);
    assertThat(again.isEmpty()).as(again.toString()).isTrue();
    assertThat(again.findings()).as("drift").isEmpty();
  }

  @Test
  void aStackIsProtectedFromItsFirstChangeOn() {
    AccountSetup setup = accounts.ofGovernance();
    aws.on("cloudformation", "ExecuteChangeSet").nth(1).killCaller();
    assertThatThrownBy(() -> accounts.run(setup)).isInstanceOf(BackendException.class);
    aws.reset();
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

    accounts.run(setup);
    assertThat(accounts.plan(setup).findings()).isEmpty();
    Template own = setup.templates().get(1);
    accounts.protect(own, false);

    assertThat(accounts.plan(setup).steps()).isEmpty();
    assertThat(accounts.plan(setup).findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STACK_DRIFTED);
              assertThat(finding.what()).contains("termination protection");
              assertThat(finding.fix())
                  .endsWith("--enable-termination-protection --stack-name " + own.stack());
            });
    accounts.protect(own, true);
    assertThat(accounts.plan(setup).findings()).isEmpty();
  }

  @Test
  void aChangeBesideTheStackIsShown() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.run(setup);
    EmulatedClients.administrator(aws, accounts.governance())
        .s3()
        .putBucketVersioning(
            put ->
                put.bucket(accounts.config().bucketIn(accounts.governance()))
                    .versioningConfiguration(versions -> versions.status("Suspended")));

    Plan<Report> plan = accounts.plan(setup);
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STACK_DRIFTED);
              assertThat(finding.what()).contains("Bucket/VersioningConfiguration/Status");
            });
  }
}
