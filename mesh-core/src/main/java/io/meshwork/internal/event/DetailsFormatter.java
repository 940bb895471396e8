package io.meshwork.internal.event;

import io.meshwork.internal.event.EventDetails.ContractVersionChange;
import io.meshwork.internal.event.EventDetails.HourlyAccessCount;
import io.meshwork.internal.event.EventDetails.LoggedAuthorization;
import io.meshwork.internal.event.EventDetails.LoggedGrant;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.NewSnapshot;
import io.meshwork.internal.event.EventDetails.RequestedAccess;
import io.meshwork.internal.event.EventDetails.Restoration;
import io.meshwork.internal.event.EventDetails.RolloutChange;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.text.Count;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Formats details of events as one line for people. The text contains no row filters. */
final class DetailsFormatter {
  private DetailsFormatter() {}

  static String format(LoggedGrant grant) {
    return grant.id()
        + " "
        + permissions(grant.permissions(), grant.grantOption())
        + " on "
        + grant.on()
        + scope(grant.columns(), grant.exceptColumns(), grant.rowsHash())
        + " to "
        + grant.to()
        + grant.until().map(end -> " until " + end).orElse("")
        + ", authorized by "
        + grant.authorizedBy()
        + grant.authorization().map(id -> " under authorization " + id).orElse("")
        + reason(grant.because());
  }

  static String format(LoggedAuthorization authorization) {
    List<String> consumers = authorization.consumers();
    return authorization.id()
        + " "
        + String.join(", ", authorization.executors())
        + " may grant "
        + permissions(authorization.permissions(), authorization.grantOption())
        + " on "
        + authorization.on()
        + scope(authorization.columns(), authorization.exceptColumns(), authorization.rowsHash())
        + (consumers.isEmpty() ? "" : " to " + String.join(", ", consumers))
        + authorization.request().map(request -> " for request " + request).orElse("")
        + (authorization.delegating() ? " and authorize others" : "")
        + authorization.until().map(end -> " until " + end).orElse("")
        + ", authorized by "
        + authorization.authorizedBy()
        + authorization.under().map(id -> " under authorization " + id).orElse("")
        + reason(authorization.because());
  }

  static String format(HourlyAccessCount count) {
    StringBuilder text = new StringBuilder();
    text.append(count.count()).append(" x ").append(count.action());
    text.append(" of ").append(count.subject()).append(" by ").append(count.who());
    text.append(" in the hour from ").append(count.hour());
    count.version().ifPresent(version -> text.append(", version ").append(version));
    count.description().ifPresent(description -> text.append(", ").append(description));
    count.missing().ifPresent(missing -> text.append(", missing: ").append(missing));
    if (!count.columns().isEmpty()) {
      text.append(", columns ").append(String.join(", ", count.columns()));
    }
    return text.toString();
  }

  static String format(TableCommit commit) {
    List<String> parts = new ArrayList<>();
    commit.majors().forEach(major -> parts.add(format(major)));
    commit.dataTime().map(Instant::toString).ifPresent(at -> parts.add("complete up to " + at));
    return commit.mode().orElse("engine commit")
        + " "
        + commit.publishId()
        + ": "
        + String.join("; ", parts)
        + reason(commit.reason().orElse(""));
  }

  static String format(MajorCommit major) {
    List<String> parts = new ArrayList<>();
    parts.add("contract " + major.contractVersion());
    parts.add("rows accepted " + major.rowsAccepted());
    addCount(parts, "rows quarantined ", major.rowsQuarantined());
    addCount(parts, "rows late ", major.lateRows());
    addCount(parts, "rows removed ", major.rowsRemoved());
    major.restoration().ifPresent(all -> addCount(parts, "rows restored ", all.rowsRestored()));
    parts.add("files " + major.files());
    parts.add(major.snapshot().map(DetailsFormatter::snapshot).orElse("no new snapshot"));
    major.restoration().ifPresent(all -> addRestoration(parts, all));
    return String.join("; ", parts);
  }

  private static void addRestoration(List<String> parts, Restoration restoration) {
    parts.add("restored snapshot " + restoration.restoredSnapshot());
    if (!restoration.brokenRules().isEmpty()) {
      parts.add("broken rules " + String.join(", ", restoration.brokenRules()));
    }
  }

  static String format(ContractVersionChange amendment) {
    return amendment.contractVersion()
        + " replaces "
        + amendment.previousVersion()
        + ", "
        + amendment.verdict()
        + " by "
        + amendment.reasonCode()
        + amendment.proposedBy().map(decider -> ", proposed by " + decider).orElse("")
        + numbered(", announced by rollout ", amendment.rollout())
        + reason(amendment.reason().orElse(""));
  }

  static String format(RolloutChange change) {
    List<String> consumers = change.consumers();
    return "rollout "
        + change.rollout()
        + " of "
        + change.product()
        + " from major version "
        + change.fromMajor()
        + numbered(" to ", change.toMajor())
        + ", "
        + change.state()
        + (consumers.isEmpty() ? "" : ", consumers " + String.join(", ", consumers))
        + change.answer().map(answer -> ", answer " + answer).orElse("")
        + change.retireAfter().map(day -> ", retire after " + day).orElse("")
        + reason(change.because().orElse(""));
  }

  static String format(RequestedAccess request) {
    return "request "
        + request.request()
        + " of "
        + request.domain()
        + ", revision "
        + request.revision()
        + scope(request.columns(), List.of(), request.rowsHash())
        + request.until().map(end -> " until " + end).orElse("")
        + ", by "
        + request.method()
        + ", risk "
        + request.risk()
        + reason(request.purpose());
  }

  private static String numbered(String text, OptionalInt number) {
    return number.isPresent() ? text + number.getAsInt() : "";
  }

  private static String snapshot(NewSnapshot snapshot) {
    return "snapshot " + snapshot.snapshotId() + " with " + Count.of(snapshot.rowsTotal(), "row");
  }

  private static void addCount(List<String> parts, String name, long count) {
    if (count > 0) {
      parts.add(name + count);
    }
  }

  private static String permissions(List<String> permissions, boolean grantOption) {
    return String.join(", ", permissions) + (grantOption ? " with grant option" : "");
  }

  private static String scope(
      List<String> columns, List<String> exceptColumns, Optional<String> rowsHash) {
    return (columns.isEmpty() ? "" : " (" + String.join(", ", columns) + ")")
        + (exceptColumns.isEmpty() ? "" : " (all but " + String.join(", ", exceptColumns) + ")")
        + (rowsHash.isEmpty() ? "" : " in some rows");
  }

  private static String reason(String text) {
    return text.isEmpty() ? "" : ": " + text;
  }
}
