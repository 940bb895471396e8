package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.notice.Notifier.DeliveryReport;
import io.meshwork.operation.Plan;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.RecordingNotifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** One call does what is due, one process at a time, and continues what another one left. */
public abstract class OperatingSuite extends MeshFixture {
  private static final Duration WITHIN = Duration.ofMinutes(13);
  private static final Duration HOUR = Duration.ofHours(1);

  private final RecordingNotifier notices = new RecordingNotifier();

  /** Publishes five files of a product that promises to be an hour old, and waits two hours. */
  private void lateProduct() {
    reopen(builder -> builder.notifier("test", notices));
    fiveFiles();
    clock.advance(HOUR.multipliedBy(2));
  }

  private void fiveFiles() {
    defineOrders(Contract.of(Order.class).freshWithin(HOUR));
    registerFinance();
    as("finance").subscribe(ORDERS).name("revenue").purpose("Revenue").contact("r@x").commit();
    publishOneByOne(0, 5);
  }

  private Report operate() {
    return mesh.operate(WITHIN);
  }

  private static List<FindingCode> codes(Report report) {
    return report.remaining().stream().map(Finding::code).toList();
  }

  /** Asserts that each notice was delivered, those of a log in its order, and nothing is due. */
  private void assertNothingIsDue() {
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    assertThat(mesh.maintain().plan().steps()).isEmpty();
    List<Integer> published =
        notices.once().stream()
            .filter(notice -> notice.kind() == Kind.PUBLISHED)
            .map(notice -> Integer.parseInt(notice.eventId().substring(ORDERS.length() + 1)))
            .toList();
    assertThat(published).containsExactly(2, 3, 4, 5, 6);
    assertThat(notices.once()).filteredOn(notice -> notice.kind() == Kind.LATE).hasSize(2);
    assertWhole();
  }

  @Test
  void aRunDoesWhatIsDueAndTheNextHasNothingToDo() {
    lateProduct();

    Report report = operate();

    assertThat(report.due())
        .extracting(Plan.Step::verb, Plan.Step::subject)
        .contains(
            tuple("notify the consumers", "commerce.orders_v1"),
            tuple("deliver", "notices"),
            tuple("compact", "commerce.orders_v1"));
    assertThat(report.total(Work.FRESHNESS_CHANGED)).isEqualTo(1);
    assertThat(report.total(Work.NOTICES_DELIVERED)).isEqualTo(notices.all().size()).isEqualTo(9);
    assertThat(report.total(Work.FILES_COMPACTED)).isEqualTo(5);
    assertThat(report.remaining()).isEmpty();
    assertNothingIsDue();
    assertThat(operate()).isEqualTo(new Report(List.of(), new TreeMap<>(), List.of()));
  }

  @Test
  void maintenanceRunsOnceADay() {
    lateProduct();
    operate();
    publishOneByOne(5, 10);

    clock.advance(Duration.ofHours(22));
    assertThat(operate().total(Work.FILES_COMPACTED)).isZero();
    clock.advance(HOUR);
    assertThat(operate().total(Work.FILES_COMPACTED)).isGreaterThanOrEqualTo(5);
  }

