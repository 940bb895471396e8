package io.meshwork.internal.conformance.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Objects that a service makes and removes several at a time. */
class MirrorBatchTest extends MirrorEngineFixture {
  @BeforeEach
  void batchesOfThree() {
    service.batchSize = 3;
  }

  private List<String> batches() {
    return service.calls.stream().filter(call -> call.startsWith("batch")).toList();
  }

  private void wantFour() {
    service.want("d", 1);
    for (String name : List.of("a", "b", "c", "e")) {
      service.want("d/" + name, 1);
    }
  }

  private void assertComplete() {
    assertThat(service.objects).isEqualTo(service.wanted);
    service.calls.clear();
    assertThat(run().isEmpty()).isTrue();
    assertThat(service.calls).isEmpty();
  }

  @Test
  void objectsAreMadeTogetherAfterTheirContainerAndRemovedTogetherBeforeIt() {
    wantFour();

    assertThat(run().total(Work.MADE)).isEqualTo(5);

    assertThat(service.calls)
        .containsExactly(
            "create d", "batch of 3", "create d/a", "create d/b", "create d/c", "create d/e");
    assertComplete();

    service.wanted.clear();
    assertThat(run().total(Work.REMOVED)).isEqualTo(5);

    assertThat(batches()).containsExactly("batch of 3");
    assertThat(service.calls).endsWith("delete d");
    assertComplete();
  }

  @Test
  void anEntryThatFailsLeavesTheOthersOfItsRequest() {
    wantFour();
    service.beforeCall =
        call -> {
          if (call.equals("create d/b")) {
            throw InMemoryService.denied(call);
          }
        };

    Mirrors.Report report = run();

    assertThat(report.total(Work.MADE)).isEqualTo(4);
    assertThat(report.byHand()).extracting(step -> step.subject()).containsExactly(subject("d/b"));
    assertThat(service.objects).doesNotContainKey("d/b").hasSize(4);

    service.beforeCall = call -> {};
    assertThat(run().total(Work.MADE)).isEqualTo(1);
    assertComplete();
  }

  private static String subject(String key) {
    return "memory " + key + " in " + InMemoryService.ACCOUNT;
  }

  @Test
  void anEntryThatFailsForNowIsTriedAgainAlone() {
    wantFour();
    List<RuntimeException> failures =
        new ArrayList<>(
            List.of(
                InMemoryService.unavailable("create d/b"),
                Failure.of(MeshAction.of(Verb.CHANGE, "d/b"))
                    .because("another program changes it")
                    .conflict(ErrorCode.CONFLICT)));
    service.beforeCall =
        call -> {
          if (call.equals("create d/b") && !failures.isEmpty()) {
            throw failures.remove(0);
          }
        };

    Mirrors.Report report = run();

    assertThat(report.remaining()).isEmpty();
    assertThat(report.total(Work.MADE)).isEqualTo(5);
    assertThat(service.calls).filteredOn("create d/b"::equals).hasSize(3);
    assertComplete();
  }

  @Test
  void whatOthersMadeMeanwhileIsNotOverwrittenByARequest() {
    wantFour();
    service.beforeCall =
        call -> {
          if (call.equals("create d/a")) {
            service.put("d/b", 7);
          }
        };

    Mirrors.Report report = run();

    assertThat(report.remaining()).extracting(Finding::where).containsExactly(subject("d/b"));
    assertThat(service.objects).containsEntry("d/b", InMemoryService.content(7)).hasSize(5);
  }

  @Test
  void aRequestThatFailsAsAWholeIsCompletedByTheNextRun() {
    wantFour();
    service.failBatch = InMemoryService.unavailable("the batch");

    assertThat(run().remaining())
        .extracting(Finding::where)
        .containsExactly(subject("d/a"), subject("d/b"), subject("d/c"));

    service.failBatch = null;
    assertThat(run().total(Work.MADE)).isEqualTo(3);
    assertComplete();
  }

  @Test
  void theEntriesOfARequestThatIsRejectedAreSentAlone() {
    wantFour();
    service.failBatch =
        Failure.of(MeshAction.of(Verb.USE, "the batch"))
            .because("one of its entries is not valid")
            .lasting(ErrorCode.BACKEND_FAILED);

    assertThat(run().remaining()).isEmpty();

    assertThat(service.calls)
        .containsExactly(
            "create d", "batch of 3", "create d/a", "create d/b", "create d/c", "create d/e");
    assertComplete();
  }

  @Test
  void whatARunDidBeforeItsTimeWasOverIsRecorded() {
    service.batchSize = 1;
    wantFour();
    service.afterCall =
        call -> {
          if (call.equals("create d/b")) {
            clock.advance(Duration.ofHours(1));
          }
        };

    assertThatThrownBy(this::run).hasMessageContaining("time");

    service.afterCall = call -> {};
    assertThat(run().total(Work.MADE)).isEqualTo(2);
    assertThat(service.objects).isEqualTo(service.wanted);
  }

  @Test
  void aDeadlineThatPassesInARequestEndsTheRun() {
    wantFour();
    service.failBatch =
        Failure.of(MeshAction.of(Verb.CHANGE, "the batch"))
            .because("the time is over")
            .passing(ErrorCode.DEADLINE_PASSED);

    assertThatThrownBy(this::run).isSameAs(service.failBatch);

    service.failBatch = null;
    run();
    assertComplete();
  }
}
