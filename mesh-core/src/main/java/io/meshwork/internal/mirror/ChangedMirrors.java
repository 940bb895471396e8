package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
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
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the mirrors that the messages of a queue start, as {@link MirrorTrigger} decides. */
public final class ChangedMirrors {
  private static final Logger LOG = LoggerFactory.getLogger(ChangedMirrors.class);

  /** The most messages that one run answers. */
  private static final int MAX_MESSAGES = 100;

  /**
   * About how many requests runs take: of one product, of the rows of one, and of all products,
   * which read the registry once. MirrorCostTest fails if they are no longer so.
   */
  private static final long COST_OF_PRODUCT = 65;

  private static final long COST_OF_ROWS = 20;
  private static final long COST_OF_ALL = 25;
  private static final long COST_OF_EACH = 10;

  private final ChangeQueue queue;
  private final Supplier<CatalogMirrors> mirrors;
  private final Function<Set<String>, Optional<Finding>> delivery;

  /**
   * Prepares a run.
   *
   * @param mirrors starts an operation
   * @param delivery delivers the notices that are due of products and domains, or says why not
   */
  ChangedMirrors(
      ChangeQueue queue,
      Supplier<CatalogMirrors> mirrors,
      Function<Set<String>, Optional<Finding>> delivery) {
    this.queue = queue;
    this.mirrors = mirrors;
    this.delivery = delivery;
  }

  /** What was done, and the messages about what could not be done now. */
  private record Outcome(Report report, List<Change> failed) {
    /** Adds what is left besides. */
    Outcome with(Finding remaining) {
      Report addition = new Report(new TreeMap<>(), List.of(), List.of(remaining));
      return new Outcome(sum(List.of(report, addition), finding -> false), failed);
    }
  }

  /**
   * Waits for the first message, makes the changes due after the received ones, and delivers the
   * notices. A message whose change failed comes again.
   *
   * @param wait the longest wait for the first message
   * @throws io.meshwork.error.MeshException if the queue or the registry cannot be read
   */
  public Report run(Duration wait) {
    List<Change> changes = new ArrayList<>();
    List<Change> some = queue.receive(wait);
    while (!some.isEmpty()) {
      changes.addAll(some);
      some = changes.size() < MAX_MESSAGES ? more() : List.of();
    }
    Outcome outcome = answer(changes);
    changes.removeAll(outcome.failed());
    return changes.isEmpty()
        ? outcome.report()
        : remove(changes).map(outcome::with).orElse(outcome).report();
  }

  /**
   * As {@link #run(Duration)}, for messages that others received and remove.
   *
   * @param messages the bodies by the ID of the message
   * @return the IDs of messages that have to come again
   */
  public Set<String> run(Map<String, String> messages) {
    List<Change> changes = new ArrayList<>();
    messages.forEach((id, body) -> changes.add(queue.change(id, body)));
    Outcome outcome = answer(changes);
    outcome.report().remaining().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .forEach(finding -> LOG.warn("{}", finding));
    return outcome.failed().stream()
        .map(Change::receipt)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Notices do not wait for messages that come again because a mirror failed. */
  private Outcome answer(List<Change> changes) {
    Outcome outcome;
    try {
      outcome = mirror(changes);
    } catch (RuntimeException e) {
      deliver(changes).ifPresent(finding -> LOG.warn("{}", finding));
      throw e;
    }
    return deliver(changes).map(outcome::with).orElse(outcome);
  }

  private Optional<Finding> deliver(List<Change> changes) {
    Set<String> subjects = new TreeSet<>();
    changes.forEach(change -> subjects.add(change.subject()));
    return subjects.isEmpty() ? Optional.empty() : delivery.apply(subjects);
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

  private Outcome mirror(List<Change> changes) {
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
    rows.removeAll(products);
    return all || isCheaperAtOnce(products.size(), rows.size(), () -> mirrors.get().products())
        ? mirrorAll(List.of(), changes)
        : mirror(products, rows, changes);
  }

  /**
   * Returns true if one run of all takes fewer requests than one of each product that changed.
   *
   * @param products how many products changed
   * @param rows of how many others only rows did
   * @param all counts the products that a run of all mirrors
   */
  public static boolean isCheaperAtOnce(int products, int rows, LongSupplier all) {
    long each = products * COST_OF_PRODUCT + rows * COST_OF_ROWS;
    return products + rows > 1
        && each > COST_OF_ALL + COST_OF_EACH * (products + rows)
        && each > COST_OF_ALL + COST_OF_EACH * all.getAsLong();
  }

  /** What failed in a run of all says not which products it concerns, so all may come again. */
  private Outcome mirrorAll(List<Report> before, List<Change> changes) {
    List<Report> reports = new ArrayList<>(before);
    Report all = mirrors.get().commitMirrored();
    reports.add(all);
    return new Outcome(
        sum(reports, MirrorFindings::isWaiting),
        isFailed(all) ? starting(changes, subject -> true) : List.of());
  }

  /** Mirrors some products, and everything if one of them has to wait for others. */
  private Outcome mirror(Set<String> products, Set<String> rows, List<Change> changes) {
    List<Report> reports = new ArrayList<>();
    Set<String> failed = new TreeSet<>();
    for (String product : products) {
      mirror(product, operation -> operation.of(product), reports, failed);
    }
    if (reports.stream()
        .flatMap(each -> each.remaining().stream())
        .anyMatch(MirrorFindings::isWaiting)) {
      return mirrorAll(reports, changes);
    }
    for (String product : rows) {
      mirror(product, operation -> operation.ofRows(product), reports, failed);
    }
    return new Outcome(sum(reports, finding -> false), starting(changes, failed::contains));
  }

  /** Returns the changes of some subjects that start a mirror. */
  private static List<Change> starting(List<Change> changes, Predicate<String> subject) {
    return changes.stream()
        .filter(change -> subject.test(change.subject()))
        .filter(change -> MirrorTrigger.of(change.type()) != MirrorTrigger.NOTHING)
        .toList();
  }

  private static boolean isFailed(Report report) {
    return report.remaining().stream().anyMatch(MirrorFindings::isPassing);
  }

  /** A message can name anything: other programs may send to the queue. */
  private static boolean isProduct(String name) {
    try {
      return !ProductName.of(name).toString().isEmpty();
    } catch (InvalidRequestException e) {
      return false;
    }
  }

  private void mirror(
      String product,
      UnaryOperator<CatalogMirrors> limited,
      List<Report> reports,
      Set<String> failed) {
    try {
      Report report = limited.apply(mirrors.get()).commitMirrored();
      reports.add(report);
      if (isFailed(report)) {
        failed.add(product);
      }
    } catch (NotFoundException e) {
      // A message about no product has nothing to mirror.
    } catch (BackendException e) {
      if (e.errorCode() != ErrorCode.REGISTRY_CORRUPT) {
        throw e;
      }
      Finding damaged = MirrorFindings.damaged(product, e);
      reports.add(new Report(new TreeMap<>(), List.of(), List.of(damaged)));
    }
  }

  private static Report sum(List<Report> reports, Predicate<Finding> answered) {
    Map<String, Map<Report.Work, Long>> done = new TreeMap<>();
    List<Plan.Step> byHand = new ArrayList<>();
    Set<Finding> remaining = new LinkedHashSet<>();
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
      remaining.addAll(report.remaining());
    }
    remaining.removeIf(answered);
    return new Report(new TreeMap<>(done), byHand, List.copyOf(remaining));
  }
}
