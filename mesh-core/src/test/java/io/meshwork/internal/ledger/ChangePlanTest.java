package io.meshwork.internal.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.operation.Plan.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChangePlanTest {
  private static final MeshAction ACTION = MeshAction.of(Verb.MAINTAIN, "the mesh");
  private static final Step STEP = new Step("compact", "commerce.orders_v1", "5 files", "");
  private static final Finding DAMAGE =
      Finding.error(
          FindingCode.DAMAGE_SKIPPED, "commerce.orders_v1", "It is damaged.", "Run doctor.");

  @Test
  void aPlanListsItsFindingsWithTheirSubjectAndCodeAndThenItsSteps() {
    assertThat(work(List.of(STEP), List.of(DAMAGE)))
        .hasToString(
            "maintain the mesh\n"
                + "  error   commerce.orders_v1: It is damaged. Run doctor. (DAMAGE_SKIPPED)\n"
                + "  does    compact commerce.orders_v1: 5 files");
    assertThat(work(List.of(), List.of())).hasToString("maintain the mesh\n  does    nothing");
  }

  @Test
  void whatWorkLeavesNeitherPreventsItNorChangesItsFingerprint() {
    ChangePlan<String> plan = work(List.of(STEP), List.of(DAMAGE));

    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.fingerprint()).isEqualTo(work(List.of(STEP), List.of()).fingerprint());
    assertThat(plan.fingerprint()).isNotEqualTo(work(List.of(), List.of()).fingerprint());
  }

  @Test
  void anErrorPreventsAChangeAndBelongsToItsFingerprint() {
    ChangePlan<String> refused = change(List.of(DAMAGE), "");

    assertThat(refused.isAllowed()).isFalse();
    assertThat(refused.isEmpty()).as("the state is not the requested one").isFalse();
    assertThat(refused.fingerprint()).isNotEqualTo(change(List.of(), "").fingerprint());
    assertThat(change(List.of(), "1").fingerprint())
        .isNotEqualTo(change(List.of(), "").fingerprint());
  }

  @Test
  void onlyTheReviewedPlanCanBeCommitted() {
    ChangePlan<String> plan = change(List.of(), "1");

    plan.requireSame(null, ACTION);
    plan.requireSame(plan.fingerprint(), ACTION);
    assertThat(plan.commit()).isEqualTo(plan.fingerprint());
    assertThatThrownBy(() -> plan.requireSame(change(List.of(), "2").fingerprint(), ACTION))
        .isInstanceOf(ConflictException.class)
        .hasMessageStartingWith("Cannot maintain the mesh as planned: ");
  }

  private static ChangePlan<String> work(List<Step> steps, List<Finding> left) {
    return ChangePlan.ofWork(ACTION.toString(), steps, left, "", fingerprint -> fingerprint);
  }

  private static ChangePlan<String> change(List<Finding> findings, String basis) {
    return ChangePlan.of(ACTION.toString(), List.of(), findings, basis, fingerprint -> fingerprint);
  }
}
