package io.meshwork.internal.metrics;

import io.meshwork.contract.QualityReport.BrokenRule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.maintenance.MaintenanceTally;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.PublishQuality;
import io.meshwork.internal.session.PublishQuality.QualityDocument;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the quality of each publish of a domain as a {@linkplain QualityLine line}, in a new file
 * of the run.
 */
final class QualityLines {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** A file is written from memory. */
  private static final int MAX_LINES = 10_000;

  private final ClientSession session;
  private final String domain;
  private final Map<Key, Map<String, PublishQuality>> histories = new HashMap<>();
  private final StringBuilder lines = new StringBuilder();
  private int count;

  QualityLines(ClientSession session, String domain) {
    this.session = session;
    this.domain = domain;
  }

  /** Writes the lines of publishes that no run wrote. */
  void write(MaintenanceTally tally, Deadline deadline) {
    ReportCursor cursor =
        ReportCursor.read(session, RegistryKeys.MESH, "quality/" + RegistryKeys.partition(domain));
    for (ProductEntry product : session.catalog().products(domain)) {
      cursor.advance(
          product.name(),
          () -> deadline.passed() || count >= MAX_LINES,
          (at, commit) -> add(product.name(), at, commit));
    }
    if (count > 0) {
      create(
          session.tables().places().meshRoot()
              + "/"
              + QualityLine.FOLDER
              + "/"
              + RegistryKeys.partition(domain)
              + "/"
              + TIME.format(session.runtime().clock().instant())
              + "-"
              + session.runtime().ids().next()
              + ".jsonl");
      tally.add(domain, Work.QUALITY_RESULTS_WRITTEN, count);
    }
    cursor.write();
  }

  private void add(ProductName product, Instant at, TableCommit commit) {
    for (MajorCommit major : commit.majors()) {
      List<BrokenRule> broken =
          find(product, major.major(), commit.publishId())
              .map(PublishQuality::brokenRules)
              .orElse(List.of());
      lines
          .append(new QualityLine(product, at, commit.publishId(), major, broken).json())
          .append('\n');
      count++;
    }
  }

  private Optional<PublishQuality> find(ProductName product, int major, String publish) {
    return Optional.ofNullable(
        histories
            .computeIfAbsent(RegistryKeys.quality(product, major), this::history)
            .get(publish));
  }

  private Map<String, PublishQuality> history(Key key) {
    Map<String, PublishQuality> history = new HashMap<>();
    session
        .ledger()
        .read(key)
        .map(QualityDocument::of)
        .ifPresent(
            stored ->
                stored.publishes().stream()
                    .map(PublishQuality::of)
                    .forEach(each -> history.put(each.publishId(), each)));
    return history;
  }

  private void create(String location) {
    try (OutputStream out = session.files().newOutputFile(location).create()) {
      out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(MeshAction.of(Verb.WRITE, "quality results to " + location))
          .because("the file could not be written")
          .state("The next run writes them.")
          .fix("Check the store, and run it again.")
          .cause(e)
          .passing(ErrorCode.BACKEND_FAILED);
    }
  }
}
