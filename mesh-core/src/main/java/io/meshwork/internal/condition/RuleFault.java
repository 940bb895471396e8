package io.meshwork.internal.condition;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;

/** Why a rule cannot be created. */
public final class RuleFault {
  private RuleFault() {}

  /** Returns the error of a rule that cannot be created. */
  public static InvalidRequestException of(String rule, String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.CREATE, "the rule " + rule))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.RULE_INVALID);
  }
}
