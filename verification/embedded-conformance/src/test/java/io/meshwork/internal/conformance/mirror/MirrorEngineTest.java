package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails.MirrorObjectCounts;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a run of mirrors does with each object, whatever the service is. */
class MirrorEngineTest extends MirrorEngineFixture {
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
  void whatMakesRoomIsRemovedBeforeWhatIsMadeThere() {
    service.excluded.put("b", "y");
    service.want("x", 1);
    service.want("y", 1);
    run();
    service.calls.clear();

    service.wanted.clear();
    service.want("a", 1);
    service.want("b", 1);
    service.want("c", 1);
    assertThat(run().remaining()).isEmpty();

    assertThat(service.calls)
        .containsExactly("create a", "delete y", "create b", "create c", "delete x");
    upToDate();
  }

  @Test
  void whatOthersMadeIsNotRemovedToMakeRoom() {
    service.excluded.put("b", "y");
    service.put("y", 1);
    service.want("b", 1);
    run();

    assertThat(service.calls).containsExactly("create b");
    assertThat(service.objects).containsKey("y");
  }

  @Test
  void whatOthersMadeIsSeenBeforeItIsChanged() {
    service.shownBy = "administrator";
    service.want("administrator", 1);
    service.want("theirs", 1);
    service.want("ours", 1);
    service.put("theirs", 7);

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_FOREIGN);

    assertThat(service.calls).containsExactly("create administrator", "create ours");
    assertThat(service.objects).containsEntry("theirs", InMemoryService.content(7));
  }

  @Test
  void whatOthersMadeStaysRecordedWhileItIsNotSeen() {
    service.shownBy = "administrator";
    service.want("administrator", 1);
    service.want("theirs", 1);
    service.put("theirs", 7);
    run();
    List<String> observed = observed();
    assertThat(observed).hasSize(1);

    service.put("administrator", null);
    service.beforeCall =
        call -> {
          throw InMemoryService.denied(call);
        };
    run();

    assertThat(observed()).isEqualTo(observed);
  }

  /** Returns what the registry has of objects that others made. */
  private List<String> observed() {
    return store.registry().list("_mesh/mirrors", "observed/", null).documents().stream()
        .map(Registry.Document::json)
        .toList();
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
  void whatAnEarlierMirrorChangesOfALaterOneIsMadeAgainInTheSameRun() {
    service.want("share", 1);
    service.wantedLater.put("invitation", InMemoryService.content(1));
    run();
    service.want("another", 1);
    service.afterCall =
        call -> {
          if (call.equals("create another")) {
            service.objectsLater.remove("invitation");
          }
        };

    assertThat(run().total(Work.MADE)).isEqualTo(2);

    assertThat(service.objectsLater).isEqualTo(service.wantedLater);
    upToDate();
  }

  @Test
  void nothingIsMadeOnAnObjectThatOthersMade() {
    service.want("a", 1);
    service.want("a/one", 1);
    service.wantedLater.put("a", InMemoryService.content(1));
    service.wantedLater.put("a/one", InMemoryService.content(1));
    service.wantedLater.put("b", InMemoryService.content(1));
    service.wantedLater.put("b/one", InMemoryService.content(1));
    service.want("b", 1);
    service.want("b/one", 1);
    service.put("a", 9);
    service.put("b", 1);
    service.put("b/one", 9);

    assertThat(codes(run()))
        .containsExactly(FindingCode.MIRROR_FOREIGN, FindingCode.MIRROR_FOREIGN);

    assertThat(service.objectsLater).containsOnlyKeys("b");
    upToDate();
    service.put("a", null);
    service.put("b/one", null);
    assertThat(run().remaining()).isEmpty();
    assertThat(service.objectsLater).isEqualTo(service.wantedLater);
  }

  @Test
  void nothingIsMadeOnAnObjectThatOthersMakeMeanwhile() {
    service.want("a", 1);
    service.wantedLater.put("a", InMemoryService.content(1));
    service.beforeCall =
        call -> {
          if (call.equals("create a")) {
            service.put("a", 9);
          }
        };

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_FOREIGN);

    assertThat(service.objectsLater).isEmpty();
    assertThat(mesh.mirrors().plan().isEmpty()).isTrue();
  }

  @Test
  void whatAServiceReportsIsAFindingOfEachRun() {
    service.want("a", 1);
    Finding remark = Finding.error(FindingCode.SHARE_REFUSED, "a", "It was rejected.", "Ask.");
    service.remarks.add(remark);

    assertThat(mesh.mirrors().plan().findings()).containsExactly(remark);
    assertThat(run().remaining()).containsExactly(remark);
    assertThat(mesh.mirrors().verify().findings()).containsExactly(remark);
  }

  @Test
  void readersAreTriedByAVerificationOfACompleteMirror() {
    service.want("a", 1);
    Finding denied = Finding.error(FindingCode.MIRROR_UNREADABLE, "a", "No access.", "Look.");
    service.unreadable.add(denied);

    assertThat(mesh.mirrors().verify().findings()).isEmpty();
    assertThat(run().remaining()).isEmpty();
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
    assertThat(report.remaining()).isEmpty();
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
    assertThat(report.remaining())
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
    assertThat(run().remaining()).isEmpty();
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
  void aRunIsLoggedWithItsCountsAndARunWithoutChangesIsNot() {
    service.want("a", 1);
    service.want("b", 1);
    run();
    upToDate();

    List<MeshEvent> events =
        mesh.clientAs(Principal.of(GuardedStore.GOVERNANCE, "auditor"))
            .events("_mesh/mirrors")
            .list();

    assertThat(events).hasSize(1);
    assertThat(events.get(0).type()).isEqualTo(MeshEvent.Type.MIRROR_APPLIED);
    assertThat(events.get(0).principal()).isEqualTo("222222222222/mesh-mirror");
    assertThat(EventDetailsCodec.detailsOf(events.get(0)))
        .isEqualTo(new MirrorObjectCounts("memory", "222222222222", 2, 0, 0, 0, 0, 0));
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
  void aMeshThatNoServiceShowsHasNothingToMirror() {
    List<Duration> waited = new ArrayList<>();
    try (Mesh embedded = InMemoryMesh.builder().testing().sleeper(waited::add).open()) {
      embedded.client().registerDomain("anonymous").owner("a@example.org").commit();

      assertThat(embedded.mirrors().plan().steps()).isEmpty();
      assertThat(embedded.mirrors().plan().findings()).isEmpty();
      assertThat(embedded.mirrors().commit().isEmpty()).isTrue();
      assertThat(embedded.mirrors().repair().commit().isEmpty()).isTrue();
      assertThat(embedded.mirrors().verify().isHealthy()).isTrue();
      assertThat(embedded.mirrorChanges(Duration.ofSeconds(20)).isEmpty()).isTrue();
      assertThat(embedded.mirrorChanges(Map.of("m1", "{}"))).isEmpty();
    }
    assertThat(waited).containsExactly(Duration.ofSeconds(20));
  }

  @Test
  void aProcessThatNoStoreAuthenticatesIsAnonymous() {
    try (Mesh embedded = InMemoryMesh.open()) {
      MeshClient client = embedded.client();

      assertThat(client.principal()).isEqualTo(Principal.of("anonymous", "reader"));
      assertThat(client.search("orders").results().hits()).isEmpty();
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
}