  @Test
  void aSecondRunnerSaysUntilWhenAnotherRunsAndDoesNothing() {
    lateProduct();
    Instant until = clock.instant().plus(WITHIN);
    List<Report> seconds = new ArrayList<>();
    notices.before(
        notice -> {
          if (seconds.isEmpty()) {
            State before = state();
            seconds.add(operate());
            assertNothingChanged(before);
          }
        });

    Report first = operate();

    assertThat(seconds.get(0).isEmpty()).isTrue();
    assertThat(seconds.get(0).remaining())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.OPERATED_ELSEWHERE);
              assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
              assertThat(finding.what()).contains(until.toString());
            });
    assertThat(first.remaining()).isEmpty();
    assertNothingIsDue();
  }

  /** Ends a run at its first notice, after which it reaches the registry no more. */
  private void killDuringNotices() {
    AtomicBoolean isDead = new AtomicBoolean();
    notices.before(
        notice -> {
          isDead.set(true);
          faults.on(Port.REGISTRY_COMMIT).failBefore();
        });
    mesh.operate(WITHIN, isDead::get);
    assertThat(isDead).isTrue();
    faults.clear();
    notices.before(notice -> {});
  }

  @Test
  void aKilledRunnerFreesTheMeshWhenItsTimeIsOver() {
    lateProduct();
    Instant until = clock.instant().plus(WITHIN);
    killDuringNotices();

    clock.advance(Duration.between(clock.instant(), until).minusSeconds(1));
    assertThat(codes(operate())).containsExactly(FindingCode.OPERATED_ELSEWHERE);
    clock.advance(Duration.ofSeconds(2));
    assertThat(operate().remaining()).isEmpty();
    assertNothingIsDue();
  }

  @Test
  void aClockThatJumpedNeitherHoldsNorSkipsARun() {
    AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    mesh.close();
    mesh =
        prepared(mesh(), () -> clock.instant().plus(ahead.get())).notifier("test", notices).open();
    fiveFiles();
    clock.advance(HOUR.multipliedBy(2));
    operate();
    publishOneByOne(5, 10);

    ahead.set(Duration.ofDays(20));
    shop().publish(ORDERS).records(Order.range(20, 21)).commit();
    killDuringNotices();
    ahead.set(Duration.ofDays(20).minusHours(4));
    Report back = operate();

    assertThat(codes(back)).doesNotContain(FindingCode.OPERATED_ELSEWHERE);
    assertThat(back.total(Work.NOTICES_DELIVERED)).isPositive();
    ahead.set(Duration.ofDays(21));
    assertThat(operate().remaining()).isEmpty();
    assertThat(mesh.deliverNotices()).isEqualTo(DeliveryReport.NOTHING);
    assertThat(notices.once()).doesNotHaveDuplicates();
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aRunThatAnotherOneOvertookDoesNoHarm() {
    lateProduct();
    AtomicBoolean isOvertaken = new AtomicBoolean();
    notices.before(
        notice -> {
          if (isOvertaken.compareAndSet(false, true)) {
            clock.advance(WITHIN.plusSeconds(1));
            assertThat(operate().remaining()).isEmpty();
          }
        });

    Report slow = operate();

    assertThat(codes(slow)).contains(FindingCode.WORK_LEFT);
    assertThat(slow.total(Work.NOTICES_DELIVERED) + slow.total(Work.FILES_COMPACTED))
        .as("what it did beside the other")
        .isLessThanOrEqualTo(1);
    assertNothingIsDue();
  }

  @Test
  void severalRunnersTogetherDoTheWorkOnce() throws Exception {
    lateProduct();
    List<Report> reports = Collections.synchronizedList(new ArrayList<>());
    Callable<Boolean> running = () -> reports.add(operate());

    ConcurrentCalls.run(List.of(running, running, running));
    reports.add(operate());

    assertThat(reports.stream().mapToLong(each -> each.total(Work.FRESHNESS_CHANGED)).sum())
        .isEqualTo(1);
    assertThat(reports.stream().mapToLong(each -> each.total(Work.FILES_COMPACTED)).sum())
        .isEqualTo(5);
    assertNothingIsDue();
  }

  @Test
  void aRunThatIsStoppedEndsAfterThePresentStep() {
    lateProduct();
    AtomicBoolean isStopping = new AtomicBoolean();
    notices.after(notice -> isStopping.set(true));

    Report stopped = mesh.operate(WITHIN, isStopping::get);

    assertThat(notices.all()).hasSize(1);
    assertThat(stopped.total(Work.FILES_COMPACTED)).isZero();
    assertThat(codes(stopped)).containsOnly(FindingCode.WORK_LEFT);
    isStopping.set(false);
    notices.after(notice -> {});
    assertThat(operate().remaining()).as("the mesh is free at once").isEmpty();
    assertThat(notices.all()).as("the step was completed").doesNotHaveDuplicates();
    assertNothingIsDue();
  }

  @Test
  void aPartThatFailsStopsNoOther() {
    lateProduct();
    notices.before(
        notice -> {
          throw Failure.of(MeshAction.of(Verb.DELIVER, notice.id()))
              .because("the receiver wants no more")
              .lasting(ErrorCode.BACKEND_FAILED);
        });

    Report report = operate();

    assertThat(codes(report)).containsOnly(FindingCode.NOTICE_PARKED);
    assertThat(report.total(Work.NOTICES_DELIVERED)).isZero();
    assertThat(report.total(Work.FILES_COMPACTED)).isEqualTo(5);
  }

  @Test
  void aFailureAtAnyCommitIsMadeUpByTheNextRun() {
    lateProduct();
    long failures = 0;
    for (int commit = 1; failures == commit - 1; commit++) {
      faults.on(Port.REGISTRY_COMMIT).nth(commit).failBefore();
      try {
        operate();
      } catch (MeshException e) {
        assertThat(e.retryable()).isTrue();
      }
      failures = faults.trace().lines().filter(call -> call.contains(" -> ")).count();
      faults.clear();
      clock.advance(WITHIN.plusSeconds(1));
    }

    assertThat(failures).isGreaterThan(1);
    assertThat(operate().remaining()).isEmpty();
    assertNothingIsDue();
  }

  @Test
  void aWrongDurationIsRefused() {
    assertThatThrownBy(() -> mesh.operate(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("within");
  }

  @Test
  void aMeshWithoutNotifiersIsOperatedToo() {
    fiveFiles();
    clock.advance(HOUR.multipliedBy(2));

    assertThat(operate().done().keySet()).contains(ORDERS);
    assertThat(mesh.maintain().plan().steps()).isEmpty();
  }
}
