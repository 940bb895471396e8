package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
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
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Runs the mirrors that the messages of a queue start, as {@link MirrorTrigger} decides. */
final class ChangedMirrors {
  /** The most messages that one run answers. */
  private static final int MAX_MESSAGES = 100;

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
      some = changes.size() < MAX_MESSAGES ? more() : List.of();
    }
    Report report = mirror(changes);
    return changes.isEmpty()
        ? report
        : remove(changes)
            .map(left -> new Report(new TreeMap<>(), List.of(), List.of(left)))
            .map(left -> sum(List.of(report, left), finding -> false))
            .orElse(report);
  }

  /** What came before the queue failed is mirrored; if it still fails, the next run says so. */
  private List<Change> more() {
    try {
      return queue.receive(Duration.ZERO);
    } catch (BackendException e) {
      requirePassing(e);
      return List.of();
    }
  }

  /** Says what was not removed, without losing what was mirrored. */
  private Optional<Finding> remove(List<Change> changes) {
    try {
      queue.remove(changes);
      return Optional.empty();
    } catch (BackendException e) {
      requirePassing(e);
      return Optional.of(MirrorFindings.notRemoved(changes.size(), e));
    }
  }

  private static void requirePassing(BackendException failure) {
    if (!failure.retryable() || failure.errorCode() == ErrorCode.INTERRUPTED) {
      throw failure;
    }
  }

  private Report mirror(List<Change> changes) {
    Set<String> rows = new TreeSet<>();
    Set<String> products = new TreeSet<>();
    boolean all = false;
    for (Change change : changes) {
      boolean ofProduct = isProduct(change.subject());
      switch (MirrorTrigger.of(change.type())) {
        case NOTHING -> {}
        case ROWS -> {
          if (ofProduct) {
            rows.add(change.subject());
          }
        }
        case PRODUCT -> {
          if (ofProduct) {
            products.add(change.subject());
          } else {
            all = true;
          }
        }
        case ALL -> all = true;
      }
    }
    return all ? mirrors.get().commitMirrored() : mirror(products, rows);
  }

  /** Mirrors some products, and everything if one of them has to wait for others. */
  private Report mirror(Set<String> products, Set<String> rows) {
    List<Report> reports = new ArrayList<>();
    for (String product : products) {
      mirror(operation -> operation.of(product)).ifPresent(reports::add);
    }
    if (reports.stream()
        .flatMap(each -> each.remaining().stream())
        .anyMatch(MirrorFindings::isWaiting)) {
      reports.add(mirrors.get().commitMirrored());
      return sum(reports, MirrorFindings::isWaiting);
    }
    for (String product : rows) {
      if (!products.contains(product)) {
        mirror(operation -> operation.ofRows(product)).ifPresent(reports::add);
      }
    }
    return sum(reports, finding -> false);
  }

  /** A message can name anything: other programs may send to the queue. */
  private static boolean isProduct(String name) {
    try {
      return !ProductName.of(name).toString().isEmpty();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private Optional<Report> mirror(UnaryOperator<CatalogMirrors> limited) {
    try {
      return Optional.of(limited.apply(mirrors.get()).commitMirrored());
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  private static Report sum(List<Report> reports, Predicate<Finding> answered) {
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
    left.removeIf(answered);
    return new Report(new TreeMap<>(done), byHand, List.copyOf(left));
  }
}
