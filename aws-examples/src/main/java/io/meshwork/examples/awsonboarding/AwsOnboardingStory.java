package io.meshwork.examples.awsonboarding;

import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsOperations;
import io.meshwork.aws.AwsOperations.OnboardAccount;
import io.meshwork.aws.AwsOperations.Report;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.error.BackendException;
import io.meshwork.error.Finding;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.examples.awsmesh.IamAdministrator;
import io.meshwork.examples.awsmesh.StoryEmulator;
import io.meshwork.examples.story.StoryFailedException;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

/**
 * A program of the platform, in the account of governance, sets up three accounts: its own, in a
 * run that is cut and continued; commerce, which has its bucket and its role already; and finance,
 * where it may do nothing.
 */
public final class AwsOnboardingStory {
  private static final String MESH = "onboarding";
  private static final String STACK = "mesh-" + MESH;
  private static final String PLATFORM = "platform";
  private static final String DEPLOYER = "mesh-deployer";
  private static final String COMMERCE = "commerce";
  private static final String ETL = "commerce-etl";

  private final String governance;
  private final String commerce;
  private final String finance;
  private final AwsEmulator aws;
  private final AwsConfig config;
  private final Path folder;
  private final StoryReport report;

  /**
   * Prepares the story.
   *
   * @param number from 0 to 9999: the accounts have it in their IDs
   */
  private AwsOnboardingStory(AwsEmulator aws, int number, Path folder, StoryReport report) {
    this.aws = aws;
    this.folder = folder;
    this.report = report;
    governance = account(1, number);
    commerce = account(2, number);
    finance = account(3, number);
    config = AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(governance, MESH);
  }

  private static String account(int domain, int number) {
    return "6%d%04d626262".formatted(domain, number);
  }

  /** Runs it; the templates remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "aws-onboarding",
        arguments,
        (aws, folder) -> run(aws, 6262, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator whose accounts are empty. */
  static void run(AwsEmulator aws, int number, Path folder, StoryReport report) {
    new AwsOnboardingStory(aws, number, folder, report).run();
  }

  private void run() {
    for (String account : List.of(governance, commerce, finance)) {
      aws.withoutRole(account, DEPLOYER);
    }
    aws.runAs(governance, PLATFORM);
    AccountSetup ofGovernance =
        AccountSetup.of(config, governance).role("mesh-admin", AwsRoleKind.governance());
    AccountSetup ofCommerce =
        AccountSetup.of(config, commerce).role(ETL, AwsRoleKind.producer(COMMERCE));
    AccountSetup ofFinance =
        AccountSetup.of(config, finance).role("analyst", AwsRoleKind.consumer("finance"));

    String fingerprint = plan(ofGovernance);
    apply(ofGovernance, fingerprint);
    long again = again(ofGovernance);
    adopt(ofCommerce);
    long byHand = byHand(ofFinance);
    long drift = drift(ofCommerce);
    report.number("again", again);
    report.number("byHand", byHand);
    report.number("drift", drift);
    report.endWithoutSteps();
  }

  private <T> T with(AccountSetup setup, Function<OnboardAccount, T> use) {
    try (AwsOperations operations = AwsOperations.of(config)) {
      return use.apply(operations.onboard(setup).templatesTo(folder));
    }
  }

  /** Registers the domain of the account too. */
  private <T> T with(AccountSetup setup, String domain, Function<OnboardAccount, T> use) {
    return with(setup, onboarding -> use.apply(onboarding.domain(domain, domain + "@example.org")));
  }

  private static String verbs(List<Plan.Step> steps) {
    return steps.stream()
        .map(step -> step.verb() + " " + step.subject().split(" in ", 2)[0])
        .collect(Collectors.joining("; "));
  }

  private String plan(AccountSetup setup) {
    Plan<Report> plan = with(setup, OnboardAccount::plan);
    report.step(
        "planned",
        "create " + STACK + "-deployer; create " + STACK + "; make mesh " + MESH,
        verbs(plan.steps()));
    return plan.fingerprint();
  }

  /** The process is killed right after CloudFormation began to make the second stack. */
  private void apply(AccountSetup setup, String fingerprint) {
    aws.on("cloudformation", "ExecuteChangeSet").nth(2).killCaller();
    String cut = "not cut";
    try {
      with(setup, onboarding -> onboarding.commitAsPlanned(fingerprint));
    } catch (BackendException e) {
      cut = "cut at the second stack";
    }
    aws.reset();
    aws.runAs(governance, PLATFORM);
    Report rest = with(setup, OnboardAccount::commit);
    aws.runAs(governance, "mesh-admin");
    AwsMesh.connect(config).close();
    aws.runAs(governance, PLATFORM);
    report.step(
        "applied",
        "cut at the second stack; the next run: make mesh " + MESH + "; left: none",
        cut + "; the next run: " + verbs(rest.done()) + "; left: " + remainingText(rest));
  }

