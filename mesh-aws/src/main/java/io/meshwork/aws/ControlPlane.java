package io.meshwork.aws;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.meter.Meters;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;

/**
 * Limits the calls of the control plane: STS, Glue, and the administration of buckets and tables.
 * For each account and service, at most {@value #MAX_RUNNING} calls run at the same time. If half
 * of the last {@value #WINDOW} failed because the service was slow, overloaded, or not available,
 * no call is sent for {@link #PAUSE}; then two calls test whether it answers again. Denied and
 * invalid calls do not count as failures.
 *
 * <p>Never around objects of S3, items of DynamoDB, or a commit: their callers decide about a
 * repetition. Thread-safe.
 */
final class ControlPlane {
  static final int MAX_RUNNING = 2;
  static final int WINDOW = 10;
  static final int MIN_CALLS = 5;
  static final int TEST_CALLS = 2;
  static final Duration PAUSE = Duration.ofSeconds(30);
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
  private static final String STATE = "meshwork.control_plane_state";
  private static final String RUNNING = "meshwork.control_plane_running";
  private static final String REJECTED = "meshwork.control_plane_rejected";

  private final InstantSource clock;
  private final Meters meters;
  private final Duration maxWait;
  private final Map<Service, Limits> limits = new ConcurrentHashMap<>();

  /** Creates limits, with all services available. */
  ControlPlane(InstantSource clock, Meters meters) {
    this(clock, meters, MAX_WAIT);
  }

  /**
   * Creates limits.
   *
   * @param clock the time at which calls are sent again
   * @param meters where states and rejected calls are counted
   * @param maxWait how long a call waits for others
   */
  ControlPlane(InstantSource clock, Meters meters, Duration maxWait) {
    this.clock = clock;
    this.meters = meters;
    this.maxWait = maxWait;
  }

  /** Returns the clock by which calls are limited. */
  InstantSource clock() {
    return clock;
  }

  private record Service(String account, String name) {
    Map<String, String> tags() {
      return Map.of("account", account, "service", name);
    }

    Map<String, String> tags(String reason) {
      return Map.of("account", account, "service", name, "reason", reason);
    }

    @Override
    public String toString() {
      return "the service '" + name + "' for the account " + account;
    }
  }

  private record Limits(CircuitBreaker breaker, Bulkhead bulkhead) {}

  /** A call that AWS answers. */
  private interface Call {
    Object send() throws Throwable;
  }

  /**
   * Returns a client whose calls are limited, also calls for the pages of a listing. Everything
   * else, such as {@code close()}, is forwarded.
   *
   * @param type the interface of the client
   * @param account whose calls they are: 12 digits, or a name if it is not known yet
   * @param service such as {@code sts}
   */
  <C> C guard(Class<C> type, C client, String account, String service) {
    Service key = new Service(account, service);
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (AwsResponse.class.isAssignableFrom(method.getReturnType())) {
                return call(key, () -> invoke(client, method, arguments));
              } else if (isPaginator(method)) {
                // It sends the calls for its pages through the proxy.
                return InvocationHandler.invokeDefault(proxy, method, arguments);
              }
              return invoke(client, method, arguments);
            }));
  }

  private static boolean isPaginator(Method method) {
    return method.isDefault() && SdkIterable.class.isAssignableFrom(method.getReturnType());
  }

  private static Object invoke(Object client, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(client, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private Object call(Service service, Call call) throws Throwable {
    Limits limit = limits.computeIfAbsent(service, this::limitsOf);
    if (!limit.bulkhead().tryAcquirePermission()) {
      if (Thread.currentThread().isInterrupted()) {
        throw Deadline.interrupted(MeshAction.of(Verb.USE, service.toString()), null);
      }
      throw rejected(service, "full", MAX_RUNNING + " calls are running", "Run it again.");
    }
    try {
      if (!limit.breaker().tryAcquirePermission()) {
        throw rejected(
            service,
            "open",
            "at least half of the last calls failed",
            "Check the status of the service, and run it again after "
                + PAUSE.toSeconds()
                + " seconds.");
      }
      return measured(limit.breaker(), call);
    } finally {
      limit.bulkhead().releasePermission();
    }
  }

  private static Object measured(CircuitBreaker breaker, Call call) throws Throwable {
    long start = breaker.getCurrentTimestamp();
    try {
      Object response = call.send();
      breaker.onResult(elapsed(breaker, start), breaker.getTimestampUnit(), response);
      return response;
    } catch (Throwable e) {
      breaker.onError(elapsed(breaker, start), breaker.getTimestampUnit(), e);
      throw e;
    }
  }

  private static long elapsed(CircuitBreaker breaker, long start) {
    return breaker.getCurrentTimestamp() - start;
  }

  private Limits limitsOf(Service service) {
    String name = service.account() + "/" + service.name();
    CircuitBreaker breaker =
        CircuitBreaker.of(
            name,
            CircuitBreakerConfig.custom()
                .clock(clock.withZone(ZoneOffset.UTC))
                .currentTimestampFunction(time -> time.millis(), TimeUnit.MILLISECONDS)
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(MIN_CALLS)
                .waitDurationInOpenState(PAUSE)
                .permittedNumberOfCallsInHalfOpenState(TEST_CALLS)
                .recordException(
                    e -> e instanceof RuntimeException failure && AwsFailure.isUnavailable(failure))
                .build());
    Bulkhead bulkhead =
        Bulkhead.of(
            name,
            BulkheadConfig.custom()
                .maxConcurrentCalls(MAX_RUNNING)
                .maxWaitDuration(maxWait)
                .build());
    report(() -> meters.gauge(STATE, service.tags(), () -> levelOf(breaker.getState())));
    report(
        () ->
            meters.gauge(
                RUNNING,
                service.tags(),
                () -> MAX_RUNNING - bulkhead.getMetrics().getAvailableConcurrentCalls()));
    return new Limits(breaker, bulkhead);
  }

  private static double levelOf(State state) {
    return switch (state) {
      case OPEN, FORCED_OPEN -> 2;
      case HALF_OPEN -> 1;
      default -> 0;
    };
  }

  private MeshException rejected(Service service, String meter, String reason, String fix) {
    report(() -> meters.count(REJECTED, service.tags(meter), 1));
    return Failure.of(MeshAction.of(Verb.USE, service.toString()))
        .because(reason)
        .state("No request was sent.")
        .fix(fix)
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /** Exceptions of the caller's meters have no effect. */
  private static void report(Runnable measurement) {
    try {
      measurement.run();
    } catch (RuntimeException e) {
      LOG.warn("Meters failed.", e);
    }
  }
}
