package io.meshwork.internal.metrics;

import io.meshwork.card.Health;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.NoticeDelivery;
import io.meshwork.internal.discovery.DiscoveryOperations;
import io.meshwork.internal.maintenance.MaintenanceTally;
import io.meshwork.internal.maintenance.OperatingRun.ReportStep;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.maintenance.Maintain.Report.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one operating run reports: each process about the domains that it maintains, and one that
 * governs the mesh about the mesh as a whole. Used by one thread, once.
 */
public final class MetricsReport {
  private final ClientSession session;
  private final MetricsSink sink;
  private final Map<String, List<Health>> health = new HashMap<>();
  private @Nullable ReachableCatalogs reachable;

  public MetricsReport(ClientSession session, MetricsSink sink) {
    this.session = session;
    this.sink = sink;
  }

  /** Returns the steps of the report, in order. */
  public List<ReportStep> steps() {
    return List.of(
        new ReportStep("metrics", this::send),
        new ReportStep("alarms", this::watch),
        new ReportStep("dashboard", this::show),
        new ReportStep("quality results", this::writeQuality));
  }

  private void send(MaintainedDomains maintained, MaintenanceTally tally, Deadline deadline) {
    Map<String, Long> parked =
        NoticeDelivery.parked(session, maintained, reachable().governances(session));
    each(
        own(maintained),
        deadline,
        domain ->
            new DomainMetrics(session, sink, domain)
                .send(
                    healthOf(domain),
                    parked.getOrDefault(RegistryKeys.partition(domain.domain().name()), 0L),
                    tally,
                    deadline));
  }

  private void watch(MaintainedDomains maintained, MaintenanceTally tally, Deadline deadline) {
    List<String> domains = new ArrayList<>();
    List<MetricSubject> subjects = new ArrayList<>();
    try {
      each(
          own(maintained),
          deadline,
          domain -> {
            List<MetricSubject> ofDomain = new ArrayList<>();
            ofDomain.add(MetricSubject.of(domain.domain().name()));
            if (sink.hasProducts()) {
              healthOf(domain).stream()
                  .filter(product -> product.freshness().promised().isPresent())
                  .forEach(product -> ofDomain.add(MetricSubject.of(product.version())));
            }
            domains.add(domain.domain().name());
            subjects.addAll(ofDomain);
          });
    } finally {
      if (!domains.isEmpty()) {
        sink.watch(domains, subjects, count -> tally.add(sink.name(), Work.ALARMS_CHANGED, count));
      }
    }
  }

  private void show(MaintainedDomains maintained, MaintenanceTally tally, Deadline deadline) {
    if (!maintained.includes(RegistryKeys.MESH)) {
      return;
    }
    SortedMap<String, String> accounts = new TreeMap<>();
    for (DomainEntry domain : session.catalog().domains()) {
      domain.domain().accounts().stream()
          .filter(session::canHaveAccount)
          .findFirst()
          .ifPresent(account -> accounts.put(domain.domain().name(), account));
    }
    tally.add(sink.name(), Work.ALARMS_CHANGED, sink.show(accounts));
  }

  private void writeQuality(
      MaintainedDomains maintained, MaintenanceTally tally, Deadline deadline) {
    if (maintained.includes(RegistryKeys.MESH)) {
      each(
          available(),
          deadline,
          domain -> new QualityLines(session, domain.domain().name()).write(tally, deadline));
    }
  }

  private List<DomainEntry> own(MaintainedDomains maintained) {
    return available().stream()
        .filter(domain -> maintained.includes(RegistryKeys.partition(domain.domain().name())))
        .toList();
  }

  /** A catalog that is not available delays no domain of another one. */
  private List<DomainEntry> available() {
    return reachable().catalogs().stream()
        .flatMap(catalog -> session.catalog().domainsOf(catalog).stream())
        .toList();
  }

  private ReachableCatalogs reachable() {
    ReachableCatalogs catalogs = reachable == null ? ReachableCatalogs.of(session) : reachable;
    reachable = catalogs;
    return catalogs;
  }

  private List<Health> healthOf(DomainEntry domain) {
    return health.computeIfAbsent(
        domain.domain().name(), name -> DiscoveryOperations.ownHealth(session, domain));
  }

  /** One domain that fails does not stop the others. */
  private static void each(
      List<DomainEntry> domains, Deadline deadline, Consumer<DomainEntry> work) {
    RuntimeException failure = null;
    for (DomainEntry domain : domains) {
      if (deadline.passed()) {
        break;
      }
      try {
        work.accept(domain);
      } catch (RuntimeException e) {
        if (e instanceof MeshException meshFailure
            && meshFailure.errorCode() == ErrorCode.INTERRUPTED) {
          throw e;
        }
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
