package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import org.junit.jupiter.api.Test;

/** What cannot be made, removed, or known stays as it is, and stops nothing else. */
class MirrorFailureTest extends MirrorEngineFixture {
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
    assertThat(report.remaining().get(1).count()).isEqualTo(2);
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
  void whatAMirrorThatDoesNotAnswerMayNeedStays() {
    share();
    service.laterFails = InMemoryService.unavailable("read all");

    Mirrors.Report report = run();

    assertThat(codes(report))
        .containsExactly(FindingCode.MIRROR_BLOCKED, FindingCode.MIRROR_FAILED);
    assertThat(report.remaining().get(0).what()).contains("2 objects", "later in 222222222222");
    assertThat(service.objects).containsOnlyKeys("a", "a/share", "b");
    service.laterFails = null;
    assertThat(run().total(Work.REMOVED)).isEqualTo(3);
    assertThat(service.objectsLater).isEmpty();
    upToDate();
  }

  @Test
  void whatAMirrorMayNeedStaysWhileOneOfItsRemovalsFails() {
    share();
    service.beforeCall =
        call -> {
          if (call.equals("delete link")) {
            throw InMemoryService.unavailable(call);
          }
        };

    assertThat(codes(run())).containsExactly(FindingCode.MIRROR_BLOCKED, FindingCode.MIRROR_FAILED);
    assertThat(service.objects).containsOnlyKeys("a", "a/share", "b");
    service.beforeCall = call -> {};
    run();
    assertThat(service.objects).containsOnlyKeys("b");
    upToDate();
  }

  /** A removal that a person has to make does not delay the end of rights. */
  @Test
  void aMirrorThatIsDeniedARemovalDelaysNoOther() {
    share();
    service.beforeCall =
        call -> {
          if (call.equals("delete link")) {
            throw InMemoryService.denied(call);
          }
        };

    assertThat(run().byHand()).hasSize(1);
    assertThat(service.objects).containsOnlyKeys("b");
  }

  /** Makes a link to a share in another service, neither of which is wanted afterwards. */
  private void share() {
    service.want("a", 1);
    service.want("a/share", 1);
    service.wantedLater.put("link", InMemoryService.content(1));
    run();
    service.wanted.clear();
    service.wantedLater.clear();
    service.want("b", 1);
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
    service.refusals.add(Mirror.Refusal.ofObject("a/one", refusal));

    assertThat(run().remaining()).containsExactly(refusal);
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
    service.refusals.add(Mirror.Refusal.ofContainer("a", refusal));

    assertThat(run().remaining()).containsExactly(refusal);
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
    service.refusals.add(Mirror.Refusal.ofContainer("a/one", refusal));
    service.refusals.add(Mirror.Refusal.ofContainer("b", refusal));

    run();

    assertThat(service.objects).containsKeys("a/one", "a/one/x").doesNotContainKey("a/one_more");
  }
}