  private static String remainingText(Report run) {
    return run.byHand().isEmpty() && run.remaining().isEmpty()
        ? "none"
        : run.byHand() + " " + run.remaining();
  }

  private long again(AccountSetup setup) {
    Plan<Report> plan = with(setup, OnboardAccount::plan);
    report.step("again", "0 steps, 0 findings", steps(plan));
    return plan.steps().size();
  }

  /** Commerce made its bucket and its role before; its administrator makes the deployer. */
  private void adopt(AccountSetup setup) {
    aws.runAs(commerce, "administrator");
    AwsMesh.makeBucket(config);
    createRole(setup);
    deployByHand(setup.templates().get(0));
    aws.runAs(governance, PLATFORM);

    Report run = with(setup, COMMERCE, OnboardAccount::commit);
    String proven =
        with(setup, OnboardAccount::verify).proven().stream()
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    String steps = verbs(run.done());
    boolean isAdopted =
        steps.startsWith("adopt " + STACK + "; adopt " + STACK + "; change " + STACK + "; create")
            && steps.endsWith("; register domain " + COMMERCE + " of " + commerce);
    report.step(
        "adopted",
        "adopt "
            + STACK
            + " twice, change it, register the domain; the next plan has 0 steps, 0 findings;"
            + " proven: "
            + commerce
            + "/mesh-deployer",
        "adopt "
            + STACK
            + (isAdopted ? " twice, change it, register the domain" : ": " + steps)
            + "; the next plan has "
            + steps(with(setup, COMMERCE, OnboardAccount::plan))
            + "; proven: "
            + proven);
  }

  private static String steps(Plan<Report> plan) {
    return plan.steps().size() + " steps, " + plan.findings().size() + " findings";
  }

  /** Makes the role as the policies say that {@code mesh template policies} writes. */
  private void createRole(AccountSetup setup) {
    String prefix = commerce + "/" + ETL + "/";
    Map<String, String> policies = new TreeMap<>();
    setup
        .policies()
        .forEach(
            (file, text) -> {
              if (file.startsWith(prefix)) {
                policies.put(file.substring(prefix.length()).replace(".json", ""), text);
              }
            });
    IamAdministrator iam = new IamAdministrator(aws, commerce);
    iam.createRole(ETL, Objects.requireNonNull(policies.remove("trust")));
    policies.forEach((name, text) -> iam.putRolePolicy(ETL, name, text));
  }

  private void deployByHand(Template template) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(template.fileName()), template.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    aws.deploy(template.stack(), template.body());
  }

  /** Finance has no deployer. */
  private long byHand(AccountSetup setup) {
    Report run = with(setup, "finance", OnboardAccount::commit);
    List<String> commands =
        run.byHand().stream()
            .filter(step -> step.verb().equals("by hand"))
            .map(step -> step.detail().substring(step.detail().lastIndexOf(": ") + 2))
            .map(AwsOnboardingStory::withoutQuotes)
            .toList();
    for (Template template : setup.templates().subList(0, commands.size())) {
      Path file = folder.toAbsolutePath().normalize().resolve(template.fileName());
      String command = template.command().replace(template.fileName(), file.toString());
      if (!commands.contains(withoutQuotes(command)) || !Files.exists(file)) {
        throw new StoryFailedException("Step 'by-hand' found other commands: " + commands);
      }
    }
    report.step(
        "by-hand",
        "by hand "
            + STACK
            + "-deployer; by hand "
            + STACK
            + "; wait "
            + STACK
            + "-from-"
            + finance
            + "; wait domain finance of "
            + finance
            + "; done: 0",
        verbs(run.byHand()) + "; done: " + run.done().size());
    return commands.size();
  }

  /** Returns a command without what a shell needs for folders with other characters. */
  private static String withoutQuotes(String command) {
    return command.replaceAll("['\\\\]", "");
  }

  private long drift(AccountSetup setup) {
    TemplateAccounts accounts = new TemplateAccounts(aws, governance, MESH, config, folder);
    accounts.withS3(
        Principal.of(commerce, "administrator"),
        s3 ->
            s3.putBucketVersioning(
                put ->
                    put.bucket(accounts.bucket(commerce))
                        .versioningConfiguration(
                            versions -> versions.status(BucketVersioningStatus.SUSPENDED))));
    aws.runAs(governance, PLATFORM);
    List<Finding> findings = with(setup, OnboardAccount::plan).findings();
    report.step(
        "drift",
        "STACK_DRIFTED: Bucket/VersioningConfiguration/Status, not as in the template.",
        findings.stream()
            .map(finding -> finding.code() + ": " + finding.what())
            .collect(Collectors.joining(" ")));
    return findings.size();
  }
}
