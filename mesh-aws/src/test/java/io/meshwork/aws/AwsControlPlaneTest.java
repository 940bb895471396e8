package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.aws.client.Answers;
import io.meshwork.error.BackendException;
import io.meshwork.meter.Meters;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ram.RamClient;
import software.amazon.awssdk.services.ram.model.ListResourcesRequest;
import software.amazon.awssdk.services.ram.model.ListResourcesResponse;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** When calls of the control plane are not sent. */
class AwsControlPlaneTest {
  private static final String ACCOUNT = "111111111111";
  private static final String OTHER = "222222222222";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-22T08:00:00Z"));
  private final Numbers numbers = new Numbers();
  private final ControlPlane controlPlane = new ControlPlane(clock, numbers, Duration.ZERO);
  private final StsAnswers answers = new StsAnswers();
  private final StsClient sts = guarded(ACCOUNT);

  @Test
  void aServiceThatFailsGetsNoCallsUntilItAnswersAgain() {
    answers.failure = Answers.rejected(503, "ServiceUnavailable");
    failCalls(ControlPlane.MIN_CALLS);
    assertThat(numbers.gauge("state", ACCOUNT)).isEqualTo(2);

    assertNotSent(sts, "at least half of the last calls failed");

    clock.advance(ControlPlane.PAUSE.plusMillis(1));
    answers.failure = null;
    for (int i = 0; i < ControlPlane.TEST_CALLS; i++) {
      sts.getCallerIdentity();
    }
    assertThat(answers.calls).isEqualTo(ControlPlane.MIN_CALLS + ControlPlane.TEST_CALLS);
    assertThat(numbers.gauge("state", ACCOUNT)).isZero();
    assertThat(numbers.counts).containsExactly(Map.entry("open for " + ACCOUNT, 1.0));
  }

  @Test
  void aServiceThatStillFailsAfterThePauseGetsTwoCalls() {
    answers.failure = Answers.timeout();
    failCalls(ControlPlane.MIN_CALLS);
    clock.advance(ControlPlane.PAUSE.plusMillis(1));

    failCalls(ControlPlane.TEST_CALLS);

    assertNotSent(sts, "at least half of the last calls failed");
    assertThat(answers.calls).isEqualTo(ControlPlane.MIN_CALLS + ControlPlane.TEST_CALLS);
  }

  @Test
  void deniedAndExpiredCallsAreNoFailuresOfTheService() {
    for (RuntimeException failure :
        new RuntimeException[] {
          Answers.rejected(403, "AccessDenied"), Answers.rejected(403, "ExpiredToken")
        }) {
      answers.failure = failure;
      failCalls(ControlPlane.WINDOW);
    }

    answers.failure = null;
    assertThat(sts.getCallerIdentity().account()).isEqualTo(ACCOUNT);
    assertThat(numbers.counts).isEmpty();
  }

  @Test
  void theFailuresOfAnAccountDoNotConcernAnother() {
    answers.failure = Answers.rejected(400, "Throttling");
    failCalls(ControlPlane.MIN_CALLS);
    answers.failure = null;

    assertThat(guarded(OTHER).getCallerIdentity().account()).isEqualTo(ACCOUNT);
    assertNotSent(sts, "at least half");
  }

