package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.EventDetails.MaintenanceSummary;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a run of mirrors does with each object, whatever the service is. */
class MirrorEngineTest {
  /** A crash of the process at a call. */
  private static final class ProcessCrash extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final GuardedStore store = new GuardedStore();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));
  private final InMemoryService service = new InMemoryService();

  @SuppressWarnings("NullAway.Init") // JUnit opens the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void open() {
    mesh =
        Mesh.over(store.registry(), store.files(), GuardedStore.ROOT)
            .actingThrough(service.credentials(store))
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .open();
  }

  @AfterEach
  void close() {
    mesh.close();
    assertThat(store.violations()).isEmpty();
  }

  private Mirrors.Report run() {
    return mesh.mirrors().commit();
  }

  private Mirrors.Report repair() {
    return mesh.mirrors().repair().commit();
  }

  private List<FindingCode> verified() {
    return mesh.mirrors().verify().findings().stream().map(Finding::code).toList();
  }

  private static List<FindingCode> codes(Mirrors.Report report) {
    return report.left().stream().map(Finding::code).toList();
  }

  private void upToDate() {
    service.calls.clear();
    assertThat(mesh.mirrors().plan().isEmpty()).isTrue();
    assertThat(run().isEmpty()).isTrue();
    assertThat(service.calls).isEmpty();
  }

  @Test
  void whatIsWantedAndAbsentIsMadeContainersFirst() {
    service.want("b/one", 1);
    service.want("b", 1);
    service.want("a", 1);

    assertThat(mesh.mirrors().plan().steps())
        .extracting(Plan.Step::verb, Plan.Step::subject)
        .containsExactly(
            tuple("make", "memory a in 222222222222"),
            tuple("make", "memory b in 222222222222"),
            tuple("make", "memory b/one in 222222222222"));
    assertThat(run().total(Work.MADE)).isEqualTo(3);
    assertThat(service.calls).containsExactly("create a", "create b", "create b/one");
    assertThat(service.objects).isEqualTo(service.wanted);
    upToDate();
  }

  @Test
  void whatTheMeshChangedIsChangedAndWhatItRemovedIsRemovedInReverse() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("b", 1);
    run();
    service.calls.clear();

    service.wanted.clear();
    service.want("b", 2);
    Mirrors.Report report = run();

    assertThat(report.done())
        .containsExactly(
            Map.entry("memory in 222222222222", Map.of(Work.CHANGED, 1L, Work.REMOVED, 2L)));
    assertThat(service.calls).containsExactly("update b", "delete a/one", "delete a");
    upToDate();
  }

  @Test
  void whatALaterMirrorMadeIsRemovedBeforeWhatItDependsOn() {
    service.want("share", 1);
    service.wantedLater.put("link", InMemoryService.content(1));
    run();
    assertThat(service.calls).containsExactly("create share", "create link");
    service.calls.clear();

    service.wanted.clear();
    service.wantedLater.clear();
    service.want("other", 1);
    assertThat(run().total(Work.REMOVED)).isEqualTo(2);

    assertThat(service.calls).containsExactly("create other", "delete link", "delete share");
    assertThat(service.objectsLater).isEmpty();
    upToDate();
  }

  @Test
  void whatAServiceReportsIsAFindingOfEachRun() {
    service.want("a", 1);
    Finding remark = Finding.error(FindingCode.SHARE_REFUSED, "a", "It was rejected.", "Ask.");
    service.remarks.add(remark);

    assertThat(mesh.mirrors().plan().findings()).containsExactly(remark);
    assertThat(run().left()).containsExactly(remark);
    assertThat(mesh.mirrors().verify().findings()).containsExactly(remark);
  }

  @Test
  void readersAreTriedByAVerificationOfACompleteMirror() {
    service.want("a", 1);
    Finding denied = Finding.error(FindingCode.MIRROR_UNREADABLE, "a", "No access.", "Look.");
    service.unreadable.add(denied);

    assertThat(mesh.mirrors().verify().findings()).isEmpty();
    assertThat(run().left()).isEmpty();
    assertThat(mesh.mirrors().verify().findings()).containsExactly(denied);
    service.readIsDenied = true;
    assertThat(verified()).containsExactly(FindingCode.MIRROR_UNREACHABLE);
  }

  @Test
  void whatOthersChangedStaysUntilARepair() {
    service.want("a", 1);
    run();
    service.put("a", 9);

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_CHANGED);
    service.want("a", 2);
    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(verified()).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(service.objects).containsEntry("a", InMemoryService.content(9));

    assertThat(mesh.mirrors().repair().plan().steps())
        .extracting(Plan.Step::verb)
        .containsExactly("restore");
    assertThat(repair().total(Work.RESTORED)).isEqualTo(1);
    assertThat(service.objects).containsEntry("a", InMemoryService.content(2));
    upToDate();
  }

  @Test
  void whatOthersChangedAndTheMeshNoLongerWantsStaysUntilARepair() {
    service.want("a", 1);
    run();
    service.put("a", 9);
    service.wanted.clear();

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_CHANGED);
    assertThat(service.objects).containsKey("a");
    assertThat(repair().total(Work.REMOVED)).isEqualTo(1);
    assertThat(service.objects).isEmpty();
    upToDate();
  }

  @Test
  void aChangeByOthersThatIsWhatTheMeshWantsIsAdopted() {
    service.want("a", 1);
    run();
    service.put("a", 2);
    service.want("a", 2);

    Mirrors.Report report = run();

    assertThat(report.total(Work.ADOPTED)).isEqualTo(1);
    assertThat(report.left()).isEmpty();
    upToDate();
  }

  @Test
  void whatOthersMadeIsNeverTouched() {
    service.put("a", 7);
    service.put("b", 7);
    service.put("b/one", 7);
    service.put("b/two", 7);
    service.want("b", 1);
    service.want("b/one", 1);
    service.want("c", 1);
    Map<String, String> before = service.snapshot();

    Mirrors.Report report = run();

    // The table in a foreign database has no finding: that of the database explains it.
    assertThat(report.left())
        .extracting(Finding::code, Finding::severity, Finding::where)
        .containsExactlyInAnyOrder(
            tuple(FindingCode.MIRROR_FOREIGN, Finding.Severity.NOTE, "memory a in 222222222222"),
            tuple(FindingCode.MIRROR_FOREIGN, Finding.Severity.ERROR, "memory b in 222222222222"));
    repair();
    assertThat(service.objects).containsAllEntriesOf(before).containsKey("c").hasSize(5);
    service.wanted.clear();
    repair();
    assertThat(service.objects).isEqualTo(before);
  }

  @Test
  void anEqualObjectThatIsNotRecordedIsAdoptedWithoutACall() {
    service.want("a", 1);
    service.put("a", 1);

    Mirrors.Report report = run();

    assertThat(report.total(Work.ADOPTED)).isEqualTo(1);
    assertThat(service.calls).isEmpty();
    service.want("a", 2);
    assertThat(run().total(Work.CHANGED)).isEqualTo(1);
  }

  @Test
  void whatOthersRemovedIsMissingAndMadeAgain() {
    service.want("a", 1);
    run();
    service.put("a", null);

    assertThat(verified()).containsExactly(FindingCode.MIRROR_MISSING);
    assertThat(run().total(Work.MADE)).isEqualTo(1);
    service.put("a", null);
    service.wanted.clear();
    assertThat(verified()).isEmpty();
    assertThat(run().left()).isEmpty();
    upToDate();
  }

  @Test
  void anObjectWhoseTimeIsOverIsOverdueUntilTheNextRun() {
    service.want("a", 1);
    service.nextDue.put("a", clock.instant().plus(Duration.ofHours(2)));
    run();
    assertThat(verified()).isEmpty();

    clock.advance(Duration.ofHours(2));
    service.wanted.clear();

    assertThat(verified()).containsExactly(FindingCode.MIRROR_OVERDUE);
    assertThat(run().total(Work.REMOVED)).isEqualTo(1);
    assertThat(verified()).isEmpty();
  }

  @Test
  void anotherDueTimeIsRecordedWithoutACall() {
    service.want("a", 1);
    service.nextDue.put("a", clock.instant().plus(Duration.ofHours(2)));
    run();
    service.nextDue.put("a", clock.instant().plus(Duration.ofHours(9)));
    service.calls.clear();
    run();

    clock.advance(Duration.ofHours(3));
    service.want("a", 2);

    assertThat(service.calls).isEmpty();
    assertThat(verified()).isEmpty();
  }

  @Test
  void aFailedContainerStopsWhatItContainsAndNothingElse() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("a/two", 1);
    service.want("b", 1);
    service.want("b/one", 1);
    service.beforeCall =
        call -> {
          if (call.equals("create a")) {
            throw InMemoryService.unavailable(call);
          }
        };

    Mirrors.Report report = run();

    assertThat(service.objects).containsOnlyKeys("b", "b/one");
    assertThat(codes(report))
        .containsExactly(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);
    assertThat(report.left().get(1).count()).isEqualTo(2);
    service.beforeCall = call -> {};
    run();
    assertThat(service.objects).isEqualTo(service.wanted);
    upToDate();
  }

  @Test
  void aContainerStaysWhileSomethingInItCannotBeRemoved() {
    service.want("a", 1);
    service.want("a/one", 1);
    run();
    service.wanted.clear();
    service.beforeCall =
        call -> {
          if (call.equals("delete a/one")) {
            throw new IllegalStateException("a defect of a client");
          }
        };

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_FAILED, FindingCode.MIRROR_BLOCKED);
    assertThat(service.objects).containsOnlyKeys("a", "a/one");
    service.beforeCall = call -> {};
    run();
    assertThat(service.objects).isEmpty();
  }

  @Test
  void aDeniedCallIsAStepByHandWithItsCommand() {
    service.want("a", 1);
    service.want("b", 1);
    service.beforeCall =
        call -> {
          if (call.equals("create a")) {
            throw InMemoryService.denied(call);
          }
        };

    Mirrors.Report report = run();

    assertThat(service.objects).containsOnlyKeys("b");
    assertThat(report.byHand())
        .singleElement()
        .satisfies(
            step -> {
              assertThat(step.verb()).isEqualTo("by hand");
              assertThat(step.detail()).contains("create a", "MESH-7011");
            });
    service.put("a", 1);
    service.beforeCall = call -> {};
    assertThat(run().total(Work.ADOPTED)).isEqualTo(1);
    upToDate();
  }

  @Test
  void aServiceThatCannotBeReachedHasStepsByHandFromWhatTheMeshKnows() {
    service.want("a", 1);
    service.want("b", 1);
    run();
    mesh.close();
    service.runnerIsRefused = true;
    open();
    service.wanted.remove("a");
    service.want("b", 2);
    service.want("c", 1);
    service.calls.clear();

    Plan<Mirrors.Report> plan = mesh.mirrors().plan();

    assertThat(plan.steps()).extracting(Plan.Step::verb).containsOnly("by hand");
    assertThat(plan.steps())
        .extracting(Plan.Step::detail)
        .satisfiesExactly(
            update -> assertThat(update).contains("update b", "MESH-4010"),
            create -> assertThat(create).contains("create c"),
            delete -> assertThat(delete).contains("delete a"));
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(run().byHand()).isEqualTo(plan.steps());
    assertThat(verified()).containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(service.calls).isEmpty();
  }

  @Test
  void aRoleThatMayNotReadTheServiceIsLikeAServiceThatCannotBeReached() {
    service.want("a", 1);
    service.readIsDenied = true;

    Mirrors.Report report = run();

    assertThat(codes(report)).containsExactly(FindingCode.MIRROR_UNREACHABLE);
    assertThat(report.byHand()).hasSize(1);
    assertThat(service.objects).isEmpty();
  }

  @Test
  void whatIsRefusedStaysAsItIs() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("a/two", 1);
    run();
    service.wanted.remove("a/one");
    service.wanted.remove("a/two");
    Finding refusal = Finding.error(FindingCode.COLUMN_CASE, "a/one", "It has two names.", "");
    service.refusals.add(new Mirror.Refusal("a/one", false, refusal));

    assertThat(run().left()).containsExactly(refusal);
    assertThat(service.objects).containsOnlyKeys("a", "a/one");
  }

  @Test
  void nothingIsRemovedInAContainerWhoseObjectsAreNotKnown() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("b", 1);
    run();
    service.wanted.clear();
    service.want("a", 2);
    Finding refusal = Finding.error(FindingCode.MIRROR_UNCERTAIN, "a", "It is damaged.", "");
    service.refusals.add(new Mirror.Refusal("a", true, refusal));

    assertThat(run().left()).containsExactly(refusal);
    assertThat(service.objects)
        .containsOnlyKeys("a", "a/one")
        .containsEntry("a", InMemoryService.content(2));
  }

  @Test
  void nothingIsRemovedBelowAKeyWhoseObjectsAreNotKnown() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("a/one/x", 1);
    service.want("a/one_more", 1);
    run();
    service.wanted.clear();
    Finding refusal = Finding.error(FindingCode.MIRROR_UNCERTAIN, "a", "It is damaged.", "");
    service.refusals.add(new Mirror.Refusal("a/one", true, refusal));
    service.refusals.add(new Mirror.Refusal("b", true, refusal));

    run();

    assertThat(service.objects).containsKeys("a/one", "a/one/x").doesNotContainKey("a/one_more");
  }

  @Test
  void whatIsNeverRemovedIsForgottenAndSaysSo() {
    service.want("a", 1);
    service.want("b", 1);
    service.neverRemoved.addAll(Set.of("a", "b"));
    run();
    service.wanted.clear();
    service.put("b", 9);

    assertThat(mesh.mirrors().plan().steps())
        .extracting(Plan.Step::verb, Plan.Step::detail)
        .containsOnly(
            tuple(
                "forget", "the mesh no longer needs it; it stays, because others may rely on it"));
    service.runnerIsRefused = true;
    mesh.close();
    open();
    assertThat(mesh.mirrors().plan().steps()).isEmpty();
    assertThat(run().byHand()).as("steps by hand without a command").isEmpty();
    service.runnerIsRefused = false;
    mesh.close();
    open();
    assertThat(run().isEmpty()).isTrue();

    assertThat(service.objects).containsOnlyKeys("a", "b");
    assertThat(mesh.mirrors().plan().findings())
        .as("after that, they belong to others")
        .extracting(Finding::code)
        .containsOnly(FindingCode.MIRROR_FOREIGN);
  }

  @Test
  void nothingIsMadeInAContainerThatOthersMadeAgain() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.want("a/two", 1);
    run();
    service.protectedKeys.add("a");
    service.put("a", 9);
    service.put("a/one", null);
    service.wanted.remove("a/two");

    assertThat(codes(repair())).containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);

    assertThat(service.objects)
        .containsOnlyKeys("a")
        .containsEntry("a", InMemoryService.content(9));
  }

  @Test
  void anObjectionOfTheMirrorHoldsAlsoForARepair() {
    service.want("a", 1);
    run();
    service.protectedKeys.add("a");
    service.put("a", 9);
    service.want("a", 2);

    assertThat(codes(run())).containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(codes(repair())).containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(verified()).containsExactly(FindingCode.DRIFT_FOREIGN_WRITE);
    assertThat(service.objects).containsEntry("a", InMemoryService.content(9));
  }

  @Test
  void anObjectThatChangesDuringARunIsComparedAgain() {
    service.want("a", 1);
    service.want("b", 1);
    run();
    service.want("a", 2);
    service.want("b", 2);
    service.want("c", 2);
    service.beforeCall =
        call -> {
          service.beforeCall = later -> {};
          service.put("a", 2);
          service.put("b", 9);
          service.put("c", 9);
        };

    Mirrors.Report report = run();

    assertThat(report.total(Work.ADOPTED)).isEqualTo(1);
    assertThat(codes(report))
        .containsExactlyInAnyOrder(FindingCode.MIRROR_CHANGED, FindingCode.MIRROR_FOREIGN);
    assertThat(service.objects)
        .containsEntry("b", InMemoryService.content(9))
        .containsEntry("c", InMemoryService.content(9));
  }

  @Test
  void aRunIsLoggedWithItsCountsAndARunWithoutChangesIsNot() {
    service.want("a", 1);
    service.want("b", 1);
    run();
    upToDate();

    List<MeshEvent> events =
        mesh.actingAs(Principal.of(GuardedStore.GOVERNANCE, "auditor"))
            .events("_mesh/mirrors")
            .list();

    assertThat(events).hasSize(1);
    assertThat(events.get(0).type()).isEqualTo(MeshEvent.MIRROR_APPLIED);
    assertThat(events.get(0).principal()).isEqualTo("222222222222/mesh-mirror");
    assertThat(((MaintenanceSummary) events.get(0).details()).facts())
        .containsEntry("mirror", "memory")
        .containsEntry("account", "222222222222")
        .containsEntry("made", "2")
        .containsEntry("left", "0");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aRunDeletesTheRowsOfItsAttemptsAfterAMonth() {
    service.want("a", 1);
    run();
    int first = attempts();
    clock.advance(Duration.ofDays(31));
    service.want("a", 2);

    run();

    assertThat(first).isEqualTo(3);
    // Those of this run, and that of the deletion.
    assertThat(attempts()).isEqualTo(4);
  }

  private int attempts() {
    return store.registry().list("_mesh/mirrors", Registry.ATTEMPT_PREFIX, null).documents().size();
  }

  @Test
  void aPlanIsCommittedOnlyIfItIsStillTheSame() {
    service.want("a", 1);
    Plan<Mirrors.Report> plan = mesh.mirrors().plan();
    service.want("b", 1);

    assertThatThrownBy(plan::commit).isInstanceOf(ConflictException.class);
    assertThat(service.objects).isEmpty();
    String fingerprint = mesh.mirrors().plan().fingerprint();
    assertThat(mesh.mirrors().commitAsPlanned(fingerprint).total(Work.MADE)).isEqualTo(2);
  }

  @Test
  void aMeshWithoutMirrorsSaysWhereTheyBelong() {
    try (Mesh embedded = InMemoryMesh.open()) {
      assertThatThrownBy(embedded::mirrors)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageContaining("mesh on AWS");
    }
  }

  @Test
  void mirrorsThatWereNeverCommittedChangeNothing() {
    service.want("a", 1);
    mesh.mirrors().plan();
    mesh.mirrors().verify();

    assertThat(service.calls).isEmpty();
    assertThat(mesh.mirrors().plan().steps()).extracting(Plan.Step::verb).containsExactly("make");
  }

  /**
   * All states of one object: wanted, applied, interrupted, and found, each one of few contents.
   */
  @Test
  void eachStateOfAnObjectHasTheOutcomeOfTheThreeWayDifference() {
    List<Optional<Integer>> contents =
        List.of(Optional.empty(), Optional.of(1), Optional.of(2), Optional.of(3));
    for (Optional<Integer> applied : contents) {
      for (Optional<Integer> intended : contents) {
        for (Optional<Integer> actual : contents) {
          for (Optional<Integer> wanted : contents) {
            reachAndCompare(applied, intended, actual, wanted);
          }
        }
      }
    }
  }

  private int tables;

  private void reachAndCompare(
      Optional<Integer> applied,
      Optional<Integer> intended,
      Optional<Integer> actual,
      Optional<Integer> wanted) {
    String key = "x" + tables++;
    String state =
        "applied "
            + applied
            + ", intended "
            + intended
            + ", actual "
            + actual
            + ", wanted "
            + wanted;
    service.wanted.clear();
    applied.ifPresent(number -> service.want(key, number));
    run();
    service.wanted.remove(key);
    intended.ifPresent(number -> service.want(key, number));
    boolean interrupted = !applied.equals(intended);
    if (interrupted) {
      service.beforeCall =
          call -> {
            throw new ProcessCrash();
          };
      assertThatThrownBy(this::run).as(state).isInstanceOf(ProcessCrash.class);
      service.beforeCall = call -> {};
    }
    service.put(key, actual.orElse(null));
    service.wanted.remove(key);
    wanted.ifPresent(number -> service.want(key, number));
    service.calls.clear();

    Mirrors.Report report = run();

    boolean known = applied.isPresent() || interrupted;
    boolean ours = actual.equals(applied) || (interrupted && actual.equals(intended));
    String outcome = Optional.ofNullable(service.objects.get(key)).orElse("");
    String expected =
        actual.isEmpty() || (known && ours)
            ? wanted.map(InMemoryService::content).orElse("")
            : InMemoryService.content(actual.get());
    assertThat(outcome).as(state).isEqualTo(expected);
    boolean left = actual.isPresent() && !actual.equals(wanted) && !(known && ours);
    assertThat(codes(report))
        .as(state)
        .isEqualTo(
            left
                ? List.of(
                    applied.isPresent() ? FindingCode.MIRROR_CHANGED : FindingCode.MIRROR_FOREIGN)
                : List.of());
    assertThat(service.calls).as(state).hasSize(left || wanted.equals(actual) ? 0 : 1);
    service.put(key, null);
    service.wanted.clear();
    run();
  }

  /** Crashes before and after each call of a run; the next run completes it. */
  @Test
  void aRunThatIsInterruptedAtAnyCallIsCompletedByTheNext() {
    for (int call = 1; call <= 7; call++) {
      for (boolean before : List.of(true, false)) {
        service.batchSize = 1 + call % 3;
        String prefix = "p" + call + before;
        prepare(prefix);
        crashAt(call, before);
        assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
        service.beforeCall = each -> {};
        service.afterCall = each -> {};

        Mirrors.Report report = run();

        assertThat(report.left()).as(prefix).extracting(Finding::where).containsOnly(foreign());
        assertThat(ours()).as(prefix).isEqualTo(service.wanted);
        assertThat(service.objects).as(prefix).containsEntry("foreign", InMemoryService.content(5));
        service.calls.clear();
        assertThat(run().isEmpty()).as(prefix).isTrue();
        assertThat(service.calls).as(prefix).isEmpty();
      }
    }
  }

  private static String foreign() {
    return "memory foreign in 222222222222";
  }

  private Map<String, String> ours() {
    Map<String, String> ours = new TreeMap<>(service.objects);
    ours.remove("foreign");
    return ours;
  }

  /** Prepares two objects to make, two to change, and three to remove. */
  private void prepare(String prefix) {
    service.put("foreign", 5);
    service.wanted.clear();
    for (String name : List.of("c", "d", "r", "r/one", "s")) {
      service.want(prefix + name, 1);
    }
    run();
    service.wanted.clear();
    for (String name : List.of("c", "d", "m", "m/one")) {
      service.want(prefix + name, 2);
    }
    service.calls.clear();
  }

  private void crashAt(int number, boolean before) {
    int[] count = {0};
    if (before) {
      service.beforeCall =
          call -> {
            if (++count[0] == number) {
              throw new ProcessCrash();
            }
          };
    } else {
      service.afterCall =
          call -> {
            if (++count[0] == number) {
              throw new ProcessCrash();
            }
          };
    }
  }

  @Test
  void whatSeveralInterruptedRunsLeftIsStillOfTheMesh() {
    service.want("a", 1);
    run();
    service.want("a", 2);
    crashAt(1, false);
    assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
    service.afterCall = call -> {};
    service.want("a", 3);
    crashAt(1, true);
    assertThatThrownBy(this::run).isInstanceOf(ProcessCrash.class);
    service.beforeCall = call -> {};
    assertThat(service.objects).containsEntry("a", InMemoryService.content(2));

    Mirrors.Report report = run();

    assertThat(report.left()).isEmpty();
    assertThat(report.total(Work.CHANGED)).isEqualTo(1);
    assertThat(service.objects).containsEntry("a", InMemoryService.content(3));
    upToDate();
  }

  /** Random changes of the mesh and of others, crashes, runs, and repairs. */
  @Test
  void whateverHappensOthersKeepTheirObjectsAndTheMeshGetsIts() {
    for (long seed = 1; seed <= 25; seed++) {
      Random random = new Random(seed);
      service.batchSize = 1 + random.nextInt(4);
      service.objects.clear();
      service.wanted.clear();
      repair();
      Set<String> foreign = new TreeSet<>();
      for (int step = 0; step < 30; step++) {
        String key = "k" + random.nextInt(4);
        switch (random.nextInt(6)) {
          case 0 -> service.want(key, random.nextInt(3));
          case 1 -> service.wanted.remove(key);
          case 2 -> {
            if (!service.objects.containsKey("f" + key)) {
              service.put("f" + key, 100 + step);
              foreign.add("f" + key);
            }
          }
          case 3 -> service.put(key, random.nextBoolean() ? null : 50 + step);
          case 4 -> {
            crashAt(1 + random.nextInt(3), random.nextBoolean());
            try {
              run();
            } catch (ProcessCrash expected) {
              assertThat(expected).hasMessage(null);
            }
            service.beforeCall = call -> {};
            service.afterCall = call -> {};
          }
          default -> run();
        }
      }
      Map<String, String> strangers = new TreeMap<>(service.objects);
      strangers.keySet().retainAll(foreign);

      repair();

      Set<String> refused = new TreeSet<>();
      mesh.mirrors()
          .verify()
          .problems()
          .forEach(finding -> refused.add(finding.where().split(" ", -1)[1]));
      Map<String, String> expected = new TreeMap<>(service.wanted);
      expected.keySet().removeAll(refused);
      assertThat(service.objects).as("seed " + seed).containsAllEntriesOf(strangers);
      assertThat(service.objects).as("seed " + seed).containsAllEntriesOf(expected);
      service.calls.clear();
      run();
      assertThat(service.calls).as("seed " + seed).isEmpty();
      foreign.forEach(key -> service.put(key, null));
    }
  }
}
