package io.meshwork.aws;

import io.meshwork.operation.Plan;
import org.jspecify.annotations.NullMarked;

/** The verbs of the steps of an onboarding. */
@NullMarked
final class StepVerbs {
  static final String ADOPT = "adopt";
  static final String CREATE = "create";
  static final String CHANGE = "change";
  static final String BY_HAND = "by hand";
  static final String WAIT = "wait";

  private StepVerbs() {}

  /** Returns true if a step stays for somebody else, or for another run. */
  static boolean isLeft(Plan.Step step) {
    return step.verb().equals(BY_HAND) || step.verb().equals(WAIT);
  }
}
