package io.meshwork.odcs.internal.dqdl;

import java.util.List;

/**
 * What a rule of DQDL requires of its measure. Immutable.
 *
 * @param operator such as {@code >=}, {@code between}, {@code in}, or {@code matches}; with {@code
 *     not } before it, or {@code !=}, if it is negated
 * @param operands one, two for {@code between}, and any number for {@code in}
 */
record DqdlCondition(String operator, List<DqdlOperand> operands) {
  DqdlCondition {
    operands = List.copyOf(operands);
  }

  /** The only operand, or the first. */
  DqdlOperand operand() {
    return operands.get(0);
  }

  boolean isNegated() {
    return operator.equals("!=") || operator.startsWith("not ");
  }

  /** True if it is known only when the rule runs. */
  boolean isDynamic() {
    return operands.stream().anyMatch(operand -> operand.is(DqdlOperand.Kind.EXPRESSION));
  }
}