  @Test
  void twoCallsRunAtTheSameTime() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(ControlPlane.MAX_RUNNING);
    try {
      CountDownLatch end = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(ControlPlane.MAX_RUNNING);
      answers.meanwhile =
          () -> {
            begun.countDown();
            await(end);
          };
      Future<?> first = threads.submit(() -> sts.getCallerIdentity());
      Future<?> second = threads.submit(() -> sts.getCallerIdentity());
      begun.await();
      assertThat(numbers.gauge("running", ACCOUNT)).isEqualTo(ControlPlane.MAX_RUNNING);

      assertNotSent(sts, "2 calls are running");

      end.countDown();
      first.get();
      second.get();
      assertThat(numbers.gauge("running", ACCOUNT)).isZero();
      assertThat(numbers.counts).containsExactly(Map.entry("full for " + ACCOUNT, 1.0));
      sts.getCallerIdentity();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void metersThatFailChangeNothing() {
    numbers.fail = true;
    answers.failure = Answers.rejected(500, "InternalFailure");
    failCalls(ControlPlane.MIN_CALLS);

    assertNotSent(sts, "at least half");
  }

  @Test
  void thePagesOfAListingAreCalls() {
    int[] sent = new int[1];
    RamClient ram =
        controlPlane.guard(
            RamClient.class,
            new RamClient() {
              @Override
              public ListResourcesResponse listResources(ListResourcesRequest request) {
                sent[0]++;
                throw Answers.rejected(503, "ServiceUnavailable");
              }

              @Override
              public String serviceName() {
                return "ram";
              }

              @Override
              public void close() {
                answers.closed = true;
              }
            },
            ACCOUNT,
            "sts");
    for (int i = 0; i < ControlPlane.MIN_CALLS; i++) {
      assertThatThrownBy(() -> list(ram)).isInstanceOf(AwsServiceException.class);
    }

    assertThatThrownBy(() -> list(ram))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("at least half of the last calls failed");

    assertThat(sent[0]).isEqualTo(ControlPlane.MIN_CALLS);
  }

  private static long list(RamClient ram) {
    return ram.listResourcesPaginator(request -> {}).stream().count();
  }

  @Test
  void everythingElseIsForwarded() {
    answers.failure = Answers.timeout();
    failCalls(ControlPlane.MIN_CALLS);

    assertThat(sts.serviceName()).isEqualTo("sts");
    sts.close();
    assertThat(answers.closed).isTrue();
  }

  @Test
  void theCallsOfAProcessAreLimitedForItsOwnAccount() {
    AwsConfig meshOfAnotherAccount = AwsLocal.newMesh();
    try (AwsRoleCredentials credentials =
        AwsRoleCredentials.of(
            meshOfAnotherAccount,
            AwsLocal.role(OTHER, "etl"),
            controlPlane,
            AwsTimeouts.STANDARD)) {
      assertThat(numbers.gauges).containsOnlyKeys("state of self", "running of self");

      credentials.as(Principal.of(OTHER, "analyst"));

      assertThat(numbers.gauges)
          .containsOnlyKeys(
              "state of self", "running of self", "state of " + OTHER, "running of " + OTHER);
    }
  }

  private StsClient guarded(String account) {
    return controlPlane.guard(StsClient.class, answers, account, "sts");
  }

  private void failCalls(int count) {
    for (int i = 0; i < count; i++) {
      assertThatThrownBy(sts::getCallerIdentity).isSameAs(answers.failure);
    }
  }

  private void assertNotSent(StsClient client, String reason) {
    int before = answers.calls;
    assertThatThrownBy(client::getCallerIdentity)
        .isInstanceOfSatisfying(BackendException.class, e -> assertThat(e.retryable()).isTrue())
        .hasMessageContainingAll(reason, "sts", ACCOUNT, "No request was sent");
    assertThat(answers.calls).isEqualTo(before);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** An STS that answers as instructed. */
  private static final class StsAnswers implements StsClient {
    private RuntimeException failure;
    private Runnable meanwhile = () -> {};
    private volatile int calls;
    private boolean closed;

    @Override
    public synchronized String serviceName() {
      return "sts";
    }

    @Override
    public GetCallerIdentityResponse getCallerIdentity(GetCallerIdentityRequest request) {
      count();
      meanwhile.run();
      if (failure != null) {
        throw failure;
      }
      return GetCallerIdentityResponse.builder().account(ACCOUNT).build();
    }

    private synchronized void count() {
      calls++;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Keeps gauges by name and account, and counts by reason and account. */
  private static final class Numbers implements Meters {
    private static final String PREFIX = "meshwork.control_plane_";
    private final Map<String, DoubleSupplier> gauges = new HashMap<>();
    private final Map<String, Double> counts = new HashMap<>();
    private boolean fail;

    double gauge(String name, String account) {
      return gauges.get(name + " of " + account).getAsDouble();
    }

    @Override
    public void count(String meter, Map<String, String> tags, double amount) {
      check();
      assertThat(meter).isEqualTo(PREFIX + "rejected");
      counts.merge(tags.get("reason") + " for " + tags.get("account"), amount, Double::sum);
    }

    @Override
    public void time(String meter, Map<String, String> tags, Duration took) {
      throw new AssertionError(meter);
    }

    @Override
    public void gauge(String meter, Map<String, String> tags, DoubleSupplier value) {
      check();
      assertThat(tags).containsEntry("service", "sts");
      gauges.put(meter.substring(PREFIX.length()) + " of " + tags.get("account"), value);
    }

    private void check() {
      if (fail) {
        throw new IllegalStateException("no meters");
      }
    }
  }
}
