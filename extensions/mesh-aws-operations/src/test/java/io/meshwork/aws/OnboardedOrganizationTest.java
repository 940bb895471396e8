package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.aws.AwsEmulator;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** The service control policy of an organization lets its accounts be onboarded. */
class OnboardedOrganizationTest {
  @AutoClose private final AwsEmulator aws = AwsEmulator.start();

  @Test
  void accountsAreMadeAndChangedUnderTheServiceControlPolicy() {
    OnboardedAccounts accounts = OnboardedAccounts.on(aws).with(AwsConfig::lakeFormation);
    aws.organization(accounts.other(), accounts.governance(), accounts.commerce());
    Template organization =
        OrganizationSetup.of(accounts.config(), accounts.other(), "r-abcd")
            // The first run makes the mesh as this process, which is an administrator for that.
            .administrators(
                "arn:aws:iam::*:role/" + OnboardedAccounts.ADMINISTRATOR,
                "arn:aws:iam::" + accounts.governance() + ":role/" + OnboardedAccounts.PLATFORM)
            .template();
    aws.runAs(accounts.other(), OnboardedAccounts.ADMINISTRATOR);
    aws.deploy(organization.stack(), organization.body());
    aws.moveAccount(accounts.governance(), "Data Platform");
    aws.moveAccount(accounts.commerce(), "Domains");
    aws.runAs(accounts.governance(), OnboardedAccounts.PLATFORM);

    onboard(accounts, accounts.ofGovernance(), "create");
    onboard(accounts, accounts.ofCommerce(), "create");
    onboard(
        accounts,
        accounts.ofCommerce().role("analyst", AwsRoleKind.consumer("commerce")),
        "change");
  }

  private static void onboard(OnboardedAccounts accounts, AccountSetup setup, String verb) {
    accounts.deployByHand(setup);
    Report report = accounts.run(setup);
    assertThat(report.done()).extracting(Plan.Step::verb).contains(verb);
    assertThat(List.of(report.byHand(), report.remaining())).containsOnly(List.of());
    Plan<Report> again = accounts.plan(setup);
    assertThat(again.steps()).isEmpty();
    assertThat(again.findings()).isEmpty();
  }
}
