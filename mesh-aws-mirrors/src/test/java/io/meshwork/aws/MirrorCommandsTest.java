package io.meshwork.aws;

import static io.meshwork.aws.LakeFormationAccounts.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.error.Finding;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An administrator who runs the printed commands leaves what the mirrors would. */
class MirrorCommandsTest extends LakeFormationFixture {
  private static final Pattern ACCOUNT = Pattern.compile(" in (\\d{12})");
  private static final String ROLE = "mesh-mirror";
  private static final String NO_ONE = "888888888888";

  @Test
  void thePrintedCommandsMakeAndRemoveWhatTheMirrorsWould() throws IOException {
    accounts = LakeFormationAccounts.withGrants(aws);
    String all =
        Policies.policy(
            """
            {"Effect":"Allow","Action":["glue:*","lakeformation:*","ram:*","iam:PassRole",\
            "dynamodb:*"],"Resource":"*"}\
            """);
    for (String account : List.of(accounts.catalog, accounts.finance, accounts.commerce)) {
      accounts.createMirrorRole(account, all);
    }
    try (AwsCommands commands = AwsCommands.as(aws, ROLE)) {
      runPlan(commands);
      assertIsMirrored();
      accounts.assertGrantsAreMirrored();

      accounts.shop.access().grants().stream()
          .filter(grant -> grant.to().contains("european") || grant.to().contains("lister"))
          .map(GrantSummary::id)
          .forEach(id -> accounts.shop.revoke(id).because("End").commit());
      accounts.shop.access().tagColumns(ORDERS, "amount").remove("kind").commit();
      runPlan(commands);
      assertIsMirrored();
    }
  }

  /** The process may not act as the role of the mirrors, so each step is left to a person. */
  private void runPlan(AwsCommands commands) throws IOException {
    for (String account : List.of(accounts.catalog, accounts.finance, accounts.commerce)) {
      commands.login(account);
      trust(account, Policies.trust(NO_ONE));
    }
    List<Plan.Step> steps;
    try (Mesh mesh = accounts.open()) {
      steps = mesh.mirrors().plan().steps();
    }
    assertThat(steps).extracting(Plan.Step::verb).containsOnly("by hand");
    for (Plan.Step step : steps) {
      Matcher account = ACCOUNT.matcher(step.subject());
      assertThat(account.find()).as(step.subject()).isTrue();
      commands.run(account.group(1), step.detail().substring(step.detail().indexOf(": ") + 2));
    }
    for (String account : List.of(accounts.catalog, accounts.finance, accounts.commerce)) {
      trust(account, accounts.trust(account));
    }
  }

  private void trust(String account, String policy) {
    EmulatedClients.administrator(aws, account)
        .iam("UpdateAssumeRolePolicy", Map.of("RoleName", ROLE, "PolicyDocument", policy));
  }

  private void assertIsMirrored() {
    aws.reset();
    try (Mesh mesh = accounts.open()) {
      Mirrors.Report report = mesh.mirrors().commit();
      assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
      assertThat(report.byHand()).isEmpty();
    }
    assertThat(accounts.writes()).isEmpty();
    assertThat(aws.calls()).noneMatch(call -> call.matches("glue:(Create|Update|Delete).*"));
  }
}
