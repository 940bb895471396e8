package io.meshwork.internal.conformance.maintenance;

import io.meshwork.PrincipalCredentials;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.mirror.GuardedStore;
import io.meshwork.internal.metrics.MetricPoint;
import io.meshwork.internal.metrics.MetricPoint.Name;
import io.meshwork.internal.metrics.MetricSubject;
import io.meshwork.internal.metrics.MetricsBackend;
import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/** A monitoring service in memory, and a backend that has it. */
final class RecordingSink implements MetricsSink {
  final List<MetricPoint> points = new ArrayList<>();
  final TreeSet<String> alarms = new TreeSet<>();
  final List<Integer> requests = new ArrayList<>();

  /** The domains of the dashboard, each with its account. */
  String dashboard = "";

  /** True if it does not answer. */
  boolean isDown;

  /** Runs after points were recorded; may throw, as if the reply was lost. */
  Runnable afterSend = () -> {};

  boolean products;
  int maxPoints = 1_000;

  /** Returns the values of a metric of a domain, in the order in which they were sent. */
  List<Double> values(Name name, String domain) {
    return points.stream()
        .filter(
            point ->
                point.name() == name
                    && point.subject().equals(new MetricSubject(domain, Optional.empty())))
        .map(MetricPoint::sum)
        .toList();
  }

  double sum(Name name, String domain) {
    return values(name, domain).stream().mapToDouble(value -> value).sum();
  }

  private void checkUp() {
    if (isDown) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "metrics"))
          .because("it does not answer")
          .fix("Wait.")
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }

  @Override
  public String name() {
    return "the service";
  }

  @Override
  public boolean hasProducts() {
    return products;
  }

  @Override
  public int maxPoints() {
    return maxPoints;
  }

  @Override
  public Duration maxAge() {
    return Duration.ofDays(14);
  }

  @Override
  public void send(List<MetricPoint> some) {
    checkUp();
    requests.add(some.size());
    points.addAll(some);
    afterSend.run();
  }

  @Override
  public void watch(
      Collection<String> domains, Collection<MetricSubject> subjects, IntConsumer changed) {
    checkUp();
    int before = alarms.size();
    subjects.forEach(
        subject ->
            alarms.add(
                subject.domain()
                    + subject.product().map(version -> " " + version.product()).orElse("")));
    changed.accept(alarms.size() - before);
  }

  @Override
  public int show(SortedMap<String, String> accounts) {
    checkUp();
    int changed = dashboard.equals(accounts.toString()) ? 0 : 1;
    dashboard = accounts.toString();
    return changed;
  }

  /** Returns the credentials of a process of an account that reports here. */
  PrincipalCredentials credentials(GuardedStore store, String account) {
    return new Credentials(store.credentials(Principal.of(account, "etl")), this);
  }

  private record Credentials(PrincipalCredentials store, RecordingSink sink)
      implements PrincipalCredentials, MetricsBackend {
    @Override
    public Principal self() {
      return store.self();
    }

    @Override
    public boolean isGovernance() {
      return store.isGovernance();
    }

    @Override
    public Ports as(Principal principal) {
      return store.as(principal);
    }

    @Override
    public Optional<MetricsSink> metrics() {
      return Optional.of(sink);
    }

    @Override
    public void close() {}
  }
}
