package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import org.junit.jupiter.api.Test;

/** The program of the guide on accounts. */
class OnboardingGuideTest {
  @Test
  void theProgramOfTheGuideSetsUpAnAccount() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      OnboardedAccounts accounts = OnboardedAccounts.on(aws);
      AwsConfig config = accounts.config();
      AccountSetup setup = accounts.ofGovernance();

      // tag::onboard[]
      try (AwsOperations operations = AwsOperations.of(config)) {
        Plan<AwsOperations.Report> plan = operations.onboard(setup).plan();
        plan.steps().forEach(System.out::println);
        AwsOperations.Report report = plan.commit();
        report.byHand().forEach(step -> System.out.println(step.detail()));
      }
      // end::onboard[]

      assertThat(accounts.plan(setup).isEmpty()).isTrue();
    }
  }
}
