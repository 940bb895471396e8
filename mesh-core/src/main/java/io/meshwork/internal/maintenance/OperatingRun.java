package io.meshwork.internal.maintenance;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.delivery.NoticeDelivery;
import io.meshwork.internal.mirror.OperatedMirrors;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ClientSession.MaintainedDomains;
import io.meshwork.internal.session.ReachableCatalogs;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due in a mesh, one part after the other: what people wait for first, what takes long
 * last. A part that fails does not stop the others. Each part can be repeated and interrupted, so a
 * run that ends early is continued by the next. Used by one thread, once.
 */
public final class OperatingRun {
  private static final Logger LOG = LoggerFactory.getLogger(OperatingRun.class);
  private static final String NOTICES = "notices";

  /** A process that is stopped is soon killed. */
  private static final Duration TIME_TO_END = Duration.ofSeconds(10);

  private final ClientSession session;
  private final NoticeDelivery delivery;
  private final Optional<Function<Deadline, OperatedMirrors>> mirrors;
  private final List<ReportStep> reports;
  private final MaintenanceTally tally = new MaintenanceTally();

  /** True once the maintenance ended, and nothing in it failed. */
  private boolean isMaintained;

  /**
   * Creates a run.
   *
   * @param mirrors brings the mirrors up to date until a deadline; empty if the mesh has none
   * @param reports what is reported to a monitoring service; empty if the mesh has none
   */
  public OperatingRun(
      ClientSession session,
      NoticeDelivery delivery,
      Optional<Function<Deadline, OperatedMirrors>> mirrors,
      List<ReportStep> reports) {
    this.session = session;
    this.delivery = delivery;
    this.mirrors = mirrors;
    this.reports = List.copyOf(reports);
  }

  /**
   * A step that reports to a monitoring service.
   *
   * @param name what is reported, such as {@code metrics}
   * @param action sends the report
   */
  public record ReportStep(String name, Action action) {
    /** Sends a report. */
    public interface Action {
      /**
       * Reports about the domains that a process maintains, until the deadline.
       *
       * @param tally counts what was sent
       * @throws MeshException if it ended early; the next run continues
       */
      void run(MaintainedDomains maintained, MaintenanceTally tally, Deadline deadline);
    }
  }

  /**
   * Does what is due, if no other process does.
   *
   * @throws MeshException if the registry cannot say who operates the mesh, the mesh is closed, or
   *     the thread is interrupted
   */
  public Report run(Deadline deadline) {
    MaintainedDomains maintained = session.maintainedDomains();
    OperatingLease lease = OperatingLease.take(session, maintained, deadline);
    if (!lease.isTaken()) {
      tally.skip(operatedElsewhere(lease));
      return tally.report();
    }
    try {
      part("reminders and late products", deadline, () -> notifyPeople(deadline));
      part(NOTICES, deadline, () -> deliver(maintained, deadline));
      mirrors.ifPresent(each -> part("mirrors", deadline, () -> mirror(each.apply(deadline))));
      for (ReportStep each : reports) {
        part(each.name(), deadline, () -> each.action().run(maintained, tally, deadline));
      }
      if (lease.isMaintenanceDue()) {
        part("maintenance", deadline, () -> maintain(deadline));
      }
    } finally {
      end(lease);
    }
    return tally.report();
  }

  /** A table or a log whose maintenance fails is tried again by the next run. */
  private void maintain(Deadline deadline) {
    long before = failures();
    newMaintenance().workOff(tally, deadline);
    isMaintained = failures() == before;
  }

  private long failures() {
    return tally.report().remaining().stream()
        .filter(
            finding ->
                finding.code() == FindingCode.MAINTENANCE_FAILED
                    || finding.code() == FindingCode.CATALOG_UNAVAILABLE)
        .count();
  }

  private MeshMaintenance newMaintenance() {
    return new MeshMaintenance(session, (domains, limit) -> 0);
  }

  private void notifyPeople(Deadline deadline) {
    newMaintenance().notifyPeople(tally, deadline);
  }

  private void deliver(MaintainedDomains maintained, Deadline deadline) {
    DeliveryReport report = delivery.run(maintained, deadline);
    long due = report.delivered() + report.failed() + report.parked();
    if (due > 0) {
      tally.due(new Plan.Step("deliver", NOTICES, due + " of them", ""));
    }
    tally.add(RegistryKeys.MESH, Work.NOTICES_DELIVERED, report.delivered());
    NoticeDelivery.findings(session, maintained, ReachableCatalogs.of(session).governances(session))
        .forEach(tally::skip);
    if (deadline.passed()) {
      tally.skip(workLeft(NOTICES));
    }
  }

  private void mirror(OperatedMirrors operated) {
    operated.due().forEach(tally::due);
    operated
        .report()
        .done()
        .forEach(
            (mirror, work) ->
                tally.add(
                    mirror,
                    Work.OBJECTS_MIRRORED,
                    work.values().stream().mapToLong(Long::longValue).sum()));
    operated.report().remaining().forEach(tally::skip);
    operated.failures().forEach((catalog, failure) -> leave("mirrors of " + catalog, failure));
  }

  private void part(String name, Deadline deadline, Runnable part) {
    if (deadline.passed()) {
      tally.skip(workLeft(name));
      return;
    }
    try {
      part.run();
    } catch (MeshException e) {
      leave(name, e);
    } catch (RuntimeException e) {
      LOG.warn("Operating: {} ended early", name, e);
      tally.skip(failed(name, e.getClass().getName(), false));
    }
  }

  /** Leaves a part that ended early to the next run. */
  private void leave(String name, MeshException e) {
    if (session.closedAt().get().isPresent() || e.errorCode() == ErrorCode.INTERRUPTED) {
      throw e;
    }
    tally.skip(
        e.errorCode() == ErrorCode.DEADLINE_PASSED
            ? workLeft(name)
            : failed(name, String.valueOf(e.getMessage()), e.retryable()));
  }

  /** If the registry fails, the lease ends at its time. */
  private void end(OperatingLease lease) {
    try {
      lease.end(isMaintained, session.runtime().startDeadline(TIME_TO_END));
    } catch (MeshException e) {
      LOG.warn("Cannot record that this run ended: {}", e.errorCode());
    }
  }

  private static Finding operatedElsewhere(OperatingLease lease) {
    return new Finding(
        FindingCode.OPERATED_ELSEWHERE,
        Severity.NOTE,
        "the mesh",
        "Another process operates it, at the latest until " + lease.until() + ".",
        1,
        List.of(lease.until().toString()),
        "Nothing, unless that process was killed: then run it again after that time.");
  }

  private static Finding workLeft(String part) {
    return new Finding(
        FindingCode.WORK_LEFT,
        Severity.NOTE,
        part,
        "This run ended before all of it was done.",
        0,
        List.of(),
        "Nothing: the next run continues. If it is left each time, give the runs more time.");
  }

  private static Finding failed(String part, String reason, boolean mayPass) {
    return Finding.error(
        FindingCode.MAINTENANCE_FAILED,
        part,
        "It ended early: " + reason,
        mayPass
            ? "Nothing, if the next run succeeds."
            : "Remove the cause; the next run continues.");
  }
}
