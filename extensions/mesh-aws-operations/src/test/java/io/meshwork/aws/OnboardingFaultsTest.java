package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever request fails, the next run completes the account. */
class OnboardingFaultsTest {
  /** More than the requests of one run. */
  private static final int REQUESTS = 40;

  private static final int ONE_OF = 12;

  /** How long a process goes on in vain that was killed. */
  private static final Duration LIFETIME = Duration.ofSeconds(3);

  private static final String OWNER = "governance@example.org";

  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private OnboardedAccounts accounts;

  @BeforeEach
  void start() {
    accounts = OnboardedAccounts.on(aws);
  }

  /** A build kills some of the processes, by its seed; at night, one after each request. */
  @Test
  void aRunContinuesWhereAnotherOneWasKilled() {
    assertThat(killedAfterEach(Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), 4), ONE_OF))
        .isPositive();
  }

  @Test
  @Tag("nightly")
  void aRunContinuesAfterEachRequestThatWasTheLast() {
    assertThat(killedAfterEach(0, 1)).isGreaterThan(15);
  }

  private int killedAfterEach(int first, int step) {
    int killed = 0;
    for (int request = first + 1; request <= REQUESTS; request += step) {
      accounts = OnboardedAccounts.on(aws);
      AccountSetup setup = accounts.ofGovernance();
      aws.on("cloudformation", "*").nth(request).killCaller();
      try {
        accounts.run(setup);
      } catch (BackendException e) {
        killed++;
      }
      aws.reset();
      aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

      Report rest = accounts.run(setup);
      assertThat(rest.byHand()).as("request %s", request).isEmpty();
      assertThat(rest.remaining()).as("request %s", request).isEmpty();
      assertThat(accounts.plan(setup).isEmpty()).as("request %s", request).isTrue();
    }
    return killed;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DescribeStacks",
        "CreateChangeSet",
        "DescribeChangeSet",
        "ExecuteChangeSet",
        "GetTemplate",
      })
  void aRequestThatIsThrottledOrWhoseReplyIsLostIsSentAgain(String operation) {
    AccountSetup setup = accounts.ofGovernance();
    aws.on("cloudformation", operation).nth(1).throttle();
    aws.on("cloudformation", operation).nth(3).loseReply();
    aws.on("cloudformation", operation).nth(5).fail500();

    Report report = accounts.run(setup);

    assertThat(report.done()).hasSize(3);
    assertThat(report.remaining()).isEmpty();
    assertThat(accounts.plan(setup).isEmpty()).isTrue();
  }

  /** A plan leaves change sets, which the run deletes; it compares what it made. */
  @ParameterizedTest
  @ValueSource(
      strings = {"DeleteChangeSet", "UpdateTerminationProtection", "DetectStackResourceDrift"})
  void aRequestOfARunAfterAPlanIsSentAgain(String operation) {
    AccountSetup setup = accounts.ofGovernance();
    accounts.plan(setup);
    aws.reset();
    aws.on("cloudformation", operation).nth(1).throttle();
    aws.on("cloudformation", operation).nth(2).loseReply();

    Report report = accounts.run(setup);

    assertThat(report.done()).hasSize(3);
    assertThat(report.remaining()).isEmpty();
    assertThat(accounts.plan(setup).isEmpty()).isTrue();
    assertThat(aws.calls())
        .filteredOn(("cloudformation:" + operation)::equals)
        .hasSizeGreaterThan(2);
  }

  @Test
  void theReasonOfAFailedStackIsFoundAlthoughRequestsForItFail() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.deployByHand(setup);
    aws.reset();
    aws.on("s3", "PutBucketEncryption").fail500();
    aws.on("cloudformation", "DescribeStackEvents").nth(1).throttle();
    aws.on("cloudformation", "DescribeStackEvents").nth(2).loseReply();

    assertThat(accounts.run(setup).remaining())
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("Bucket failed"));
    assertThat(aws.calls()).filteredOn("cloudformation:DescribeStackEvents"::equals).hasSize(3);
  }

  private AccountSetup adoptable() {
    AwsMesh.make(accounts.config());
    aws.reset();
    return accounts.ofGovernance();
  }

  /** A plan asks S3 whether the bucket has a policy, which only a change set of its own imports. */
  @Test
  void aPolicyIsAdoptedAlthoughRequestsForItFail() {
    AccountSetup setup = adoptable();
    aws.on("s3", "GetBucketPolicy").nth(1).throttle();
    aws.on("s3", "GetBucketPolicy").nth(2).loseReply();

    Report report = accounts.run(setup);

    assertThat(report.done()).extracting(Plan.Step::verb).startsWith("create", "adopt", "adopt");
    assertThat(report.remaining()).isEmpty();
    assertThat(accounts.plan(setup).isEmpty()).isTrue();
  }

  @Test
  void aPolicyThatCannotBeReadEndsTheRunAndTheNextOneAdoptsIt() {
    AccountSetup setup = adoptable();
    aws.on("s3", "GetBucketPolicy").fail500();

    assertThatThrownBy(() -> accounts.run(setup))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.getMessage())
                  .contains(
                      "the stack mesh-" + accounts.config().meshName(),
                      accounts.config().bucketIn(accounts.governance()),
                      "status 500",
                      "What was done stays done",
                      "Run it again");
            });
    aws.reset();

    assertThat(accounts.run(setup).remaining()).isEmpty();
    assertThat(accounts.plan(setup).isEmpty()).isTrue();
    assertThat(accounts.plan(setup).findings()).as("nothing half adopted").isEmpty();
  }

  /** A build kills some of the processes, by its seed. */
  @Test
  void anAdoptionContinuesWhereAnotherOneWasKilled() {
    int killed = 0;
    int first = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), ONE_OF);
    for (int request = first + 1; request <= REQUESTS; request += ONE_OF) {
      accounts = OnboardedAccounts.on(aws);
      AccountSetup setup = adoptable();
      aws.on("cloudformation", "*").nth(request).killCaller();
      try {
        accounts.run(setup);
      } catch (BackendException | OutcomeUnknownException e) {
        killed++;
      }
      aws.reset();
      aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

      assertThat(accounts.run(setup).remaining()).as("request %s", request).isEmpty();
      assertThat(accounts.plan(setup).isEmpty()).as("request %s", request).isTrue();
      assertThat(accounts.plan(setup).findings()).as("request %s", request).isEmpty();
    }
    assertThat(killed).isPositive();
  }

  private Report register() {
    return accounts.with(accounts.ofGovernance(), run -> run.domain("governance", OWNER).commit());
  }

  private Report registerWithin(Duration limit) {
    return accounts.with(
        accounts.ofGovernance(), run -> run.domain("governance", OWNER).timeout(limit).commit());
  }

  @Test
  void theMeshIsMadeByTheRunAfterOneThatWasKilledWhileItMadeIt() {
    AccountSetup setup = accounts.ofGovernance();
    aws.on("dynamodb", "TransactWriteItems").nth(1).killCaller();
    assertThatThrownBy(() -> accounts.run(setup)).isInstanceOf(OutcomeUnknownException.class);
    aws.reset();
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

    Report report = accounts.run(setup);

    assertThat(report.done()).extracting(Plan.Step::verb).containsExactly("make");
    assertThat(report.remaining()).isEmpty();
    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
    aws.runAs(accounts.governance(), "mesh-admin");
    AwsMesh.connect(accounts.config()).close();
  }

  @Test
  void theMeshIsMadeAlthoughARequestForItIsThrottledAndAReplyIsLost() {
    AccountSetup setup = accounts.ofGovernance();
    aws.on("dynamodb", "TransactWriteItems").nth(1).throttle();
    aws.on("dynamodb", "TransactWriteItems").nth(2).loseReply();

    assertThat(accounts.run(setup).remaining()).isEmpty();

    assertThat(accounts.plan(setup).isEmpty()).as(accounts.plan(setup).toString()).isTrue();
  }

  @Test
  void aRegistrationThatTakesTooLongEndsTheRun() {
    accounts.run(accounts.ofGovernance());
    aws.on("dynamodb", "TransactWriteItems").throttle();

    assertThatThrownBy(() -> registerWithin(LIFETIME)).isInstanceOf(BackendException.class);
    aws.reset();
    assertThat(register().done()).extracting(Plan.Step::verb).containsExactly("register");
  }

  private Plan<Report> registration() {
    return accounts.with(accounts.ofGovernance(), run -> run.domain("governance", OWNER).plan());
  }

  @Test
  void aDomainIsRegisteredAlthoughRequestsForItFail() {
    accounts.run(accounts.ofGovernance());
    aws.reset();
    aws.on("dynamodb", "TransactWriteItems").nth(1).throttle();
    aws.on("dynamodb", "TransactWriteItems").nth(2).fail500();
    aws.on("dynamodb", "TransactWriteItems").nth(3).loseReply();

    Report report = register();

    assertThat(report.done()).extracting(Plan.Step::verb).containsExactly("register");
    assertThat(registration().isEmpty()).isTrue();
    assertThat(aws.calls()).filteredOn("dynamodb:TransactWriteItems"::equals).hasSizeGreaterThan(2);
  }

  /** A build kills some of the processes, by its seed; at night, one after each request. */
  @Test
  void aDomainIsRegisteredOnceWhereARunWasKilled() {
    int first = Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), ONE_OF);
    assertThat(registrationsKilledAfterEach(first, ONE_OF)).isPositive();
  }

  @Test
  @Tag("nightly")
  void aDomainIsRegisteredOnceAfterEachRequestThatWasTheLast() {
    assertThat(registrationsKilledAfterEach(0, 1)).isGreaterThan(10);
  }

  private int registrationsKilledAfterEach(int first, int step) {
    int killed = 0;
    for (int request = first + 1; request <= REQUESTS; request += step) {
      accounts = OnboardedAccounts.on(aws);
      accounts.run(accounts.ofGovernance());
      aws.on("dynamodb", "*").nth(request).killCaller();
      try {
        registerWithin(LIFETIME);
      } catch (BackendException | OutcomeUnknownException e) {
        killed++;
      }
      aws.reset();
      aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

      Report rest = register();
      assertThat(rest.byHand()).as("request %s", request).isEmpty();
      assertThat(rest.remaining()).as("request %s", request).isEmpty();
      assertThat(registration().isEmpty()).as("request %s", request).isTrue();
      try (Mesh mesh = AwsMesh.connect(accounts.config())) {
        assertThat(mesh.client().governance().audit().kinds("domain.registered").list())
            .as("request %s", request)
            .hasSize(1);
        assertThat(mesh.client().registerDomain("governance").commit())
            .as("request %s", request)
            .satisfies(
                domain -> {
                  assertThat(domain.accounts()).containsExactly(accounts.governance());
                  assertThat(domain.owner()).isEqualTo(OWNER);
                });
      }
    }
    return killed;
  }

  @Test
  void aServiceThatStaysOverloadedEndsTheRunWithWhatWasDone() {
    AccountSetup setup = accounts.ofGovernance();
    aws.on("cloudformation", "CreateChangeSet").throttle();

    assertThatThrownBy(() -> accounts.run(setup))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.getMessage()).contains("What was done stays done", "Run it again");
            });
  }

  @Test
  void aStackThatTakesTooLongEndsTheRun() {
    AccountSetup setup = accounts.ofGovernance();

    assertThatThrownBy(
            () -> accounts.with(setup, run -> run.timeout(Duration.ofMillis(200)).commit()))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.DEADLINE_PASSED));
    assertThat(accounts.run(setup).remaining()).isEmpty();
  }

  @Test
  void aRunWhoseTimeEndsAtTheSecondStackSaysThatTheFirstIsDone() {
    AccountSetup setup = accounts.ofGovernance();
    AtomicInteger waits = new AtomicInteger();

    assertThatThrownBy(
            () ->
                accounts.with(
                    setup,
                    waited -> waits.incrementAndGet() == 3 ? Duration.ofHours(1) : waited,
                    OnboardAccount::commit))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(ErrorCode.DEADLINE_PASSED);
              assertThat(e.getMessage())
                  .contains("What was done stays done", "mesh-" + accounts.config().meshName())
                  .doesNotContain("Nothing was committed");
            });
    assertThat(accounts.verbs(setup)).as("the first stack is done").doesNotContain("by hand");
    assertThat(accounts.run(setup).done()).as("the rest").hasSizeLessThan(3);
  }

  @Test
  void aStackThatWasRolledBackSaysWhyAndWhatToDo() {
    AccountSetup setup = accounts.ofGovernance();
    accounts.deployByHand(setup);
    aws.on("s3", "PutBucketEncryption").fail500();

    Report report = accounts.run(setup);

    assertThat(report.remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.STACK_FAILED);
              assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
              assertThat(finding.what()).contains("Bucket failed", "ROLLBACK_COMPLETE");
            });
    assertThat(report.byHand())
        .extracting(Plan.Step::verb)
        .as("the stack, and the mesh that waits for it")
        .containsExactly("by hand", "wait");
    aws.reset();
    Plan<Report> plan = accounts.with(setup, OnboardAccount::plan);
    assertThat(plan.steps().get(0).detail())
        .endsWith(
            "aws cloudformation delete-stack --region "
                + aws.region()
                + " --stack-name mesh-"
                + accounts.config().meshName());
    assertThat(plan.findings()).hasSize(1);
  }

  @Test
  void aRoleOfAnotherStackIsNotTakenOver() {
    AccountSetup setup = accounts.ofGovernance();
    aws.runAs(accounts.governance(), OnboardedAccounts.ADMINISTRATOR);
    aws.deploy(
        "other",
        """
        {"Resources": {"Admin": {"Type": "AWS::IAM::Role", "Properties": {"RoleName": "mesh-admin",
          "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
            "Principal": {"AWS": ["arn:aws:iam::%s:root"]}, "Action": ["sts:AssumeRole"]}]}}}}}
        """
            .formatted(accounts.governance()));
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

    List<Finding> findings = accounts.run(setup).remaining();

    assertThat(findings)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.what())
                    .contains("refuses the change", "already belongs to another"));
  }
}
