package io.meshwork.internal.mirror;

import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.ChangeQueue.Change;
import io.meshwork.maintenance.Mirrors.Report;
import io.meshwork.operation.Plan;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Mirrors at once what a queue says has changed: the tables of products that got rows, and
 * everything after another change, because rights and contracts concern further objects.
 */
final class ChangedMirrors {
  /** The most messages that one run answers. */
  private static final int MAX_MESSAGES = 100;

  /** Events after which only the tables of their product show something else. */
  private static final Set<MeshEvent.Type> OF_ROWS =
      Set.of(
          MeshEvent.Type.PRODUCT_PUBLISHED,
          MeshEvent.Type.PRODUCT_ROLLED_BACK,
          MeshEvent.Type.PRODUCT_BACK_FILLED,
          MeshEvent.Type.PRODUCT_ENGINE_COMMIT);

  private final ChangeQueue queue;
  private final Supplier<CatalogMirrors> mirrors;

  /**
   * Prepares a run.
   *
   * @param mirrors starts an operation
   */
  ChangedMirrors(ChangeQueue queue, Supplier<CatalogMirrors> mirrors) {
    this.queue = queue;
    this.mirrors = mirrors;
  }

  /** Waits for the first message, and makes the changes that are due after those that came. */
  Report run(Duration wait) {
    List<Change> changes = new ArrayList<>();
    List<Change> some = queue.receive(wait);
    while (!some.isEmpty()) {
      changes.addAll(some);
      some = changes.size() < MAX_MESSAGES ? queue.receive(Duration.ZERO) : List.of();
    }
    Report report = mirror(changes);
    if (!changes.isEmpty()) {
      queue.remove(changes);
    }
    return report;
  }

  private Report mirror(List<Change> changes) {
    List<Report> reports = new ArrayList<>();
    if (changes.stream().allMatch(change -> OF_ROWS.contains(change.type()))) {
      for (String product : new TreeSet<>(changes.stream().map(Change::subject).toList())) {
        if (isProduct(product)) {
          mirror(product).ifPresent(reports::add);
        }
      }
    } else {
      reports.add(mirrors.get().commitMirrored());
    }
    return sum(reports);
  }

  /** A message can name anything: other programs may send to the queue. */
  private static boolean isProduct(String name) {
    try {
      return !ProductName.of(name).toString().isEmpty();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private Optional<Report> mirror(String product) {
    try {
      return Optional.of(mirrors.get().of(product).commitMirrored());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Report sum(List<Report> reports) {
    Map<String, Map<Report.Work, Long>> done = new TreeMap<>();
    List<Plan.Step> byHand = new ArrayList<>();
    Set<Finding> left = new LinkedHashSet<>();
    for (Report report : reports) {
      report
          .done()
          .forEach(
              (mirror, work) ->
                  work.forEach(
                      (kind, count) ->
                          done.computeIfAbsent(mirror, name -> new EnumMap<>(Report.Work.class))
                              .merge(kind, count, Long::sum)));
      byHand.addAll(report.byHand());
      left.addAll(report.remaining());
    }
    return new Report(new TreeMap<>(done), byHand, List.copyOf(left));
  }
}
