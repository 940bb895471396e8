package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.testkit.aws.AwsEmulator.FaultRule;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/** An operating run in one account that only templates made, and its metrics in CloudWatch. */
class CloudWatchReportTest {
  private static final String ORDERS = "commerce/orders";
  private static final Duration WITHIN = Duration.ofMinutes(5);
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final String OPERATOR = "operator";
  private static final String STEWARD = "steward";
  private static final String ADMINISTRATOR = "administrator";

  /** The part of a run that each request belongs to. */
  private static final Map<String, String> PARTS =
      Map.of(
          "PutMetricData", "metrics",
          "DescribeAlarms", "alarms",
          "DescribeRule", "alarms",
          "PutMetricAlarm", "alarms",
          "DeleteAlarms", "alarms",
          "GetDashboard", "dashboard",
          "PutDashboard", "dashboard");

  /** Short, because requests hang until they end. */
  private static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(1),
          Duration.ofMillis(1_500),
          Duration.ofSeconds(3),
          DynamoTimeouts.STANDARD,
          Duration.ofMillis(1));

  private final String account =
      "8" + ThreadLocalRandom.current().nextLong(10_000_000_000L, 100_000_000_000L);
  private final String name =
      "m" + ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L);
  private final ManualClock clock =
      ManualClock.at(Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(30));
  private final Instant start = clock.instant().truncatedTo(ChronoUnit.MINUTES);
  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private AwsConfig config;

  @BeforeEach
  void makeAMesh() {
    aws.cloudWatchClock(clock);
    config =
        AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(account, name).cloudWatch();
    deploy(roles());
    AwsMesh.make(config, DefaultCredentialsProvider.builder().build());
    as(
        STEWARD,
        mesh -> {
          mesh.client()
              .registerDomain("commerce")
              .accounts(account)
              .administrators(Principal.of(account, STEWARD))
              .owner("shop@example.org")
              .commit();
          return mesh.client()
              .defineProduct(ORDERS)
              .contract(Contract.of(SmallOrder.class).freshWithin(Duration.ofHours(1)))
              .commit();
        });
  }

  private AccountSetup roles() {
    return rolesOf(config);
  }

  private AccountSetup rolesOf(AwsConfig printed) {
    return AccountSetup.of(printed, account)
        .role(OPERATOR, AwsRoleKind.maintenance("commerce"), AwsRoleKind.governance())
        .role(STEWARD, AwsRoleKind.steward("commerce"), AwsRoleKind.governance());
  }

  private void deploy(AccountSetup setup) {
    for (Template template : setup.templates()) {
      aws.runAs(template.account(), ADMINISTRATOR);
      aws.deploy(template.stack(), template.body());
    }
    aws.reset();
  }

  private <T> T as(String role, Function<Mesh, T> work) {
    return as(config, role, work);
  }

  private <T> T as(AwsConfig opened, String role, Function<Mesh, T> work) {
    aws.runAs(account, role);
    try (Mesh mesh =
        AwsMesh.builder(opened, () -> DefaultCredentialsProvider.builder().build(), IMPATIENT)
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .open()) {
      return work.apply(mesh);
    }
  }

  private Report operate() {
    return operate(config);
  }

  private Report operate(AwsConfig opened) {
    return as(opened, OPERATOR, mesh -> mesh.operate(WITHIN));
  }

  private void publish(String id) {
    as(
        STEWARD,
        mesh -> mesh.client().publish(ORDERS).records(List.of(new SmallOrder(id, 1))).commit());
  }

  private static List<String> failed(Report report) {
    return report.remaining().stream()
        .filter(finding -> finding.code() == FindingCode.MAINTENANCE_FAILED)
        .map(Finding::where)
        .toList();
  }

  private <T> T cloudWatch(Function<CloudWatchClient, T> work) {
    aws.runAs(account, ADMINISTRATOR);
    try (CloudWatchClient client =
        CloudWatchClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .httpClient(UrlConnectionHttpClient.builder().build())
            .build()) {
      return work.apply(client);
    }
  }

  private List<Datapoint> points(String metric) {
    return cloudWatch(
        client ->
            client
                .getMetricStatistics(
                    get ->
                        get.namespace("Meshwork/" + name)
                            .metricName(metric)
                            .dimensions(
                                Dimension.builder().name("Domain").value("commerce").build())
                            .startTime(start)
                            .endTime(clock.instant().plus(QUARTER))
                            .period(60)
                            .statistics(Statistic.SUM, Statistic.SAMPLE_COUNT))
                .datapoints());
  }

  private double sum(String metric) {
    return points(metric).stream().mapToDouble(Datapoint::sum).sum();
  }

  private Map<String, MetricAlarm> alarms() {
    return cloudWatch(CloudWatchClient::describeAlarms).metricAlarms().stream()
        .collect(Collectors.toMap(MetricAlarm::alarmName, alarm -> alarm));
  }

  private String alarm() {
    return "mesh-" + name + ".commerce.late";
  }

  @Test
  void theFirstRunMakesAlarmAndDashboardAndTheNextRunsChangeNothing() {
    Report first = operate();
    assertThat(first.remaining()).isEmpty();
    assertThat(first.total(Work.ALARMS_CHANGED)).isEqualTo(2);
    assertThat(alarms()).containsOnlyKeys(alarm());
    assertThat(alarms().get(alarm()).alarmActions()).as("the account has no mail").isEmpty();
    publish("1");
    Report second = operate();
    operate();

    assertThat(second.total(Work.ALARMS_CHANGED)).isZero();
    assertThat(sum("records_processed")).isEqualTo(1);
    assertThat(points("products_late")).extracting(Datapoint::sampleCount).containsExactly(3.0);
    assertThat(sum("bytes_spared")).isZero();
    assertThat(points("bytes_spared")).hasSize(1);
    assertThat(aws.alarms(account)).containsExactly(entry(alarm(), "OK"));
  }

  @Test
  void anHourAfterTheLastRunTheAlarmIsOn() {
    operate();
    clock.advance(QUARTER);
    operate();
    clock.advance(Duration.ofMinutes(59));
    assertThat(aws.alarms(account)).containsExactly(entry(alarm(), "OK"));
    clock.advance(Duration.ofMinutes(2));

    assertThat(aws.alarms(account)).containsExactly(entry(alarm(), "ALARM"));
  }

  @Test
  void whereTheAccountHasMailItIsSentWhenTheAlarmChangesUntilTheMailIsRemoved() {
    String address = "late" + account + "@example.org";
    String mail = "arn:aws:sns:" + aws.region() + ":" + account + ":mesh-" + name + "-mail";
    String pager = "arn:aws:sns:" + aws.region() + ":" + account + ":pager";
    operate();
    change(put -> put.alarmActions(pager));
    deploy(roles().email(address));

    assertThat(operate().total(Work.ALARMS_CHANGED)).isEqualTo(1);
    assertThat(alarms().get(alarm()).alarmActions()).containsExactly(pager, mail);
    assertThat(alarms().get(alarm()).okActions()).containsExactly(mail);
    assertThat(operate().total(Work.ALARMS_CHANGED)).isZero();
    aws.alarms(account);
    clock.advance(Duration.ofMinutes(76));
    aws.alarms(account);
    publish("1");
    operate();
    clock.advance(QUARTER);
    operate();
    aws.alarms(account);
    assertThat(aws.mails(address))
        .containsExactly("OK: " + alarm(), "ALARM: " + alarm(), "OK: " + alarm());

    deploy(roles());
    assertThat(operate().total(Work.ALARMS_CHANGED)).isEqualTo(1);
    assertThat(alarms().get(alarm()).alarmActions()).containsExactly(pager);
    assertThat(alarms().get(alarm()).okActions()).isEmpty();
  }

  @Test
  void whileItIsNotKnownWhoGetsMailAlarmsAreMadeAndCorrectedAndNotifyWhomTheyDid() {
    String mail = "arn:aws:sns:" + aws.region() + ":" + account + ":mesh-" + name + "-mail";
    AccountSetup mailed = roles().email("late@example.org");
    deploy(mailed);
    operate();
    change(put -> put.threshold(7.0).alarmActions(mail).okActions(mail));
    for (boolean isDenied : List.of(true, false)) {
      if (isDenied) {
        // The role of an earlier version, which did not read rules.
        for (Template template : mailed.templates()) {
          aws.runAs(template.account(), ADMINISTRATOR);
          aws.deploy(
              template.stack(),
              template.body().replace("\"events:DescribeRule\"", "\"events:ListRules\""));
        }
      } else {
        deploy(mailed);
        on("DescribeRule").fail500();
      }
      Report report = operate(isDenied ? config.cloudWatchPerProduct() : config);
      aws.reset();

      assertThat(failed(report)).containsExactly("alarms");
      assertThat(report.remaining())
          .singleElement()
          .satisfies(finding -> assertThat(finding.what()).contains("mesh-" + name + "-mail"));
      assertThat(report.total(Work.ALARMS_CHANGED)).as("denied %s", isDenied).isPositive();
      assertThat(alarms()).as("denied %s", isDenied).hasSize(isDenied ? 2 : 1);
    }

    assertThat(alarms().get(alarm()).threshold()).isZero();
    assertThat(alarms().get(alarm()).alarmActions()).containsExactly(mail);
    assertThat(alarms().get(alarm()).okActions()).containsExactly(mail);
  }

  @Test
  void anAlarmThatNotifiesAsManyAsCloudWatchAcceptsKeepsThem() {
    operate();
    List<String> topics =
        IntStream.range(0, 5)
            .mapToObj(i -> "arn:aws:sns:" + aws.region() + ":" + account + ":pager" + i)
            .toList();
    change(put -> put.alarmActions(topics));
    deploy(roles().email("a@example.org"));

    assertThat(operate().remaining()).isEmpty();
    assertThat(alarms().get(alarm()).alarmActions()).isEqualTo(topics);
    assertThat(operate().total(Work.ALARMS_CHANGED)).isZero();
  }

  @Test
  void theRolesOfTemplatesHaveEachPermissionThatARunNeedsAndNoOther() {
    aws.reset();
    operate();
    assertThat(aws.unusedStatements(account))
        .filteredOn(unused -> unused.startsWith(account + "/" + OPERATOR + " metrics "))
        .isEmpty();
  }

  @Test
  void aRoleWithoutThePermissionIsNamedAndStopsNothingElse() {
    deploy(rolesOf(AwsConfig.inRegion(aws.region()).endpoint(aws.endpoint()).mesh(account, name)));
    Report report = operate();

    assertThat(failed(report)).containsExactly("metrics", "alarms", "dashboard");
    assertThat(report.remaining())
        .extracting(Finding::what)
        .anySatisfy(
            what ->
                assertThat(what)
                    .contains(account + "/" + OPERATOR)
                    .contains("cloudwatch:PutMetricData"))
        .anySatisfy(what -> assertThat(what).contains("cloudwatch:DescribeAlarms"))
        .anySatisfy(what -> assertThat(what).contains("cloudwatch:GetDashboard"));
  }

  @Test
  void eachFailureOfARequestIsAFindingAndTheNextRunCompletesIt() {
    List<Consumer<FaultRule>> faults =
        List.of(
            FaultRule::throttle,
            FaultRule::fail500,
            FaultRule::loseReply,
            FaultRule::hang,
            FaultRule::expireToken);
    operate();
    double published = 0;
    for (Map.Entry<String, String> part : PARTS.entrySet()) {
      for (Consumer<FaultRule> fault : faults) {
        drift();
        publish("p" + published++);
        fault.accept(on(part.getKey()));
        Report report = operate();
        aws.reset();

        assertThat(failed(report)).as(part.getKey()).containsExactly(part.getValue());
        assertThat(failed(operate())).isEmpty();
      }
    }

    assertThat(sum("records_processed")).isGreaterThanOrEqualTo(published);
    assertThat(alarms()).containsOnlyKeys(alarm());
    assertThat(alarms().get(alarm()).threshold()).isZero();
  }

  private FaultRule on(String operation) {
    return aws.on(operation.equals("DescribeRule") ? "events" : "monitoring", operation);
  }

  /** Changes alarms and dashboard, so that the next run has something to correct and to delete. */
  private void drift() {
    MetricAlarm alarm = alarms().get(alarm());
    cloudWatch(
        client -> {
          client.putMetricAlarm(changed(alarm, put -> put.threshold(7.0)));
          client.putMetricAlarm(
              changed(alarm, put -> put.alarmName("mesh-" + name + ".commerce.gone.v1.late")));
          return client.putDashboard(
              put -> put.dashboardName("mesh-" + name).dashboardBody("{\"widgets\":[]}"));
        });
  }

  private static PutMetricAlarmRequest changed(
      MetricAlarm alarm, UnaryOperator<PutMetricAlarmRequest.Builder> change) {
    return change
        .apply(
            PutMetricAlarmRequest.builder()
                .alarmName(alarm.alarmName())
                .namespace(alarm.namespace())
                .metricName(alarm.metricName())
                .dimensions(alarm.dimensions())
                .statistic(alarm.statistic())
                .period(alarm.period())
                .evaluationPeriods(alarm.evaluationPeriods())
                .datapointsToAlarm(alarm.datapointsToAlarm())
                .threshold(alarm.threshold())
                .comparisonOperator(alarm.comparisonOperator())
                .treatMissingData(alarm.treatMissingData()))
        .build();
  }

  private void change(UnaryOperator<PutMetricAlarmRequest.Builder> change) {
    MetricAlarm alarm = alarms().get(alarm());
    cloudWatch(client -> client.putMetricAlarm(changed(alarm, change)));
  }

  @Test
  void anAlarmThatPeopleChangedIsCorrectedAndKeepsWhomItNotifies() {
    operate();
    String topic = "arn:aws:sns:" + aws.region() + ":" + account + ":late";
    change(put -> put.threshold(7.0).alarmActions(topic).alarmDescription("Call the shop"));

    assertThat(operate().total(Work.ALARMS_CHANGED)).isEqualTo(1);
    MetricAlarm corrected = alarms().get(alarm());
    assertThat(corrected.threshold()).isZero();
    assertThat(corrected.alarmActions()).containsExactly(topic);
    assertThat(corrected.alarmDescription()).isEqualTo("Call the shop");
    assertThat(operate().total(Work.ALARMS_CHANGED)).isZero();
  }

  @Test
  void productsHaveAlarmsOnRequestWhichGoWhenTheyAreNotWantedAndOthersStay() {
    AwsConfig perProduct = config.cloudWatchPerProduct();
    assertThat(operate(perProduct).total(Work.ALARMS_CHANGED)).isEqualTo(3);
    MetricAlarm alarm = alarms().get(alarm());
    String foreign = "mesh-" + name + ".commerce.disk";
    cloudWatch(
        client ->
            client.putMetricAlarm(
                changed(alarm, put -> put.alarmName(foreign).metricName("disk_used"))));
    assertThat(alarms())
        .containsOnlyKeys(alarm(), foreign, "mesh-" + name + ".commerce.orders.v1.late");

    assertThat(operate().total(Work.ALARMS_CHANGED)).isEqualTo(1);
    assertThat(alarms()).containsOnlyKeys(alarm(), foreign);
  }

  @Test
  void aDomainNamedLikeAProductOfAnotherDomainHasItsOwnAlarm() {
    String similar = "commerce-orders-v1";
    deploy(
        AccountSetup.of(config, account)
            .role(
                OPERATOR,
                AwsRoleKind.maintenance("commerce"),
                AwsRoleKind.maintenance(similar),
                AwsRoleKind.governance())
            .role(
                STEWARD,
                AwsRoleKind.steward("commerce"),
                AwsRoleKind.steward(similar),
                AwsRoleKind.governance()));
    AwsConfig perProduct = config.cloudWatchPerProduct();
    operate(perProduct);
    Map<String, MetricAlarm> ofCommerce = alarms();
    as(
        STEWARD,
        mesh -> {
          mesh.client()
              .registerDomain("commerce")
              .accounts("888888888888")
              .administrators(Principal.of("888888888888", STEWARD))
              .owner("shop@example.org")
              .commit();
          return mesh.client()
              .registerDomain(similar)
              .accounts(account)
              .administrators(Principal.of(account, STEWARD))
              .owner("shop@example.org")
              .commit();
        });
    operate(perProduct);

    assertThat(ofCommerce).hasSize(2);
    assertThat(alarms())
        .containsAllEntriesOf(ofCommerce)
        .containsKey("mesh-" + name + "." + similar + ".late")
        .hasSize(3);
  }

  @Test
  void aRunThatIsKilledAfterItsRequestIsContinuedWhenItsTimeIsOver() {
    operate();
    publish("1");
    aws.on("monitoring", "PutMetricData").nth(1).killCaller();
    assertThat(catchFailure()).isNotNull();
    aws.reset();
    clock.advance(WITHIN);
    assertThat(failed(operate())).isEmpty();
    operate();

    assertThat(sum("records_processed")).isEqualTo(2); // once by each run that sent it
  }

  @Test
  void aRunThatIsKilledAtAnyRequestIsContinuedWhenItsTimeIsOver() {
    operate();
    for (String operation : PARTS.keySet()) {
      drift();
      on(operation).nth(1).killCaller();
      assertThat(catchFailure()).as(operation).isNotNull();
      aws.reset();
      clock.advance(WITHIN);
      assertThat(failed(operate())).as(operation).isEmpty();

      assertThat(alarms()).as(operation).containsOnlyKeys(alarm());
      assertThat(alarms().get(alarm()).threshold()).as(operation).isZero();
    }
  }

  private Object catchFailure() {
    try {
      Report report = operate();
      return failed(report).isEmpty() ? null : report;
    } catch (RuntimeException e) {
      return e;
    }
  }
}
